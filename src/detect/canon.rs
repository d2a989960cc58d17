//! Text as detectors read it: one plain spelling for the many ways of writing the same thing.
//!
//! In: text as extracted. Out: a [`View`], mostly ASCII, that maps every span back to the original bytes.
//! It knows nothing of what is looked for. Case is kept; what hides a character is folded: accents,
//! compatibility forms (NFKC), digits of every script, invisible characters, odd spaces and dashes,
//! look-alike Cyrillic and Greek letters, `>` quotes at line starts, UTF-8 once read as windows-1252.

mod fold;
mod twins;

use std::borrow::Cow;
use std::ops::Range;

/// What is read before a name that is shown from right to left, in bytes.
const LEAD: usize = 64;

/// A folded text with the way back to the original bytes.
#[derive(Debug, Default)]
pub struct View<'a> {
    text: Cow<'a, str>,
    /// From `view` on, text stands at `origin` in the original, until the next mark.
    marks: Vec<Mark>,
    /// Set when the text was decoded out of a run: every place in it maps to the whole run.
    run: Option<Range<usize>>,
    /// What a right-to-left override turns around, in places of the folded text.
    turned: Vec<Range<usize>>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    view: u32,
    origin: u32,
}

impl<'a> View<'a> {
    /// Folds a text. Plain ASCII without quotes is borrowed as it is. Offsets beyond 4 GiB are not told apart.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        if fold::is_plain(text) {
            return Self { text: Cow::Borrowed(text), ..Self::default() };
        }
        let fold::Folded { text, marks, turned } = fold::fold(text);
        Self { text: Cow::Owned(text), marks, run: None, turned }
    }

    /// Folds a text decoded out of the bytes `run` of another.
    #[must_use]
    pub fn decoded(text: &str, run: Range<usize>) -> View<'static> {
        View { text: Cow::Owned(View::of(text).text.into_owned()), run: Some(run), ..View::default() }
    }

    /// The same view, free of the text it was made from.
    #[must_use]
    pub fn into_owned(self) -> View<'static> {
        View {
            text: Cow::Owned(self.text.into_owned()),
            marks: self.marks,
            run: self.run,
            turned: self.turned,
        }
    }

    /// The folded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is shown from right to left, as it is shown, with its place. A name says nothing without the words before it.
    pub fn turned(&self) -> impl Iterator<Item = (String, Range<usize>)> + '_ {
        self.turned.iter().filter_map(|run| {
            let shown: String = self.text.get(run.clone())?.chars().rev().collect();
            let lead =
                self.text.get(self.text.floor_char_boundary(run.start.saturating_sub(LEAD))..run.start)?;
            let is_number = shown.bytes().any(|byte| byte.is_ascii_digit());
            Some((if is_number { shown } else { format!("{lead}{shown}") }, run.clone()))
        })
    }

    /// Whether the text was decoded out of a run of another.
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        self.run.is_some()
    }

    /// The bytes of the original that a span of the folded text came from. An end may fall inside a
    /// character that was folded into several; the caller widens it to a character boundary.
    #[must_use]
    pub fn origin(&self, span: &Range<usize>) -> Range<usize> {
        if let Some(run) = &self.run {
            return run.clone();
        }
        let start = self.back(span.start);
        start..self.back_end(span.end).max(start)
    }

    fn back(&self, at: usize) -> usize {
        let view = narrow(at);
        let index = self.marks.partition_point(|mark| mark.view <= view);
        let Some(mark) = index.checked_sub(1).and_then(|index| self.marks.get(index)) else { return at };
        // A character folded into more bytes than it had maps to itself, never beyond.
        let end = self.marks.get(index).map_or(usize::MAX, |next| wide(next.origin));
        (wide(mark.origin) + (at - wide(mark.view))).min(end)
    }

    /// Where the last character of a span ended: where the next mark starts, if one starts there.
    fn back_end(&self, end: usize) -> usize {
        let view = narrow(end);
        let index = self.marks.partition_point(|mark| mark.view < view);
        match self.marks.get(index) {
            Some(mark) if mark.view == view => wide(mark.origin),
            Some(next) => (self.back(end.saturating_sub(1)) + usize::from(end > 0)).min(wide(next.origin)),
            None => self.back(end.saturating_sub(1)) + usize::from(end > 0),
        }
    }
}

/// Folds any bytes, read as text, and maps every character back.
pub(super) fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let view = View::of(&text);
    let mut before = 0;
    for (at, character) in view.text().char_indices() {
        let origin = view.origin(&(at..at + character.len_utf8()));
        assert!(origin.start >= before && origin.end <= text.len(), "places map back in order and inside");
        before = origin.start;
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn wide(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::View;

    #[test]
    fn one_plain_spelling_for_many_writings() {
        for (written, read) in [
            ("Émilie Côté, œuvre", "Emilie Cote, oeuvre"),
            ("TRE\u{200b}M\u{2060} 04\u{ad}12", "TREM 0412"),
            ("ＴＲＥＭ　０４１２", "TREM 0412"),
            ("٠٤١٢ ०४ 𝟎𝟒", "0412 04 04"),
            ("ТRЕМ\u{2011}0412\u{202f}1925", "TREM-0412 1925"),
            ("E\u{301}milie", "Emilie"),
            ("n° 5, l’usagère", "no 5, l'usagere"),
            ("nÃ©e le 3 aoÃ»t", "nee le 3 aout"),
            ("> NAM TREM\n> > 0412 1925", "NAM TREM\n0412 1925"),
            ("TR\0EM\r\n", "TREM\n"),
            ("TR\u{ad}\r\n> EM", "TREM"),
            ("a\nMT> b\n| c\n| d | e |", "a\nb\nc\n| d | e |"),
            ("🅃🅡⒠⑷➎ TR\u{b}EM", "TRe45 TR\nEM"),
        ] {
            assert_eq!(View::of(written).text(), read, "{written:?}");
        }
    }

    #[test]
    fn spans_map_back_to_the_original_bytes() {
        let written = "né\u{200b}e > ＴＲ, œil";
        let view = View::of(written);
        for (read, original) in [("nee", "né\u{200b}e"), ("TR", "ＴＲ"), ("oeil", "œil"), (">", ">")] {
            let start = view.text().find(read).unwrap();
            let origin = view.origin(&(start..start + read.len()));
            assert_eq!(&written[origin], original);
        }
    }
}
