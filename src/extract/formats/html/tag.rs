//! What the names of elements and attributes mean for reading.

/// Whether an element starts and ends a line.
#[must_use]
pub fn breaks_line(name: &[u8]) -> bool {
    matches!(
        name,
        b"address"
            | b"article"
            | b"aside"
            | b"blockquote"
            | b"body"
            | b"br"
            | b"button"
            | b"caption"
            | b"center"
            | b"dd"
            | b"details"
            | b"dialog"
            | b"dir"
            | b"div"
            | b"dl"
            | b"dt"
            | b"fieldset"
            | b"figcaption"
            | b"figure"
            | b"footer"
            | b"form"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"head"
            | b"header"
            | b"hr"
            | b"html"
            | b"iframe"
            | b"legend"
            | b"li"
            | b"listing"
            | b"main"
            | b"menu"
            | b"nav"
            | b"noscript"
            | b"object"
            | b"ol"
            | b"optgroup"
            | b"option"
            | b"p"
            | b"plaintext"
            | b"pre"
            | b"section"
            | b"select"
            | b"summary"
            | b"table"
            | b"tbody"
            | b"td"
            | b"textarea"
            | b"tfoot"
            | b"th"
            | b"thead"
            | b"title"
            | b"tr"
            | b"ul"
            | b"xmp"
    )
}

/// Whether an element has no content.
#[must_use]
pub fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

/// Whether an attribute is read: it is not one of looks, or it holds as many digits as an identifier.
#[must_use]
pub fn is_read(name: &[u8], value: &str) -> bool {
    let looks = is_of_looks(name) || name.starts_with(b"xmlns") || name.starts_with(b"on");
    !looks || (name != b"style" && value.bytes().filter(u8::is_ascii_digit).count() >= 6)
}

/// Whether an attribute says how things look or work, not what they say.
fn is_of_looks(name: &[u8]) -> bool {
    matches!(
        name,
        b"align"
            | b"background-color"
            | b"bgcolor"
            | b"border"
            | b"cellpadding"
            | b"cellspacing"
            | b"charset"
            | b"class"
            | b"color"
            | b"colspan"
            | b"dir"
            | b"face"
            | b"height"
            | b"hspace"
            | b"http-equiv"
            | b"id"
            | b"lang"
            | b"language"
            | b"media"
            | b"method"
            | b"name"
            | b"nowrap"
            | b"rel"
            | b"role"
            | b"rowspan"
            | b"size"
            | b"style"
            | b"tabindex"
            | b"target"
            | b"text"
            | b"type"
            | b"valign"
            | b"vlink"
            | b"vspace"
            | b"width"
            | b"link"
            | b"alink"
            | b"cols"
            | b"rows"
            | b"shape"
            | b"start"
            | b"loading"
    )
}

#[cfg(test)]
mod tests {
    use super::breaks_line;

    #[test]
    fn some_elements_end_a_line() {
        assert!(breaks_line(b"td") && breaks_line(b"address") && !breaks_line(b"b"));
    }
}
