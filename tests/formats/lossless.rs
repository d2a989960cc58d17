//! Nothing is lost by parsing: every value of a health record is in the text read from it, known field or not.

use std::fs;

use vaguemestre::inspect::read_file;
use vaguemestre::model::Limits;

use super::{samples, text};

/// Letters and digits only: how a field is laid out does not matter.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Every string and number of a JSON text, by a reader that is not ours.
fn values(json: &serde_json::Value, out: &mut Vec<String>) {
    match json {
        serde_json::Value::String(text) => out.push(text.clone()),
        serde_json::Value::Number(number) => out.push(number.to_string()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| values(item, out)),
        serde_json::Value::Object(entries) => entries.values().for_each(|entry| values(entry, out)),
        serde_json::Value::Null | serde_json::Value::Bool(_) => {}
    }
}

fn assert_holds(name: &str, read: &str, values: &[String]) {
    assert!(values.len() > 3, "{name} has hardly a value");
    for value in values {
        assert!(read.contains(&letters(value)), "{name}: {value} is not in {read}");
    }
}

fn read(name: &str, bytes: &[u8]) -> String {
    letters(&text(&read_file(name, bytes, &Limits::default())))
}

#[test]
fn every_value_of_a_fhir_resource_is_read() {
    for sample in samples().iter().filter(|sample| sample.extension().is_some_and(|it| it == "json")) {
        let name = sample.file_name().unwrap().to_str().unwrap();
        let bytes = fs::read(sample).unwrap();
        let mut all = Vec::new();
        values(&serde_json::from_slice(&bytes).unwrap(), &mut all);
        // Markup and base64 are read as what they hold.
        all.retain(|value| !value.starts_with('<') && !value.ends_with('='));
        if all.len() > 3 {
            assert_holds(name, &read(name, &bytes), &all);
        }
    }
}

#[test]
fn every_field_of_an_hl7_message_is_read() {
    let mut message = String::from("MSH|^~\\&|ADT|HSE\r");
    let mut all = Vec::new();
    let mut next = 0;
    for segment in ["PID", "NK1", "PV1", "GT1", "IN1", "IN2", "MRG", "OBX", "NTE", "ZZZ"] {
        message.push_str(segment);
        for field in 1..60 {
            let values: Vec<String> = (0..6).map(|part| format!("v{}x", next + part)).collect();
            next += 6;
            let [a, b, c, d, e, f] = values.as_slice() else { unreachable!() };
            let shown = match field % 3 {
                0 => format!("|{a}^{b}&{c}~{d}^^^{e}^{f}"),
                1 => format!("|{a}&{b}^{c}^^{d}~{e}~{f}"),
                _ => format!("|{a}^{b}^{c}^{d}^{e}^{f}"),
            };
            message.push_str(&shown);
            all.extend(values);
        }
        message.push('\r');
    }
    assert_holds("a.hl7", &read("a.hl7", message.as_bytes()), &all);
}

#[test]
fn every_value_of_an_xml_record_is_read() {
    for (name, root) in
        [("patient.xml", "Patient xmlns=\"http://hl7.org/fhir\""), ("summary.xml", "ClinicalDocument")]
    {
        let folder = if root.starts_with('P') { "fhir" } else { "cda" };
        let path = format!("{}/tests/formats/{folder}/{name}", env!("CARGO_MANIFEST_DIR"));
        let sample = fs::read_to_string(path).unwrap();
        let mut all = Vec::new();
        let mut reader = quick_xml::Reader::from_str(&sample);
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Text(words) => {
                    all.extend(words.split_whitespace().map(str::to_owned));
                }
                quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                    all.extend(tag.attributes().map(|it| {
                        it.unwrap().value.replace("&#244;", "ô").replace("&#233;", "é").replace("&amp;", "")
                    }));
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert!(sample.contains(root));
        assert_holds(name, &read(name, sample.as_bytes()), &all);
    }
}
