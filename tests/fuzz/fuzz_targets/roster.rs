#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::roster::fuzz_index(bytes));
