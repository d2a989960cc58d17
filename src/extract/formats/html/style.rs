//! What a style hides (CSS 2.2 and the ways mail hides text, compiled by us, 2026-11).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What a style says about being seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// The element cannot be seen.
    pub hidden: bool,
    /// Its text is white, or as good as.
    pub white: bool,
    /// Its background has a colour other than white.
    pub coloured: bool,
    /// Its letters are shown in an order of their own.
    pub overrides: bool,
}

impl Looks {
    /// Reads declarations, as in a `style` attribute.
    #[must_use]
    pub fn of(style: &str) -> Self {
        let style = style.to_ascii_lowercase();
        let mut looks = Self::default();
        let mut clipped = false;
        let mut flat = false;
        for (name, value) in style.split(';').filter_map(|declaration| declaration.split_once(':')) {
            let (name, value) = (name.trim(), value.trim());
            let value = value.strip_suffix("!important").map_or(value, str::trim_end);
            match name {
                "display" => looks.hidden |= value == "none",
                "visibility" => looks.hidden |= value == "hidden" || value == "collapse",
                "opacity" => looks.hidden |= amount(value).is_some_and(|amount| amount < 0.1),
                "font-size" => looks.hidden |= is_tiny(value),
                "font" => {
                    looks.hidden |= is_tiny_font(value);
                }
                "mso-hide" => looks.hidden |= value == "all",
                "text-indent" | "left" | "top" | "margin-left" | "margin-top" => {
                    looks.hidden |= is_far(value);
                }
                "transform" => looks.hidden |= value.replace(' ', "").contains("scale(0)"),
                "clip" | "clip-path" => {
                    looks.hidden |= value.contains("rect(0")
                        || value.contains("inset(100%")
                        || value.contains("circle(0");
                }
                "overflow" => clipped |= value == "hidden",
                "height" | "max-height" | "width" | "max-width" | "line-height" => flat |= is_tiny(value),
                "color" => {
                    looks.white |= is_white(value);
                    looks.hidden |= value == "transparent";
                }
                "unicode-bidi" => looks.overrides |= value.contains("override"),
                "background" | "background-color" => looks.coloured |= is_coloured(value),
                _ => {}
            }
        }
        looks.hidden |= clipped && flat;
        looks
    }

    /// Adds what the attributes of older pages say.
    pub fn attribute(&mut self, name: &[u8], value: &str) {
        match name {
            b"hidden" => self.hidden = true,
            b"color" => self.white |= is_white(&value.to_ascii_lowercase()),
            b"bgcolor" | b"background" => self.coloured |= is_coloured(&value.to_ascii_lowercase()),
            _ => {}
        }
    }
}

/// The number at the start of a value.
fn amount(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(value.len());
    value.get(..end)?.parse().ok()
}

/// At most one pixel or point, or nothing in any unit.
fn is_tiny(value: &str) -> bool {
    let absolute = ["px", "pt", ""].iter().any(|unit| {
        amount(value).is_some() && value.trim_start_matches(|c: char| !c.is_alphabetic() && c != '%') == *unit
    });
    amount(value).is_some_and(|amount| amount <= 0.0 || (absolute && amount <= 1.0) || amount <= 0.05)
}

/// The size in the shorthand of a font: the first length, before the slash and the names (CSS Fonts 3, 3.7). A number without a unit is a
/// weight, unless it is zero.
fn is_tiny_font(value: &str) -> bool {
    let mut words = value.split_whitespace().filter_map(|word| word.split('/').next());
    let size =
        words.find(|word| amount(word).is_some_and(|it| it <= 0.0 || word.ends_with(char::is_alphabetic)));
    size.is_some_and(is_tiny)
}

/// A thousand pixels or more off the page.
fn is_far(value: &str) -> bool {
    amount(value).is_some_and(|amount| amount <= -999.0)
}

/// White, or so near that nobody reads it on white.
fn is_white(value: &str) -> bool {
    match channels(value) {
        Some(channels) => channels.iter().all(|channel| *channel >= 0xF0),
        None => matches!(
            value,
            "white" | "snow" | "ivory" | "ghostwhite" | "whitesmoke" | "floralwhite" | "mintcream" | "azure"
        ),
    }
}

fn is_coloured(value: &str) -> bool {
    let first = value.split_whitespace().next().unwrap_or_default();
    let first = if value.starts_with("rgb") { value } else { first };
    !matches!(first, "" | "none" | "transparent" | "inherit" | "initial" | "unset" | "0") && !is_white(first)
}

