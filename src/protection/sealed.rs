//! Content encrypted by schemes that no policy approves and nobody here opens: age, `openssl enc`, Ansible Vault, pages that ask for a
//! password and unfold themselves in a browser.
//!
//! In: bytes. Out: whether such content is in them. It is not read, and that is all there is to say: who may open it does not show.

use memchr::{memchr, memmem};

/// What opens an age file (age-encryption.org/v1).
const AGE: &[u8] = b"age-encryption.org/v1\n";
/// What opens a file of `openssl enc`: eight bytes of salt follow, then blocks.
const SALTED: &[u8] = b"Salted__";
/// Bytes of salt and of one block.
const LEAST_SALTED: usize = 32;

/// Whether a whole file is encrypted so.
#[must_use]
pub fn is_binary(bytes: &[u8]) -> bool {
    let salted = bytes.starts_with(SALTED) && bytes.len() >= LEAST_SALTED && !bytes.is_ascii();
    salted || (bytes.starts_with(AGE) && memmem::find(bytes, b"\n--- ").is_some())
}

/// Whether a text, or a page, has such content in letters.
#[must_use]
pub fn is_text(bytes: &[u8]) -> bool {
    has_lines(bytes, b"-----BEGIN AGE ENCRYPTED FILE-----", is_base64)
        || has_lines(bytes, b"$ANSIBLE_VAULT;", |byte| byte.is_ascii_hexdigit())
        || has_salted(bytes)
        || is_envelope(bytes)
}

