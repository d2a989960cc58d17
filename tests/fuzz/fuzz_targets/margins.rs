//! What files say in their margins (style sheets, texts without charset, extended headers, extra fields, loose bytes, packages, free
//! sectors, records under a key): a byte that names the file around, and what stands in it.
#![no_main]

#[path = "../../support/wrap.rs"]
mod wrap;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::extract::fuzz_files(&wrap::wrapped(bytes)));
