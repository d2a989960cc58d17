//! Outlook messages ([MS-OXMSG], 2): properties as streams, recipients, attachments and messages inside as storages.

use super::compound::Compound;
use crate::extract::endian::{long, short};
use crate::extract::formats::mapi::Properties;
use crate::extract::sink::Sink;

const PROPERTIES: &str = "__properties_version1.0";

/// Reads the message and every one inside it; whether it is one.
pub fn read(file: &Compound<'_>, sink: &mut Sink) -> bool {
    if file.find("", PROPERTIES).is_none()
        && !file.streams.iter().any(|stream| stream.name.starts_with("__substg1.0_"))
    {
        return false;
    }
    let page = code_page(file);
    for storage in file.storages() {
        let mut properties = Properties::new(page);
        for stream in file.streams_in(storage) {
            let Some(tag) = stream.name.strip_prefix("__substg1.0_").and_then(|it| it.get(..8)) else {
                continue;
            };
            if let (Some(id), Some(kind)) = (hex(tag.get(..4)), hex(tag.get(4..))) {
                properties.add(id, kind, &file.read(stream));
            }
        }
        let last = storage.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if last.starts_with("__nameid") {
            continue;
        }
        if last.starts_with("__attach") {
            properties.put_attachment(sink);
        } else {
            properties.put(sink);
        }
    }
    true
}

/// The code page of the message: PidTagInternetCodepage or PidTagMessageCodepage in its fixed properties.
fn code_page(file: &Compound<'_>) -> i32 {
    let bytes = file.find("", PROPERTIES).map(|stream| file.read(stream)).unwrap_or_default();
    let rows = (0..bytes.len() / 8).map(|index| index * 8);
    let value = |wanted: usize| {
        rows.clone()
            .find(|at| short(&bytes, *at) == Some(3) && short(&bytes, *at + 2) == Some(wanted))
            .and_then(|at| long(&bytes, at + 8))
    };
    value(0x3FFD)
        .or_else(|| value(0x3FDE))
        .and_then(|page| i32::try_from(page).ok())
        .unwrap_or(crate::extract::formats::mapi::USUAL_PAGE)
}

fn hex(digits: Option<&str>) -> Option<u16> {
    u16::from_str_radix(digits?, 16).ok()
}
