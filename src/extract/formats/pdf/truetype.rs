//! The character map of a TrueType font (OpenType 1.9, `cmap` formats 4 and 12), turned round: glyph to character.

use std::collections::BTreeMap;

use crate::extract::endian::big_at;

/// Characters by glyph; empty when the font has no map of Unicode.
#[must_use]
pub fn characters(font: &[u8]) -> BTreeMap<u32, String> {
    let mut out = BTreeMap::new();
    let tables = big_at(font, 4, 2).unwrap_or(0);
    for record in (0..tables).map(|index| 12 + index * 16) {
        if font.get(record..record + 4) == Some(b"cmap")
            && let Some(cmap) = big_at(font, record + 8, 4).and_then(|at| font.get(at..))
        {
            let count = big_at(cmap, 2, 2).unwrap_or(0);
            for entry in (0..count).map(|index| 4 + index * 8) {
                let unicode = matches!(
                    (big_at(cmap, entry, 2), big_at(cmap, entry + 2, 2)),
                    (Some(0), _) | (Some(3), Some(1 | 10))
                );
                if let Some(table) =
                    big_at(cmap, entry + 4, 4).filter(|_| unicode).and_then(|at| cmap.get(at..))
                {
                    read(table, &mut out);
                }
            }
        }
    }
    out
}

fn read(table: &[u8], out: &mut BTreeMap<u32, String>) {
    match big_at(table, 0, 2) {
        Some(4) => segments(table, out).unwrap_or_default(),
        Some(12) => groups(table, out),
        _ => {}
    }
}

fn segments(table: &[u8], out: &mut BTreeMap<u32, String>) -> Option<()> {
    let twice = big_at(table, 6, 2)?;
    for index in (0..twice).step_by(2) {
        let end = big_at(table, 14 + index, 2)?;
        let start = big_at(table, 16 + twice + index, 2)?;
        let delta = big_at(table, 16 + 2 * twice + index, 2)?;
        let at = 16 + 3 * twice + index;
        let offset = big_at(table, at, 2)?;
        for code in start..=end.min(0xFFFE) {
            let glyph = match offset {
                0 => code + delta,
                _ => big_at(table, at + offset + (code - start) * 2, 2)
                    .map_or(0, |glyph| if glyph == 0 { 0 } else { glyph + delta }),
            };
            add(glyph & 0xFFFF, code, out);
        }
        if out.len() > 65_536 {
            break;
        }
    }
    Some(())
}

fn groups(table: &[u8], out: &mut BTreeMap<u32, String>) {
    let count = big_at(table, 12, 4).unwrap_or(0).min(10_000);
    for at in (0..count).map(|index| 16 + index * 12) {
        let (Some(start), Some(end), Some(glyph)) =
            (big_at(table, at, 4), big_at(table, at + 4, 4), big_at(table, at + 8, 4))
        else {
            break;
        };
        for code in start..=end.min(start.saturating_add(65_535)) {
            if out.len() > 65_536 {
                return;
            }
            add(glyph.saturating_add(code - start), code, out);
        }
    }
}

fn add(glyph: usize, code: usize, out: &mut BTreeMap<u32, String>) {
    let character = u32::try_from(code).ok().and_then(char::from_u32);
    if let (Ok(glyph @ 1..), Some(character)) = (u32::try_from(glyph), character) {
        out.entry(glyph).or_insert_with(|| character.to_string());
    }
}
