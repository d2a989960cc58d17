//! Parts in pieces (ECMA-376-2, 9.1.3 and 9.2.5): a printer writes `1.fpage/[0].piece` to `1.fpage/[2].last.piece`, with those of other
//! parts between them. A reader that knows only whole parts sees letters cut in two.

use crate::extract::formats::zip::{Archive, Member};
use crate::extract::sink::Sink;
use crate::model::GapReason;

/// A piece: the part that it is of, its number, whether it is the last.
#[derive(Debug, PartialEq, Eq)]
struct Piece<'n> {
    part: &'n str,
    number: usize,
    last: bool,
}

fn piece(name: &str) -> Option<Piece<'_>> {
    let (part, end) = name.rsplit_once("/[")?;
    let (number, end) = end.split_once(']')?;
    let last = end.eq_ignore_ascii_case(".last.piece");
    let known = last || end.eq_ignore_ascii_case(".piece");
    known.then_some(Piece { part, number: number.parse().ok()?, last })
}

/// Whether a member is a piece of a part.
pub fn is(member: &Member<'_>) -> bool {
    piece(&member.name).is_some()
}

/// Gives each part that is in pieces, whole, in the order in which they begin; one that lacks a piece is told.
pub fn each(archive: &Archive<'_>, sink: &mut Sink, mut put: impl FnMut(&str, Vec<u8>, &mut Sink)) {
    let all = archive.members.iter().filter(|member| member.encrypted.is_none() && !member.is_folder());
    let mut pieces: Vec<(usize, Piece<'_>, &Member<'_>)> =
        (0..).zip(all).filter_map(|(at, member)| Some((at, piece(&member.name)?, member))).collect();
    // Paths are the same in any case of letters.
    pieces.sort_by_cached_key(|(_, piece, _)| (piece.part.to_ascii_lowercase(), piece.number));
    let mut parts: Vec<_> =
        pieces.chunk_by(|(_, one, _), (_, next, _)| one.part.eq_ignore_ascii_case(next.part)).collect();
    parts.sort_by_key(|pieces| pieces.iter().map(|(at, ..)| *at).min());
    for pieces in parts {
        let Some((_, Piece { part, .. }, _)) = pieces.first() else { continue };
        sink.enter(part);
        let follow = pieces.iter().enumerate().all(|(at, (_, piece, _))| piece.number == at);
        if !follow || !pieces.last().is_some_and(|(_, piece, _)| piece.last) {
            sink.gap(GapReason::Malformed);
        }
        let bytes = pieces.iter().flat_map(|(_, _, member)| member.unpack(sink)).collect();
        sink.leave();
        put(part, bytes, sink);
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, piece};

    #[test]
    fn a_piece_is_told_by_its_name() {
        let of = |part, number, last| Some(Piece { part, number, last });
        assert_eq!(piece("Pages/1.fpage/[0].piece"), of("Pages/1.fpage", 0, false));
        assert_eq!(piece("[Content_Types].xml/[12].LAST.piece"), of("[Content_Types].xml", 12, true));
        for other in ["Pages/1.fpage", "[Content_Types].xml", "a/[x].piece", "a/[0].txt"] {
            assert_eq!(piece(other), None);
        }
    }
}