/// Whether a line that has this mark is followed by one that is all of such letters.
fn has_lines(bytes: &[u8], mark: &[u8], letter: impl Fn(u8) -> bool) -> bool {
    let mut rest = bytes;
    // Each line is looked at once, however many marks stand in it.
    while let Some(at) = memmem::find(rest, mark) {
        let line = rest.get(at..).unwrap_or_default();
        let end = memchr(b'\n', line).unwrap_or(line.len());
        rest = line.get(end..).unwrap_or_default();
        let next = rest.get(1..).unwrap_or_default();
        let next = next.get(..memchr(b'\n', next).unwrap_or(next.len())).unwrap_or_default().trim_ascii();
        let next = next.strip_prefix(b"> ").unwrap_or(next);
        if next.len() >= 32 && next.iter().all(|byte| letter(*byte)) {
            return true;
        }
    }
    false
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// `Salted__` in base64, by itself: in an address it is the token of a page.
fn has_salted(bytes: &[u8]) -> bool {
    let alone =
        |byte: Option<&u8>, sign: u8| byte.is_none_or(|byte| byte.is_ascii_whitespace() || *byte == sign);
    memmem::find_iter(bytes, b"U2FsdGVkX1").any(|at| {
        let (before, from) = bytes.split_at_checked(at).unwrap_or_default();
        // What stands within other letters is asked no further: a run of marks would be walked from each.
        if !alone(before.last(), b'>') {
            return false;
        }
        let size = from.iter().position(|byte| !is_base64(*byte)).unwrap_or(from.len());
        alone(from.get(size), b'<') && size >= LEAST_SALTED.div_ceil(3) * 4
    })
}

/// Fewest bytes of a payload.
const LEAST_PAYLOAD: usize = 1024;

/// Whether a page is hardly more than a payload that is noise once its letters are undone, or asks for a password and has one. Pictures, fonts
/// and packed scripts say what they are.
fn is_envelope(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or(bytes).to_ascii_lowercase();
    let is_page = [b"<html".as_slice(), b"<!doctype html", b"<script", b"<form"];
    if bytes.len() < LEAST_PAYLOAD || !is_page.iter().any(|mark| memmem::find(&start, mark).is_some()) {
        return false;
    }
    let payload: usize = quoted(bytes).filter(|text| is_noise(text)).map(<[u8]>::len).sum();
    let share = || if asks_for_password(bytes) { 8 } else { 2 };
    payload >= LEAST_PAYLOAD && payload * share() >= bytes.len()
}

fn asks_for_password(bytes: &[u8]) -> bool {
    ["type=password", "type=\"password\"", "type='password'"]
        .iter()
        .any(|field| memmem::find(bytes, field.as_bytes()).is_some())
}

/// What stands between quotes, where it is long and all in the letters of base64 or in digits of hex; the last may stand open. Letters are
/// looked for from behind: of as many as there must be one that is none is soon found.
fn quoted(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_letter = |byte: &u8| is_base64(*byte) || byte.is_ascii_whitespace();
    let mut from = 0usize;
    std::iter::from_fn(move || {
        loop {
            let window = bytes.get(from..from.checked_add(LEAST_PAYLOAD)?)?;
            if let Some(at) = window.iter().rposition(|byte| !is_letter(byte)) {
                from += at + 1;
                continue;
            }
            let rest = bytes.get(from..)?;
            let text = rest.get(..rest.iter().position(|byte| !is_letter(byte)).unwrap_or(rest.len()))?;
            let sign = from.checked_sub(1).and_then(|at| bytes.get(at)).filter(|sign| b"\"'".contains(sign));
            from += text.len();
            if sign.is_some_and(|sign| bytes.get(from).is_none_or(|end| end == sign)) {
                return Some(text);
            }
        }
    })
}

/// First bytes of what is packed and not encrypted: pictures, fonts, programs, archives.
const TOLD: &[&[u8]] = &[
    b"\x89PNG",
    b"\xFF\xD8\xFF",
    b"GIF8",
    b"RIFF",
    b"wOF",
    b"OTTO",
    b"\0\x01\0\0",
    b"\0asm",
    b"PK\x03\x04",
    b"\x1F\x8B",
    b"\x78\x01",
    b"\x78\x9C",
    b"\x78\xDA",
    b"7z\xBC\xAF",
    b"%PDF",
];

/// Whether the first letters of base64 tell what they are, so that all the others need not be undone.
fn is_told(text: &[u8]) -> bool {
    let head: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(16).collect();
    !head.iter().all(u8::is_ascii_hexdigit)
        && data_encoding::BASE64
            .decode(&head)
            .is_ok_and(|head| TOLD.iter().any(|mark| head.starts_with(mark)))
}

/// Whether letters are those of noise: no byte comes much more often than another, and nothing tells what it is.
fn is_noise(text: &[u8]) -> bool {
    if is_told(text) {
        return false;
    }
    let digits: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let hex = || data_encoding::HEXLOWER_PERMISSIVE.decode(&digits).ok();
    let whole = digits.get(..digits.len() / 4 * 4).unwrap_or_default();
    let Some(bytes) = hex().or_else(|| data_encoding::BASE64.decode(whole).ok()) else { return false };
    let mut counts = [0usize; 256];
    for byte in &bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    // Chi square of 255 degrees of freedom: noise stays under 400, text and numbers come to thousands.
    let expected = bytes.len().max(1);
    let squares: usize = counts.iter().map(|count| count.saturating_mul(*count)).sum();
    let chi = squares.saturating_mul(256) / expected;
    chi < bytes.len().saturating_add(400) && !TOLD.iter().any(|mark| bytes.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::{is_binary, is_text};

    /// Noise that is the same each time.
    fn noise(size: usize) -> Vec<u8> {
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        (0..size).map(|_| next()).collect()
    }

    fn base64(bytes: &[u8]) -> String {
        data_encoding::BASE64.encode(bytes)
    }

    #[test]
    fn files_of_other_schemes_are_told_by_their_first_bytes() {
        assert!(is_binary(
            &[b"age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\n", &noise(64)[..]].concat()
        ));
        assert!(is_binary(&[b"Salted__", &noise(64)[..]].concat()));
        assert!(!is_binary(b"Salted__ caramel et autres recettes de la semaine"));
        assert!(!is_binary(b"age-encryption.org/v1\nest le site du format"));
    }

    #[test]
    fn blocks_of_other_schemes_are_told_in_a_text_and_their_names_are_not() {
        let block = base64(&noise(48));
        let hex = data_encoding::HEXLOWER.encode(&noise(40));
        let salted = base64(&[b"Salted__", &noise(24)[..]].concat());
        for text in [
            format!(
                "Voici :\n-----BEGIN AGE ENCRYPTED FILE-----\r\n{block}\r\n-----END AGE ENCRYPTED FILE-----\n"
            ),
            format!("cle: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  {hex}\n"),
            format!("Voici\n{salted}\n"),
            format!("<p>{salted}</p>"),
        ] {
            assert!(is_text(text.as_bytes()), "{text}");
        }
        for text in [
            "Un fichier age s'ouvre par -----BEGIN AGE ENCRYPTED FILE-----\net se ferme par un autre mot."
                .to_owned(),
            "La ligne $ANSIBLE_VAULT;1.1;AES256\nouvre un tel fichier.".to_owned(),
            format!("https://infolettre.example/?x={salted}"),
            "U2FsdGVkX1 est le debut de Salted__ en base64".to_owned(),
        ] {
            assert!(!is_text(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_page_that_is_an_envelope_is_told_and_one_with_pictures_is_not() {
        let payload = base64(&noise(3000));
        let hex = data_encoding::HEXLOWER.encode(&noise(3000));
        let page = |inside: &str| format!("<html><body>{inside}</body></html>");
        let words = "<p>Bonjour, voici les nouvelles de la semaine.</p>".repeat(200);
        for inside in [
            format!("<form method=post><input type=hidden name=\"payload\" value=\"{payload}\"></form>"),
            format!("<input type=password><script>const enc='{hex}'</script>{}", "let a = 1;".repeat(1000)),
        ] {
            assert!(is_text(page(&inside).as_bytes()));
        }
        let png = base64(&[b"\x89PNG\r\n\x1a\n", &noise(3000)[..]].concat());
        let numbers: Vec<u8> = (0..750u32).flat_map(|number| f64::from(number).to_le_bytes()).collect();
        for inside in [
            format!("<img src=\"data:image/png;base64,{png}\">"),
            format!("<script>show(\"{png}\")</script>"),
            format!("<script>plot(\"{}\")</script>", base64(&numbers)),
            format!("{words}<input type=hidden value=\"{payload}\">"),
            format!("<a href=\"https://infolettre.example/{payload}\">Suite</a>"),
            words,
        ] {
            assert!(!is_text(page(&inside).as_bytes()), "{}", &inside[..60]);
        }
    }
}
