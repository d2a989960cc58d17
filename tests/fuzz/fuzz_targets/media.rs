//! A byte that names a reader, and what it reads: titles of sounds and films, comments of pictures, fields of cameras, what a Mac puts beside
//! files, fields of a letter each, what stands behind a file; seeds are the files of tests/formats behind such a byte.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::extract::fuzz_media(bytes));
