//! Bytes of an HTML page.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::extract::fuzz_html(bytes));
