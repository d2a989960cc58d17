//! Codes in the headers and footers of spreadsheets, the same in every format of theirs.

/// Gives the text of a header or footer without its codes: `&L`, `&"Arial"`, `&12` (ECMA-376, 18.3.1.46).
#[must_use]
pub fn without_codes(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '&' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('&') => out.push('&'),
            Some('"') => chars.by_ref().take_while(|c| *c != '"').for_each(drop),
            Some('K') => drop(chars.by_ref().take(6).count()),
            Some('L' | 'C' | 'R') => out.push('\n'),
            Some(c) if c.is_ascii_digit() => while chars.next_if(char::is_ascii_digit).is_some() {},
            Some(_) | None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_codes;

    #[test]
    fn codes_of_headers_are_understood() {
        assert_eq!(without_codes("&L&\"Arial,Bold\"&12Centre &P&CA && B&K00FF00x"), "\nCentre \nA & Bx");
    }
}
