//! Rust source → tokens with their lines, without comments, literals and test code; and the paths they name.

/// A word or a mark of the source, with its line counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// A path as written, `crate::model::Masked`, wherever it stands: in code, in an attribute, in a `use` tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub segments: Vec<String>,
    pub line: usize,
    pub renamed: bool,
}

impl Named {
    pub fn text(&self) -> String {
        self.segments.join("::")
    }
}

/// Splits a source into tokens. Literals become `"`, so that none can be taken for code.
pub fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let end = end_of_token(&chars, at);
        let text: String = chars[at..end].iter().collect();
        let plain = match chars[at] {
            '/' if text.len() > 1 => None,
            c if c.is_whitespace() => None,
            _ if is_literal(&text) => Some("\"".to_owned()),
            _ => Some(text.trim_start_matches("r#").to_owned()),
        };
        found.extend(plain.map(|text| Token { text, line }));
        line += text.matches('\n').count();
        at = end;
    }
    found
}

fn end_of_token(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    let starts = |text: &str| text.chars().enumerate().all(|(i, c)| rest.get(i) == Some(&c));
    if starts("//") {
        return at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len());
    }
    if starts("/*") {
        return at + end_of_block_comment(rest);
    }
    if let Some(length) = raw_string(rest).or_else(|| string(rest)).or_else(|| character(rest)) {
        return at + length;
    }
    if starts("::") || starts("->") || starts("=>") {
        return at + 2;
    }
    let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
    match rest.iter().take_while(|c| is_word(c)).count() {
        0 => at + 1,
        1 if starts("r#") => at + 2 + rest[2..].iter().take_while(|c| is_word(c)).count(),
        length => at + length,
    }
}

fn end_of_block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at + 1 < rest.len() {
        match (rest[at], rest[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') if depth == 1 => return at + 2,
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

fn raw_string(rest: &[char]) -> Option<usize> {
    let prefix = rest.iter().take_while(|c| matches!(c, 'b' | 'c' | 'r')).count();
    let hashes = rest[prefix..].iter().take_while(|c| **c == '#').count();
    let raw = prefix <= 2 && prefix > 0 && rest[prefix - 1] == 'r' && rest.get(prefix + hashes) == Some(&'"');
    raw.then(|| {
        let start = prefix + hashes + 1;
        let closes = |at: &usize| rest[*at] == '"' && (1..=hashes).all(|i| rest.get(at + i) == Some(&'#'));
        (start..rest.len()).find(closes).map_or(rest.len(), |at| at + hashes + 1)
    })
}

fn string(rest: &[char]) -> Option<usize> {
    let start = usize::from(matches!(rest[0], 'b' | 'c'));
    (rest.get(start) == Some(&'"')).then(|| end_of_quoted(rest, start, '"'))
}

/// A character literal; `'a` without a closing quote is a lifetime, whose quote is a mark by itself.
fn character(rest: &[char]) -> Option<usize> {
    let start = usize::from(rest[0] == 'b');
    let opens = rest.get(start) == Some(&'\'');
    let closes = rest.get(start + 1) == Some(&'\\') || rest.get(start + 2) == Some(&'\'');
    (opens && closes).then(|| end_of_quoted(rest, start, '\''))
}

fn end_of_quoted(rest: &[char], start: usize, quote: char) -> usize {
    let mut at = start + 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

fn is_literal(text: &str) -> bool {
    text.len() > 1 && (text.ends_with(['"', '\'']) || (text.ends_with('#') && text.contains('"')))
}

/// Leaves out every item under `#[cfg(test)]`: a test may do as it likes.
pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if spells(&tokens[at..], &mark) {
            at = end_of_item(tokens, at + mark.len());
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

pub fn spells(tokens: &[Token], words: &[&str]) -> bool {
    tokens.len() >= words.len() && tokens.iter().zip(words).all(|(token, word)| token.text == *word)
}

/// Index after the item that starts at `at`: after its `;`, or after the brace that closes its body.
pub fn end_of_item(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0_i32;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" if depth == 1 => return index + 1,
            "}" | ")" | "]" => depth -= 1,
            ";" if depth == 0 => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Every path named, `use` trees unfolded: `use a::{b, c::d}` names `a::b` and `a::c::d`.
pub fn paths(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let in_use = tokens[at].text == "use";
        let (next, named) = tree(tokens, if in_use { at + 1 } else { at }, &[]);
        let worth = |named: &Named| in_use || named.segments.len() > 1;
        found.extend(named.into_iter().filter(worth));
        at = next.max(at + 1);
    }
    found
}

fn tree(tokens: &[Token], mut at: usize, prefix: &[String]) -> (usize, Vec<Named>) {
    let mut segments = prefix.to_vec();
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    if text(at) == "::" {
        at += 1;
    }
    let line = tokens.get(at).map_or(0, |token| token.line);
    loop {
        match text(at) {
            "{" if segments.len() > prefix.len() || text(at.wrapping_sub(1)) == "use" => {
                return group(tokens, at + 1, &segments);
            }
            "*" if text(at.wrapping_sub(1)) == "::" => segments.push("*".to_owned()),
            word if is_word(word) => segments.push(word.to_owned()),
            _ => break,
        }
        at += 1;
        if text(at) != "::" || !(is_word(text(at + 1)) || matches!(text(at + 1), "{" | "*")) {
            break;
        }
        at += 1;
    }
    let renamed = text(at) == "as";
    let named = (segments.len() > prefix.len()).then_some(Named { segments, line, renamed });
    (at, named.into_iter().collect())
}

fn group(tokens: &[Token], mut at: usize, prefix: &[String]) -> (usize, Vec<Named>) {
    let mut found = Vec::new();
    while at < tokens.len() && tokens[at].text != "}" {
        let (next, named) = tree(tokens, at, prefix);
        found.extend(named);
        at = next.max(at + 1);
        while at < tokens.len() && !matches!(tokens[at].text.as_str(), "," | "}") {
            at += 1;
        }
        at += usize::from(at < tokens.len() && tokens[at].text == ",");
    }
    (at + 1, found)
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::{paths, tokens, without_tests};

    fn named(source: &str) -> Vec<String> {
        paths(&without_tests(&tokens(source))).iter().map(super::Named::text).collect()
    }

    #[test]
    fn a_use_tree_names_each_of_its_leaves() {
        assert_eq!(named("use a::{b, c::{d, e as f}, g::*};"), ["a::b", "a::c::d", "a::c::e", "a::g::*"]);
    }

    #[test]
    fn a_path_is_seen_across_lines_and_in_attributes() {
        assert_eq!(
            named("#[tokio::main] fn f() { crate::\n  store :: open() }"),
            ["tokio::main", "crate::store::open"]
        );
    }

    #[test]
    fn comments_literals_and_tests_name_nothing() {
        let source = r##"// crate::a::b
            /* crate::a /* nested */ ::b */
            const A: &str = "crate::a::b"; const B: &str = r#"crate::"a"::b"#; const C: char = '"';
            fn f<'a>(x: &'a str) {}
            #[cfg(test)] mod tests { use crate::a::b; }"##;
        assert_eq!(named(source), Vec::<String>::new());
    }
}
