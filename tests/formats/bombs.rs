//! Input made to cost: nesting, floods, lies about length. Each is read on a stack of 256 KB and ends with text or a gap.

use rustix::time::{ClockId, clock_gettime};
use vaguemestre::inspect::read_file;
use vaguemestre::model::{GapReason, Limits, Reading};

use super::text;

/// Reads on a small stack, so that recursion over the input would end the test, and in bounded time of the processor, whatever else runs.
pub fn read(name: &'static str, bytes: Vec<u8>) -> Reading {
    let small = std::thread::Builder::new().stack_size(256 << 10);
    let timed = move || {
        let reading = read_file(name, &bytes, &Limits::default());
        (reading, clock_gettime(ClockId::ThreadCPUTime).tv_sec)
    };
    let (reading, seconds) = small.spawn(timed).unwrap().join().unwrap();
    assert!(seconds < 60, "{name} took {seconds} s");
    reading
}

pub fn has(reading: &Reading, reason: GapReason) -> bool {
    reading.gaps.iter().any(|gap| gap.reason == reason)
}

#[test]
fn ten_thousand_multiparts_inside_one_another_are_too_deep() {
    let mut message = String::from("Subject: TREM04121925\nMIME-Version: 1.0\n");
    for level in 0..10_000 {
        message.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
    }
    message.push_str("\n\nTREM04121925");
    let reading = read("a.eml", message.into_bytes());
    assert!(has(&reading, GapReason::TooDeep) && text(&reading).contains("TREM04121925"));
}

#[test]
fn ten_thousand_messages_inside_one_another_are_too_deep() {
    let message = "Subject: x\nContent-Type: message/rfc822\n\n".repeat(10_000);
    let reading = read("a.eml", message.into_bytes());
    assert!(has(&reading, GapReason::TooDeep));
}

#[test]
fn three_hundred_thousand_parts_are_too_many() {
    let mut message = b"Content-Type: multipart/mixed; boundary=b\n\n".to_vec();
    message.extend(b"--b\n\nx\n".repeat(300_000));
    let reading = read("a.eml", message);
    assert!(has(&reading, GapReason::TooDeep));
}

#[test]
fn a_hundred_thousand_header_fields_are_all_read() {
    let mut message = String::from("Subject: x\n");
    for number in 0..100_000 {
        message.push_str(&format!("X-F{number}: v{number}\n"));
    }
    message.push_str("\nfin");
    let reading = read("a.eml", message.into_bytes());
    assert!(text(&reading).contains("v99999") && text(&reading).contains("fin"));
    assert!(reading.segments.len() < 1_000);
}

#[test]
fn one_enormous_header_field_is_read() {
    let words = "=?utf-8?Q?TREM?= =?utf-8?Q?0412?= ".repeat(100_000);
    let params = "; a=b".repeat(200_000);
    let people = "\"A (b) <c\" <d@e.example>, ".repeat(100_000);
    let message = format!("Subject: {words}\nContent-Type: text/plain{params}\nTo: {people}\n\nfin");
    let reading = read("a.eml", message.into_bytes());
    assert!(text(&reading).contains("TREM0412TREM0412") && text(&reading).contains("fin"));
}

#[test]
fn a_million_open_tags_are_read() {
    for tag in ["<b>", "<div>", "<p style='display:none'>", "<table><tr><td>", "<a href=x>"] {
        let mut html = tag.repeat(1_000_000 / tag.len().div_ceil(3));
        html.push_str("TREM04121925");
        html.push_str(&"</b></td></table>".repeat(1_000));
        assert!(text(&read("a.html", html.into_bytes())).contains("TREM04121925"), "{tag}");
    }
}

#[test]
fn floods_of_entities_comments_and_attributes_are_read() {
    for piece in ["&amp;", "&#x41;", "&lt", "<!--a-->", "<a b=c d=e>", "<!-", "&", "<"] {
        let html = format!("<p>TREM04121925</p>{}", piece.repeat(200_000));
        assert!(text(&read("a.html", html.into_bytes())).contains("TREM04121925"), "{piece}");
    }
}