/// Red, green and blue of `#fff`, `#ffffff` or `rgb(…)`.
fn channels(value: &str) -> Option<[u32; 3]> {
    if let Some(digits) = value.strip_prefix('#') {
        let digit = |at: usize| digits.chars().nth(at).and_then(|c| c.to_digit(16));
        return match digits.len() {
            3 | 4 => Some([digit(0)? * 17, digit(1)? * 17, digit(2)? * 17]),
            6 | 8 => {
                Some([digit(0)? * 16 + digit(1)?, digit(2)? * 16 + digit(3)?, digit(4)? * 16 + digit(5)?])
            }
            _ => None,
        };
    }
    let inner = value.strip_prefix("rgb")?.trim_start_matches('a').strip_prefix('(')?;
    let mut numbers = inner.split([',', ' ', '/', ')']).filter(|word| !word.is_empty());
    let mut channel = || {
        let word = numbers.next()?;
        if word.ends_with('%') {
            amount(word).map(|percent| if percent >= 95.0 { 255 } else { 0 })
        } else {
            word.parse().ok()
        }
    };
    Some([channel()?, channel()?, channel()?])
}

/// What a page's style sheets say of classes, ids and elements.
#[derive(Debug, Default)]
pub struct Sheet {
    /// What cannot be seen.
    pub hidden: Names,
    /// Whose text runs from right to left.
    pub turned: Names,
    /// What is put in by the first name of a selector.
    placed: BTreeMap<String, Vec<Placed>>,
    /// How many rules do that.
    rules: usize,
}

/// Names of elements that a style holds for.
#[derive(Debug, Default)]
pub struct Names {
    classes: BTreeSet<String>,
    ids: BTreeSet<String>,
    elements: BTreeSet<String>,
    /// Classes that an element must have together: `.x.y`.
    together: Vec<Vec<String>>,
}

impl Names {
    /// Adds the last name of a plain selector: `.x`, `#y`, `p`.
    fn add(&mut self, selector: &str) {
        let names = match selector.find(['.', '#']) {
            Some(at) => selector.get(at..).unwrap_or_default(),
            None => selector,
        };
        let classes: Vec<String> = names.split('.').skip(1).map(str::to_owned).collect();
        if names.starts_with('.') && classes.len() > 1 && !names.contains(['#', ':', '[']) {
            if self.together.len() < MOST_TOGETHER {
                self.together.push(classes);
            }
            return;
        }
        let (names, name) = match names.as_bytes().first() {
            Some(b'.') => (&mut self.classes, names.get(1..)),
            Some(b'#') => (&mut self.ids, names.get(1..)),
            _ => (&mut self.elements, Some(names)),
        };
        names.extend(name.map(str::to_owned));
    }

    /// Whether it holds for one of these classes.
    #[must_use]
    pub fn has_class(&self, classes: &str) -> bool {
        let mut own = classes.split_ascii_whitespace();
        let has = |name: &String| classes.split_ascii_whitespace().any(|class| class == name);
        !self.classes.is_empty() && own.any(|class| self.classes.contains(class))
            || self.together.iter().any(|names| names.iter().all(has))
    }

    /// Whether it holds for this id.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        self.ids.contains(id.trim())
    }

    /// Whether it holds for all elements of this name.
    #[must_use]
    pub fn has_element(&self, name: &[u8]) -> bool {
        !self.elements.is_empty() && std::str::from_utf8(name).is_ok_and(|name| self.elements.contains(name))
    }
}

/// Most sets of classes that must go together.
const MOST_TOGETHER: usize = 64;

/// Elements within a line. A sheet that hides all of one of these hides letters; one that hides tables hides them on a small screen.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
];

/// What a rule puts before or behind the text of an element (CSS Generated Content 3, 2).
#[derive(Clone, Debug)]
struct Placed {
    /// All names that an element must have: `.x`, `#y`, `p`.
    names: Vec<String>,
    behind: bool,
    content: Rc<[Piece]>,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Attribute(String),
}

/// Most rules read of a style sheet, and of a page where they put something in.
const MOST_RULES: usize = 5_000;
/// Most rules by which something is put in for one name, and most names of an element.
const MOST_PLACED: usize = 16;
/// Longest text that is put in.
const LONGEST: usize = 4_096;

