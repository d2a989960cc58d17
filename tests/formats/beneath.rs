//! What somebody reads though the file claims to be a picture, a signature, or letters of another country: it is read here too.

use std::io::Write;

use vaguemestre::inspect::read_file;
use vaguemestre::model::{GapReason, Limits, Reading};

use super::text;

const SAYS: &str = "TREM04121925";

fn read(name: &str, bytes: &[u8]) -> Reading {
    read_file(name, bytes, &Limits::default())
}

/// A list whose first letters are those of a picture, a sound or a film, by accident or not.
#[test]
fn a_list_that_begins_like_a_picture_is_a_list() {
    let starts = [
        "Nom;ftyp;",
        "GIF89a;",
        "ID3;",
        "OTTO;",
        "OggS;",
        "fLaC;",
        "#!AMR;",
        "wOFF;",
        "8BPS;",
        "RIFFxxxxWAVE;",
    ];
    let claimed = ["BM;", "true;", "MThd;", "FORM;", "FWS;"];
    for (start, name) in
        starts.map(|start| (start, "liste.csv")).into_iter().chain(claimed.map(|start| (start, "liste.bmp")))
    {
        let list = format!("{start}NAM\nLachance, Anne;x;{SAYS}\nGagnon, Rémi;y;GAGR58070715\n");
        let reading = read(name, list.as_bytes());
        assert!(text(&reading).contains(SAYS), "{start}: {}", text(&reading));
    }
}

/// A real picture, with a caption inside, and with a list behind its end.
#[test]
fn letters_in_and_behind_a_picture_are_read() {
    let list = format!("Nom;NAM\nLachance, Anne;{SAYS}\nGagnon, Rémi;GAGR58070715\n");
    let pixels: Vec<u8> =
        (0..4_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]).collect();
    let chunk = |name: &str, data: &[u8]| {
        let size = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&size, name.as_bytes(), data, &[0, 0, 0, 1]].concat()
    };
    let picture = |caption: &[u8]| {
        let parts = [
            chunk("IHDR", &[0, 0, 0, 9, 0, 0, 0, 9, 8, 2, 0, 0, 0]),
            chunk("tEXt", caption),
            chunk("IDAT", &pixels),
        ];
        [b"\x89PNG\r\n\x1a\n".as_slice(), &parts.concat(), &chunk("IEND", b"")].concat()
    };
    let caption = format!("Comment\0Lachance, Anne, née le 1925-12-04, NAM {SAYS}");
    assert!(text(&read("a.png", &picture(caption.as_bytes()))).contains(SAYS));
    let behind = [picture(b"Software\0x"), list.clone().into_bytes()].concat();
    assert!(text(&read("a.png", &behind)).contains(SAYS));
    let plain = read("a.png", &picture(b"Software\0x"));
    assert_eq!((text(&plain).as_str(), plain.gaps.len()), ("a.png", 0), "noise says nothing");
    let photo = [b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".as_slice(), &pixels, b"\xFF\xD9", list.as_bytes()].concat();
    assert!(text(&read("a.jpg", &photo)).contains(SAYS));
}

#[test]
fn words_between_or_behind_the_lines_of_a_signature_are_read() {
    let digits = [
        "iHUEABYIAB0WIQSi1IZHreR4yenbYiPBWHUCm9w9KQUCawzupgAKCRDBWHUCm9w9\n",
        "KT1zAP4p5e04uo2ESrpKP3A+kWmWVQ9RUb9hO20v/DdEswJt3gD+MBMBHK+Bdk0F\n",
        "SANQ5DhmVih29/XIbPD8Lhz13BYKcwQ=\n=oEyQ\n",
    ];
    let armored = |head: &str, middle: &str, end: &str| {
        let [first, second, third] = digits;
        format!(
            "-----BEGIN PGP SIGNATURE-----\n{head}\n{first}{middle}{second}{third}{end}-----END PGP SIGNATURE-----\n"
        )
    };
    let read = |signature: &str| text(&read("signature.asc", signature.as_bytes()));
    assert_eq!(read(&armored("", "", "")), "signature.asc");
    assert_eq!(read(&armored("Version: GnuPG v2\n", "", "")), "signature.asc\nVersion: GnuPG v2\n");
    let list = format!("Lachance, Anne;{SAYS}\n");
    let comments = format!("Comment: Lachance, Anne {SAYS}\n").repeat(9);
    for hidden in [
        armored("", &list, ""),
        armored("", "", &list),
        format!("{}{list}", armored("", "", "")),
        armored(&format!("Version: {SAYS:\u{a0}>90}\n"), "", ""),
        armored(&comments, "", ""),
        armored("", &comments, ""),
        armored("", "", &comments),
        armored("", &format!("{SAYS}\n"), ""),
    ] {
        assert!(read(&hidden).contains(SAYS), "{hidden}");
    }
}

/// RFC 9580, 6.2: "Armor Headers are pairs of strings that can give the user or the receiving OpenPGP implementation some information".
#[test]
fn words_in_the_armor_of_an_encrypted_message_are_read() {
    let armored = |head: &str, middle: &str| {
        format!(
            "-----BEGIN PGP MESSAGE-----\n{head}\nwcBMA3yOAAAA\n{middle}AAAA\n-----END PGP MESSAGE-----\n"
        )
    };
    let comment = format!("Comment: Lachance, Anne {SAYS}\n");
    for block in
        [armored(&comment, ""), armored("", &comment), armored("", &format!("Lachance, Anne;{SAYS}\n"))]
    {
        for around in
            [block.clone(), format!("Bonjour,\n{block}\nAnne"), format!("> {}", block.replace('\n', "\n> "))]
        {
            let reading = read("a.asc", around.as_bytes());
            assert_eq!(reading.protections.len(), 1, "{around}");
            assert!(text(&reading).contains(SAYS), "{around}");
        }
    }
    assert!(!text(&read("a.asc", armored("", "").as_bytes())).contains("wcBM"));
}

/// A compressed list behind a long letter: the letter is read, and the rest is no text.
#[test]
fn a_text_that_goes_on_as_something_else_is_told() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut seed = 7u32;
    for _ in 0..3_000 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        packed.write_all(format!("{seed};{SAYS}\n").as_bytes()).unwrap();
    }
    let letter = "Bonjour, voici ce qui a été convenu à la rencontre de mardi.\n".repeat(200);
    let whole = read("lettre.txt", letter.as_bytes());
    let both = read("lettre.txt", &[letter.as_bytes(), &packed.finish().unwrap()].concat());
    assert_eq!(whole.gaps.len(), 0);
    assert!(both.gaps.iter().any(|gap| gap.reason == GapReason::Unsupported), "{:?}", both.gaps);
    let wide: Vec<u8> = letter.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read("lettre.txt", &wide).gaps.len(), 0, "letters of two bytes are letters");
    let padded = [letter.as_bytes(), &[0; 9_000]].concat();
    assert_eq!(read("lettre.txt", &padded).gaps.len(), 0, "zeros at the end hold nothing");
}

/// A field of so many addresses that no parser goes to its end: the last ones are shown as they stand.
#[test]
fn the_last_of_very_many_addresses_is_read() {
    let many = "\"n\" <a@x.example>,\n ".repeat(240_000);
    let letter = format!(
        "Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain\nTo: {many}\"{SAYS}\" <z@x.example>\n\nx\n"
    );
    assert!(text(&read("a.eml", letter.as_bytes())).contains(SAYS));
}
