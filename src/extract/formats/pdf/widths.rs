//! Widths of the fonts that every reader has (ISO 32000-1, 9.6.2.2), for files that leave them out.

use unicode_normalization::UnicodeNormalization;

/// The width of a character in thousandths, in the font of this name in lower case; `None` when it is none of these.
#[must_use]
pub fn of(font: &str, text: &str) -> Option<f64> {
    let serif = font.contains("times") || font.contains("serif") && !font.contains("sans");
    let bold = font.contains("bold") || font.contains("black");
    let italic = font.contains("italic") || font.contains("oblique");
    let table = match (serif, bold, italic) {
        _ if font.contains("courier") => return Some(600.0),
        (true, false, false) => TIMES,
        (true, true, false) => TIMES_BOLD,
        (true, false, true) => TIMES_ITALIC,
        (true, true, true) => TIMES_BOLD_ITALIC,
        _ if !font.contains("helvetica") && !font.contains("arial") => return None,
        (false, false, _) => HELVETICA,
        (false, true, _) => HELVETICA_BOLD,
    };
    if matches!(text, "…" | "—" | "‰") {
        return Some(1000.0);
    }
    // An accent does not make a letter wider.
    let base = text.nfd().next().map(u32::from)?;
    let width = usize::try_from(base.checked_sub(32)?).ok().and_then(|at| table.get(at));
    Some(width.map_or(if serif { 500.0 } else { 556.0 }, |width| f64::from(*width)))
}

/// Adobe's metrics of Helvetica, from the blank to the tilde.
const HELVETICA: &[u16] = &[
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// Adobe's metrics of Helvetica-Bold, from the blank to the tilde.
const HELVETICA_BOLD: &[u16] = &[
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278,
    556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584,
    556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556,
    333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];
/// Adobe's metrics of Times-Roman, from the blank to the tilde.
const TIMES: &[u16] = &[
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333,
    389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469,
    500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389,
    278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];
/// Adobe's metrics of Times-Bold, from the blank to the tilde.
const TIMES_BOLD: &[u16] = &[
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389,
    500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 278, 333, 581,
    500, 333, 500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389,
    333, 556, 500, 722, 500, 500, 444, 394, 220, 394, 520,
];
/// Adobe's metrics of Times-Italic, from the blank to the tilde.
const TIMES_ITALIC: &[u16] = &[
    250, 333, 420, 500, 500, 833, 778, 214, 333, 333, 500, 675, 250, 333, 250, 278, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 500, 333, 333, 675, 675, 675, 500, 920, 611, 611, 667, 722, 611, 611, 722, 722, 333,
    444, 667, 556, 833, 667, 722, 611, 722, 611, 500, 556, 722, 611, 833, 611, 556, 556, 389, 278, 389, 422,
    500, 333, 500, 500, 444, 500, 444, 278, 500, 500, 278, 278, 444, 278, 722, 500, 500, 500, 500, 389, 389,
    278, 500, 444, 667, 444, 444, 389, 400, 275, 400, 541,
];
/// Adobe's metrics of Times-BoldItalic, from the blank to the tilde.
const TIMES_BOLD_ITALIC: &[u16] = &[
    250, 389, 555, 500, 500, 833, 778, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 500, 333, 333, 570, 570, 570, 500, 832, 667, 667, 667, 722, 667, 667, 722, 778, 389,
    500, 667, 611, 889, 722, 722, 611, 722, 667, 556, 611, 722, 667, 889, 667, 611, 611, 333, 278, 333, 570,
    500, 333, 500, 500, 444, 500, 444, 333, 500, 556, 278, 278, 500, 278, 778, 556, 500, 500, 500, 389, 389,
    278, 556, 444, 667, 500, 444, 389, 348, 220, 348, 570,
];

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn widths_are_those_of_the_font() {
        assert_eq!(of("helvetica", "A"), Some(667.0));
        assert_eq!(of("times-roman", "é"), of("times-roman", "e"));
        assert_eq!(of("abcdef+timesnewromanps-boldmt", "W"), Some(1000.0));
        assert_eq!(of("courier-bold", "i"), Some(600.0));
        assert_eq!(of("wingdings", "a"), None);
    }
}
