//! What somebody sees, or can cut out, though it does not stand where text belongs: behind the end of a file, under text that is said to
//! stand for it, in patterns and glyphs, in parts of packages that programs alone read, around the numbers of a list.

use vaguemestre::model::GapReason;

use super::bombs::{has, read};
use super::documents::pdf;
use super::packages::zip;
use super::{samples, text};

const LIST: &[u8] = b"Nom;NAM\nTremblay, Ana;TREM04121925\n";
const SAYS: &str = "TREM04121925";

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(samples().into_iter().find(|path| path.ends_with(name)).unwrap()).unwrap()
}

/// Samples whose end their format tells.
const ENDED: &[(&str, &str)] = &[
    ("a.7z", "zeros.7z"),
    ("a.rar", "zeros.rar"),
    ("a.rar", "names.rar"),
    ("a.rar", "weak.rar"),
    ("a.rtf", "letter.rtf"),
    ("a.wmf", "table.wmf"),
];

#[test]
fn what_stands_behind_the_end_of_a_file_is_read_or_told() {
    let list = b"Nom;NAM\nRoy, Marc;ROYM52071418\n";
    for (name, file) in ENDED {
        let bytes = sample(file);
        let alone = read(name, bytes.clone());
        let with = |rest: &[u8]| read(name, [&bytes, rest].concat());
        let reading = with(list);
        assert!(text(&reading).contains("Roy, Marc;ROYM52071418"), "{file}: {}", text(&reading));
        assert_eq!(reading.gaps, alone.gaps, "{file}");
        assert!(text(&with(&zip(&[("a.csv", list.to_vec())]))).contains("ROYM52071418"), "{file}");
        // Blocks of a tape, line ends of a mail.
        assert_eq!(with(b"\r\n\0\0\0\0").gaps, alone.gaps, "{file}");
        let noise: Vec<u8> =
            (0..4096u32).flat_map(|at| (at.wrapping_mul(2_654_435_761) >> 7).to_le_bytes()).collect();
        assert!(with(&noise).gaps.len() > alone.gaps.len() || *file == "table.wmf", "{file}");
    }
}

/// A letter whose groups are closed too early goes on; its line ends may be those of a list.
#[test]
fn what_stands_behind_a_group_of_a_letter_is_read_as_both() {
    let said = text(&read("a.rtf", b"{\\rtf1 Bon}jour {\\b Roy}\nTremblay, Ana;TREM04121925\nRoy".to_vec()));
    assert_eq!(said, "a.rtf\nBonjour Roy\nTremblay, Ana;TREM04121925\nRoy");
}

#[test]
fn what_stands_behind_the_last_sector_of_a_compound_file_is_read() {
    for file in samples().into_iter().filter(|path| path.parent().unwrap().ends_with("ole")) {
        let bytes = std::fs::read(&file).unwrap();
        if !bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            continue;
        }
        let reading = read("a.doc", [bytes.as_slice(), LIST].concat());
        assert!(text(&reading).contains("Tremblay, Ana;TREM04121925"), "{}", file.display());
    }
}

/// A page on which a mark says that other text stands for what is shown.
fn marked(actual: &str, shown: &str) -> String {
    let content = format!("BT /F 9 Tf 9 9 Td /Span<</ActualText({actual})>>BDC ({shown}) Tj EMC ET");
    text(&read("a.pdf", pdf("3 0 R", "", content.as_bytes())))
}

#[test]
fn text_that_is_said_to_stand_for_what_is_shown_never_hides_it() {
    for actual in ["", "   ", "\\255", "Bonjour"] {
        assert!(marked(actual, SAYS).contains(SAYS), "{actual}");
    }
    assert!(marked("Bonjour", SAYS).contains("Bonjour"));
    // What says the same is told once, and a sign gives way to what stands for it.
    assert_eq!(marked(SAYS, "TREM 0412 1925").matches("1925").count(), 1);
    assert!(!marked("", "*").contains('*'));
}

/// A page with a pattern and a font of glyphs that are drawings; both show text.
#[test]
fn text_in_patterns_and_in_glyphs_is_read() {
    let with = |objects: &str| {
        let page = pdf("3 0 R", "", b"BT /F 9 Tf 9 9 Td (Ordonnance) Tj ET");
        let end = page.windows(7).position(|bytes| bytes == b"trailer").unwrap();
        read("a.pdf", [&page[..end], objects.as_bytes(), &page[end..]].concat())
    };
    let shown = "BT /F 9 Tf (TREM04121925) Tj ET";
    let own = "/Resources<</Font<</F 4 0 R>>>>";
    let length = shown.len();
    let tile = with(&format!(
        "6 0 obj<</PatternType 1/PaintType 1{own}/Length {length}>>stream\n{shown}\nendstream endobj\n"
    ));
    assert!(text(&tile).contains(SAYS) && tile.gaps.is_empty(), "{:?}", tile.gaps);
    let glyph = with(&format!(
        "6 0 obj<</Type/Font/Subtype/Type3/CharProcs<</a 7 0 R>>{own}>>endobj\n\
         7 0 obj<</Length {length}>>stream\n{shown}\nendstream endobj\n"
    ));
    // In which order a page shows the drawings is not known.
    assert!(text(&glyph).contains(SAYS) && has(&glyph, GapReason::Unsupported));
    let drawn = with(
        "6 0 obj<</Type/Font/Subtype/Type3/CharProcs<</a 7 0 R>>>>endobj\n\
         7 0 obj<</Length 12>>stream\n0 0 9 9 re f\nendstream endobj\n",
    );
    assert!(drawn.gaps.is_empty());
}

