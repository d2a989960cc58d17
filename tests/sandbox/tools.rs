//! Outside tools: a second reader of PDF, and the letters in pictures. `letters/` shows an invented patient, drawn for this test.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use vaguemestre::model::{GapReason, Limits, Tools};
use vaguemestre::ports::Extractor;
use vaguemestre::sandbox::{Program, Workers};

use super::{gaps, settings};
use crate::formats::text;
use crate::support::service::program;

fn reader(tools: Tools) -> Workers {
    let limits = Limits { tools, ..Limits::default() };
    Workers::within(Some(Program::at(&program())), limits, Duration::from_secs(120), settings())
}

fn letter(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sandbox/letters").join(name)).unwrap()
}

/// A page that shows the picture and nothing else.
fn scan() -> Vec<u8> {
    let picture = letter("letter.jpg");
    let content = b"q 500 0 0 130 50 600 cm /I Do Q";
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut starts = Vec::new();
    let page =
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>";
    let image = format!(
        "<</Type/XObject/Subtype/Image/Width 1000/Height 260/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length {}>>",
        picture.len()
    );
    let stream = |head: &str, bytes: &[u8]| [head.as_bytes(), b"stream\n", bytes, b"\nendstream"].concat();
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
        page.as_bytes().to_vec(),
        stream(&format!("<</Length {}>>", content.len()), content),
        stream(&image, &picture),
    ];
    for (number, object) in objects.iter().enumerate() {
        starts.push(pdf.len());
        pdf.extend([format!("{} 0 obj\n", number + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    let table: String = starts.iter().map(|start| format!("{start:010} 00000 n \n")).collect();
    let xref = pdf.len();
    pdf.extend(
        format!(
            "xref\n0 6\n0000000000 65535 f \n{table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF"
        )
        .bytes(),
    );
    pdf
}

#[test]
fn letters_in_pictures_are_read_when_that_is_wanted() {
    let off = reader(Tools::default());
    assert!(!text(&off.read_file("lettre.png", &letter("letter.png")).unwrap()).contains("BELR"));
    let scanned = off.read_file("numérisé.pdf", &scan()).unwrap();
    assert_eq!(gaps(&scanned), [(String::new(), GapReason::Unsupported)], "a page of pictures alone");
    let on = reader(Tools { ocr: true, pdf: false });
    for (name, bytes) in
        [("lettre.png", letter("letter.png")), ("lettre.jpg", letter("letter.jpg")), ("numérisé.pdf", scan())]
    {
        let reading = on.read_file(name, &bytes).unwrap();
        assert!(text(&reading).contains("BELR 7403 2112"), "{name}: {}", text(&reading));
        assert!(text(&reading).contains("Hélène"), "{name}: {}", text(&reading));
        assert_eq!(gaps(&reading), [], "{name}");
    }
}

/// A PDF of one page that our reader finds too few words in: what the other one sees too is put once.
#[test]
fn a_pdf_with_little_in_it_is_read_again() {
    let pdf = crate::formats::documents::pdf("3 0 R", "", b"BT /F 9 Tf 9 9 Td (TREM04121925) Tj ET ");
    let ours = text(&reader(Tools::default()).read_file("a.pdf", &pdf).unwrap());
    let both = text(&reader(Tools { pdf: true, ocr: false }).read_file("a.pdf", &pdf).unwrap());
    assert_eq!(ours.matches("TREM04121925").count(), 1, "{ours}");
    assert_eq!(both.matches("TREM04121925").count(), 1, "{both}");
}

/// What a program does when it runs as a tool.
fn confined(command: &[&str]) -> Output {
    Command::new(program())
        .args(["tool", "--memory", "800000000", "--cpu", "1", "--"])
        .args(command)
        .output()
        .unwrap()
}

/// perl(1) is there wherever Debian is; each script ends with 7 when what it tries is denied.
#[test]
fn a_tool_has_no_network_no_child_no_end_of_memory_and_no_end_of_time() {
    let perl = |script: &str| confined(&["/usr/bin/perl", "-MSocket", "-e", script]).status;
    assert_eq!(perl("exit 3").code(), Some(3), "it runs at all");
    assert_eq!(perl("socket(S, PF_INET, SOCK_STREAM, 0) or exit 7").code(), Some(7));
    assert_eq!(perl("defined(fork) or exit 7").code(), Some(7));
    assert_ne!(perl("my $x = 'a' x 2_000_000_000; exit 0").code(), Some(0));
    assert_eq!(perl("1 while 1").code(), None, "ended by a signal");
}

/// Where the kernel has landlock(7).
#[test]
fn a_tool_reads_programs_and_nothing_of_people() {
    let workers = reader(Tools::default());
    workers.prove().unwrap();
    if workers.remarks().iter().any(|remark| remark.contains("landlock")) {
        return;
    }
    assert!(confined(&["/usr/bin/head", "-c", "4", "/usr/bin/head"]).status.success());
    let folder = crate::support::folder::Folder::new("private");
    let file = folder.path().join("mail");
    fs::write(&file, "TREM").unwrap();
    for path in ["/etc/passwd", "/proc/1/environ", file.to_str().unwrap()] {
        let output = confined(&["/usr/bin/head", "-c", "4", path]);
        assert!(!output.status.success() && output.stdout.is_empty(), "{path}");
    }
    let written = file.with_extension("new");
    confined(&["/usr/bin/cp", "/usr/bin/head", written.to_str().unwrap()]);
    assert!(!written.exists());
}
