//! Numbers of spreadsheets as they are shown (ECMA-376, 18.8.30 and 18.8.31).
//!
//! In: a value and a format code. Out: its text. Dates are days since an epoch; a format tells whether a number is one. Digits are never
//! lost: a number that a format would round to an exponent is written in full, and one that a format hides stands beside what is shown,
//! since identifiers are numbers too.

mod digits;
mod fraction;
mod moment;
mod section;

use digits::{digits, general};
use section::{Section, literally};

/// The format of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// As it is.
    General,
    /// By a code.
    Code {
        /// The sections for numbers; none is as they are.
        numbers: Vec<Section>,
        /// The section for text.
        text: Option<Section>,
    },
}

impl Shape {
    /// The format of a built-in number (ECMA-376, 18.8.30); short dates are shown as Canadian French shows them.
    #[must_use]
    pub fn built_in(id: u32) -> Self {
        let code = match id {
            1 => "0",
            2 => "0.00",
            3 => "#,##0",
            4 => "#,##0.00",
            5 | 6 => "$#,##0_);($#,##0)",
            7 | 8 => "$#,##0.00_);($#,##0.00)",
            9 => "0%",
            10 => "0.00%",
            12 => "# ?/?",
            13 => "# ??/??",
            14 | 27..=31 | 36 | 50..=58 => "yyyy-mm-dd",
            15 => "d-mmm-yy",
            16 => "d-mmm",
            17 => "mmm-yy",
            18 => "h:mm AM/PM",
            19 => "h:mm:ss AM/PM",
            20 | 32 | 33 => "h:mm",
            21 | 34 | 35 => "h:mm:ss",
            22 => "yyyy-mm-dd h:mm",
            37 | 38 => "#,##0_);(#,##0)",
            39 | 40 => "#,##0.00_);(#,##0.00)",
            45 => "mm:ss",
            46 => "[h]:mm:ss",
            47 => "mm:ss.0",
            _ => return Self::General,
        };
        Self::of(code)
    }

    /// The format of a code.
    #[must_use]
    pub fn of(code: &str) -> Self {
        let mut numbers = section::all(code);
        let is_text = numbers.len() == 4 || numbers.last().is_some_and(|last| last.bare().any(|c| c == '@'));
        let text = if is_text { numbers.pop() } else { None };
        let plain = |section: &Section| {
            matches!(section.code.to_ascii_lowercase().as_str(), "" | "general" | "standard")
        };
        let text = text.filter(|section| section.code != "@");
        if text.is_none() && numbers.iter().all(plain) {
            return Self::General;
        }
        Self::Code { numbers, text }
    }

    /// A value as this format shows it; `raw` is how the file writes it. Nothing is shown where a format hides all.
    #[must_use]
    pub fn show(&self, value: f64, raw: &str, epoch_1904: bool) -> Shown {
        let numbers = if let Self::Code { numbers, .. } = self { numbers.as_slice() } else { &[] };
        let Some((section, signed)) = section::choose(numbers, value) else {
            return Shown { text: general(value, raw), full: None };
        };
        if moment::is_moment(section) {
            return moment::show(section, value, epoch_1904)
                .unwrap_or_else(|| Shown { text: general(value, raw), full: None });
        }
        let text = digits(section, value, raw);
        let text =
            if signed && text.contains(|c| ('1'..='9').contains(&c)) { format!("-{text}") } else { text };
        let full = hides(&text, value).then(|| general(value, raw));
        Shown { text, full }
    }

    /// A text as this format shows it: with what stands around it.
    #[must_use]
    pub fn text(&self, text: String) -> String {
        let Self::Code { text: Some(section), .. } = self else { return text };
        let mut out = String::new();
        let mut shown = false;
        let mut chars = section.code.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => out.extend(chars.next()),
                '@' if !shown => {
                    out.push_str(&text);
                    shown = true;
                }
                '@' => {}
                c => out.push_str(&literally(c.encode_utf8(&mut [0; 4]))),
            }
        }
        if shown && !text.trim().is_empty() { out.trim().to_owned() } else { text }
    }
}

/// Fewest digits of what may be an identifier.
const IDENTIFIER: usize = 6;

/// Most digits that a number written out has.
const LONGEST: usize = 21;

/// Whether a number has digits of an identifier that its text does not show.
fn hides(text: &str, value: f64) -> bool {
    let whole = |value: f64| format!("{value:.0}");
    let shown: String = text.chars().filter(char::is_ascii_digit).collect();
    let (cut, round) = (whole(value.abs().trunc()), whole(value.abs()));
    (IDENTIFIER..=LONGEST).contains(&cut.len()) && !shown.contains(&cut) && !shown.contains(&round)
}

/// A number in thirty bits ([MS-XLS], 2.5.218).
#[must_use]
pub fn rk(value: u32) -> f64 {
    let number = if value & 2 == 0 {
        f64::from_bits(u64::from(value & 0xFFFF_FFFC) << 32)
    } else {
        f64::from(value.cast_signed() >> 2)
    };
    if value & 1 == 0 { number } else { number / 100.0 }
}

