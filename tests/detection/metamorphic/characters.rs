//! Disguises of a value, character by character: detection.md's noise classes and others that Unicode allows.

use vaguemestre::model::Kind;

use super::vectors::Vector;

/// One way of writing a value.
pub struct Disguise {
    pub name: &'static str,
    pub write: fn(&str) -> String,
}

const fn disguise(name: &'static str, write: fn(&str) -> String) -> Disguise {
    Disguise { name, write }
}

/// Every class.
pub const DISGUISES: &[Disguise] = &[
    // Spaces (Unicode, category Zs).
    disguise("no-break spaces", |text| text.replace(' ', "\u{a0}")),
    disguise("narrow no-break spaces", |text| text.replace(' ', "\u{202f}")),
    disguise("thin spaces", |text| text.replace(' ', "\u{2009}")),
    disguise("figure spaces", |text| text.replace(' ', "\u{2007}")),
    disguise("ideographic spaces", |text| text.replace(' ', "\u{3000}")),
    disguise("Ogham spaces", |text| text.replace(' ', "\u{1680}")),
    disguise("Braille blanks", |text| text.replace(' ', "\u{2800}")),
    disguise("double spaces", |text| text.replace(' ', "  ")),
    disguise("tabs", |text| text.replace(' ', "\t")),
    disguise("vertical tabs and form feeds", |text| text.replacen(' ', "\u{b}", 1).replace(' ', "\u{c}")),
    // Dashes and other separators.
    disguise("no-break hyphens", |text| text.replace('-', "\u{2011}")),
    disguise("figure dashes", |text| text.replace('-', "\u{2012}")),
    disguise("en dashes", |text| text.replace('-', "\u{2013}")),
    disguise("em dashes", |text| text.replace('-', "\u{2014}")),
    disguise("minus signs", |text| text.replace('-', "\u{2212}")),
    disguise("small hyphens", |text| text.replace('-', "\u{fe63}")),
    disguise("full-width hyphens", |text| text.replace('-', "\u{ff0d}")),
    disguise("hyphen bullets", |text| text.replace('-', "\u{2043}")),
    disguise("Katakana lengthening marks", |text| text.replace('-', "\u{30fc}")),
    disguise("dashes between spaces", |text| text.replace('-', " - ")),
    disguise("middle dots", |text| separators(text, "·")),
    disguise("dots", |text| separators(text, ".")),
    disguise("underscores", |text| separators(text, "_")),
    disguise("slashes", |text| separators(text, "/")),
    disguise("division slashes", |text| text.replace('/', "\u{2215}")),
    disguise("bars", |text| separators(text, "|")),
    // What no reader sees (Default_Ignorable_Code_Point, controls).
    disguise("zero-width spaces", |text| between(text, "\u{200b}")),
    disguise("zero-width non-joiners", |text| between(text, "\u{200c}")),
    disguise("zero-width joiners", |text| between(text, "\u{200d}")),
    disguise("word joiners", |text| between(text, "\u{2060}")),
    disguise("byte order marks", |text| between(text, "\u{feff}")),
    disguise("soft hyphens", |text| between(text, "\u{ad}")),
    disguise("combining grapheme joiners", |text| between(text, "\u{34f}")),
    disguise("Arabic letter marks", |text| between(text, "\u{61c}")),
    disguise("Mongolian vowel separators", |text| between(text, "\u{180e}")),
    disguise("Hangul fillers", |text| between(text, "\u{3164}")),
    disguise("left-to-right marks", |text| between(text, "\u{200e}")),
    disguise("direction embeddings", |text| format!("\u{202a}{text}\u{202c}")),
    disguise("direction isolates", |text| between(text, "\u{2068}\u{2069}")),
    disguise("invisible operators", |text| between(text, "\u{2062}")),
    disguise("variation selectors", |text| between(text, "\u{fe0f}")),
    disguise("supplementary variation selectors", |text| between(text, "\u{e0101}")),
    disguise("tags", |text| between(text, "\u{e0041}")),
    disguise("interlinear annotation marks", |text| between(text, "\u{fff9}")),
    disguise("NUL bytes", |text| between(text, "\0")),
    disguise("backspaces and escapes", |text| between(text, "\u{8}\u{1b}")),
    disguise("a mix of invisible characters", |text| {
        let marks = ["\u{200b}", "\u{ad}", "\u{2060}", "\u{200e}", "\u{fe00}"];
        text.chars().zip(marks.iter().cycle()).map(|(c, mark)| format!("{c}{mark}")).collect()
    }),
    // Marks over and around.
    disguise("combining accents", |text| marked(text, "\u{301}")),
    disguise("several combining marks", |text| marked(text, "\u{301}\u{323}\u{336}")),
    disguise("struck through", |text| marked(text, "\u{336}")),
    disguise("underlined", |text| marked(text, "\u{332}")),
    disguise("keycaps", |text| digits(text, |c, _| format!("{c}\u{fe0f}\u{20e3}"))),
    disguise("decomposed accents", |text| {
        text.replace('é', "e\u{301}").replace('û', "u\u{302}").replace('É', "E\u{301}")
    }),
    // Letters and digits of other shapes (NFKC and beyond).
    disguise("full width", |text| shifted(text, 0xff01 - 0x21, |c| c.is_ascii_graphic())),
    disguise("mathematical bold", |text| styled(text, 0x1d400, 0x1d41a, Some(0x1d7ce))),
    disguise("mathematical sans-serif bold italic", |text| styled(text, 0x1d63c, 0x1d656, Some(0x1d7ec))),
    disguise("mathematical bold script", |text| styled(text, 0x1d4d0, 0x1d4ea, None)),
    disguise("mathematical bold Fraktur", |text| styled(text, 0x1d56c, 0x1d586, Some(0x1d7d8))),
    disguise("mathematical monospace", |text| styled(text, 0x1d670, 0x1d68a, Some(0x1d7f6))),
    disguise("circled letters and digits", |text| {
        shifted(&styled(text, 0x24b6, 0x24d0, None), 0x2460 - 0x31, |c| matches!(c, '1'..='9'))
            .replace('0', "\u{24ea}")
    }),
    disguise("parenthesized letters and digits", |text| {
        shifted(&styled(text, 0x1f110, 0x249c, None), 0x2474 - 0x31, |c| matches!(c, '1'..='9'))
    }),
    disguise("negative circled", |text| {
        shifted(&shifted(text, 0x1f150 - 0x41, |c| c.is_ascii_uppercase()), 0x2776 - 0x31, |c| {
            matches!(c, '1'..='9')
        })
        .replace('0', "\u{24ff}")
    }),
    disguise("squared letters", |text| shifted(text, 0x1f130 - 0x41, |c| c.is_ascii_uppercase())),
    disguise("negative squared letters", |text| shifted(text, 0x1f170 - 0x41, |c| c.is_ascii_uppercase())),
    disguise("regional indicators", |text| shifted(text, 0x1f1e6 - 0x41, |c| c.is_ascii_uppercase())),
    disguise("digits with a full stop", |text| {
        shifted(text, 0x2488 - 0x31, |c| matches!(c, '1'..='9')).replace('0', "\u{1f100}")
    }),
    disguise("digits with a comma", |text| shifted(text, 0x1f101 - 0x30, |c| c.is_ascii_digit())),
    disguise("double circled digits", |text| shifted(text, 0x24f5 - 0x31, |c| matches!(c, '1'..='9'))),
    disguise("sans-serif circled digits", |text| {
        shifted(text, 0x2780 - 0x31, |c| matches!(c, '1'..='9')).replace('0', "\u{1f10b}")
    }),
    disguise("superscript digits", |text| twins(text, "0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
    disguise("subscript digits", |text| twins(text, "0123456789", "₀₁₂₃₄₅₆₇₈₉")),
    disguise("segmented digits", |text| shifted(text, 0x1fbf0 - 0x30, |c| c.is_ascii_digit())),
    disguise("Arabic-Indic digits", |text| shifted(text, 0x660 - 0x30, |c| c.is_ascii_digit())),
    disguise("Persian digits", |text| shifted(text, 0x6f0 - 0x30, |c| c.is_ascii_digit())),
    disguise("Devanagari digits", |text| shifted(text, 0x966 - 0x30, |c| c.is_ascii_digit())),
    disguise("Bengali digits", |text| shifted(text, 0x9e6 - 0x30, |c| c.is_ascii_digit())),
    disguise("Thai digits", |text| shifted(text, 0xe50 - 0x30, |c| c.is_ascii_digit())),
    disguise("Khmer digits", |text| shifted(text, 0x17e0 - 0x30, |c| c.is_ascii_digit())),
    disguise("digits of several scripts", |text| {
        digits(text, |c, at| {
            let zero = [0x30, 0x660, 0xff10, 0x966, 0x1d7ce][at % 5];
            char::from_u32(zero + c.to_digit(10).unwrap()).unwrap().to_string()
        })
    }),
    disguise("Chinese numerals", |text| twins(text, "0123456789", "〇一二三四五六七八九")),
    disguise("Roman numeral letters", |text| twins(text, "MCDLXVI", "ⅯⅭⅮⅬⅩⅤⅠ")),
    disguise("letterlike symbols", |text| twins(text, "CEHILMNRZ", "ℂℰℋℐℒℳℕℛℤ")),
    disguise("small capitals", |text| twins(text, "ABCDEGIJKLMNOPRTUVWZ", "ᴀʙᴄᴅᴇɢɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡᴢ")),
    disguise("modifier letters", |text| twins(text, "ABDEGHIJKLMNOPRTUW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁᵂ")),
    disguise("ligatures", |text| text.replace("ff", "ﬀ").replace("fi", "ﬁ").replace("st", "ﬆ")),
    disguise("Cyrillic twins", |text| twins(text, "ABEKMHOPCTXSIJaeopcxsij", "АВЕКМНОРСТХЅІЈаеорсхѕіј")),
    disguise("Greek twins", |text| twins(text, "ABEZHIKMNOPTXov", "ΑΒΕΖΗΙΚΜΝΟΡΤΧον")),
    disguise("Cherokee and Lisu twins", |text| twins(text, "ABCDEGHKLMPRSTVWZ", "ꓮᏴᏟᎠᎬᏀᎻᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ")),
    disguise("twins of several scripts", |text| twins(text, "TEMRSABO", "ТΕМᏒЅΑВО")),
    disguise("accents on capitals", |text| twins(text, "AEIOUCSRTL", "ÄËÏÖÜÇŠŘŤĽ")),
    // Case and look-alike digits.
    disguise("lower case", str::to_lowercase),
    disguise("upper case", str::to_uppercase),
    disguise("mixed case", |text| {
        text.chars()
            .enumerate()
            .map(|(at, c)| if at % 2 == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect()
    }),
    disguise("O for 0", |text| misread(text, "0", "O")),
    disguise("l and I for 1", |text| misread(text, "1", "l")),
    disguise("S for 5, B for 8", |text| misread(text, "58", "SB")),
    // Spelling and order.
    disguise("spaced out", |text| spaced(text, " ")),
    disguise("spaced out twice", |text| spaced(text, "  ")),
    disguise("dotted out", |text| spaced(text, ".")),
    disguise("dashed out", |text| spaced(text, "-")),
    disguise("one character a line", |text| spaced(text, "\n")),
    disguise("digits in French words", |text| in_words(text, FRENCH)),
    disguise("digits in English words", |text| in_words(text, ENGLISH)),
    disguise("reversed under an override", |text| {
        format!("\u{202e}{}\u{202c}", text.chars().rev().collect::<String>())
    }),
    disguise("reversed", |text| text.chars().rev().collect()),
    // Wraps and quotes.
    disguise("a quoted line", |text| format!("\n> {text}")),
    disguise("twice quoted", |text| format!("\n> > {text}")),
    disguise("quoted with initials", |text| format!("\nMT> {text}")),
    disguise("quoted with bars", |text| format!("\n| {}", text.replacen(' ', "\n| ", 1))),
    disguise("wrapped at a separator", |text| text.replacen(' ', "\n", 1).replacen('-', "-\n", 1)),
    disguise("wrapped as format=flowed", |text| text.replacen(' ', " \n", 1)),
    disguise("wrapped with CRLF", |text| text.replacen(' ', "\r\n", 1)),
    disguise("wrapped and indented", |text| text.replacen(' ', "\n    ", 1)),
    disguise("wrapped in a quote", |text| text.replacen(' ', "\n> ", 1).replacen('-', "-\n> ", 1)),
    disguise("hyphenated in the middle", |text| halved(text, "-\n")),
    disguise("hyphenated with a soft hyphen", |text| halved(text, "\u{ad}\n")),
    // What stands around it.
    disguise("in brackets", |text| format!("[{text}]")),
    disguise("in quotes", |text| format!("« {text} »")),
    disguise("before a stop", |text| format!("{text}.")),
    disguise("in Markdown", |text| format!("**{text}**")),
    disguise("each group in Markdown", |text| format!("**{}**", text.replace(' ', "** **"))),
    disguise("in underscores", |text| format!("_{text}_")),
    disguise("in back-quotes", |text| format!("`{text}`")),
    disguise("between emoji", |text| format!("👉{text}👈")),
    disguise("after a blank line of dots", |text| format!(".................. {text}")),
];

/// What is out of reach, and why: for those, the finding may be less sure or not made.
pub const BEYOND: &[Beyond] = &[
    Beyond {
        classes: &["O for 0", "l and I for 1", "S for 5, B for 8"],
        of: |vector| vector.kind == Kind::Nam && !vector.frame.starts_with("NAM :"),
        because: "letters for digits are believed after a label and with a right check digit only: any product code has them",
    },
    Beyond {
        classes: &["digits in French words", "digits in English words"],
        of: |vector| {
            let labelled = vector.frame.starts_with("NAM") || vector.frame.starts_with("RAMQ");
            let odd = vector.value.contains("30A0");
            !matches!(vector.kind, Kind::Nas | Kind::PaymentCard)
                && (!labelled || odd || vector.kind != Kind::Nam)
        },
        because: "spelled digits are read after the label of a NAM, a NAS or a card only; dates have rules of their own",
    },
    Beyond {
        classes: &["reversed"],
        of: |vector| vector.kind != Kind::Nam || !vector.frame.starts_with("NAM :"),
        because: "backwards, only a NAM with its label and a right check digit is told from any code",
    },
    Beyond {
        classes: &["bars"],
        of: |vector| vector.kind == Kind::BirthDate,
        because: "bars part the columns of tables, and figures side by side look like dates",
    },
    Beyond {
        classes: &["tabs"],
        of: |vector| vector.kind == Kind::PatientName,
        because: "a tab parts columns: two names, not one",
    },
    Beyond {
        classes: &["hyphenated in the middle", "quoted with bars"],
        of: |vector| vector.kind == Kind::PatientName,
        because: "a list of names has a name on every line",
    },
    Beyond {
        classes: &["after a blank line of dots"],
        of: |vector| vector.kind == Kind::PatientName && !vector.frame.contains(':'),
        because: "a word without a colon says less of a name on the next line or after a leader",
    },
];

/// Classes that do not hold for some vectors.
pub struct Beyond {
    pub classes: &'static [&'static str],
    pub of: fn(&Vector) -> bool,
    pub because: &'static str,
}

const FRENCH: [&str; 10] = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"];
const ENGLISH: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

fn between(text: &str, mark: &str) -> String {
    text.chars().map(|c| format!("{c}{mark}")).collect()
}

/// A mark on every letter and digit.
fn marked(text: &str, mark: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { format!("{c}{mark}") } else { c.to_string() }).collect()
}

fn shifted(text: &str, by: u32, which: fn(&char) -> bool) -> String {
    text.chars().map(|c| if which(&c) { char::from_u32(u32::from(c) + by).unwrap() } else { c }).collect()
}

/// Letters and digits in one style, by the code points of its A, a and 0.
fn styled(text: &str, upper: u32, lower: u32, zero: Option<u32>) -> String {
    text.chars()
        .map(|c| match c {
            'A'..='Z' => char::from_u32(u32::from(c) - 0x41 + upper).unwrap(),
            'a'..='z' => char::from_u32(u32::from(c) - 0x61 + lower).unwrap(),
            '0'..='9' => zero.map_or(c, |zero| char::from_u32(u32::from(c) - 0x30 + zero).unwrap()),
            _ => c,
        })
        .collect()
}

fn twins(text: &str, plain: &str, other: &str) -> String {
    let twin = |c: char| plain.chars().position(|p| p == c).and_then(|at| other.chars().nth(at)).unwrap_or(c);
    text.chars().map(twin).collect()
}

fn digits(text: &str, write: impl Fn(char, usize) -> String) -> String {
    text.chars()
        .enumerate()
        .map(|(at, c)| if c.is_ascii_digit() { write(c, at) } else { c.to_string() })
        .collect()
}

/// Another separator between the groups of a number.
fn separators(text: &str, other: &str) -> String {
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        text.replace([' ', '-'], other)
    } else {
        text.to_owned()
    }
}

/// Letters in place of the digits of a health-insurance number, which scans misread and people swap.
fn misread(text: &str, plain: &str, other: &str) -> String {
    if text.is_ascii()
        && text.bytes().filter(u8::is_ascii_alphabetic).count() >= 4
        && text.bytes().any(|b| b.is_ascii_digit())
    {
        let (letters, number) = text.split_at(4);
        format!("{letters}{}", twins(number, plain, other))
    } else {
        text.to_owned()
    }
}

/// Letters and digits one by one; groups stand farther apart.
fn spaced(text: &str, gap: &str) -> String {
    let is_date = text.len() == 10;
    let kept = text.chars().filter(|c| c.is_alphanumeric() || is_date);
    kept.map(String::from).collect::<Vec<_>>().join(gap)
}

fn in_words(text: &str, words: [&str; 10]) -> String {
    let spelled = digits(text, |c, _| format!(" {} ", words[c.to_digit(10).unwrap() as usize]));
    spelled.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A break in the middle of the last group.
fn halved(text: &str, middle: &str) -> String {
    let at = text.char_indices().nth_back(1).map_or(0, |(at, _)| at);
    format!("{}{middle}{}", &text[..at], &text[at..])
}