#[test]
fn style_sheets_made_to_cost_are_read() {
    let long = "x".repeat(1 << 20);
    let many = |name: &str, count: usize| vec![name; count].join(".");
    for (style, piece) in [
        (format!("*:before{{content:'{long}'}}"), "<b>"),
        (format!("*:after{{content:'T{}'}}", " ".repeat(1 << 20)), "<b>"),
        (format!("*:after{{content:{}}}", "attr(a)".repeat(100_000)), "<b a='long value'>"),
        (format!("*:before{{content:'x'}} .{}:before{{content:'y'}}", many("a", 300_000)), "<b class=a>"),
        (format!("{}:before{{content:'{long}'}}", ".a:before,".repeat(300_000)), "<b class=a>"),
        (format!("{}{{display:none}}", ".a,".repeat(300_000)), "<b class='a b c'>"),
        ("a{".repeat(500_000), "<b>"),
        ("a:before{content:'".repeat(100_000), "<b>"),
    ] {
        let page = format!("<style>{style}</style>{}TREM04121925", piece.repeat(100_000));
        let reading = read("a.html", page.into_bytes());
        let said: usize = reading.segments.iter().map(|segment| segment.text.reveal().len()).sum();
        assert!(text(&reading).contains("TREM04121925") && said < 16 << 20, "{piece}: {said}");
    }
    let sheets = "<style>*:before{content:'x'}</style>".repeat(20_000);
    assert!(text(&read("a.html", format!("{sheets}<b>TREM04121925").into_bytes())).contains("TREM04121925"));
}

#[test]
fn a_table_on_one_enormous_line_is_read() {
    let mut csv = "a,b;".repeat(5 << 20).into_bytes();
    csv.extend(b"\nTREM04121925,x");
    let reading = read("a.csv", csv);
    assert!(text(&reading).contains("TREM04121925"));
    assert!(reading.segments.len() <= 200_001);
}

#[test]
fn what_is_past_the_budget_is_told() {
    let limits = Limits { bytes: 1_000, ..Limits::default() };
    let message = format!("Subject: x\n\nTREM04121925 {}", "x ".repeat(10_000));
    let reading = read_file("a.eml", message.as_bytes(), &limits);
    assert!(text(&reading).contains("TREM04121925") && has(&reading, GapReason::TooLarge));
    let limits = Limits { fuel: 1_000, ..Limits::default() };
    assert!(has(&read_file("a.eml", message.as_bytes(), &limits), GapReason::TooCostly));
}

#[test]
fn health_records_made_to_cost_are_read_as_text() {
    let bombs = [
        ("a.json", format!("{}\"TREM04121925\"", "{\"resourceType\":".repeat(200_000))),
        (
            "a.json",
            format!("{{\"resourceType\":\"Patient\",\"name\":[{}\"TREM04121925\"]}}", "1,".repeat(2_000_000)),
        ),
        ("a.json", format!("[{}\"TREM04121925\"]", "{\"resourceType\":\"Patient\"},".repeat(300_000))),
        ("a.xml", format!("{}TREM04121925", "<Patient xmlns=\"http://hl7.org/fhir\">".repeat(200_000))),
        (
            "a.xml",
            format!("<ClinicalDocument>{}TREM04121925</ClinicalDocument>", "<a b='c'/>".repeat(600_000)),
        ),
        ("a.xml", format!("{}<text>TREM04121925</text>", "<ClinicalDocument>".repeat(200_000))),
        ("a.hl7", format!("{}PID|1||TREM04121925", "MSH|^~\\&|\r".repeat(500_000))),
        ("a.hl7", format!("MSH|^~\\&|A\rPID|1|{}TREM04121925", "~^&\\".repeat(1_000_000))),
        ("a.hl7", format!("MSH|^~\\&|A {}PID|1||TREM04121925", "PID|\\X41".repeat(300_000))),
        ("a.txt", format!("{}TREM04121925", "PID|".repeat(1_000_000))),
        ("a.txt", format!("MSH|^~\\&|A\n{}TREM04121925", "> \n".repeat(500_000))),
    ];
    for (name, bomb) in bombs {
        assert!(text(&read(name, bomb.into_bytes())).contains("TREM04121925"), "{name}");
    }
}
