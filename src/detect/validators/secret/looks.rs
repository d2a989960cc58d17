//! How a secret looks, and what only looks like one.

/// Whether a value mixes letters with digits or signs, as words do not.
pub fn is_mixed(value: &str) -> bool {
    let has = |class: fn(&char) -> bool| value.chars().any(|character| class(&character));
    let letters = has(|character| character.is_alphabetic());
    let digits = has(char::is_ascii_digit);
    let signs = value
        .chars()
        .skip(1)
        .any(|character| matches!(character, '!' | '@' | '#' | '$' | '%' | '^' | '*' | '+' | '?' | '~'));
    value.chars().count() >= 6 && letters && (digits || signs)
}

/// Whether a value has letters of both cases and digits, eight characters at least.
pub fn is_strong(value: &str) -> bool {
    let upper = value.chars().any(char::is_uppercase) && value.chars().any(char::is_lowercase);
    upper && value.chars().any(|character| character.is_ascii_digit()) && value.chars().count() >= 8
}

/// Whether a value is made of two words at least and of figures, with signs between them: `sucre.amer.56`, `Tulip-Harbor-93`.
pub fn is_parted(value: &str) -> bool {
    let parts = || value.split(['.', '-', '_']);
    let all = |part: &str, class: fn(&u8) -> bool| !part.is_empty() && part.bytes().all(|byte| class(&byte));
    let words = parts().filter(|part| part.len() > 2 && all(part, u8::is_ascii_alphabetic)).count();
    let figures = parts().any(|part| part.len() <= 5 && all(part, u8::is_ascii_digit));
    words > 1 && figures
}

/// Whether a value has letters, figures and a sign that words have not: `lilas77!`.
pub fn is_signed(value: &str) -> bool {
    let has = |class: fn(char) -> bool| value.chars().any(class);
    let signs =
        value.chars().skip(1).any(|sign| matches!(sign, '!' | '@' | '#' | '$' | '%' | '^' | '*' | '?'));
    value.chars().count() >= 7 && signs && has(char::is_alphabetic) && has(|sign| sign.is_ascii_digit())
}

/// `Budget-2026`: one word and a year.
pub fn is_of_a_year(value: &str) -> bool {
    value.split_once(['-', '_', '.']).is_some_and(|(word, year)| {
        let century = year.len() == 4 && (year.starts_with("19") || year.starts_with("20"));
        century && word.bytes().all(|byte| byte.is_ascii_alphabetic())
    })
}

