//! Bytes of a file of any format; seeds are the files of tests/formats.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::extract::fuzz_files(bytes));