impl Sheet {
    /// Reads the rules of a style sheet; only plain class, id and element selectors count.
    pub fn read(&mut self, css: &str) {
        for rule in css.split('}').take(MOST_RULES) {
            let Some((head, body)) = rule.rsplit_once('{') else { continue };
            let looks = Looks::of(body);
            let content: Rc<[Piece]> = if body.contains("content") { content(body) } else { [].into() };
            if !looks.hidden && !looks.overrides && content.is_empty() {
                continue;
            }
            let head = head.rsplit(['{', ';', '/']).next().unwrap_or(head);
            for selector in head.split(',') {
                let last = selector.split_whitespace().last().unwrap_or_default();
                let element = !last.contains(['.', '#']);
                if looks.hidden && (!element || selector.trim() == last && INLINE.contains(&last)) {
                    self.hidden.add(last);
                }
                if looks.overrides {
                    self.turned.add(last);
                }
                self.place(last, &content);
            }
        }
    }

    /// Keeps what a selector puts in.
    fn place(&mut self, selector: &str, content: &Rc<[Piece]>) {
        let (names, place) = selector.split_once(':').unwrap_or((selector, ""));
        let behind = place.contains("after");
        if content.is_empty() || !(behind || place.contains("before")) {
            return;
        }
        let mut names: Vec<String> = split_names(names);
        if names.is_empty() {
            names.push("*".to_owned());
        }
        let first = names.first().cloned().unwrap_or_default();
        let known = self.placed.entry(first).or_default();
        if known.len() < MOST_PLACED && names.len() <= MOST_PLACED && self.rules < MOST_RULES {
            self.rules += 1;
            known.push(Placed { names, behind, content: Rc::clone(content) });
        }
    }

    /// Whether something is put in anywhere.
    #[must_use]
    pub fn places(&self) -> bool {
        !self.placed.is_empty()
    }

    /// What is put before and behind the text of an element with these attributes.
    #[must_use]
    pub fn put_in(&self, element: &[u8], attributes: &[(&[u8], &str)]) -> [String; 2] {
        let value = |name: &str| {
            attributes.iter().find(|(known, _)| *known == name.as_bytes()).map_or("", |(_, value)| value)
        };
        let classes = value("class").split_whitespace().map(|class| format!(".{class}"));
        let id = Some(value("id")).filter(|id| !id.is_empty()).map(|id| format!("#{id}"));
        let mut own: Vec<String> = classes.take(MOST_PLACED).chain(id).collect();
        own.extend([String::from_utf8_lossy(element).into_owned(), "*".to_owned()]);
        let mut put = [String::new(), String::new()];
        for placed in own.iter().filter_map(|name| self.placed.get(name)).flatten() {
            if placed.names.iter().all(|name| own.contains(name)) {
                let text = placed.content.iter().map(|piece| match piece {
                    Piece::Text(text) => text.as_str(),
                    Piece::Attribute(name) => value(name),
                });
                let [before, behind] = &mut put;
                let place = if placed.behind { behind } else { before };
                place.clear();
                place.extend(text.flat_map(str::chars).take(LONGEST));
            }
        }
        put
    }
}

/// `p.x#y` in its names.
fn split_names(selector: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let plain = selector.split(['[', '>', '+', '~']).next().unwrap_or_default();
    for letter in plain.chars() {
        match names.last_mut() {
            Some(name) if !matches!(letter, '.' | '#') => name.push(letter),
            _ => names.push(letter.to_string()),
        }
    }
    names
}

/// The strings and attributes of a `content` declaration.
fn content(body: &str) -> Rc<[Piece]> {
    let declaration = body.split("content").skip(1).find_map(|rest| rest.trim_start().strip_prefix(':'));
    let mut pieces = Vec::new();
    let mut rest = declaration.unwrap_or_default().trim_start();
    while let Some(first) = rest.chars().next().filter(|first| *first != ';') {
        if let Some(name) = rest.strip_prefix("attr(") {
            let (name, after) = name.split_once(')').unwrap_or((name, ""));
            pieces.push(Piece::Attribute(name.trim().to_ascii_lowercase()));
            rest = after.trim_start();
        } else if matches!(first, '"' | '\'') {
            let (text, after) = string(rest.get(1..).unwrap_or_default(), first);
            pieces.push(Piece::Text(text));
            rest = after.trim_start();
        } else {
            let end = rest.find([' ', ';', '"', '\'']).filter(|end| *end > 0).unwrap_or(rest.len());
            rest = rest.get(end..).unwrap_or_default().trim_start();
        }
    }
    pieces.into()
}