/// Whether a value is a short number, with the sign that ends it on a keypad or without.
pub fn is_pin(value: &str) -> bool {
    let digits = value.trim_end_matches('#');
    (4..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a value is what people write after the words "mot de passe" without a mark: a product or a cipher (`Office365`,
/// `AES-256`), a reference in capitals (`B2-2214`), an address, a version, a measure.
pub fn is_named(value: &str) -> bool {
    let signed = value.contains(['!', '@', '#', '$', '%', '^', '*', '+', '?', '~']);
    let name = value.split(|character: char| !character.is_ascii_alphabetic()).next().unwrap_or_default();
    let product = !signed && PRODUCTS.contains(&name.to_ascii_lowercase().as_str());
    let reference = !signed && !value.chars().any(char::is_lowercase);
    let address = value.contains('/') || value.contains('@') && value.contains('.');
    product || reference || address || is_measure(value)
}

/// `v2.1.3`, `60jours`.
fn is_measure(value: &str) -> bool {
    let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    let (count, unit) =
        value.split_at(value.find(|character: char| !character.is_ascii_digit()).unwrap_or(0));
    let counted =
        (1..=3).contains(&count.len()) && unit.chars().all(|letter| letter.is_lowercase() || letter == '-');
    counted || figures(value.strip_prefix(['v', 'V']).unwrap_or(value))
}

/// What is written with a number right after it: `Windows11Pro`, `Office365`, `AES-256`, `Argon2id`.
const PRODUCTS: [&str; 56] = [
    "access",
    "acrobat",
    "aes",
    "android",
    "argon",
    "autocad",
    "base",
    "bcrypt",
    "chrome",
    "citrix",
    "cle",
    "debian",
    "dynamics",
    "edge",
    "excel",
    "exchange",
    "firefox",
    "galaxy",
    "gmail",
    "hotmail",
    "ios",
    "ipad",
    "iphone",
    "java",
    "kerberos",
    "ldap",
    "libreoffice",
    "md",
    "microsoft",
    "ntlm",
    "oauth",
    "office",
    "openoffice",
    "oracle",
    "outlook",
    "pbkdf",
    "pkcs",
    "powerpoint",
    "python",
    "rsa",
    "saml",
    "scrypt",
    "server",
    "sha",
    "sharepoint",
    "sql",
    "teams",
    "tls",
    "ubuntu",
    "utf",
    "vmware",
    "windows",
    "winzip",
    "word",
    "wpa",
    "zoom",
];

/// Whether the value stands for one to be written: blanks, stars, variables, addresses, dates.
pub fn is_placeholder(value: &str) -> bool {
    is_blank(value)
        || is_word_for_one(value)
        || FOREIGN.iter().any(|sign| value.contains(sign))
        || value.starts_with(['/', '-']) && !is_strong(value)
        || is_call(value)
        || is_variable(value)
        || is_file(value)
        || is_reference(value)
        || is_time(value)
        || is_code(value)
        || is_record(value)
        || is_escaped(value)
}

/// Signs of addresses, of paths and of what a program fills in.
const FOREIGN: [&str; 16] =
    ["://", "www.", "${", "{$", "{{", "<", ".com", ".ca/", "[", "%s", "\\", "()", "->", "=0x", "{:", ":?}"];

/// `********`, `________`, `xxxxxxxx`.
fn is_blank(value: &str) -> bool {
    let first = value.chars().next();
    let blank = |character| Some(character) == first || matches!(character, '*' | '_' | '.' | 'x' | 'X');
    value.chars().all(blank) || value.to_ascii_lowercase().contains("xxxxxx")
}

/// `motdepasse`, `DB_PASSWORD`, `your-secret`, `password123`: the word for a secret, where one is to be written.
fn is_word_for_one(value: &str) -> bool {
    let folded = value.to_lowercase();
    let bare = folded.trim_end_matches(|last: char| last.is_ascii_digit());
    let words = ["mot_de_passe", "motdepasse", "password", "passwd", "pass", "secret"];
    let counted = folded.len() <= bare.len() + 3 && !value.contains(char::is_uppercase);
    let word = words.contains(&folded.as_str()) || counted && words.contains(&bare);
    let plain = !folded.contains(|character: char| character.is_ascii_digit());
    let yours = ["your-", "your_", "votre-", "votre_"].iter().any(|yours| folded.starts_with(yours));
    word || yours || folded.ends_with("_password") || plain && folded.contains("password")
}

/// `%C3%B1.test`, `%60%7B%7D`: half of it escapes of addresses.
fn is_escaped(value: &str) -> bool {
    let hexadecimal = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let escapes =
        value.match_indices('%').filter(|(at, _)| value.get(at + 1..at + 3).is_some_and(hexadecimal));
    let escaped = escapes.count() * 3;
    escaped > 3 && escaped * 2 >= value.len()
}

/// Whether a value is a name in a program, by its form and by what follows: `WIN32_ERROR = 87u32;`, `secret_key.to_der()`.
pub fn is_identifier(value: &str, after: &str) -> bool {
    let written = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':');
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let constant = value.bytes().all(capital);
    let joined = value.contains('_');
    // A remark in brackets goes on with words: `(code : Hiver_2027); merci`.
    let called = ["(", "::"].iter().any(|sign| after.starts_with(sign)) || after.trim() == ");";
    let ended = matches!(after.trim(), "," | ";" | ");" | ") {");
    let set = after.trim_start().starts_with("= ");
    let called = called && (joined || value.contains('.')) && value.bytes().all(written);
    called || constant && (set || joined && ended)
}

/// `$DB_PASSWORD_1`.
fn is_variable(value: &str) -> bool {
    let name = value.strip_prefix('$').unwrap_or_default();
    let letters = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.contains('_') && letters
}

/// `Guide-2026.pdf`.
fn is_file(value: &str) -> bool {
    let ending = value.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| FILES.contains(&ending.as_str()))
}

/// `DIR-2022-054`, `RITM0012345`: a directive, a form, a ticket.
fn is_reference(value: &str) -> bool {
    let number = REFERENCES.iter().find_map(|prefix| value.strip_prefix(prefix));
    is_numbered(value)
        || number.is_some_and(|number| {
            let number = number.strip_prefix('-').unwrap_or(number);
            let signs = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
            number.starts_with(|first: char| first.is_ascii_digit()) && number.bytes().all(signs)
        })
}

/// `Bug#123456`, `PKCS#12`, `U+0D4D`: what a list of faults, a standard or a table of characters numbers.
fn is_numbered(value: &str) -> bool {
    let figures = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
    let first = value.split(',').next().unwrap_or_default();
    let (list, number) = first.split_once('#').unwrap_or_default();
    let listed =
        list.len() <= 4 && number.len() > 4 || PRODUCTS.contains(&list.to_ascii_lowercase().as_str());
    value.starts_with("U+") || !list.is_empty() && !number.is_empty() && listed && figures(number)
}

/// `13h30-15h00`.
fn is_time(value: &str) -> bool {
    let signs = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'h' | b'-');
    value.starts_with(|first: char| first.is_ascii_digit()) && value.bytes().all(signs) && value.contains('h')
}

