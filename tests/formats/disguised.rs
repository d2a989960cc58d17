//! Files that are two things at once, forms that programs seldom write, and content that another file carries in letters.

use vaguemestre::inspect::read_file;
use vaguemestre::model::{GapReason, Limits};

use super::bombs::{has, read};
use super::documents::pdf;
use super::packages::{docx, zip};
use super::text;

const PAGE: &[u8] = b"BT /F 9 Tf 9 9 Td (Ordonnance de Mme Roy) Tj ET ";
const LIST: &[u8] = b"Nom;NAM\nTremblay, Ana;TREM04121925\n";

fn page() -> Vec<u8> {
    [pdf("3 0 R", "", PAGE).as_slice(), b"\nstartxref\n0\n%%EOF\n"].concat()
}

fn says(name: &'static str, bytes: Vec<u8>, wanted: &[&str]) {
    let said = text(&read(name, bytes));
    for one in wanted {
        assert!(said.contains(one), "{name}: {one} is not in {said}");
    }
}

/// Readers look for the mark of a PDF in its first 1024 bytes: what stands before, or behind, is read as well.
#[test]
fn what_stands_around_a_pdf_is_read_too() {
    let both = ["Ordonnance de Mme Roy", "TREM04121925"];
    says("a.csv", [LIST, &page()].concat(), &both);
    says("a.pdf", [LIST, &page()].concat(), &both);
    says("a.pdf", [&page(), LIST].concat(), &both);
    says("a.pdf", [&page(), zip(&[("a.csv", LIST.to_vec())]).as_slice()].concat(), &both);
}

#[test]
fn an_archive_or_a_message_that_opens_with_a_pdf_is_read_whole() {
    let both = ["Ordonnance de Mme Roy", "TREM04121925"];
    says("a.tar", tar(&[("a.pdf", &page()), ("b.csv", LIST)]), &both);
    let head =
        b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n";
    let parts =
        [b"--b\nContent-Type: application/pdf\n\n".as_slice(), &page(), b"\n--b\n\n", LIST, b"\n--b--\n"];
    says("a.eml", [head.as_slice(), &parts.concat()].concat(), &both);
}

