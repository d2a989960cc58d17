//! Blanks as a page shows them: several as one, none at the start of a line.

/// Appends text, runs of blanks as one, as a page shows them.
pub(super) fn append(line: &mut String, text: &str, keep_blanks: bool) {
    if keep_blanks || is_even(text.as_bytes()) {
        line.push_str(text);
        return;
    }
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\n', rest.as_bytes()) {
        append_line(line, rest.get(..at).unwrap_or_default());
        space(line);
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    append_line(line, rest);
}

/// The same of what stands in one line of the page.
fn append_line(line: &mut String, text: &str) {
    let mut words = text.trim_ascii_start();
    if words.len() < text.len() {
        space(line);
    }
    if is_even(words.as_bytes()) {
        line.push_str(words);
        return;
    }
    while let Some(at) = uneven(words.as_bytes()) {
        line.push_str(words.get(..at).unwrap_or_default());
        space(line);
        words = words.get(at..).unwrap_or_default().trim_ascii_start();
    }
    line.push_str(words);
}

/// Where blanks begin that do not show as they stand: they are several or none of a space, or nothing stands behind them.
fn uneven(text: &[u8]) -> Option<usize> {
    let parts = |(at, byte): (usize, &u8)| {
        let next = text.get(at + 1);
        byte.is_ascii_whitespace() && (*byte != b' ' || at == 0 || next.is_none_or(u8::is_ascii_whitespace))
    };
    text.iter().enumerate().find(|it| parts(*it)).map(|(at, _)| at)
}

/// Whether a text shows as it stands: blanks part words one by one, and none is at an end.
fn is_even(text: &[u8]) -> bool {
    let pairs = text.iter().zip(text.iter().skip(1));
    text.first().is_some_and(|byte| *byte > b' ')
        && text.last().is_some_and(|byte| *byte > b' ')
        && pairs.fold(true, |even, (one, next)| even & (*one >= b' ') & ((*one != b' ') | (*next != b' ')))
}

/// Adds a blank where one shows: not at the start of a line, not after another.
fn space(line: &mut String) {
    if !line.is_empty() && !line.ends_with([' ', '\n']) {
        line.push(' ');
    }
}

/// Ends a line that has begun.
pub(super) fn end_line(line: &mut String) {
    line.truncate(line.trim_end_matches(' ').len());
    if !line.is_empty() && !line.ends_with('\n') {
        line.push('\n');
    }
}
