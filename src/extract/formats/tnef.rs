//! TNEF: `winmail.dat` ([MS-OXTNEF], 2.1). Checksums are not looked at: many writers have them wrong.

use super::mapi::{self, Properties};
use super::{Format, rtf, sweep};
use crate::extract::endian::{long, u32_at};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, Region};

/// Takes what opens with the mark.
pub const FORMAT: Format = Format {
    behind: false,
    name: "tnef",
    claims: |source| source.bytes.starts_with(&[0x78, 0x9F, 0x3E, 0x22]),
    read,
};

/// Bytes behind the content of an attribute.
const CHECKSUM: usize = 2;

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let (mut at, mut page) = (6, mapi::USUAL_PAGE);
    let mut attachment: Option<Properties> = None;
    let mut message = Properties::new(page);
    while let (Some(attribute), Some(size)) = (u32_at(bytes, at + 1), long(bytes, at + 5)) {
        let start = at + 9;
        let rest = bytes.get(start..).unwrap_or_default();
        let content = rest.get(..size).unwrap_or(rest);
        let text =
            || rtf::code_page(page).decode_without_bom_handling(content).0.trim_matches('\0').to_owned();
        match attribute {
            0x0006_9007 => page = long(content, 0).and_then(|it| i32::try_from(it).ok()).unwrap_or(page),
            0x0001_8004 => sink.text(Region::Subject, text(), Boundary::Block),
            0x0002_800C => sink.text(Region::Body, text(), Boundary::Block),
            // A new attachment begins.
            0x0006_9002 => put(attachment.replace(Properties::new(page)), sink),
            0x0001_8010 => attached(&mut attachment, page).add(0x3704, 0x1E, content),
            0x0006_800F => attached(&mut attachment, page).add(0x3701, 0x102, content),
            0x0006_9005 => mapi::listed(content, attached(&mut attachment, page)),
            0x0006_9003 => mapi::listed(content, &mut message),
            0x0006_9004 => mapi::recipients(content, page, &mut message),
            // From, owner, sent for: names and addresses among counts.
            0x0000_8000 | 0x0006_0000 | 0x0006_0001 => {
                sink.text(Region::Header, sweep::words(content), Boundary::Block);
            }
            _ => {}
        }
        at = start.saturating_add(size).saturating_add(CHECKSUM);
    }
    // The last checksum may be missing, and blanks or a single byte may stand behind it.
    let rest = bytes.get(at.min(bytes.len())..).unwrap_or_default();
    let blank = rest.len() <= 1 || rest.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace());
    if !blank || at > bytes.len().saturating_add(CHECKSUM) {
        sink.damaged(at, bytes.len());
    }
    put(attachment, sink);
    message.put(sink);
}

/// The attachment at hand; what no mark begins is one too.
fn attached(attachment: &mut Option<Properties>, page: i32) -> &mut Properties {
    attachment.get_or_insert_with(|| Properties::new(page))
}

fn put(attachment: Option<Properties>, sink: &mut Sink) {
    if let Some(attachment) = attachment {
        attachment.put_attachment(sink);
    }
}
