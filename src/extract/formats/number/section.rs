//! The sections of a format code: for numbers above, below and at zero, or by a condition; for text (ECMA-376, 18.8.31).
//!
//! In: a code. Out: its sections without colours, locales and padding, every literal after a backslash.

/// Marks a section whose locale is French.
pub const FRENCH: char = '\u{1}';
/// Marks a field of time that goes past its clock: `[h]`.
pub const ELAPSED: char = '\u{2}';

/// Most sections of a code: three for numbers, one for text.
const MOST: usize = 4;

/// A section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    pub code: String,
    /// Which numbers it is for, where it says so.
    condition: Option<Condition>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Condition {
    less: bool,
    equal: bool,
    greater: bool,
    than: f64,
}

impl Condition {
    /// `>100`, `<=0`, `<>7`.
    fn of(text: &str) -> Option<Self> {
        let number = text.trim_start_matches(['<', '>', '=']);
        let sign = text.strip_suffix(number).filter(|sign| (1..=2).contains(&sign.len()))?;
        let than = number.trim().parse().ok()?;
        Some(Self { less: sign.contains('<'), equal: sign.contains('='), greater: sign.contains('>'), than })
    }

    fn holds(self, value: f64) -> bool {
        (self.less && value < self.than)
            || (self.greater && value > self.than)
            || (self.equal && value >= self.than && value <= self.than)
    }

    /// Whether only negative numbers fulfil it, so that their sign goes without saying.
    fn is_negative(self) -> bool {
        !self.greater && (self.than < 0.0 || (self.than <= 0.0 && !self.equal))
    }
}

/// The sections of a code.
pub fn all(code: &str) -> Vec<Section> {
    let mut chars = code.chars();
    let mut out = Vec::new();
    while out.len() < MOST {
        let (section, more) = next(&mut chars);
        out.push(section);
        if !more {
            break;
        }
    }
    out
}

/// The section for a number, and whether the number's sign stands before it.
pub fn choose(sections: &[Section], value: f64) -> Option<(&Section, bool)> {
    let usual = |less, equal, greater| Condition { less, equal, greater, than: 0.0 };
    let default = |at: usize| match (at, sections.len()) {
        (0, 2) => Some(usual(false, true, true)),
        (0, 3..) => Some(usual(false, false, true)),
        (1, 3..) => Some(usual(true, false, false)),
        _ => None,
    };
    let conditional = sections.iter().any(|section| section.condition.is_some());
    sections.iter().enumerate().find_map(|(at, section)| {
        let condition = section.condition.or_else(|| default(at));
        let holds = condition.is_none_or(|condition| condition.holds(value));
        let silent = match condition {
            Some(condition) => condition.is_negative(),
            None => sections.len() > 1 && !conditional,
        };
        holds.then_some((section, value < 0.0 && !silent))
    })
}

/// One section of a code, and whether another one follows.
fn next(chars: &mut std::str::Chars<'_>) -> (Section, bool) {
    let mut section = Section::default();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        let out = &mut section.code;
        match c {
            '"' => quoted = !quoted,
            _ if quoted => out.extend(['\\', c]),
            '\\' | '!' => out.extend(['\\'].into_iter().chain(chars.next())),
            ';' => return (section, true),
            '_' => {
                chars.next();
                out.push_str("\\ ");
            }
            '*' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                section.bracket(&inside);
            }
            _ => out.push(c),
        }
    }
    (section, false)
}

impl Section {
    /// Takes what stands in brackets: a currency with its locale, elapsed time, a condition; colours are dropped.
    fn bracket(&mut self, inside: &str) {
        if let Some(currency) = inside.strip_prefix('$') {
            currency.chars().take_while(|c| *c != '-').for_each(|c| self.code.extend(['\\', c]));
            let locale = currency.rsplit('-').next();
            let french = locale.is_some_and(|it| it.to_ascii_uppercase().ends_with("0C"));
            if french || currency.to_ascii_lowercase().contains("-fr") {
                self.code.insert(0, FRENCH);
            }
        } else if !inside.is_empty() && inside.chars().all(|c| "hmsHMS".contains(c)) {
            self.code.push(ELAPSED);
            self.code.push_str(inside);
        } else {
            self.condition = self.condition.or_else(|| Condition::of(inside));
        }
    }

    /// The characters that are not literal.
    pub fn bare(&self) -> impl Iterator<Item = char> {
        bare(&self.code)
    }
}

/// The characters of a code that are not literal.
pub fn bare(code: &str) -> impl Iterator<Item = char> {
    let mut escaped = false;
    code.chars().filter(move |c| {
        let literal = escaped;
        escaped = *c == '\\' && !literal;
        !literal && *c != '\\'
    })
}

/// A code with its marks gone: what it says literally.
pub fn literally(code: &str) -> String {
    let mut out = String::new();
    let mut chars = code.chars().filter(|c| *c != FRENCH && *c != ELAPSED);
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}
