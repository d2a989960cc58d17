//! Content within content that programs of everyday write: files in base64 in texts and in parts of packages, pages printed to a file, filters
//! and shapes, parts of a message that was cut in several, letters of two bytes.

use vaguemestre::inspect::read_file;
use vaguemestre::model::{GapReason, Limits, Reading};

use super::bombs::{has, read};
use super::packages::zip;
use super::text;

const SAYS: &str = "TREM04121925";
const LIST: &[u8] = b"Nom;NAM\nTremblay, Ana;TREM04121925\n";

fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

/// A zip whose content does not show.
fn packed() -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packer, LIST).unwrap();
    zip(&[("liste.csv.gz", packer.finish().unwrap())])
}

#[test]
fn files_in_base64_inside_any_text_are_read_once() {
    let letters = base64(&packed());
    let json = letters.replace('/', "\\/");
    let office = "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:text='urn:x'";
    let soft = |uri: &str| format!("<html><style>p{{background:url({uri})}}</style><p>Bonjour");
    let samples = [
        ("a.json", format!("{{\"nom\":\"rapport\",\"contenu\":\"{json}\"}}")),
        ("a.xml", format!("<?xml version='1.0'?><a><b>{letters}</b></a>")),
        ("a.html", soft(&format!("data:application/zip;base64,{letters}"))),
        ("a.html", format!("<a href='data:application/zip;base64,{letters}'>x</a>")),
        ("a.html", format!("<html><script>var d = \"{letters}\";</script>")),
        (
            "a.fodt",
            format!(
                "<office:document {office}><text:p><office:binary-data>{letters}</office:binary-data></text:p></office:document>"
            ),
        ),
        (
            "a.xml",
            format!(
                "<pkg:package xmlns:pkg='p'><pkg:part><pkg:binaryData>{letters}</pkg:binaryData></pkg:part></pkg:package>"
            ),
        ),
        ("a.txt", format!("Bonjour,\n\n{letters}\n")),
        ("a.csv", format!("nom;fichier\nx;{letters}\n")),
    ];
    for (name, sample) in samples {
        let reading = read(name, sample.clone().into_bytes());
        assert_eq!(text(&reading).matches(SAYS).count(), 1, "{sample}: {}", text(&reading));
        assert!(reading.gaps.is_empty(), "{sample}: {:?}", reading.gaps);
    }
    let message = format!("Subject: x\n\nVoici :\n{letters}\n");
    assert!(text(&read("a.eml", message.into_bytes())).contains(SAYS));
}

/// [MS-QDEFF], 2.2: a query of Excel keeps its package behind eight bytes, in base64, in UTF-16.
#[test]
fn a_query_in_a_workbook_is_read() {
    let query = [&[0; 4][..], &u32::try_from(packed().len()).unwrap().to_le_bytes(), &packed()].concat();
    let part = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-16\"?><DataMashup>{}</DataMashup>",
        base64(&query)
    );
    let part: Vec<u8> = part.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let book = zip(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/workbook.xml", b"<workbook/>".to_vec()),
        ("customXml/item1.xml", part),
    ]);
    assert!(text(&read("a.xlsx", book)).contains(SAYS));
}

#[test]
fn letters_in_base64_that_are_no_file_say_nothing() {
    let noise: Vec<u8> =
        (0..9_000u32).flat_map(|at| (at.wrapping_mul(2_654_435_761) >> 5).to_le_bytes()).collect();
    let picture = [b"\xFF\xD8\xFF\xE0", &noise[..], &b"Nom;NAM\n".repeat(99), &noise].concat();
    for bytes in [noise, picture] {
        let letters = base64(&bytes);
        for sample in [
            format!("<html><style>p{{background:url(data:font/woff2;base64,{letters})}}</style><p>Bonjour"),
            format!("<html><script>var d = \"{letters}\";</script>"),
            format!("{{\"a\":\"{letters}\"}}"),
            format!("-----BEGIN CERTIFICATE-----\n{letters}\n-----END CERTIFICATE-----\n"),
        ] {
            let reading = read("a.txt", sample.into_bytes());
            assert!(reading.gaps.is_empty(), "{:?}", reading.gaps);
        }
    }
}

/// RFC 2046, 5.2.2: a message in several parts, each of which is a message.
#[test]
fn a_part_of_a_message_that_was_cut_is_told() {
    let part = |number: u32, total: &str, body: &str| {
        let mime = "MIME-Version: 1.0\nContent-Type: message/partial; id=\"a@b.example\"";
        read_file(
            "a.eml",
            format!("Subject: x\n{mime}; number={number}{total}\n\n{body}").as_bytes(),
            &Limits::default(),
        )
    };
    let letter = format!("Subject: suite\nMIME-Version: 1.0\nContent-Type: text/plain\n\nNAM {SAYS}\n");
    let first = part(1, "; total=2", &letter);
    assert!(has(&first, GapReason::Unsupported) && text(&first).contains(SAYS));
    assert!(has(&part(2, "; total=2", "UGAAAAAAEAAQ"), GapReason::Unsupported));
    assert!(has(&part(2, "", "UGAAAAAAEAAQ"), GapReason::Unsupported));
    let whole = part(1, "; total=1", &letter);
    assert!(whole.gaps.is_empty() && text(&whole).contains(SAYS));
}