fn docx(part: &str, content: &[u8]) -> String {
    let document = b"<document><body><p><r><t>Bonjour</t></r></p></body></document>".to_vec();
    let reading = read(
        "a.docx",
        zip(&[
            ("[Content_Types].xml", b"<Types/>".to_vec()),
            ("word/document.xml", document),
            (part, content.to_vec()),
        ]),
    );
    assert!(reading.gaps.is_empty(), "{part}: {:?}", reading.gaps);
    text(&reading)
}

#[test]
fn a_part_of_a_package_is_layout_by_its_path_and_by_what_it_holds() {
    let parts = [
        "word/styles.xml",
        "styles.xml",
        "word/fontTable.xml",
        "a/theme/theme1.xml",
        "word/theme/theme1.xml",
        "word/theme/a.csv",
        "word/webSettings.xml",
        "ppt/tableStyles.xml",
        "word/_rels/document.xml.rels",
        "_rels/.rels",
    ];
    for part in parts {
        assert!(docx(part, LIST).contains(SAYS), "{part}");
        assert!(docx(part, format!("<a><b>{SAYS}</b></a>").as_bytes()).contains(SAYS), "{part}");
    }
    let styles = |inside: &str| docx("word/styles.xml", format!("<w:styles>{inside}</w:styles>").as_bytes());
    assert!(styles(&format!("<w:style>{SAYS}</w:style>")).contains(SAYS));
    assert!(!styles("<w:style><w:name w:val='Titre 1'/></w:style>").contains("Titre"));
    assert!(docx("customXml/item1.xml", format!("<a b='{SAYS}'/>").as_bytes()).contains(SAYS));
    let types = format!("<Types><Override PartName='/{SAYS}' ContentType='application/xml'/></Types>");
    assert!(text(&read("a.docx", zip(&[("[Content_Types].xml", types.into_bytes())]))).contains(SAYS));
}

#[test]
fn what_is_written_around_the_numbers_of_a_list_is_read() {
    let numbering = |value: &str| {
        let part = format!("<w:numbering><w:lvl><w:lvlText w:val='{value}'/></w:lvl></w:numbering>");
        docx("word/numbering.xml", part.as_bytes())
    };
    assert!(numbering(&format!("{SAYS} %1.")).contains(SAYS));
    assert!(!numbering("%1.%2.").contains("%1") && !numbering("o").contains("\no"));
    let rtf =
        format!(r"{{\rtf1{{\*\listtable{{\list{{\listlevel{{\leveltext\'0d{SAYS}\'00;}}}}}}}}Bonjour}}");
    assert!(text(&read("a.rtf", rtf.into_bytes())).contains(SAYS));
    let signs = br"{\rtf1{\*\listtable{\list{\listlevel{\leveltext\'02\'00.;}{\leveltext\'01o;}}}}Bonjour}";
    assert_eq!(text(&read("a.rtf", signs.to_vec())), "a.rtf\nBonjour");
    let styles = format!("<s><list-level-style-number style:num-prefix='{SAYS} ' style:num-suffix='.'/></s>");
    let odt = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text".to_vec()),
        ("content.xml", b"<c><p>Bonjour</p></c>".to_vec()),
        ("styles.xml", styles.into_bytes()),
    ]);
    assert!(text(&read("a.odt", odt)).contains(SAYS));
}

#[test]
fn letters_that_are_put_in_as_symbols_are_read() {
    let spelled = |font: &str| {
        let letters = SAYS.bytes().map(|byte| format!("<w:sym w:font='{font}' w:char='F0{byte:02X}'/>"));
        let run = letters.collect::<String>();
        docx("word/header1.xml", format!("<hdr><p><r>{run}</r></p></hdr>").as_bytes())
    };
    assert!(spelled("Arial").contains(SAYS) && !spelled("Wingdings").contains(SAYS));
}

#[test]
fn text_that_a_metafile_in_a_letter_draws_is_read() {
    let hex: String = sample("table.wmf").iter().map(|byte| format!("{byte:02x}")).collect();
    let rtf = format!(r"{{\rtf1 Bonjour{{\pict\wmetafile8\picw9\pich9 {hex}}}}}");
    let reading = read("a.rtf", rtf.into_bytes());
    assert!(text(&reading).contains(SAYS) && reading.gaps.is_empty(), "{:?}", reading.gaps);
}
