//! Address cards (RFC 6350; vCard 2.1 and 3.0 compiled by us, 2026-11).

use super::{Format, content_line};

/// Takes what claims to be a card or opens like one.
pub const FORMAT: Format = Format {
    behind: false,
    name: "vcf",
    claims: |source| {
        source.claims(&["text/vcard", "text/x-vcard", "text/directory"], &["vcf", "vcard"])
            || source.opening(11) == b"begin:vcard"
    },
    read: |source, sink| content_line::read(&source.text(), sink),
};
