//! Two bytes that name a reader, and what it reads: every format and every part of a file (rar, 7z, xlsb, mbox, EMF, macros, PPMd and the
//! rest); seeds are the files of tests/formats behind two such bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::extract::fuzz_readers(bytes));