/// A string up to its quote, escapes undone (CSS Syntax 3, 4.3.7), and what follows it.
fn string(text: &str, quote: char) -> (String, &str) {
    let (mut out, mut chars) = (String::new(), text.chars());
    while let Some(letter) = chars.next() {
        if letter == quote {
            break;
        }
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        let rest = chars.as_str();
        let digits = rest.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let code = rest
            .get(..digits)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32);
        match code {
            Some(code) => {
                out.push(code);
                let after = rest.get(digits..).unwrap_or_default();
                chars = after.strip_prefix(' ').unwrap_or(after).chars();
            }
            None => out.extend(chars.next()),
        }
    }
    (out, chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Looks, Sheet};

    #[test]
    fn what_cannot_be_seen_is_told() {
        let hidden = [
            "display:none",
            "DISPLAY : NONE !important",
            "visibility:hidden",
            "opacity:0",
            "font-size:0",
            "font-size: 1px",
            "font-size:0.0em",
            "position:absolute;left:-9999px",
            "text-indent:-5000px",
            "mso-hide:all",
            "color:transparent",
            "font:0/0 a",
            "font:bold 1px/1 Arial",
            "max-height:0;overflow:hidden",
            "clip:rect(0,0,0,0)",
        ];
        for style in hidden {
            assert!(Looks::of(style).hidden, "{style}");
        }
        for style in [
            "font:400 12px/1.5 Arial",
            "font:12px/0 Arial",
            "font:inherit",
            "display:block",
            "opacity:1",
            "font-size:11pt",
            "font-size:1em",
            "height:0",
            "left:-10px",
            "",
        ] {
            assert!(!Looks::of(style).hidden, "{style}");
        }
    }

    #[test]
    fn white_text_and_coloured_grounds_are_told() {
        for style in [
            "color:#fff",
            "color:#FFFFFF",
            "color:white",
            "color:rgb(255, 255,255)",
            "color:rgba(255,255,255,1)",
        ] {
            assert!(Looks::of(style).white, "{style}");
        }
        assert!(Looks::of("color:rgb(255,255,255);background:#fff").white);
        assert!(!Looks::of("color:rgb(255,255,255);background:#fff").coloured);
        assert!(Looks::of("background:#003366 url(x.png)").coloured);
        assert!(!Looks::of("color:#333;background-color:transparent").coloured);
    }

    #[test]
    fn a_sheet_hides_by_class_and_id() {
        let mut sheet = Sheet::default();
        sheet.read("p{color:red} .pre, td.x, #y { display:none } @media print { .z{font-size:0} }");
        let hidden = &sheet.hidden;
        assert!(
            hidden.has_class("a pre") && hidden.has_class("x") && hidden.has_id("y") && hidden.has_class("z")
        );
        sheet.read("i{display:none} .m table, p, .m b {display:none} td.one.two{font-size:0}");
        let hidden = &sheet.hidden;
        assert!(hidden.has_element(b"i") && hidden.has_class("two x one"));
        assert!(!hidden.has_element(b"b") && !hidden.has_element(b"p") && !hidden.has_element(b"table"));
        assert!(!hidden.has_class("one") && !hidden.has_class("two"));
        assert!(!hidden.has_class("y") && !hidden.has_class("p") && !hidden.has_id("x"));
    }

    /// CSS Generated Content 3, 2: "content: [ <string> | attr() ]".
    #[test]
    fn a_sheet_puts_text_in() {
        let mut sheet = Sheet::default();
        sheet.read(".a:before{content:'T'} p.b::after{content: \"\\52 E\"; color:red} #c:before{content:attr(data-x) \"M\"}");
        let put = |element: &str, attributes: &[(&str, &str)]| {
            let attributes: Vec<(&[u8], &str)> =
                attributes.iter().map(|(name, value)| (name.as_bytes(), *value)).collect();
            sheet.put_in(element.as_bytes(), &attributes).join("|")
        };
        assert_eq!(put("i", &[("class", "x a")]), "T|");
        assert_eq!(put("p", &[("class", "b")]), "|RE");
        assert_eq!(put("i", &[("class", "b")]), "|");
        assert_eq!(put("p", &[("id", "c"), ("data-x", "E"), ("class", "b a")]), "EM|RE");
    }
}
