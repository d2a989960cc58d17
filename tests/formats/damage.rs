//! What is damaged or cut off is told: a file that breaks off, a length beyond the end, nesting without an end. What came before is read.

use std::fs;

use data_encoding::BASE64_MIME;
use vaguemestre::inspect::read_file;
use vaguemestre::model::{GapReason, Limits, ProtectionKind, Reading};

use super::bombs::{has, read};
use super::documents::pdf;
use super::packages::zip;
use super::{samples, text};

const SAYS: &str = "TREM04121925";

/// Formats whose files tell where they end. Of a text, what is there is all there is.
const BINARY: &[&str] = &[
    "7z",
    "dicom",
    "emf",
    "gzip",
    "odf",
    "ole",
    "ooxml",
    "pdf",
    "pdf-behind",
    "pgp",
    "rar",
    "rtf",
    "tar",
    "tnef",
    "wmf",
    "zip",
    "zip-behind",
];

#[test]
fn a_file_that_breaks_off_gives_a_gap_or_all_its_text() {
    let mut silent = Vec::new();
    for sample in samples() {
        let folder = sample.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let (name, bytes) = (sample.file_name().unwrap().to_str().unwrap(), fs::read(&sample).unwrap());
        if !BINARY.contains(&folder) || name.ends_with(".eml") {
            continue;
        }
        let whole = read_file(name, &bytes, &Limits::default());
        for share in 1..16 {
            // Odd, since what stands in two bytes may end at an even place; twice, since a part may end at any.
            let size = (bytes.len() * share / 16) | 1;
            let lost =
                [size, size + 4].map(|size| lost_in_silence(name, &whole, &bytes[..size.min(bytes.len())]));
            if let [Some(lost), Some(_)] = lost {
                silent.push(format!("{name} at {size} of {}: {lost}", bytes.len()));
            }
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

/// What a reading of the start of a file lacks, when it tells nothing. Of the shortest ones nobody can tell what they are.
fn lost_in_silence(name: &str, whole: &Reading, start: &[u8]) -> Option<String> {
    let reading = read_file(name, start, &Limits::default());
    let told = start.len() < 64 || !reading.gaps.is_empty() || !reading.protections.is_empty();
    let (said, mut all) = (text(&reading), whole.segments.iter().map(|segment| segment.text.reveal().trim()));
    all.find(|text| !told && !said.contains(text)).map(str::to_owned)
}

/// A file that says something and hides the rest.
fn told(name: &'static str, bytes: Vec<u8>, reason: GapReason) -> Reading {
    let reading = read(name, bytes);
    assert!(has(&reading, reason), "{name}: {:?}", reading.gaps);
    assert!(text(&reading).contains(SAYS), "{name}");
    reading
}

/// A DICOM file of explicit kinds that names its patient before these elements.
fn dicom(elements: &[u8]) -> Vec<u8> {
    let mut file = vec![0; 128];
    file.extend(b"DICM\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0");
    file.extend(element(0x10, 0x20, b"LO", SAYS.as_bytes()));
    file.extend(elements);
    file
}

fn element(group: u16, number: u16, kind: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let size = u16::try_from(value.len()).unwrap().to_le_bytes();
    [&group.to_le_bytes(), &number.to_le_bytes(), &kind[..], &size, value].concat()
}

const ENDLESS: [u8; 4] = [0xFF; 4];
const ITEM: [u8; 4] = [0xFE, 0xFF, 0, 0xE0];

#[test]
fn elements_of_a_dicom_file_that_have_no_end_are_told() {
    let open = |kind: &[u8; 2]| [&[0x10, 0, 0x10, 0], &kind[..], &[0, 0], &ENDLESS, &ITEM, &ENDLESS].concat();
    for kind in [b"SQ", b"UN"] {
        told("a.dcm", dicom(&open(kind).repeat(20_000)), GapReason::Malformed);
    }
    let long = [&[0x10, 0, 0x10, 0][..], b"UT\0\0", &0xFFFF_FFFEu32.to_le_bytes(), b"abc"].concat();
    let reading = told("a.dcm", dicom(&long), GapReason::Malformed);
    let share = reading.gaps[0].share.unwrap();
    assert!(share.read > 0 && share.of > Some(share.read), "{share:?}");
    told("a.dcm", dicom(b"\x10\0\x30\0D"), GapReason::Malformed);
}

#[test]
fn what_stands_behind_a_picture_is_read() {
    let picture = [&[0xE0, 0x7F, 0x10, 0][..], b"OB\0\0"].concat();
    let comment = element(0x4000, 0x4000, b"LT", b"ROYA 5453 0912");
    let whole = [&picture[..], &4u32.to_le_bytes(), b"\x01\x02\x03\x04", &comment].concat();
    let piece = [&ITEM[..], &4u32.to_le_bytes(), b"\x01\x02\x03\x04"].concat();
    let pieces = [&picture[..], &ENDLESS, &piece, &piece, b"\xFE\xFF\xDD\xE0\0\0\0\0", &comment].concat();
    for elements in [whole, pieces] {
        let reading = read("a.dcm", dicom(&elements));
        assert!(text(&reading).contains("ROYA 5453 0912") && reading.gaps.is_empty());
    }
    told("a.dcm", dicom(&[&picture[..], &ENDLESS, &piece].concat()), GapReason::Malformed);
}

/// PS3.5, 6.2.2: what a writer did not know is written without kinds, whatever stands around it.
#[test]
fn a_sequence_of_unknown_kind_is_read() {
    let inside = [&[0x10, 0, 0x40, 0x10][..], &8u32.to_le_bytes(), b"rue Roy "].concat();
    let size = u32::try_from(inside.len()).unwrap();
    let item = [&ITEM[..], &size.to_le_bytes(), &inside].concat();
    let told = [&[9, 0, 1, 0x10][..], b"UN\0\0", &(size + 8).to_le_bytes(), &item].concat();
    let endless = [&[9, 0, 1, 0x10][..], b"UN\0\0", &ENDLESS, &item, b"\xFE\xFF\xDD\xE0\0\0\0\0"].concat();
    let after = element(0x40, 0x0253, b"SH", b"ROYA5453");
    for sequence in [told, endless] {
        let reading = read("a.dcm", dicom(&[sequence, after.clone()].concat()));
        let said = text(&reading);
        assert!(said.contains("rue Roy") && said.contains("ROYA5453") && reading.gaps.is_empty(), "{said}");
    }
}

#[test]
fn properties_and_groups_that_have_no_end_are_told() {
    let attribute = |level: u8, tag: u32, content: &[u8]| {
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        [&[level][..], &tag.to_le_bytes(), &size, content, &[0, 0]].concat()
    };
    let subject = attribute(1, 0x0001_8004, SAYS.as_bytes());
    let count = [0xFFFF_FFFFu32.to_le_bytes(), 0x0001_101Fu32.to_le_bytes(), [0xFF; 4]].concat();
    for rest in [attribute(1, 0x0006_9003, &count), vec![1, 0x0C, 0x80, 1, 0, 0xFF, 0xFF, 0xFF, 0x7F, b'a']] {
        let file = [b"\x78\x9F\x3E\x22\x01\0".as_slice(), &subject, &rest].concat();
        told("winmail.dat", file, GapReason::Malformed);
    }
    let rtf = |rest: &str| format!("{{\\rtf1 {SAYS}{rest}").into_bytes();
    told("a.rtf", rtf("\\bin99999999 Nom;NAM}"), GapReason::Malformed);
    told("a.rtf", rtf("{\\fonttbl Nom;NAM}"), GapReason::Malformed);
    told("a.rtf", rtf(&"{".repeat(5_000)), GapReason::TooDeep);
    let said = read("a.rtf", rtf("\\bin14 ROYA 5453 0912}"));
    assert!(text(&said).contains("ROYA 5453 0912") && said.gaps.is_empty());
}

#[test]
fn records_that_are_longer_than_their_file_are_told() {
    // [MS-XLS]: BOF of BIFF8, then LABEL in its older form.
    let record = |kind: u16, content: &[u8]| {
        let size = u16::try_from(content.len()).unwrap().to_le_bytes();
        [&kind.to_le_bytes()[..], &size, content].concat()
    };
    let label = [&[0; 6][..], &12u16.to_le_bytes(), SAYS.as_bytes()].concat();
    let workbook = [record(0x0409, &[0, 0, 0x10, 0, 0, 0]), record(0x0204, &label)].concat();
    assert!(read("a.xls", [&workbook[..], &record(0x0A, &[])].concat()).gaps.is_empty());
    told("a.xls", [&workbook[..], &[4, 2, 0xFF, 0]].concat(), GapReason::Malformed);
    let xml = format!(
        "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet><Table><Row><Cell><Data>{SAYS}</Data></Cell>"
    );
    told("a.xls", xml.into_bytes(), GapReason::Malformed);
}

#[test]
fn a_metafile_without_its_last_record_is_told_and_short_texts_are_read() {
    let head = [&[1, 0, 0, 0, 108, 0, 0, 0][..], &[0; 32], b" EMF", &[0; 64]].concat();
    // [MS-EMF], 2.3.5.37: twelve characters of a byte, without bounds.
    let numbers = [108u32, 48, 0, 0, 12, 0x300, 0, 0, 0].map(u32::to_le_bytes).concat();
    let drawn = [&head[..], &numbers, SAYS.as_bytes()].concat();
    told("a.emf", drawn.clone(), GapReason::Malformed);
    let end = [14u32, 20, 0, 0, 20].map(u32::to_le_bytes).concat();
    let reading = read("a.emf", [drawn, end].concat());
    assert!(text(&reading).contains(SAYS) && reading.gaps.is_empty());
}

#[test]
fn a_signed_message_that_breaks_off_is_told() {
    let element = |tag: u8, size: usize, content: &[u8]| {
        [&[tag, 0x82][..], &u16::try_from(size).unwrap().to_be_bytes(), content].concat()
    };
    let oid = |last: u8| [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, last];
    let said = format!("Subject: Liste\n\n{SAYS}");
    let signed = |size: usize, rest: &[u8]| {
        let content = element(0xA0, size + 4, &element(4, size, said.as_bytes()));
        let info = element(0x30, size + 19, &[&oid(1)[..], &content].concat());
        let data = [&[2, 1, 1][..], &[0x31, 0], &info, rest].concat();
        let data = element(0x30, size + 28 + rest.len(), &data);
        let data = element(0xA0, size + 32 + rest.len(), &data);
        element(0x30, size + 47 + rest.len(), &[&oid(2)[..], &data].concat())
    };
    assert!(read("a.p7m", signed(said.len(), &[0x31, 0])).gaps.is_empty());
    told("a.p7m", signed(said.len() + 500, &[]), GapReason::Malformed);
    // The lines of PEM say the same, and so does an archive in a signature.
    let pem = format!(
        "-----BEGIN CMS-----\n{}-----END CMS-----\n",
        BASE64_MIME.encode(&signed(said.len(), &[0x31, 0]))
    );
    assert!(text(&read("a.pem", pem.into_bytes())).contains(SAYS));
    let envelope = BASE64_MIME.encode(&element(0x30, 15, &[&oid(3)[..], &element(0xA0, 0, &[])].concat()));
    let pem = format!("-----BEGIN PKCS7-----\n{envelope}-----END PKCS7-----\n");
    assert_eq!(read("a.txt", pem.into_bytes()).protections[0].kind, ProtectionKind::Smime);
    // A signature that stands apart has no content.
    let info = element(0x30, 11, &oid(1));
    let data = [&[2, 1, 1][..], &[0x31, 0], &info, &element(0xA0, 4, &[0x30, 2, 5, 0])].concat();
    let data = element(0xA0, data.len() + 4, &element(0x30, data.len(), &data));
    let apart = element(0x30, data.len() + 11, &[&oid(2)[..], &data].concat());
    assert!(read("smime.p7s", apart).gaps.is_empty());
}

#[test]
fn an_archive_whose_headers_differ_is_told() {
    let archive = zip(&[("a.txt", SAYS.as_bytes().to_vec())]);
    let mut lies = archive.clone();
    // APPNOTE 4.3.7: the size of the content, packed, in the local header.
    lies[18] += 9;
    told("a.zip", lies, GapReason::Malformed);
    // What is cut off behind an archive inside, which is stored, has a directory that is not its own.
    let inner =
        [archive.as_slice(), b"PK\x03\x04\x14\0\0\0\0\0", &[0; 4], &[0; 12], &[5, 0, 0, 0], b"b.txtNom"]
            .concat();
    told("a.zip", inner, GapReason::Malformed);
}

const PAGE: &[u8] = b"BT /F 9 Tf 9 9 Td (TREM04121925) Tj ET";

#[test]
fn a_pdf_that_breaks_off_or_hides_an_object_is_told() {
    let whole = pdf("3 0 R", "", PAGE);
    assert!(read("a.pdf", whole.clone()).gaps.is_empty());
    let text_of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let file = text_of(&whole);
    for (from, to) in [
        ("%%EOF", ""),
        ("%%EOF", "%%EOF\n7 0 obj<</Length 99>>stream\nabc"),
        ("/Kids[3 0 R]", "/Kids[3 0 R 9 0 R]"),
        ("/Contents 5 0 R", "/Contents[5 0 R 9 0 R]"),
        // A stream whose end is missing goes on to the end of the next one.
        ("5 0 obj", "9 0 obj<</Length 3>>stream\nabc\n8 0 obj<</A(Roy)>>endobj\n5 0 obj"),
    ] {
        let broken = file.replacen(from, to, 1);
        assert_ne!(broken, file);
        let reading = read("a.pdf", broken.into_bytes());
        assert!(has(&reading, GapReason::Malformed), "{to}");
    }
    let filters = format!("/Filter[{}]", "/ASCIIHexDecode".repeat(9));
    assert!(has(&read("a.pdf", pdf("3 0 R", &filters, PAGE)), GapReason::TooDeep));
    let damaged = [&super::documents::packed(PAGE)[..20], &[0xFF; 40]].concat();
    assert!(has(&read("a.pdf", pdf("3 0 R", "/Filter/FlateDecode", &damaged)), GapReason::Malformed));
}

#[test]
fn lines_between_the_objects_of_a_pdf_are_read() {
    let file = String::from_utf8(pdf("3 0 R", "", PAGE)).unwrap();
    let list = "endobj\nNom;NAM\nRoy;ROYA 5453 0912\n% Gagnon 514-555-0199\n046454286\n5 0 obj";
    let reading = read(
        "a.pdf",
        file.replacen("endobj\n 5 0 obj", list, 1).replacen("endobj\n5 0 obj", list, 1).into_bytes(),
    );
    let said = text(&reading);
    assert!(
        ["ROYA 5453 0912", "Gagnon 514-555-0199", "046454286"].iter().all(|it| said.contains(it)),
        "{said}"
    );
    assert!(!said.contains("endobj") && !said.contains("trailer"), "{said}");
}

/// Programs that find no base64 show what stands there.
#[test]
fn text_under_the_label_of_base64_is_read() {
    let said = "Mme Roy, NAM TREM04121925; 1950";
    for (name, text) in [
        ("a.vcf", format!("BEGIN:VCARD\nNOTE;ENCODING=BASE64:{said}\nEND:VCARD\n")),
        ("a.ics", format!("BEGIN:VEVENT\nATTACH;ENCODING=BASE64:{said}\nEND:VEVENT\n")),
        ("a.html", format!("<p>Bonjour</p><img src=\"data:image/png;base64,{said}\">")),
        (
            "a.json",
            format!("{{\"resourceType\":\"Binary\",\"contentType\":\"text/plain\",\"data\":\"{said}\"}}"),
        ),
        ("a.hl7", format!("MSH|^~\\&|A\rOBX|1|ED|P||^TEXT^PLAIN^Base64^{said}\r")),
        (
            "a.xml",
            format!(
                "<ClinicalDocument xmlns='urn:hl7-org:v3'><component><nonXMLBody><text representation='B64'>{said}</text></nonXMLBody></component></ClinicalDocument>"
            ),
        ),
        ("a.eml", format!("Subject: =?utf-8?B?{said}?=\n\nBonjour")),
    ] {
        let reading = read(name, text.into_bytes());
        assert!(super::text(&reading).contains(SAYS), "{name}: {}", super::text(&reading));
    }
}

/// RFC 9580, 5.6: packets in packets, each compressed.
#[test]
fn messages_of_openpgp_inside_one_another_are_too_deep() {
    let literal = [&[0xCB, 18, b't', 0, 0, 0, 0, 0][..], SAYS.as_bytes()].concat();
    let packed = |content: &[u8]| {
        let zlib = super::documents::packed(content);
        [&[0xA3, 2][..], &zlib].concat()
    };
    let nested = |levels: usize| (0..levels).fold(literal.clone(), |inner, _| packed(&inner));
    let flat = read("a.gpg", nested(3));
    assert!(text(&flat).contains(SAYS) && flat.gaps.is_empty());
    assert!(has(&read("a.gpg", nested(20)), GapReason::TooDeep));
    assert!(has(&read("a.gpg", packed(&vec![0; 300 << 20])), GapReason::TooLarge));
    told("a.gpg", [&literal[..], &[0xCB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, b't']].concat(), GapReason::Malformed);
}

/// RFC 1952, 2.2; zeros of a tape's last block say nothing, anything else does.
#[test]
fn zeros_behind_the_last_member_of_a_gzip_file_are_no_damage() {
    let member = |said: &str| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut packer, said.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let file = [member("Nom;NAM\n"), member(SAYS), vec![0; 20]].concat();
    let reading = read("a.csv.gz", file.clone());
    assert!(text(&reading).contains(SAYS) && reading.gaps.is_empty());
    told("a.csv.gz", [file, b"Nom".to_vec()].concat(), GapReason::Malformed);
}
