//! What files say in their margins: in comments, extra fields and filling, between their members, behind the end of what a program shows,
//! in letters that a style sheet puts in or an old machine wrote.

use std::io::Write;

use super::bombs::read;
use super::documents::pdf;
use super::packages::zip;
use super::{samples, text};

const LIST: &str = "Nom;NAM\nTremblay, Ana;TREM04121925\nRoy, Marc;ROYM52071418\n";
const SAYS: &str = "TREM04121925";

fn says(name: &'static str, bytes: Vec<u8>, what: &str) {
    let said = text(&read(name, bytes));
    assert!(said.contains(SAYS), "{what}: {said}");
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

/// A field of a zip by its number.
fn field(number: usize, content: &[u8]) -> Vec<u8> {
    [&short(number)[..], &short(content.len()), content].concat()
}

/// A stored zip of one member: its name, extra fields of both headers, its comment, what stands behind its content.
fn stored(names: [&str; 2], extras: [&[u8]; 2], comment: &str, behind: &[u8], end: &str) -> Vec<u8> {
    let content = b"Bonjour";
    let numbers = |name: &str, extra: &[u8]| {
        let sizes = [long(content.len()), long(content.len())].concat();
        [&[20, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &sizes, &short(name.len()), &short(extra.len())]
            .concat()
    };
    let local = [
        b"PK\x03\x04".as_slice(),
        &numbers(names[0], extras[0]),
        names[0].as_bytes(),
        extras[0],
        content,
        behind,
    ];
    let local = local.concat();
    let central = [
        b"PK\x01\x02\x14\0".as_slice(),
        &numbers(names[1], extras[1]),
        &short(comment.len()),
        &[0; 12],
        names[1].as_bytes(),
        extras[1],
        comment.as_bytes(),
    ]
    .concat();
    let directory = [long(central.len()), long(local.len())].concat();
    let last = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &directory, &short(end.len()), end.as_bytes()]
        .concat();
    [local, central, last].concat()
}

#[test]
fn what_a_zip_says_beside_its_members_is_read() {
    let usual = ["a.txt", "a.txt"];
    let plain = read("a.zip", stored(usual, [b"", b""], "", b"", ""));
    assert_eq!((text(&plain).as_str(), plain.gaps.len()), ("a.zip\na.txt\nBonjour", 0));
    let unicode = |said: &str| [&[1, 0, 0, 0, 0][..], said.as_bytes()].concat();
    let path = field(0x7075, &unicode(&format!("{SAYS}.txt")));
    let comment = field(0x6375, &unicode(SAYS));
    let unknown = field(0x4242, LIST.as_bytes());
    for (what, bytes) in [
        ("comment of a member", stored(usual, [b"", b""], SAYS, b"", "")),
        ("comment of all", stored(usual, [b"", b""], "", b"", SAYS)),
        ("name in Unicode", stored(usual, [b"", &path], "", b"", "")),
        ("comment in Unicode", stored(usual, [b"", &comment], "", b"", "")),
        ("field of a local header", stored(usual, [&unknown, b""], "", b"", "")),
        ("field of the directory", stored(usual, [b"", &unknown], "", b"", "")),
        ("another local name", stored([SAYS, "a.txt"], [b"", b""], "", b"", "")),
        ("before the directory", stored(usual, [b"", b""], "", LIST.as_bytes(), "")),
    ] {
        says("a.zip", bytes, what);
    }
    let packed =
        zip(&[("[Content_Types].xml", b"<Types/>".to_vec()), ("word/document.xml", b"<p/>".to_vec())]);
    let end = packed.len() - 2;
    says("a.docx", [&packed[..end], &short(SAYS.len()), SAYS.as_bytes()].concat(), "comment of a document");
}

#[test]
fn what_the_headers_of_packed_files_say_is_read() {
    let gz = |builder: flate2::GzBuilder| {
        let mut packer = builder.write(Vec::new(), flate2::Compression::fast());
        packer.write_all(b"Bonjour").unwrap();
        packer.finish().unwrap()
    };
    let new = flate2::GzBuilder::new;
    says("a.gz", gz(new().comment(SAYS)), "comment");
    says("a.gz", gz(new().extra(format!("ab\x0c\0{SAYS}"))), "extra field");
    says("a.gz", [gz(new().filename("a.txt")), gz(new().filename(SAYS))].concat(), "name of a second member");
    let block = |name: &str, kind: u8, content: &[u8], filling: &[u8]| {
        let mut head = vec![0; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        head[148..156].fill(b' ');
        head[156] = kind;
        let sum: usize = head.iter().map(|byte| usize::from(*byte)).sum();
        head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        let mut body = [content, filling].concat();
        body.resize(body.len().div_ceil(512) * 512, 0);
        [head, body].concat()
    };
    let tar = |blocks: &[Vec<u8>]| [&blocks.concat()[..], &[0; 1024]].concat();
    let pax = format!("{} comment={SAYS}\n19 mtime=1700000000\n", 11 + SAYS.len() + 1);
    let file = block("a.txt", b'0', b"Bonjour", b"");
    says("a.tar", tar(&[block("x", b'x', pax.as_bytes(), b""), file.clone()]), "comment of a header");
    says("a.tar", tar(&[block("a.txt", b'0', b"Bonjour", LIST.as_bytes())]), "filling");
    let quiet = tar(&[block("x", b'x', b"19 mtime=1700000000\n20 SCHILY.dev=66306\n", b""), file]);
    assert_eq!(text(&read("a.tar", quiet)), "a.tar\na.txt\nBonjour");
}

/// PNG, JPEG and GIF tell where they end; what stands behind is a file of its own.
#[test]
fn archives_behind_a_picture_are_opened() {
    let chunk = |name: &str, data: &[u8]| {
        let size = u32::try_from(data.len()).unwrap().to_be_bytes();
        [&size, name.as_bytes(), data, &[0, 0, 0, 1]].concat()
    };
    let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk("IDAT", &[7; 90]), &chunk("IEND", b"")].concat();
    let jpeg = b"\xFF\xD8\xFF\xE0\0\x06JFIF\xFF\xDA\0\x04\x01\x02\x33\xFF\0\x44\xFF\xD9".to_vec();
    let gif = b"GIF89a\x01\0\x01\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3B".to_vec();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(LIST.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let shown = |name: &'static str, picture: &[u8]| text(&read(name, picture.to_vec()));
    for (name, picture) in [("a.png", &png), ("a.jpg", &jpeg), ("a.gif", &gif)] {
        assert_eq!(shown(name, picture), name);
        says(name, [picture, packed.as_slice()].concat(), name);
        says(name, [picture.as_slice(), &[0; 9], &zip(&[("a.csv", LIST.into())])].concat(), name);
        says(
            name,
            [picture.as_slice(), b"\n", &pdf("3 0 R", "", format!("BT /F 9 Tf ({SAYS}) Tj ET").as_bytes())]
                .concat(),
            name,
        );
    }
}

#[test]
fn words_in_the_bytes_of_a_medical_picture_are_read() {
    let element = |tag: [u16; 2], kind: &[u8], value: &[u8]| {
        let tag = [tag[0].to_le_bytes(), tag[1].to_le_bytes()].concat();
        [&tag[..], kind, &[0, 0], &long(value.len()), value].concat()
    };
    let file = |preamble: &[u8], rest: &[u8]| {
        let mut start = preamble.to_vec();
        start.resize(128, 0);
        [&start[..], b"DICM", &element([2, 1], b"OB", &[0, 1]), rest].concat()
    };
    let words = format!("Mme Tremblay Ana {SAYS} suivi de mardi ");
    for kind in [b"OB", b"OW", b"UN"] {
        says("a.dcm", file(b"", &element([0x0011, 0x1010], kind, words.as_bytes())), "bytes");
    }
    says("a.dcm", file(b"", &element([0xFFFC, 0xFFFC], b"OB", words.as_bytes())), "padding");
    says("a.dcm", file(words.as_bytes(), &[]), "preamble");
    let pixels: Vec<u8> = (0..200u8).map(|at| 64 + at % 64).collect();
    let picture = read("a.dcm", file(b"", &element([0x7FE0, 0x10], b"OW", &pixels)));
    assert!(!text(&picture).contains("ABCDEF"), "{}", text(&picture));
}

/// Letters that a style sheet puts in, one by one, and letters that are written from their end.
#[test]
fn letters_that_a_style_puts_in_or_turns_are_read() {
    let letters = SAYS.chars().enumerate();
    let rules: String =
        letters.clone().map(|(at, letter)| format!(".c{at}::before{{content:\"{letter}\"}}\n")).collect();
    let spans: String = letters.map(|(at, _)| format!("<i class=c{at}></i>")).collect();
    let page = |style: &str, body: &str| {
        format!("<html><style>{style}</style><body><p>NAM {body}</p></body></html>")
    };
    says("a.html", page(&rules, &spans).into_bytes(), "before");
    says(
        "a.html",
        format!("<html><p>{spans}</p><style>{rules}</style></html>").into_bytes(),
        "a late style sheet",
    );
    for (open, close) in [("<Style>", "</sTYLE >"), ("<STYLE TYPE='text/css'>", "</STYLE>")] {
        says("a.html", format!("<p>{spans}</p>{open}{rules}{close}").into_bytes(), open);
    }
    let many = format!("{}<style>{rules}</style>", "<style>b{color:red}</style>".repeat(200));
    says("a.html", format!("{many}<p>{spans}</p>").into_bytes(), "after many");
    let spans: String = SAYS.chars().map(|letter| format!("<i data-l={letter}></i>")).collect();
    says("a.html", page("i:after{content:attr(data-l)}", &spans).into_bytes(), "attributes");
    let turned: String = SAYS.chars().rev().collect();
    let shown = format!("\u{202e}{turned}\u{202c}");
    for (style, body) in [
        ("", format!("<span style='direction:rtl;unicode-bidi:bidi-override'>{turned}</span>")),
        (".r{unicode-bidi:bidi-override;direction:rtl}", format!("<span class=r>{turned}</span>")),
        ("b{direction:rtl;unicode-bidi:isolate-override}", format!("<b>{turned}</b>")),
    ] {
        let said = text(&read("a.html", page(style, &body).into_bytes()));
        assert!(said.contains(&shown), "{said}");
    }
    let table = format!("<table class=r><tr><td>{turned}<td>{turned}</table>");
    let said =
        text(&read("a.html", page(".r{unicode-bidi:bidi-override;direction:rtl}", &table).into_bytes()));
    assert_eq!(said.matches(&format!("\u{202e}{turned}")).count(), 2, "{said}");
}

/// PNG 3rd edition, 11.3.3; ITU-T T.81, B.2.4.5; Exif 3.0, 4.6.
#[test]
fn comments_and_fields_of_pictures_are_read() {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(SAYS.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    let png = |name: &[u8], content: &[u8]| {
        let chunk = |name: &[u8], content: &[u8]| {
            [&u32::try_from(content.len()).unwrap().to_be_bytes(), name, content, &[0; 4]].concat()
        };
        [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(name, content), chunk(b"IEND", b"")].concat()
    };
    says("a.png", png(b"tEXt", &[b"Comment\0", SAYS.as_bytes()].concat()), "text");
    says("a.png", png(b"zTXt", &[b"Comment\0\0".as_slice(), &packed].concat()), "packed text");
    says(
        "a.png",
        png(b"iTXt", &[b"Comment\0\x01\0fr\0Note\0".as_slice(), &packed].concat()),
        "text by language",
    );
    let jpeg = |mark: u8, content: &[u8]| {
        let size = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, 0xD8, 0xFF, mark][..], &size, content, &[0xFF, 0xD9]].concat()
    };
    says("a.jpg", jpeg(0xFE, SAYS.as_bytes()), "comment");
    let wide: Vec<u8> = SAYS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let head =
        [b"II*\0\x08\0\0\0\x01\0\x9C\x9C\x01\0".as_slice(), &long(wide.len()), &long(26), &[0; 4]].concat();
    let fields = [head, wide].concat();
    says("a.jpg", jpeg(0xE1, &[b"Exif\0\0".as_slice(), &fields].concat()), "a field of a photograph");
    says("a.png", png(b"eXIf", &fields), "a field of a picture");
    says("a.tif", fields, "a field of a scan");
}

/// WHATWG HTML, 13.2.5: in a comment, a value or a script no element begins.
#[test]
fn what_only_looks_like_a_style_sheet_puts_nothing_in() {
    let sheet = "<style>b:before{content:'X'}</style>";
    let page =
        format!("<b>TREM</b><b>04121925</b><!--{sheet}--><p title=\"{sheet}\"><script>a='{sheet}'</script>");
    says("a.html", page.into_bytes(), "a sheet that is none");
    let page = format!("<b>TREM</b><b>04121925</b>{sheet}");
    assert!(text(&read("a.html", page.into_bytes())).contains("XTREMX04121925"));
}

#[test]
fn a_list_of_a_mainframe_is_read() {
    let bytes = |text: &str| {
        let page: Vec<(char, u8)> = (b'A'..=b'I')
            .zip(0xC1..)
            .chain((b'J'..=b'R').zip(0xD1..))
            .chain((b'S'..=b'Z').zip(0xE2..))
            .chain((b'a'..=b'i').zip(0x81..))
            .chain((b'j'..=b'r').zip(0x91..))
            .chain((b's'..=b'z').zip(0xA2..))
            .chain((b'0'..=b'9').zip(0xF0..))
            .chain([(b';', 0x5E), (b',', 0x6B), (b' ', 0x40), (b'\n', 0x15)])
            .map(|(letter, byte)| (char::from(letter), byte))
            .collect();
        text.chars()
            .map(|letter| page.iter().find(|(known, _)| *known == letter).unwrap().1)
            .collect::<Vec<u8>>()
    };
    for name in ["liste.csv", "liste.txt", "liste"] {
        says(name, bytes(&LIST.repeat(9)), name);
        says(name, bytes(&LIST.repeat(9).replace('\n', "   ")), "without line ends");
    }
}

#[test]
fn comments_inside_the_objects_of_a_pdf_are_read() {
    let content = b"BT /F 9 Tf 9 9 Td (Ordonnance) Tj ET ";
    let page = String::from_utf8(pdf("3 0 R", "", content)).unwrap();
    let inside = page.replace("<</Type/Page/Contents", &format!("<</Type/Page % {SAYS}\n/Contents"));
    let said = text(&read("a.pdf", inside.into_bytes()));
    assert!(said.contains(SAYS) && said.contains("Ordonnance"), "{said}");
    let content = format!("BT /F 9 Tf 9 9 Td % {SAYS}\n(Ordon) Tj %x\n(nance) Tj ET ");
    let said = text(&read("a.pdf", pdf("3 0 R", "", content.as_bytes())));
    assert!(said.contains(SAYS) && said.contains("Ordonnance"), "{said}");
}

/// A workbook is where its relations say it is.
#[test]
fn the_parts_of_a_workbook_are_found_by_their_relations() {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |id: &str, word: &str, target: &str| {
        format!("<Relationship Id='{id}' Type='{kind}/{word}' Target='{target}'/>")
    };
    let main = format!("<R>{}</R>", relation("a", "officeDocument", "/livre/classeur.xml"));
    let book = [
        relation("r", "worksheet", "feuilles/une.xml"),
        relation("s", "sharedStrings", "../textes.xml"),
        relation("t", "styles", "/aspect/styles.xml"),
    ];
    let reading = read("a.xlsx", zip(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("_rels/.rels", main.into_bytes()),
        ("livre/classeur.xml", b"<workbook><sheets><sheet name='Patients' id='r'/></sheets></workbook>".to_vec()),
        ("livre/_rels/classeur.xml.rels", format!("<R>{}</R>", book.concat()).into_bytes()),
        ("textes.xml", format!("<sst><si><t>Tremblay_x000a_Ana</t></si><si><t>{SAYS}</t></si></sst>").into_bytes()),
        ("aspect/styles.xml", b"<styleSheet><numFmts><numFmt numFmtId='170' formatCode='000\\-000\\-000'/></numFmts><cellXfs><xf numFmtId='170'/></cellXfs></styleSheet>".to_vec()),
        ("livre/feuilles/une.xml", b"<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c>\
            <c r='C1' s='0'><v>46454286</v></c><c r='D1' t='str'><v>Roy_x000A_Marc</v></c></row></sheetData></worksheet>".to_vec()),
    ]));
    let cells: Vec<&str> =
        reading.segments.iter().filter(|it| it.cell.is_some()).map(|it| it.text.reveal()).collect();
    assert_eq!(cells, ["Tremblay\nAna", SAYS, "046-454-286", "Roy\nMarc"]);
    let place = reading.segments.iter().find_map(|it| it.cell.and(it.place.inner.as_ref())).unwrap();
    assert_eq!(place.reveal(), "Patients!A1");
}

