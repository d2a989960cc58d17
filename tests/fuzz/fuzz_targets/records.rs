//! Bytes of HL7, FHIR and CDA.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vaguemestre::extract::fuzz_records(bytes));
