//! What a style hides (CSS 2.2 and the ways mail hides text, compiled by us, 2026-11).

use std::collections::BTreeSet;

/// What a style says about being seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// The element cannot be seen.
    pub hidden: bool,
    /// Its text is white, or as good as.
    pub white: bool,
    /// Its background has a colour other than white.
    pub coloured: bool,
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
            let (name, value) = (name.trim(), value.trim().trim_end_matches("!important").trim());
            match name {
                "display" => looks.hidden |= value == "none",
                "visibility" => looks.hidden |= value == "hidden" || value == "collapse",
                "opacity" => looks.hidden |= amount(value).is_some_and(|amount| amount < 0.1),
                "font-size" => looks.hidden |= is_tiny(value),
                "font" => {
                    looks.hidden |= value.split([' ', '/']).any(|word| word.ends_with("px") && is_tiny(word));
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

/// Classes and ids that a page's style sheet hides.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Selectors such as `.x` and `#y`.
    hidden: BTreeSet<String>,
}

/// Most rules read of a page.
const MOST_RULES: usize = 5_000;

impl Sheet {
    /// Reads the rules of a style sheet; only plain class and id selectors count.
    pub fn read(&mut self, css: &str) {
        for rule in css.split('}').take(MOST_RULES) {
            let Some((head, body)) = rule.rsplit_once('{') else { continue };
            if !Looks::of(body).hidden {
                continue;
            }
            let head = head.rsplit(['{', ';', '/']).next().unwrap_or(head);
            for selector in head.split(',') {
                let last = selector.split_whitespace().last().unwrap_or_default();
                if let Some(at) = last.find(['.', '#']) {
                    self.hidden.insert(last.get(at..).unwrap_or_default().to_owned());
                }
            }
        }
    }

    /// Whether an element of these classes, or of this id, is hidden.
    #[must_use]
    pub fn hides(&self, mark: char, names: &str) -> bool {
        !self.hidden.is_empty()
            && names.split_whitespace().any(|name| self.hidden.contains(&format!("{mark}{name}")))
    }
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
            "max-height:0;overflow:hidden",
            "clip:rect(0,0,0,0)",
        ];
        for style in hidden {
            assert!(Looks::of(style).hidden, "{style}");
        }
        for style in
            ["display:block", "opacity:1", "font-size:11pt", "font-size:1em", "height:0", "left:-10px", ""]
        {
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
        assert!(
            sheet.hides('.', "a pre")
                && sheet.hides('.', "x")
                && sheet.hides('#', "y")
                && sheet.hides('.', "z")
        );
        assert!(!sheet.hides('.', "y") && !sheet.hides('.', "p"));
    }
}