/// ECMA-388, 12: a page that was printed to XPS.
#[test]
fn pages_of_xps_are_read_by_their_lines() {
    let glyphs = |x: u32, y: u32, said: &str| {
        format!(
            "<Glyphs OriginX=\"{x}\" OriginY=\"{y}\" FontRenderingEmSize=\"16\" Indices=\",50;,50;,50;,50\" UnicodeString=\"{said}\"/>"
        )
    };
    let page = |glyphs: &str| {
        let page =
            format!("<FixedPage xmlns=\"http://schemas.microsoft.com/xps/2005/06\">{glyphs}</FixedPage>");
        zip(&[
            ("[Content_Types].xml", b"<Types/>".to_vec()),
            ("FixedDocSeq.fdseq", b"<FixedDocumentSequence/>".to_vec()),
            ("Documents/1/Pages/1.fpage", page.into_bytes()),
        ])
    };
    let reading = read(
        "a.xps",
        page(
            &[glyphs(9, 9, "TREM"), glyphs(41, 9, "0412"), glyphs(73, 9, "1925"), glyphs(9, 30, "Mme ")]
                .concat(),
        ),
    );
    assert!(text(&reading).contains("TREM04121925\nMme") && reading.gaps.is_empty(), "{}", text(&reading));
    let unread = read("a.oxps", page("<Glyphs Indices=\"42;56;47;57;19;24;24;20\" FontUri=\"/x.odttf\"/>"));
    assert!(has(&unread, GapReason::Unsupported));
}

/// Filters of a list, a slicer, data of a shape, a control in a document.
#[test]
fn what_lists_shapes_and_controls_hold_is_read() {
    let package = |start: &str, part: &str, content: &str| -> Reading {
        read(
            "a.docx",
            zip(&[
                ("[Content_Types].xml", b"<Types/>".to_vec()),
                (start, b"<a/>".to_vec()),
                (part, content.as_bytes().to_vec()),
            ]),
        )
    };
    let sheet = "<worksheet><autoFilter><filterColumn><filters><filter val='TREM04121925'/></filters></filterColumn></autoFilter></worksheet>";
    for (start, part, content) in [
        ("xl/workbook.xml", "xl/worksheets/sheet1.xml", sheet),
        ("xl/workbook.xml", "xl/tables/table1.xml", sheet),
        (
            "xl/workbook.xml",
            "xl/slicerCaches/slicerCache1.xml",
            "<slicerCacheDefinition><items><i n='TREM04121925'/></items></slicerCacheDefinition>",
        ),
        (
            "visio/document.xml",
            "visio/pages/page1.xml",
            "<PageContents><Shape><Section N='Property'><Row><Cell N='Value' V='TREM04121925'/></Row></Section></Shape></PageContents>",
        ),
        (
            "visio/document.xml",
            "visio/pages/page1.xml",
            "<PageContents><Shape><Text>TREM<cp IX='0'/>0412<cp IX='1'/>1925</Text></Shape></PageContents>",
        ),
        (
            "word/document.xml",
            "word/activeX/activeX1.xml",
            "<ax:ocx xmlns:ax='x'><ax:ocxPr ax:name='Value' ax:value='TREM04121925'/></ax:ocx>",
        ),
    ] {
        assert!(text(&package(start, part, content)).contains(SAYS), "{part}");
    }
    let measures =
        "<PageContents><Shape><Cell N='PinX' V='4.25'/><Cell N='Value' V='1'/></Shape></PageContents>";
    assert!(!text(&package("visio/document.xml", "visio/pages/page1.xml", measures)).contains("4.25"));
}

/// RFC 1896, and entities of XML 1.0, 4.2.
#[test]
fn enriched_text_and_entities_of_a_picture_are_read() {
    let letter = "MIME-Version: 1.0\nSubject: x\nContent-Type: text/enriched\n\nNAM <bold>TREM</bold>0412<italic>1925</italic>\n\nR<<D & suite";
    let said = text(&read("a.eml", letter.into()));
    assert!(said.contains(SAYS) && said.contains("\nR<D & suite"), "{said}");
    let svg = "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'NAM TREM&#48;412&#x31;925'>]><svg><text>&a;</text></svg>";
    assert!(text(&read("a.svg", svg.into())).contains(SAYS));
}

/// Sounds with an archive behind their end.
#[test]
fn a_tape_behind_a_sound_is_read_and_what_is_not_read_is_told() {
    let sound = [b"ID3\x03\0\0\0\0\0\0".as_slice(), &[7; 99]].concat();
    let tape = std::fs::read(
        super::samples().into_iter().find(|path| path.parent().unwrap().ends_with("tar")).unwrap(),
    )
    .unwrap();
    let alone = read("a.tar", tape.clone());
    let both = read("a.mp3", [&sound[..], &tape].concat());
    assert!(
        alone.segments.iter().all(|it| text(&both).contains(it.text.reveal()) || it.text.reveal() == "a.tar")
    );
    let zstd = b"\x28\xB5\x2F\xFD\x20\x03\x19\0\0abc";
    assert!(has(&read("a.mp3", [&sound[..], zstd].concat()), GapReason::Unsupported));
    assert!(read("a.mp3", sound).gaps.is_empty());
}