/// [MS-OXTNEF], 2.1.3.5: "attRecipTable"; PidTagTransportMessageHeaders holds what the message came with.
#[test]
fn recipients_and_fields_of_a_winmail_are_read() {
    let property = |id: u16, text: &str| {
        let bytes = [text.as_bytes(), &[0]].concat();
        let mut value = [&[0x1E, 0][..], &id.to_le_bytes(), &long(1), &long(bytes.len()), &bytes].concat();
        value.resize(value.len().div_ceil(4) * 4, 0);
        value
    };
    let attribute = |id: u32, content: &[u8]| {
        [&[1][..], &id.to_le_bytes(), &long(content.len()), content, &[0, 0]].concat()
    };
    let row = |name: &str| [&long(2)[..], &property(0x3001, name), &property(0x39FE, "a@x.example")].concat();
    let table = [&long(2)[..], &row("Marc Roy"), &row(&format!("Ana Tremblay {SAYS}"))].concat();
    let fields = property(0x007D, &format!("Received: x\r\nSubject: suivi\r\nX-Dossier: {SAYS}\r\n\r\n"));
    let fields = [&long(1)[..], &fields].concat();
    for (id, content) in [(0x0006_9004, table), (0x0006_9003, fields)] {
        let bytes = [&[0x78, 0x9F, 0x3E, 0x22, 1, 0][..], &attribute(id, &content)].concat();
        let reading = read("winmail.dat", bytes);
        assert!(text(&reading).contains(SAYS) && reading.gaps.is_empty(), "{}", text(&reading));
        assert!(!text(&reading).contains("Received"));
    }
}

