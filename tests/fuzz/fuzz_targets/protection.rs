//! Bytes of CMS, PGP and archives that want a password.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::protection::fuzz(bytes));
