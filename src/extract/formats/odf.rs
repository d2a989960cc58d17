//! OpenDocument: odt, ods, odp and their templates (OASIS ODF 1.3; element names compiled by us, 2026-11).
//!
//! Every part in XML is read; what is not becomes a file inside. A manifest that speaks of encryption makes the document protected.

use memchr::memmem;

use super::Format;
use super::encoded;
use super::flow::{Dialect, Flow};
use super::markup;
use super::sweep;
use super::zip::Archive;
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, ProtectionKind, Region, Strength};

/// Takes archives with a manifest and a content.
pub const FORMAT: Format = Format { behind: false, name: "odf", claims, read };

const MANIFEST: &str = "META-INF/manifest.xml";

fn claims(source: &Source<'_>) -> bool {
    Archive::is(&source.bytes, |archive| {
        archive.find("content.xml").is_some()
            && (archive.find(MANIFEST).is_some() || archive.find("mimetype").is_some())
    })
}

fn read(source: &Source<'_>, sink: &mut Sink) {
    let archive = Archive::open(&source.bytes);
    archive.tell(sink);
    let manifest = archive.find(MANIFEST).map(|member| member.unpack(sink)).unwrap_or_default();
    let encrypted = memmem::find(&manifest, b"encryption-data").is_some();
    if encrypted {
        sink.hidden(ProtectionKind::Odf, strength(&manifest), true);
    }
    let mut members: Vec<_> = archive.members.iter().filter(|member| !member.is_folder()).collect();
    members.sort_by_key(|member| match member.name.as_str() {
        "content.xml" => 0,
        "meta.xml" => 2,
        _ => 1,
    });
    for member in members {
        let name = member.name.to_ascii_lowercase();
        let machine = ["mimetype", "settings.xml", "manifest.rdf", "layout-cache"].contains(&name.as_str())
            || ["meta-inf/", "thumbnails/", "configurations2/"].iter().any(|start| name.starts_with(start));
        if encrypted && name != "meta.xml" {
            continue;
        }
        sink.enter(&member.name);
        let bytes = member.unpack(sink);
        let expected = [b"<".as_slice(), b"\xEF\xBB\xBF<", b"\x89PNG", b"application/vnd.oasis."];
        if machine && (bytes.is_empty() || expected.iter().any(|start| bytes.starts_with(start))) {
            sink.leave();
        } else if name.ends_with(".xml") && !machine {
            let region = if name == "meta.xml" { Region::Property } else { Region::Body };
            let limits = sink.limits;
            let mut flow = Flow::new(Dialect::Odf, region, sink);
            let ending = markup::events(&bytes, limits, |token| flow.take(token));
            flow.finish();
            encoded::put(&bytes, sink);
            if encrypted {
                ending.tell_cut(sink);
            } else {
                ending.tell(sink);
            }
            sink.leave();
        } else if bytes.starts_with(b"VCLMTF") {
            // The picture of an object, in LibreOffice's own drawing format.
            sink.text(Region::Hidden, sweep::words(&bytes), Boundary::Block);
            sink.leave();
        } else {
            sink.leave();
            sink.child(Some(member.name.clone()), "", bytes);
        }
    }
    archive.put_asides(sink);
}

/// Blowfish of old versions is no longer taken for strong.
fn strength(manifest: &[u8]) -> Strength {
    if memmem::find(manifest, b"aes").is_some() { Strength::Strong } else { Strength::Unknown }
}
