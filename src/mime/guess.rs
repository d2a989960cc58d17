//! The charset of a text that tells none and is not of the West, by its letters (guessed by chardetng, as Firefox does).
//!
//! In: bytes that are neither UTF-8 nor French of another computer. Out: text, only when it makes more sense than windows-1252 would: a
//! guess that is wrong costs the accents of a French name.

use std::collections::BTreeSet;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, ISO_8859_2, ISO_8859_4, WINDOWS_1250, WINDOWS_1252, WINDOWS_1254, WINDOWS_1257, WINDOWS_1258,
};

/// Fewest different letters of what is words, not a line drawn of signs.
const DIFFERENT: usize = 6;
/// Bytes that a guess is made from.
const SAMPLE: usize = 1 << 16;
/// Fewest bytes above ASCII that tell anything.
const FEWEST: usize = 6;
/// Charsets of Latin letters with other accents than those of the West.
const ACCENTS: [&Encoding; 6] =
    [ISO_8859_2, ISO_8859_4, WINDOWS_1250, WINDOWS_1254, WINDOWS_1257, WINDOWS_1258];
/// Marks that the West writes beside letters (windows-1252).
const MARKS: &str = "’‘“”‚„–—…€°ºª«»·•\u{a0}\u{ad}§©®™±×½¼¾²µ";
/// Letters that French and its neighbours add to ASCII (compiled by us, 2026-11).
const WESTERN: &str = "àâçéèêëîïôœùûüÿÀÂÇÉÈÊËÎÏÔŒÙÛÜŸäöñáíóúÄÖÑÁÍÓÚ";

/// The text in the charset that its bytes speak for, unless they are of the West or speak for none.
pub(super) fn of_another_script(bytes: &[u8]) -> Option<String> {
    let sample = bytes.get(..bytes.len().min(SAMPLE)).unwrap_or_default();
    let control = |byte: &u8| matches!(byte, 0..=8 | 0x0E..=0x1A);
    if sample.iter().filter(|byte| !byte.is_ascii()).count() < FEWEST || sample.iter().any(control) {
        return None;
    }
    // What neither is foreign beside plain letters nor stands in rows needs no guess, which costs many times what decoding does.
    if !has_rows(sample) && is_western(&WINDOWS_1252.decode_without_bom_handling(sample).0) {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let (text, lost) = guess.decode_without_bom_handling(bytes);
    if guess == WINDOWS_1252 || lost {
        return None;
    }
    let makes_sense = match ACCENTS.contains(&guess) {
        true => !is_western(&WINDOWS_1252.decode_without_bom_handling(sample).0),
        false => is_script(&text),
    };
    makes_sense.then(|| text.into_owned())
}

/// Whether three bytes above ASCII stand together anywhere, as letters of another script do. Marks that French has beside its own are none.
fn has_rows(sample: &[u8]) -> bool {
    let parts = |byte: &u8| byte.is_ascii() || matches!(byte, 0x85 | 0x91..=0x97 | 0xA0 | 0xAB | 0xBB);
    sample.split(parts).any(|row| row.len() >= 3)
}

/// Whether words are of the West, read as windows-1252: no three signs stand beside plain letters, or fewer than letters with accents.
fn is_western(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let beside = |three: &[char; 3]| {
        let [before, here, after] = *three;
        (!here.is_ascii() && (before.is_ascii_alphabetic() || after.is_ascii_alphabetic())).then_some(here)
    };
    let high: Vec<char> = letters.array_windows().filter_map(beside).collect();
    let western = high.iter().filter(|c| WESTERN.contains(**c)).count();
    let strange = high.iter().filter(|c| !WESTERN.contains(**c) && !MARKS.contains(**c)).count();
    strange < 3 || strange < western
}

/// Whether letters above ASCII stand together in words, as nowhere in the West: two in three at least, in rows of three, or of two where a
/// letter is a syllable or a word.
fn is_script(text: &str) -> bool {
    let is_high = |c: char| !c.is_ascii() && c.is_alphabetic();
    let all = text.chars().filter(|c| is_high(*c)).count();
    let row = |word: &&str| {
        let wide = word.chars().any(|c| c >= '\u{2E80}');
        word.chars().count() >= if wide { 2 } else { 3 }
    };
    let words = text.split(|c: char| !is_high(c)).filter(row);
    let different: BTreeSet<char> = text.chars().filter(|c| is_high(*c)).take(200).collect();
    different.len() >= DIFFERENT && words.map(|word| word.chars().count()).sum::<usize>() * 3 >= all * 2
}

#[cfg(test)]
mod tests {
    use super::of_another_script;
    use encoding_rs::Encoding;

    /// Invented people, in the charsets of the Encoding Standard.
    #[test]
    fn a_text_that_tells_no_charset_is_read_by_its_letters() {
        let table = [
            ("koi8-r", "Пациент: Соколова Анна Петровна, направлена к кардиологу"),
            ("windows-1251", "Пациент: Соколова Анна Петровна, направлена к кардиологу"),
            ("iso-8859-7", "Ασθενής: Ελένη Παπαδοπούλου, παραπέμπεται στον καρδιολόγο"),
            ("windows-1256", "المريضة: ليلى حداد، أحيلت إلى طبيب القلب"),
            ("windows-1255", "המטופלת רחל כהן הופנתה לרופא"),
            ("iso-8859-2", "Pacjentka: Małgorzata Wójcik, skierowana na badania żołądka w piątek"),
            ("shift_jis", "患者氏名：田中 明子 様、循環器科へ紹介"),
            ("gb18030", "姓名：李小龙，转诊到心脏科"),
            ("big5", "姓名：陳美玲，轉診到心臟科"),
            ("euc-kr", "환자 이름: 김민지, 심장내과로 의뢰"),
        ];
        for (label, text) in table {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let line = format!("{text}\nNAM;12\n");
            assert_eq!(
                of_another_script(&encoding.encode(&line).0).as_deref(),
                Some(line.as_str()),
                "{label}"
            );
        }
    }

    #[test]
    fn a_text_of_the_west_is_left_alone() {
        let table = [
            "Hélène Françoise Lévesque-Côté née à Sept-Îles, numéro 5 – l’été « prévu »",
            "Prénom;Nom;Né\nZoé;Bélanger;É\nLéo;Côté;É\n",
            "Größe; Mädchen; Übung; Ärzte; Öl; süß; schön",
            "Año, niño, José Muñoz Ibáñez, corazón",
            "°°°°°°°° 5 °C à 20 °C ±±±± µµ",
            "ééééééééé",
        ];
        for text in table {
            let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
            assert_eq!(of_another_script(&bytes), None, "{text}");
        }
        let noise: Vec<u8> = (0..4096u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(of_another_script(&noise), None);
    }
}
