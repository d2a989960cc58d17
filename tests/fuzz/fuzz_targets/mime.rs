//! Bytes of a message.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    vaguemestre::mime::fuzz(bytes);
    vaguemestre::protection::fuzz(bytes);
});
