//! Bytes of a milter connection.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::milter::fuzz_frames(bytes));
