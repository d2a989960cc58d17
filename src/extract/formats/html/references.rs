//! References to characters as programs write them (WHATWG HTML, 13.5): by a number, or by a name that mail and pages in French have.

/// Longest name or number of a reference that is looked for.
const LONGEST: usize = 8;

/// Where a reference stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Text,
    /// In the value of an attribute the names of an address stand between signs: `&name=` is no reference there, whatever the name.
    Value,
}

/// Adds a text with its references undone; whether all of them are plain.
pub(super) fn undo(text: &str, within: Within, out: &mut String) -> bool {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, reference) = rest.split_at(at);
        if within == Within::Value && is_name_of_address(reference) {
            out.push_str(before);
            out.push('&');
            rest = reference.get(1..).unwrap_or_default();
            continue;
        }
        let end = reference.bytes().take(LONGEST + 2).position(|byte| byte == b';');
        let Some((end, letter)) = end.and_then(|end| Some((end, character(reference.get(1..end)?)?))) else {
            return false;
        };
        out.push_str(before);
        out.push(letter);
        rest = reference.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    true
}

fn is_name_of_address(reference: &str) -> bool {
    let name = reference.bytes().skip(1).take_while(u8::is_ascii_alphanumeric).count();
    name > 0 && reference.as_bytes().get(name + 1) == Some(&b'=')
}

/// What the name or number of a reference stands for.
fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => plain(digits, u8::is_ascii_hexdigit, 16),
            None => plain(number, u8::is_ascii_digit, 10),
        };
        // Controls and what is no character stand for something else than they say.
        return code.filter(|code| matches!(code, 0x20..=0x7E | 0xA0..=0xFDCF)).and_then(char::from_u32);
    }
    Some(match name {
        "nbsp" => '\u{a0}',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "agrave" => 'à',
        "acirc" => 'â',
        "ccedil" => 'ç',
        "eacute" => 'é',
        "egrave" => 'è',
        "ecirc" => 'ê',
        "icirc" => 'î',
        "ocirc" => 'ô',
        "ucirc" => 'û',
        "ugrave" => 'ù',
        "Agrave" => 'À',
        "Ccedil" => 'Ç',
        "Eacute" => 'É',
        "Egrave" => 'È',
        "laquo" => '«',
        "raquo" => '»',
        "rsquo" => '’',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "copy" => '©',
        _ => return None,
    })
}

fn plain(digits: &str, is_digit: fn(&u8) -> bool, radix: u32) -> Option<u32> {
    u32::from_str_radix(digits, radix).ok().filter(|_| digits.bytes().all(|byte| is_digit(&byte)))
}

#[cfg(test)]
mod tests {
    use super::{Within, undo};

    #[test]
    fn plain_references_are_undone_and_others_are_left_to_the_book() {
        let undone = |text: &str, within| {
            let mut out = String::new();
            undo(text, within, &mut out).then_some(out)
        };
        for (text, said) in [
            ("R&amp;D&nbsp;: l&rsquo;&eacute;t&#233; &#xE9;", Some("R&D\u{a0}: l’été é")),
            ("&lt;a&gt;", Some("<a>")),
            ("&amp;lt;", Some("&lt;")),
            ("a", Some("a")),
            ("R&D", None),
            ("&eacute", None),
            ("&copy 2026;", None),
            ("&#146;", None),
            ("&#xD800;", None),
            ("&#0;", None),
            ("&#+65;", None),
            ("&#;", None),
            ("&zwnj;", None),
            ("&", None),
        ] {
            assert_eq!(undone(text, Within::Text).as_deref(), said, "{text}");
        }
        for (text, said) in [
            ("?a=1&copy=2&amp;b&eacute;", Some("?a=1&copy=2&b\u{e9}")),
            ("?a=1&uml_b=2", None),
            ("?a=1&=2", None),
        ] {
            assert_eq!(undone(text, Within::Value).as_deref(), said, "{text}");
        }
    }
}