/// How the names of files end.
const FILES: [&str; 22] = [
    "gz", "xz", "bz2", "tgz", "deb", "dsc", "csv", "doc", "docx", "html", "jpg", "md", "msg", "pdf", "png",
    "ppt", "pptx", "txt", "xls", "xlsx", "xml", "zip",
];

/// How the numbers of directives, standards, forms and tickets begin.
const REFERENCES: [&str; 16] = [
    "AH", "CHG", "CVE", "DIR", "FIPS", "FOR", "INC", "ISO", "KB", "NIST", "POL", "PRO", "REQ", "RFC", "RITM",
    "TASK",
];

/// `ReadLine(0`, `getpass.getpass("…`, `Ok(digest(key`: code that asks for one, whose name is of several words or that calls
/// twice; `Bonjour(2026` is a password.
fn is_call(value: &str) -> bool {
    let is_word = |text: &str| {
        let word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.');
        !text.is_empty() && text.chars().all(word)
    };
    value.split_once('(').is_some_and(|(name, rest)| {
        let joined = name.contains(['_', '.']) || name.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
        let twice = rest.split_once('(').is_some_and(|(inner, _)| is_word(inner));
        (joined || twice) && name.bytes().any(|byte| byte.is_ascii_lowercase()) && is_word(name)
    })
}

/// `Salt::from_b64`, `self.0.token`, `0xC000_u32`, `format!(`, `a).map(`, `&#x3C;string`: code and markup about passwords.
fn is_code(value: &str) -> bool {
    let entity = value.starts_with('&') && value.contains(';');
    let value = value.trim_matches(['`', '&', '*']);
    let named = |text: &str| text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let path = value.split_once("::").is_some_and(|(owner, member)| named(owner) && named(member));
    let member = ["self.", "this.", "process.", "os.", "request.", "req.", "args.", "config.", "options."]
        .iter()
        .any(|owner| value.starts_with(owner));
    let digits = value.strip_prefix("0x").map(|digits| digits.split('_').next().unwrap_or_default());
    let number = digits
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    let command = value.split_once("!(").is_some_and(|(name, rest)| lower(name) && lower(rest));
    let chain = value.contains('(') && value.contains(").");
    path || member || number || command || chain || entity || value.starts_with("__")
}

/// `bbbb:cccc:1234::1`, `eli:x:2098:1000:Eli`: the address of a machine, a line of its users.
fn is_record(value: &str) -> bool {
    let colons = value.matches(':').count();
    let group = |group: &str| group.len() <= 4 && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    colons > 2 || colons > 1 && value.split(':').all(group)
}

/// Bits per character, from how often each occurs.
pub fn entropy(value: &str) -> f32 {
    let length = value.chars().count();
    let share = |byte: u8| value.bytes().filter(|other| *other == byte).count();
    let total = u16::try_from(length).map_or(f32::MAX, f32::from);
    let counts = (0..=127)
        .map(share)
        .filter(|count| *count > 0)
        .map(|count| u16::try_from(count).map_or(total, f32::from) / total);
    counts.map(|part| -part * part.log2()).sum()
}