#[test]
fn words_that_name_a_pdf_are_text() {
    for name in ["a.txt", "a.html", "a.json"] {
        let reading = read(name, b"Le fichier commence par %PDF-1.4, NAM TREM04121925".to_vec());
        assert!(text(&reading).contains("TREM04121925") && reading.gaps.is_empty(), "{name}");
    }
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in members {
        let mut head = vec![0; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        head[148..156].fill(b' ');
        head[156] = b'0';
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend(head);
        out.extend(*content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// Excel 2 wrote records without a compound file around them: a first record, texts, numbers, whole numbers.
#[test]
fn a_bare_workbook_of_excel_2_is_read() {
    let record =
        |kind: u8, content: &[u8]| [&[kind, 0, u8::try_from(content.len()).unwrap(), 0], content].concat();
    let cell = |column: u8, content: &[u8]| [&[0, 0, column, 0, 0, 0, 0], content].concat();
    let bytes = [
        record(9, &[2, 0, 0x10, 0]),
        record(4, &cell(0, b"\x0CMonsieur Roy")),
        record(3, &cell(1, &46_454_286f64.to_le_bytes())),
        record(2, &cell(2, &[0x39, 0x30])),
        record(10, &[]),
    ]
    .concat();
    says("a.xls", bytes, &["Monsieur Roy", "46454286", "12345"]);
}

#[test]
fn base64_of_health_records_is_a_file_inside() {
    let data = "UGF0aWVudGUgVFJFTTA0MTIxOTI1";
    let binary = format!(r#"{{"resourceType":"Binary","contentType":"text/plain","data":"{data}"}}"#);
    let document = format!(
        "<ClinicalDocument xmlns='urn:hl7-org:v3'><component><nonXMLBody><text mediaType='text/plain' representation='B64'>{data}</text></nonXMLBody></component></ClinicalDocument>"
    );
    says("a.json", binary.into_bytes(), &["Patiente TREM04121925"]);
    let resource = format!(
        "<Binary xmlns='http://hl7.org/fhir'><contentType value='text/plain'/><data value='{data}'/></Binary>"
    );
    says("b.xml", resource.into_bytes(), &["Patiente TREM04121925"]);
    says("a.xml", document.into_bytes(), &["Patiente TREM04121925"]);
}

#[test]
fn words_between_marks_of_armor_are_text() {
    let words =
        "-----BEGIN PGP MESSAGE-----\n\nvoir le dossier de TREM04121925\n-----END PGP MESSAGE-----\nfin";
    let reading = read("a.txt", format!("Exemple :\n{words}").into_bytes());
    assert!(text(&reading).contains("TREM04121925") && reading.protections.is_empty());
    assert!(!has(&reading, GapReason::Unsupported));
}

#[test]
fn names_that_people_give_inside_documents_are_read() {
    let part = "<w:document><w:body><w:bookmarkStart w:name='dossier_Roy'/><w:bookmarkStart w:name='_Toc123456'/></w:body></w:document>";
    let said = text(&read("a.docx", docx(part)));
    assert!(said.contains("dossier_Roy") && !said.contains("_Toc123456"));
    let book = b"<workbook><sheets/><definedNames><definedName name='Liste_Roy'>A!$A$1</definedName></definedNames></workbook>";
    says(
        "a.xlsx",
        zip(&[("[Content_Types].xml", b"<Types/>".to_vec()), ("xl/workbook.xml", book.to_vec())]),
        &["Liste_Roy"],
    );
}

#[test]
fn choices_and_rich_text_of_a_form_are_read_as_they_are_shown() {
    let fields = b"6 0 obj<</FT/Ch/T(p)/Opt[[(1)(Mme Roy)][(2)(b)]]/V(1)>>endobj 7 0 obj<</FT/Tx/T(r)/RV(<body><p>M. <b>Tan</b>cr&#232;de</p></body>)>>endobj ";
    says("a.pdf", [pdf("3 0 R", "", PAGE).as_slice(), fields].concat(), &["Mme Roy", "M. Tancr\u{e8}de"]);
}

const HEAD: &str = "From: a@b.example\nSubject: x\nMIME-Version: 1.0\n";

/// RFC 3156, 4: the control part is "Version: 1". A label proves nothing.
#[test]
fn what_is_called_encrypted_is_read_as_what_it_is() {
    for label in ["application/pgp-encrypted", "application/x-microsoft-rpmsg-message; name=message.rpmsg"] {
        let reading =
            read("a.eml", format!("{HEAD}Content-Type: {label}\n\nNom;NAM\nRoy;TREM04121925\n").into());
        assert!(text(&reading).contains("TREM04121925") && reading.protections.is_empty(), "{label}");
    }
    let cab = format!("{HEAD}Content-Type: application/pgp-encrypted\n\nMSCF\0\0\0\0\x01\x02\x03\x04");
    let reading = read("a.eml", cab.into());
    assert!(has(&reading, GapReason::Unsupported) && reading.protections.is_empty());
    let parts = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\nContent-Type: text/csv\n\nTREM04121925\n\n--b--\n";
    let reading = read("a.eml", format!("{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{parts}").into());
    assert!(text(&reading).contains("TREM04121925") && reading.protections.len() == 1, "it is announced");
}

#[test]
fn a_header_pasted_behind_words_is_text() {
    for intro in ["Bonjour,\nTREM04121925\n\nReceived: from x\n", "Bonjour : voici\n\nTREM04121925\n\n"] {
        let body = format!("{intro}{HEAD}Content-Type: text/plain\n\nFin");
        for bytes in [body.clone(), format!("{HEAD}Content-Type: text/plain\n\n{body}")] {
            let reading = read("a.txt", bytes.into());
            assert!(text(&reading).contains("TREM04121925") && reading.gaps.is_empty(), "{intro}");
        }
    }
}

/// Word and Excel save pages so, and open them under any of these names.
#[test]
fn a_page_saved_as_a_message_is_opened_without_a_sender() {
    let part = "Content-Transfer-Encoding: base64\nContent-Type: text/html\n\nVFJFTTxiPjA0MTI8L2I+MTkyNQ==\n";
    let pages = [
        format!("MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n{part}\n--b--\n"),
        format!("MIME-Version: 1.0\n{part}"),
    ];
    for name in ["a.mht", "a.doc", "a.xls", "a.htm", "a.txt"] {
        for page in &pages {
            says(name, page.clone().into(), &["TREM04121925"]);
            says(name, format!("\r\n\r\n{page}").into(), &["TREM04121925"]);
        }
    }
}

#[test]
fn an_archive_behind_a_sound_or_a_signature_is_read() {
    let list = std::fs::read("tests/formats/7z/list.7z").unwrap();
    let signature = [
        b"\x30\x23\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x16\x30\x14\x02\x01\x01\x31\x00"
            .as_slice(),
        b"\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01\x31\x00",
    ]
    .concat();
    let message = [b"\xC1\x0C\x03".as_slice(), &[9; 11], &[0xD2, 3, 1, 0xFF, 0xFF]].concat();
    // What 7z unpacks with asks for more stack than the other tests give.
    let read = |name: &str, bytes: &[u8]| text(&read_file(name, bytes, &Limits::default()));
    let wanted = read("a.7z", &list);
    let wanted = wanted.lines().last().unwrap();
    for before in [b"ID3\x03\0\0\0\0\0\0".as_slice(), b"\0\0\0\x18ftypmp42", &signature, &message] {
        assert!(read("a.bin", &[before, &list].concat()).contains(wanted));
    }
}

#[test]
fn what_a_scheme_without_approval_hides_is_told() {
    let block = "gE7SB2foMB7LHo8eGHjHUcrma729qY2mhb3Q7CxFtOWOJ4uqYHnWbh2It8tU7RgmYA0j";
    for said in [
        format!("-----BEGIN AGE ENCRYPTED FILE-----\n{block}\n-----END AGE ENCRYPTED FILE-----\n"),
        format!("U2FsdGVkX1{block}\n"),
        format!("$ANSIBLE_VAULT;1.1;AES256\n{}\n", "292b8ec9f91f5879".repeat(5)),
    ] {
        assert!(has(&read("a.txt", said.clone().into()), GapReason::Encrypted), "{said}");
    }
}