/// A sector that a program freed keeps what stood in it.
#[test]
fn what_free_sectors_of_a_compound_file_keep_is_read() {
    let path = samples().into_iter().find(|path| path.ends_with("testWORD6.doc")).unwrap();
    let bytes = std::fs::read(path).unwrap();
    let table = 512 * (1 + usize::try_from(u32::from_le_bytes(bytes[76..80].try_into().unwrap())).unwrap());
    // Two more sectors: one that nothing uses, and one in use behind it.
    let used = (0..128).rev().find(|at| bytes[table + at * 4..][..4] != [0xFF; 4]).unwrap() + 1;
    let mut more = bytes[..512 * (used + 1)].to_vec();
    more.extend([LIST.as_bytes(), &vec![0; 512 - LIST.len()], &[0; 512]].concat());
    let next = table + (used + 1) * 4;
    more[next..next + 4].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    says("a.doc", more, "a free sector");
}

#[test]
fn lines_in_clear_around_an_encrypted_message_are_read() {
    let key = [&[0x85, 0, 12, 3][..], &[9; 8], &[1, 0, 0]].concat();
    let message = [&key[..], &[0xD2, 3, 1, 0xFF, 0xFF]].concat();
    let reading = read("a.gpg", [&message[..], LIST.as_bytes()].concat());
    assert!(reading.protections.len() == 1 && text(&reading).contains(SAYS));
}

