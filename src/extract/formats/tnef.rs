//! TNEF: `winmail.dat` ([MS-OXTNEF], 2.1). Checksums are not looked at: many writers have them wrong.

use super::little::{long, u32_at};
use super::mapi::{self, Properties};
use super::{Format, rtf};
use crate::extract::sink::Sink;
use crate::extract::source::Source;
use crate::model::{Boundary, GapReason, Region};

/// Takes what opens with the mark.
pub const FORMAT: Format =
    Format { name: "tnef", claims: |source| source.bytes.starts_with(&[0x78, 0x9F, 0x3E, 0x22]), read };

fn read(source: &Source<'_>, sink: &mut Sink) {
    let bytes: &[u8] = &source.bytes;
    let (mut at, mut page) = (6, mapi::USUAL_PAGE);
    let mut attachment: Option<Properties> = None;
    let mut message = Properties::new(page);
    while let (Some(attribute), Some(size)) = (u32_at(bytes, at + 1), long(bytes, at + 5)) {
        let start = at + 9;
        let rest = bytes.get(start..).unwrap_or_default();
        let content = rest.get(..size).unwrap_or(rest);
        if content.len() < size {
            sink.gap(GapReason::Malformed);
        }
        let text =
            || rtf::code_page(page).decode_without_bom_handling(content).0.trim_matches('\0').to_owned();
        match attribute {
            0x0006_9007 => page = long(content, 0).and_then(|it| i32::try_from(it).ok()).unwrap_or(page),
            0x0001_8004 => sink.text(Region::Subject, text(), Boundary::Block),
            0x0002_800C => sink.text(Region::Body, text(), Boundary::Block),
            // A new attachment begins.
            0x0006_9002 => put(attachment.replace(Properties::new(page)), sink),
            0x0001_8010 => add(&mut attachment, 0x3704, 0x1E, content),
            0x0006_800F => add(&mut attachment, 0x3701, 0x102, content),
            0x0006_9005 => {
                let mut properties = attachment.take().unwrap_or_else(|| Properties::new(page));
                mapi::listed(content, &mut properties);
                attachment = Some(properties);
            }
            0x0006_9003 => mapi::listed(content, &mut message),
            _ => {}
        }
        at = start.saturating_add(size).saturating_add(2);
    }
    put(attachment, sink);
    message.put(sink);
}

fn add(attachment: &mut Option<Properties>, id: u16, kind: u16, content: &[u8]) {
    if let Some(attachment) = attachment {
        attachment.add(id, kind, content);
    }
}

fn put(attachment: Option<Properties>, sink: &mut Sink) {
    if let Some(attachment) = attachment {
        attachment.put_attachment(sink);
    }
}