/// A value as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// As the format shows it.
    pub text: String,
    /// The date with its century, or the number in full, when the format hides some of it.
    pub full: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::Shape;

    fn shown(code: &str, value: f64) -> String {
        Shape::of(code).show(value, &value.to_string(), false).text
    }

    #[test]
    fn numbers_are_shown_by_their_code() {
        let table = [
            ("General", 1.23e14, "123000000000000"),
            ("General", 123_456_789_012_345.0, "123456789012345"),
            ("General", 0.1, "0.1"),
            ("0", 4.0, "4"),
            ("#,##0.00", 1599.99, "1,599.99"),
            ("$#,##0.00", 1599.99, "$1,599.99"),
            ("\"$\"#,##0.00_);(\"$\"#,##0.00)", 1599.99, "$1,599.99"),
            ("0.0%", 0.125, "12.5%"),
            ("000 000 000", 46_454_286.0, "046 454 286"),
            ("000\\-000\\-000", 46_454_286.0, "046-454-286"),
            ("00000000", 1234.0, "00001234"),
            ("0.00E+00", 123_456.0, "1.23E+05"),
            ("0.00E+00", 0.001_25, "1.25E-03"),
            ("0.00E+00", 9.996, "1.00E+01"),
            ("0.00E+00", 0.0, "0.00E+00"),
            ("##0.0E+0", 12_345.0, "12.3E+3"),
            ("0E-0", -500.0, "-5E2"),
            ("#,##0", 0.0, "0"),
            ("#,##0", -1234567.0, "-1,234,567"),
            ("[h]:mm", 1.322_916_667, "31:45"),
            ("[mm]:ss", 0.042_372_685, "61:01"),
            ("[h]:mm:ss", -0.0625, "-1:30:00"),
            ("# ?/?", 2.25, "2 1/4"),
            ("# ??/??", 0.125, "1/8"),
            ("# ?/8", 1.99, "2"),
            ("?/?", 1.5, "3/2"),
            ("\"présent\";\"absent\";\"inconnu\"", -1.0, "absent"),
            ("\"présent\";\"absent\";\"inconnu\"", 0.0, "inconnu"),
            ("0;(0)", -84.0, "(84)"),
            ("0,,\"M\"", 1_234_567.0, "1M"),
            ("0.0,", 1_260.0, "1.3"),
            ("#,##0,", 1_234_567.0, "1,235"),
            ("0\" doses\"", 5.0, "5 doses"),
            ("[Red]\"dû \"0;[Blue]\"reçu \"0", -7.0, "reçu 7"),
            ("[>100]\"beaucoup\";\"peu\"", 120.0, "beaucoup"),
            ("[>100]\"beaucoup\";0", -5.0, "-5"),
            ("[<0]\"moins \"0;0", -5.0, "moins 5"),
            ("General\" kg\"", 80.5, "80.5 kg"),
            ("0.##", 12.5, "12.5"),
            ("_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)", -1599.99, "$(1,599.99)"),
        ];
        for (code, value, expected) in table {
            assert_eq!(shown(code, value), expected, "{code}");
        }
    }

    /// "Digits are never lost."
    #[test]
    fn a_number_that_its_format_hides_stands_beside() {
        let table = [
            ("0,,\"M\"", 46_454_286.0, Some("46454286")),
            ("0.00E+00", 46_454_286.0, Some("46454286")),
            ("0.00E+00", 4.540_123_456_789_01e15, Some("4540123456789010")),
            ("\"dossier\"", 1_234_567.0, Some("1234567")),
            ("000\\-000\\-000", 46_454_286.0, None),
            ("0", 123_456.7, None),
            ("\"oui\";;\"non\"", 1.0, None),
        ];
        for (code, value, full) in table {
            assert_eq!(
                Shape::of(code).show(value, &value.to_string(), false).full.as_deref(),
                full,
                "{code}"
            );
        }
    }

    #[test]
    fn text_is_shown_with_what_stands_around_it() {
        for (code, expected) in
            [("\"M. \"@", "M. Roy"), ("0;0;0;\"[\"@\"]\"", "[Roy]"), ("0;;;", "Roy"), ("@", "Roy")]
        {
            assert_eq!(Shape::of(code).text("Roy".to_owned()), expected, "{code}");
        }
    }

    #[test]
    fn dates_are_shown_by_their_code_and_told_in_full() {
        let table = [
            ("yyyy-mm-dd", 19_792.0, "1954-03-09", None),
            ("d/m/yyyy", 19_792.0, "9/3/1954", None),
            ("d-mmm-yy", 39_219.0, "17-May-07", Some("2007-05-17")),
            ("[$-C0C]d mmmm yyyy", 19_792.0, "9 mars 1954", Some("1954-03-09")),
            ("jj/mm/aaaa", 19_792.0, "09/03/1954", None),
            (
                "\"At\" h:mm AM/PM \"on\" dddd mmmm d\\, yyyy",
                39_219.180_555_6,
                "At 4:20 AM on Thursday May 17, 2007",
                Some("2007-05-17"),
            ),
            ("h:mm:ss", 0.5, "12:00:00", None),
            ("yyyy-mm-dd", 1.0, "1900-01-01", None),
            ("yyyy-mm-dd", -4.0, "-4", None),
            ("yyyy-mm-dd", 1e300, "1000000000000000000000", None),
        ];
        for (code, value, expected, date) in table {
            let shown = Shape::of(code).show(value, &value.to_string(), false);
            assert!(shown.text == expected || value > 1e20, "{code}: {}", shown.text);
            assert_eq!(shown.full.as_deref(), date, "{code}");
        }
        assert_eq!(Shape::of("yyyy-mm-dd").show(0.0, "0", true).text, "1904-01-01");
    }
}