/// Lists of one line, and values that go on for megabytes: as long as they are, no longer.
#[test]
fn long_lines_cost_what_they_weigh() {
    let start = std::time::Instant::now();
    let line = format!("{}{SAYS}", "a;".repeat(6 << 20));
    says("a.csv", line.into_bytes(), "one line");
    let card = format!(
        "BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:{}\nNAM {SAYS}\nEND:VCARD\n",
        "abcdefgh=\n".repeat(1 << 20)
    );
    says("a.vcf", card.into_bytes(), "one value");
    assert!(start.elapsed() < std::time::Duration::from_secs(60), "{:?}", start.elapsed());
}

/// Values that a format of a spreadsheet hides, names of slides, files in a letter.
#[test]
fn what_a_format_hides_and_a_package_holds_is_read() {
    let cell = |attributes: &str, shown: &str| {
        format!("<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>")
    };
    let content = format!(
        "<c><table:table table:name='A'><table:table-row>{}{}{}</table:table-row></table:table><draw:page draw:name='{SAYS}'/></c>",
        cell("office:value-type='date' office:date-value='1925-12-04T00:00:00.000Z'", "12/4/25"),
        cell("office:value-type='float' office:value='46454286'", "46 M"),
        cell("office:value-type='float' office:value='12345678'", "12 345 678"),
    );
    let mimetype = b"application/vnd.oasis.opendocument.spreadsheet".to_vec();
    let reading = read("a.ods", zip(&[("mimetype", mimetype), ("content.xml", content.into_bytes())]));
    let cells: Vec<&str> =
        reading.segments.iter().filter(|it| it.cell.is_some()).map(|it| it.text.reveal()).collect();
    assert_eq!(cells, ["12/4/25", "1925-12-04", "46 M", "46454286", "12 345 678"]);
    assert!(text(&reading).contains(SAYS));
    let native = [
        b"\x02\0a.txt\0C:\\a.txt\0\0\0\x03\0\x06\0\0\0a.txt\0".as_slice(),
        &long(LIST.len()),
        LIST.as_bytes(),
    ]
    .concat();
    let object =
        [&[1, 5, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0][..], b"Package\0", &[0; 8], &long(native.len()), &native]
            .concat();
    let hex: String = object.iter().map(|byte| format!("{byte:02x}")).collect();
    let reading = read("a.rtf", format!(r"{{\rtf1 Bonjour{{\object{{\*\objdata {hex}}}}}}}").into_bytes());
    assert!(text(&reading).contains(SAYS) && reading.gaps.is_empty(), "{:?}", reading.gaps);
}
