//! Pages of XPS and OpenXPS (ECMA-388, 12): glyphs in runs, each at its place, as a printer to XPS writes them.
//!
//! In: a page in XML. Out: its lines in the order in which they are written. Runs of one line are parted by what lies between them; where the
//! widths of glyphs are those of the font, which is not looked at, a blank parts them.

use crate::extract::formats::markup::{self, Element, Ending, Token};
use crate::extract::sink::Sink;
use crate::model::{Boundary, GapReason, Region};

/// Fewest glyphs without letters that may be words: a bullet is one.
const WORDS: usize = 8;
/// Gaps in parts of the size of the font: within the first two runs are one word, within the second a blank parts them, past it a tab.
const BLANK: f64 = 0.15;
/// See [`BLANK`].
const TAB: f64 = 1.5;

/// Where the last run stands.
struct Last {
    line: f64,
    size: f64,
    /// `None` where its glyphs do not tell their widths.
    end: Option<f64>,
}

/// Reads a page.
pub fn read(bytes: &[u8], sink: &mut Sink) -> Ending {
    let (mut text, mut beside, mut hidden) = (String::new(), String::new(), String::new());
    let (mut last, mut unread) = (None, 0);
    let ending = markup::events(bytes, sink.limits, |token| match token {
        Token::Open(element) if element.name == "Glyphs" => {
            unread += put(&element, &mut last, &mut text);
            said(&element, &mut beside);
        }
        Token::Open(element) => said(&element, &mut beside),
        Token::Text(said) | Token::Aside(said) => hidden.push_str(said),
        Token::Close(_) => {}
    });
    sink.text(Region::Body, text, Boundary::Block);
    sink.text(Region::Attribute, beside, Boundary::Block);
    sink.text(Region::Hidden, hidden, Boundary::Block);
    if unread >= WORDS {
        sink.gap(GapReason::Unsupported);
    }
    ending
}

/// Puts a run behind what stands before it; how many glyphs it has without letters.
fn put(run: &Element<'_>, last: &mut Option<Last>, text: &mut String) -> usize {
    let number = |name: &str| {
        run.get(name).and_then(|value| value.trim().parse::<f64>().ok()).filter(|it| it.is_finite())
    };
    let indices = run.get("Indices").unwrap_or_default();
    // Braces stand before a text that begins with one (12.1.4).
    let said = run.get("UnicodeString").unwrap_or_default();
    let said = said.strip_prefix("{}").unwrap_or(&said);
    if said.is_empty() {
        return indices.split(';').filter(|glyph| !glyph.trim().is_empty()).count();
    }
    let [start, line] = ["OriginX", "OriginY"].map(|name| number(name).unwrap_or(0.0));
    let size = number("FontRenderingEmSize").filter(|size| *size > 0.0).unwrap_or(1.0);
    if let Some(last) = last {
        text.push_str(between(last, start, line, size));
    }
    text.push_str(said);
    let width = width(&indices, said.chars().count()).map(|width| start + width * size);
    *last = Some(Last { line, size, end: width });
    0
}

/// What parts a run from the last one.
fn between(last: &Last, start: f64, line: f64, size: f64) -> &'static str {
    if (last.line - line).abs() > 0.3 * last.size.min(size) {
        return "\n";
    }
    match last.end.map(|end| (start - end) / size) {
        Some(gap) if gap < -0.5 => "\n",
        Some(gap) if gap < BLANK => "",
        Some(gap) if gap > TAB => "\t",
        _ => " ",
    }
}

/// The width of a run in parts of its size, where each glyph tells its own: `glyph,hundredths` (12.1.3).
fn width(indices: &str, glyphs: usize) -> Option<f64> {
    let mut widths = indices.split(';').map(|glyph| glyph.split(',').nth(1)?.trim().parse::<f64>().ok());
    let sum = widths
        .by_ref()
        .take(glyphs)
        .try_fold((0.0, 0), |(sum, count), width| Some((sum + width?, count + 1)));
    sum.filter(|(_, count)| *count == glyphs).map(|(sum, _)| sum / 100.0)
}

/// Where links lead, and what a program reads out (ECMA-388, 16.1).
fn said(element: &Element<'_>, out: &mut String) {
    for (name, value) in element.attributes() {
        let read = name.ends_with("NavigateUri") || name.ends_with("Name") || name.ends_with("HelpText");
        if read && value.chars().any(char::is_alphanumeric) {
            out.push_str(&value);
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Sink, read};
    use crate::extract::budget::Budget;
    use crate::model::Limits;

    fn page(runs: &[(&str, &str, &str)]) -> (String, usize) {
        let run = |(place, indices, text): &(&str, &str, &str)| {
            let (x, y) = place.split_once(' ').unwrap();
            format!(
                "<Glyphs OriginX='{x}' OriginY='{y}' FontRenderingEmSize='10' Indices='{indices}' UnicodeString='{text}'/>"
            )
        };
        let page = format!("<FixedPage xmlns='x'>{}</FixedPage>", runs.iter().map(run).collect::<String>());
        let mut sink = Sink::default();
        (sink.budget, sink.limits) = (Budget::new(&Limits::default()), Limits::default());
        let _ = read(page.as_bytes(), &mut sink);
        (sink.segments.iter().map(|segment| segment.text.reveal()).collect(), sink.gaps.len())
    }

    #[test]
    fn runs_are_parted_by_what_lies_between_them() {
        let said = page(&[
            ("10 20", "36,50;36,50;36,50;36,50", "TREM"),
            ("30 20", "36,50;36,50;36,50;36,50", "0412"),
            ("55 20", "36;36;36;36", "1925"),
            ("99 20", ",50;,50", "né"),
            ("200 20.5", "", "hier"),
            ("10 40", "", "{}{x}"),
        ]);
        assert_eq!(said, ("TREM0412 1925 né\thier\n{x}".to_owned(), 0));
    }

    #[test]
    fn glyphs_without_letters_are_told_and_a_bullet_is_not() {
        assert_eq!(page(&[("1 1", "42;56;47;57;19;24;24;20", "")]), (String::new(), 1));
        assert_eq!(page(&[("1 1", "120", ""), ("9 1", "", "Bonjour")]), ("Bonjour".to_owned(), 0));
    }
}
