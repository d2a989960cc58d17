//! Lines that run from right to left. Glyphs stand on a page from left to right whatever they say, and most writers put them so
//! (ISO 32000-1, 14.8.2.3.3): a line is read as it is said.
//!
//! In: a line as it is shown. Out: what it says, after a small part of the Unicode bidirectional algorithm (UAX 9).

/// Whether a text has letters that run from right to left: Hebrew, Arabic, Syriac, Thaana and the like, their shaped forms too.
#[must_use]
pub fn is_turned(text: &str) -> bool {
    text.chars().any(runs_left)
}

fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}') && !is_digit(c)
}

fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}')
}

fn runs_right(c: char) -> bool {
    is_digit(c) || (c.is_alphanumeric() && !runs_left(c))
}

/// A line as it is said: from its right end when most of its letters run so.
#[must_use]
pub fn spoken(shown: &str) -> String {
    let (line, end) = shown.strip_suffix('\n').map_or((shown, ""), |line| (line, "\n"));
    let letters: Vec<char> = line.chars().collect();
    let count = |is: fn(char) -> bool| letters.iter().filter(|c| is(**c)).count();
    let mut out = String::with_capacity(shown.len());
    if count(runs_left) * 2 >= count(char::is_alphabetic) {
        let turned: Vec<char> = letters.iter().rev().copied().map(mirrored).collect();
        turn_runs(&turned, runs_right, runs_left, &mut out);
    } else {
        turn_runs(&letters, runs_left, runs_right, &mut out);
    }
    out.push_str(end);
    out
}

/// Turns round each run from one letter of a kind to the last before a letter of the other.
fn turn_runs(letters: &[char], kind: fn(char) -> bool, other: fn(char) -> bool, out: &mut String) {
    let mut rest = letters;
    while let Some(start) = rest.iter().position(|c| kind(*c)) {
        let (before, from) = rest.split_at(start);
        let stretch = from.split(|c| other(*c)).next().unwrap_or_default();
        let length = stretch.iter().rposition(|c| kind(*c)).map_or(0, |last| last + 1);
        let (run, after) = from.split_at(length);
        out.extend(before);
        out.extend(run.iter().rev().copied().map(mirrored));
        rest = after;
    }
    out.extend(rest);
}

/// The other of a pair of brackets.
fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn a_line_is_read_from_its_end_and_what_runs_right_in_it_from_its_own_start() {
        let shown: String = "שלום (רב) 12.5 לצוות Rose-Alma הלילה".chars().rev().collect();
        let shown = shown.replace("amlA-esoR", "Rose-Alma").replace("5.21", "12.5").replace(")בר(", "(בר)");
        assert_eq!(spoken(&(shown + "\n")), "שלום (רב) 12.5 לצוות Rose-Alma הלילה\n");
        assert_eq!(spoken("Note : םולש בר reçue"), "Note : רב שלום reçue");
        assert_eq!(spoken("Note"), "Note");
    }
}
