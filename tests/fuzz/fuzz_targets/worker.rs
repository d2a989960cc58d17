//! Bytes of a worker's socket.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::sandbox::fuzz_frames(bytes));
