//! Maps that a font has of its codes to characters (ISO 32000-1, 9.10.3).

use std::collections::BTreeMap;

use encoding_rs::UTF_16BE;

use super::object::{Lexer, Object};

/// Most entries of one map.
pub const MOST: usize = 200_000;

/// A map of codes to Unicode (9.10.3).
#[derive(Debug, Default)]
pub struct Map {
    /// Texts of single codes.
    pub codes: BTreeMap<u32, String>,
    /// First and last code, and the UTF-16 of the first.
    ranges: Vec<(u32, u32, Vec<u16>)>,
    /// Lengths and bounds of codes.
    pub spaces: Vec<(usize, u32, u32)>,
}

impl Map {
    /// Whether it tells no code.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty() && self.ranges.is_empty()
    }

    /// Reads a map; what is past its bounds is left out.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut lexer = Lexer::new(bytes, 0);
        let mut pending: Vec<Object> = Vec::new();
        while let Some(object) = lexer.next() {
            match &object {
                Object::Word(word) => {
                    match word.as_slice() {
                        b"endbfchar" => map.characters(&pending),
                        b"endbfrange" => map.spans(&pending),
                        b"endcodespacerange" => map.space(&pending),
                        _ => {}
                    }
                    pending.clear();
                }
                _ if pending.len() < MOST => pending.push(object),
                _ => {}
            }
        }
        map.ranges.sort_by_key(|range| range.0);
        map
    }

    fn characters(&mut self, items: &[Object]) {
        for [code, text] in items.as_chunks::<2>().0 {
            if let (Some(code), Some(text)) = (code.string(), text.string())
                && self.codes.len() < MOST
            {
                self.codes.insert(number(code), UTF_16BE.decode_without_bom_handling(text).0.into_owned());
            }
        }
    }

    fn spans(&mut self, items: &[Object]) {
        for [first, last, text] in items.as_chunks::<3>().0 {
            let (Some(first), Some(last)) = (first.string().map(number), last.string().map(number)) else {
                continue;
            };
            match text {
                Object::String(text) if self.ranges.len() < MOST => {
                    let units =
                        text.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
                    self.ranges.push((first, last, units));
                }
                Object::Array(texts) => {
                    for (code, text) in (first..=last).zip(texts) {
                        let text = UTF_16BE
                            .decode_without_bom_handling(text.string().unwrap_or_default())
                            .0
                            .into_owned();
                        self.codes.insert(code, text);
                    }
                }
                _ => {}
            }
        }
    }

    fn space(&mut self, items: &[Object]) {
        for [first, last] in items.as_chunks::<2>().0 {
            if let (Some(first), Some(last)) = (first.string(), last.string())
                && self.spaces.len() < 1_000
            {
                self.spaces.push((first.len(), number(first), number(last)));
            }
        }
    }

    /// What a code stands for.
    #[must_use]
    pub fn get(&self, code: u32) -> Option<String> {
        if let Some(text) = self.codes.get(&code) {
            return Some(text.clone());
        }
        let after = self.ranges.partition_point(|range| range.0 <= code);
        let (first, _, units) =
            self.ranges.get(after.checked_sub(1)?).filter(|(_, last, _)| code <= *last)?;
        let step = u16::try_from(code - first).ok()?;
        let mut units = units.clone();
        if let Some(last) = units.last_mut() {
            *last = last.wrapping_add(step);
        }
        Some(String::from_utf16_lossy(&units))
    }

    /// How many bytes the code has that comes first.
    #[must_use]
    pub fn size_of(&self, bytes: &[u8]) -> Option<usize> {
        let fits = |(size, first, last): &(usize, u32, u32)| {
            bytes
                .get(..*size)
                .map(number)
                .is_some_and(|code| (*first..=*last).contains(&code))
                .then_some(*size)
        };
        self.spaces.iter().find_map(fits)
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// Reads bytes as a map of codes, for fuzzing.
pub fn fuzz(bytes: &[u8]) {
    let map = Map::parse(bytes);
    let _ = (map.get(1), map.size_of(bytes));
}

#[cfg(test)]
mod tests {
    use super::Map;

    #[test]
    fn maps_are_read_and_bounded() {
        let map = Map::parse(b"1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <01> <00C90041> <02> <0042> endbfchar 1 beginbfrange <10> <FFFFFFFF> <0061> <05><06>[<0078><0079>] endbfrange");
        assert_eq!(map.get(1).as_deref(), Some("ÉA"));
        assert_eq!(map.get(0x12).as_deref(), Some("c"));
        assert_eq!(map.get(6).as_deref(), Some("y"));
        assert_eq!(map.get(7), None);
    }
}
