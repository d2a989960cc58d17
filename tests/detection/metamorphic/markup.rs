//! Ways of writing a value in a page: cut by markup, spelled by entities, hidden from the eye.

/// A page with the value at `{}`, written in one of many ways.
pub struct Markup {
    pub name: &'static str,
    /// The frame, then the value.
    pub write: fn(&str, &str) -> String,
}

const fn markup(name: &'static str, write: fn(&str, &str) -> String) -> Markup {
    Markup { name, write }
}

/// Every class.
pub const MARKUPS: &[Markup] = &[
    markup("as it is", page),
    // Cut by inline tags.
    markup("each group in bold", |frame, value| {
        page(frame, &format!("<b>{}</b>", value.replace(' ', "</b> <b>")))
    }),
    markup("cut by a tag", |frame, value| page(frame, &halves(value, "<b>", "</b>"))),
    markup("cut by an empty tag", |frame, value| page(frame, &halves(value, "<font></font>", ""))),
    markup("each character in a span", |frame, value| {
        page(frame, &each(value, |c| format!("<span>{c}</span>")))
    }),
    markup("each digit in a superscript", |frame, value| {
        page(frame, &each(value, |c| format!("<sup>{c}</sup>")))
    }),
    markup("break opportunities", |frame, value| page(frame, &each(value, |c| format!("{c}<wbr>")))),
    markup("break opportunities over the line", |frame, value| {
        format!("<p>{}</p>", each(&frame.replace("{}", value), |c| format!("{c}<wbr>")))
    }),
    markup("cut by a comment", |frame, value| page(frame, &halves(value, "<!-- x -->", ""))),
    markup("cut by a conditional comment", |frame, value| {
        page(frame, &halves(value, "<!--[if mso]>&nbsp;<![endif]-->", ""))
    }),
    markup("cut by an unknown tag", |frame, value| page(frame, &halves(value, "<o:p>", "</o:p>"))),
    markup("cut by an image without size", |frame, value| {
        page(frame, &halves(value, "<img src=x.gif width=0>", ""))
    }),
    markup("in a link", |frame, value| {
        page(frame, &format!("<a href=\"https://exemple.example/\">{value}</a>"))
    }),
    markup("struck out", |frame, value| page(frame, &format!("<del>{value}</del>"))),
    markup("upper-case tags", |frame, value| page(frame, &halves(value, "<B>", "</B>"))),
    markup("badly nested tags", |frame, value| page(frame, &halves(value, "<b><i>", "</b></i>"))),
    // Entities.
    markup("decimal entities", |frame, value| page(frame, &each(value, |c| format!("&#{};", u32::from(c))))),
    markup("hexadecimal entities", |frame, value| {
        page(frame, &each(value, |c| format!("&#x{:x};", u32::from(c))))
    }),
    markup("long entities", |frame, value| page(frame, &each(value, |c| format!("&#{:07};", u32::from(c))))),
    markup("entities without their end", |frame, value| {
        page(frame, &each(value, |c| format!("&#{}", u32::from(c))))
    }),
    markup("no-break spaces by name", |frame, value| page(frame, &value.replace(' ', "&nbsp;"))),
    markup("thin spaces by name", |frame, value| page(frame, &value.replace(' ', "&thinsp;"))),
    markup("soft hyphens by name", |frame, value| page(frame, &each(value, |c| format!("{c}&shy;")))),
    markup("joiners by name", |frame, value| {
        page(frame, &each(value, |c| format!("{c}&zwnj;&ZeroWidthSpace;")))
    }),
    markup("dashes by name", |frame, value| page(frame, &value.replace('-', "&ndash;"))),
    // Lines and blocks.
    markup("line breaks in the source", |frame, value| page(frame, &value.replace(' ', "\n   "))),
    markup("a break after the label", |frame, value| page(frame, &format!("<br>{value}"))),
    markup("in a paragraph of its own", |frame, value| page(frame, &format!("</p><p>{value}"))),
    markup("preformatted", |frame, value| format!("<pre>{}</pre>", frame.replace("{}", value))),
    markup("in a list", |frame, value| format!("<ul><li>{}</li></ul>", frame.replace("{}", value))),
    markup("in a cell", |frame, value| {
        format!("<table><tr><td>{}</td></tr></table>", frame.replace("{}", value))
    }),
    markup("cells of label and value", |frame, value| {
        let (before, after) = frame.split_once("{}").unwrap();
        format!("<table><tr><td>{before}</td><td>{value}</td></tr></table>{after}")
    }),
    // Hidden from the eye.
    markup("display: none", |frame, value| hidden("style=\"display:none\"", frame, value)),
    markup("visibility: hidden", |frame, value| hidden("style=\"visibility: hidden\"", frame, value)),
    markup("no opacity", |frame, value| hidden("style=\"opacity:0\"", frame, value)),
    markup("no font size", |frame, value| hidden("style=\"font-size:0px\"", frame, value)),
    markup("off the screen", |frame, value| hidden("style=\"position:absolute;left:-9999px\"", frame, value)),
    markup("white on white", |frame, value| hidden("style=\"color:#ffffff\"", frame, value)),
    markup("hidden by attribute", |frame, value| hidden("hidden", frame, value)),
    markup("hidden by a style sheet", |frame, value| {
        format!("<style>.z{{display:none}}</style>{}", hidden("class=z", frame, value))
    }),
    markup("noise hidden in the value", |frame, value| {
        page(frame, &halves(value, "<span style=\"display:none\">xq</span>", ""))
    }),
    markup("in a comment", |frame, value| format!("<p>Bonjour</p><!-- {} -->", frame.replace("{}", value))),
    markup("in a template", |frame, value| format!("<template>{}</template>", frame.replace("{}", value))),
    markup("without scripts", |frame, value| format!("<noscript>{}</noscript>", frame.replace("{}", value))),
    markup("in a script", |frame, value| {
        format!("<script>var a = \"{}\";</script>", frame.replace("{}", value))
    }),
    // Elsewhere in the source.
    markup("alternative text", |frame, value| format!("<img alt=\"{}\">", frame.replace("{}", value))),
    markup("tooltip", |frame, value| format!("<p title=\"{}\">Bonjour</p>", frame.replace("{}", value))),
    markup("data attribute", |frame, value| {
        format!("<p data-n=\"{}\">Bonjour</p>", frame.replace("{}", value))
    }),
    markup("value of a field", |frame, value| format!("<input value=\"{}\">", frame.replace("{}", value))),
    markup("text of a field", |frame, value| format!("<textarea>{}</textarea>", frame.replace("{}", value))),
    markup("option of a list", |frame, value| {
        format!("<select><option>{}</option></select>", frame.replace("{}", value))
    }),
    markup("title of the page", |frame, value| {
        format!("<title>{}</title><p>Bonjour</p>", frame.replace("{}", value))
    }),
    markup("description of the page", |frame, value| {
        format!("<meta name=description content=\"{}\"><p>Bonjour</p>", frame.replace("{}", value))
    }),
    markup("query of a link", |frame, value| {
        let query: String = frame.replace("{}", value).bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("<a href=\"https://exemple.example/?q={query}\">ici</a>")
    }),
    markup("data URI", |frame, value| {
        let text = data_encoding::BASE64.encode(frame.replace("{}", value).as_bytes());
        format!("<a href=\"data:text/plain;charset=utf-8;base64,{text}\">ici</a>")
    }),
    markup("text of a drawing", |frame, value| {
        format!("<svg><text>{}</text></svg>", frame.replace("{}", value))
    }),
    markup("frame in the page", |frame, value| {
        format!("<iframe srcdoc=\"&lt;p&gt;{}&lt;/p&gt;\"></iframe>", frame.replace("{}", value))
    }),
    markup("turned around", |frame, value| {
        page(frame, &format!("<bdo dir=\"rtl\">{}</bdo>", value.chars().rev().collect::<String>()))
    }),
    markup("an unfinished tag", |frame, value| {
        format!("<p>Bonjour</p><p title=\"{}", frame.replace("{}", value))
    }),
];

fn page(frame: &str, value: &str) -> String {
    format!("<html><body><p>{}</p></body></html>", frame.replace("{}", value))
}

fn hidden(how: &str, frame: &str, value: &str) -> String {
    format!("<p>Bonjour,</p><div {how}>{}</div><p>Merci.</p>", frame.replace("{}", value))
}

fn each(text: &str, write: impl Fn(char) -> String) -> String {
    text.chars().map(|c| if c == ' ' { " ".to_owned() } else { write(c) }).collect()
}

/// Something in the middle of a value, and something at its end.
fn halves(value: &str, middle: &str, end: &str) -> String {
    let (at, _) = value.char_indices().nth(value.chars().count() / 2).unwrap();
    format!("{}{middle}{}{end}", &value[..at], &value[at..])
}
