//! Characters drawn like a Latin letter or a digit that no normal form undoes (compiled by us, 2026-11, on the code charts of
//! Unicode and its list of confusables, UTS 39).

/// The letter or digit that a character is drawn like; itself when it is like none.
pub(super) fn of(character: char) -> char {
    match character {
        'А' | 'Α' | 'Ꭺ' | 'ꓮ' | 'ᴀ' => 'A',
        'В' | 'Β' | 'Ᏼ' | 'ꓐ' | 'ʙ' => 'B',
        'С' | 'Ϲ' | 'Ꮯ' | 'ꓚ' | 'ᴄ' => 'C',
        'Ꭰ' | 'ꓓ' | 'ᴅ' => 'D',
        'Е' | 'Ε' | 'Ꭼ' | 'ꓰ' | 'ᴇ' => 'E',
        'ꓝ' | 'ꜰ' | 'Ϝ' => 'F',
        'Ԍ' | 'Ꮐ' | 'Ᏻ' | 'ꓖ' | 'ɢ' => 'G',
        'Н' | 'Η' | 'Ꮋ' | 'ꓧ' | 'ʜ' => 'H',
        'І' | 'Ι' | 'ꓲ' | 'ɪ' | 'Ӏ' => 'I',
        'Ј' | 'Ꭻ' | 'ꓙ' | 'ᴊ' => 'J',
        'К' | 'Κ' | 'Ꮶ' | 'ꓗ' | 'ᴋ' => 'K',
        'Ꮮ' | 'ꓡ' | 'ʟ' => 'L',
        'М' | 'Μ' | 'Ꮇ' | 'ꓟ' | 'ᴍ' | 'Ϻ' => 'M',
        'Ν' | 'ꓠ' | 'ɴ' => 'N',
        'О' | 'Ο' | 'Օ' | 'ꓳ' | 'ᴏ' => 'O',
        'Р' | 'Ρ' | 'Ꮲ' | 'ꓑ' | 'ᴘ' => 'P',
        'Ԛ' | 'ꞯ' => 'Q',
        'Ꭱ' | 'Ꮢ' | 'ꓣ' | 'ʀ' => 'R',
        'Ѕ' | 'Տ' | 'Ꮥ' | 'Ꮪ' | 'ꓢ' | 'ꜱ' => 'S',
        'Т' | 'Τ' | 'Ꭲ' | 'ꓔ' | 'ᴛ' => 'T',
        'Ս' | 'ꓴ' | 'ᴜ' => 'U',
        'Ѵ' | 'Ꮩ' | 'ꓦ' | 'ᴠ' => 'V',
        'Ԝ' | 'Ꮃ' | 'ꓪ' | 'ᴡ' => 'W',
        'Х' | 'Χ' | 'ꓫ' => 'X',
        'У' | 'Υ' | 'Ү' | 'ꓬ' | 'ʏ' => 'Y',
        'Ζ' | 'Ꮓ' | 'ꓜ' | 'ᴢ' => 'Z',
        'а' | 'α' | 'ɑ' => 'a',
        'ϲ' | 'с' => 'c',
        'ԁ' | 'đ' | 'ð' => 'd',
        'Đ' => 'D',
        'е' => 'e',
        'ɡ' | 'ց' => 'g',
        'һ' | 'հ' | 'ħ' => 'h',
        'Ħ' => 'H',
        'і' | 'ι' | 'ı' => 'i',
        'ј' | 'ϳ' | 'ȷ' => 'j',
        'κ' => 'k',
        'ӏ' | 'ł' => 'l',
        'Ł' => 'L',
        'ν' => 'n',
        'ո' => 'n',
        'о' | 'ο' | 'օ' | 'ø' => 'o',
        'Ø' => 'O',
        'р' | 'ρ' => 'p',
        'ԛ' | 'զ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'ŧ' => 't',
        'Ŧ' => 'T',
        'υ' | 'ս' => 'u',
        'ѵ' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'ү' => 'y',
        '〇' | '零' => '0',
        '一' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => character,
    }
}

/// The letter or digit inside a sign: in brackets, in a circle or a square, with a stop or a comma, on a flag.
pub(super) fn inside(character: char) -> Option<char> {
    // First and last sign of a run, and what the first holds.
    const RUNS: [(char, char, char); 19] = [
        ('\u{2474}', '\u{247c}', '1'),
        ('\u{2488}', '\u{2490}', '1'),
        ('\u{249c}', '\u{24b5}', 'a'),
        ('\u{24f5}', '\u{24fd}', '1'),
        ('\u{24ff}', '\u{24ff}', '0'),
        ('\u{2776}', '\u{277e}', '1'),
        ('\u{2780}', '\u{2788}', '1'),
        ('\u{278a}', '\u{2792}', '1'),
        ('\u{3220}', '\u{3228}', '1'),
        ('\u{3280}', '\u{3288}', '1'),
        ('\u{1f100}', '\u{1f100}', '0'),
        ('\u{1f101}', '\u{1f10a}', '0'),
        ('\u{1f10b}', '\u{1f10b}', '0'),
        ('\u{1f10c}', '\u{1f10c}', '0'),
        ('\u{1f110}', '\u{1f129}', 'A'),
        ('\u{1f130}', '\u{1f149}', 'A'),
        ('\u{1f150}', '\u{1f169}', 'A'),
        ('\u{1f170}', '\u{1f189}', 'A'),
        ('\u{1f1e6}', '\u{1f1ff}', 'A'),
    ];
    let run = RUNS.partition_point(|(first, ..)| *first <= character).checked_sub(1)?;
    let (first, last, holds) = RUNS.get(run)?;
    let within = *first <= character && character <= *last;
    within.then(|| char::from_u32(u32::from(*holds) + u32::from(character) - u32::from(*first))).flatten()
}

#[cfg(test)]
mod tests {
    use super::{inside, of};

    #[test]
    fn signs_read_as_what_they_hold() {
        for (sign, held) in [
            ('⑴', Some('1')),
            ('⒐', Some('9')),
            ('⒵', Some('z')),
            ('⓽', Some('9')),
            ('⓿', Some('0')),
            ('➒', Some('9')),
            ('🄊', Some('9')),
            ('🅩', Some('Z')),
            ('🇶', Some('Q')),
            ('㈠', Some('1')),
            ('⑽', None),
            ('A', None),
            ('★', None),
        ] {
            assert_eq!(inside(sign), held, "{sign}");
        }
    }

    #[test]
    fn twins_read_as_the_letter_they_are_drawn_like() {
        let read: String = "ТRЕМ ΝΑΜ ꓮꓐᴍ ο ѕ 〇九".chars().map(of).collect();
        assert_eq!(read, "TREM NAM ABM o s 09");
    }
}
