//! The formats that are read. To add one: a file, and an entry in [`FORMATS`].

mod apple;
mod behind;
mod cda;
mod cipher;
mod codes;
mod content_line;
mod csv;
mod dbf;
mod dicom;
mod dif;
mod emf;
mod encoded;
mod exif;
mod fhir;
mod fields;
mod flat;
mod flow;
mod gzip;
mod hl7;
mod html;
mod ics;
mod iwork;
mod ldif;
mod leaves;
mod mapi;
mod markup;
mod mbox;
mod narrative;
mod number;
mod odf;
mod ole;
mod ooxml;
mod pasted;
mod pdf;
mod pgp;
mod picture;
mod plist;
mod rar;
mod rtf;
mod said;
mod seven_zip;
mod sweep;
mod sylk;
mod table;
mod tags;
mod tar;
mod text;
mod titles;
mod tnef;
mod tree;
mod typed;
mod vcf;
mod wmf;
mod workbook;
mod zip;

pub use behind::{archive as archive_within, tell as behind};
pub use encoded::put as encoded;
pub use pgp::put_behind as behind_pgp;
pub use picture::{put_behind as behind_picture, put_said as said_by_picture};
pub use sweep::{lines as letters, unknown as letters_of_unknown};
pub use titles::put as said_by_media;

use super::sink::Sink;
use super::source::Source;
use crate::mime::Params;

/// A format.
#[derive(Debug)]
pub struct Format {
    /// Its name, for tests and listings.
    pub name: &'static str,
    /// Whether it stands behind something else, so that what comes first may say more of the file than this does.
    pub behind: bool,
    /// Whether a file is of this format, by what it claims and how it starts.
    pub claims: fn(&Source<'_>) -> bool,
    /// Reads a file; what it cannot read it tells the sink.
    pub read: fn(&Source<'_>, &mut Sink),
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

/// The formats that are told by their first bytes, in the order in which they are asked.
pub static FILES: &[Format] = &[
    ooxml::FORMAT,
    odf::FORMAT,
    zip::FORMAT,
    pdf::FORMAT,
    rtf::FORMAT,
    ole::FORMAT,
    tnef::FORMAT,
    gzip::FORMAT,
    seven_zip::FORMAT,
    rar::FORMAT,
    tar::FORMAT,
    dicom::FORMAT,
    pgp::FORMAT,
    emf::FORMAT,
    wmf::FORMAT,
    mbox::FORMAT,
    dbf::FORMAT,
    iwork::FORMAT,
    plist::FORMAT,
    apple::DOUBLE,
    apple::FOLDER,
    zip::BEHIND,
    pdf::BEHIND,
];

/// The format of a file by its bytes.
#[must_use]
pub fn file(source: &Source<'_>) -> Option<&'static Format> {
    FILES.iter().find(|format| (format.claims)(source))
}

/// Whether a file is of a format that is told by its first bytes, by looking at those alone.
#[must_use]
pub fn is_foreign(source: &Source<'_>) -> bool {
    // What a zip is made of is asked first, since telling an Office file from another takes reading its list.
    zip::is_zip(&source.bytes) || file(source).is_some()
}

/// The format of a file inside another one, by its name and bytes.
fn named(name: &str, bytes: &[u8]) -> Option<&'static Format> {
    file(&Source { media: Params::default(), name: Some(name.to_owned()), bytes: bytes.into() })
}

/// Every textual format, in the order in which they are asked; the last takes any text.
pub static FORMATS: &[Format] = &[
    ics::FORMAT,
    vcf::FORMAT,
    ldif::FORMAT,
    hl7::FORMAT,
    fhir::FORMAT,
    cda::FORMAT,
    flat::FORMAT,
    workbook::FORMAT,
    html::FORMAT,
    sylk::FORMAT,
    dif::FORMAT,
    csv::FORMAT,
    text::FORMAT,
];

/// Reads a textual file by the first format that claims it.
pub fn read(source: &Source<'_>, sink: &mut Sink) {
    if let Some(format) = FORMATS.iter().find(|format| (format.claims)(source)) {
        (format.read)(source, sink);
    }
}

/// Reads bytes by the format of this number, whatever they open with, for fuzzing.
pub fn fuzz_format(number: u8, bytes: &[u8], sink: &mut Sink) {
    let source = Source { media: Params::default(), name: None, bytes: bytes.into() };
    let all: Vec<&Format> = FILES.iter().chain(FORMATS).collect();
    if let Some(format) = all.get(usize::from(number) % all.len().max(1)) {
        (format.read)(&source, sink);
    }
}

/// Reads bytes as one of the things that files hold, packed or not, for fuzzing.
pub fn fuzz_part(number: u8, bytes: &[u8], sink: &mut Sink) {
    let which = number / 5;
    match number % 5 {
        0 => ole::fuzz(which, bytes, sink),
        1 => ooxml::fuzz(which, bytes, sink),
        2 => pdf::fuzz(which, bytes, sink),
        3 => zip::fuzz(which, bytes, sink),
        _ => mapi::listed(bytes, &mut mapi::Properties::new(mapi::USUAL_PAGE)),
    }
}

/// Reads bytes as what stands beside or behind other content, for fuzzing.
pub fn fuzz_beside(which: u8, bytes: &[u8], sink: &mut Sink) {
    let source = Source { media: Params::default(), name: None, bytes: bytes.into() };
    match which % 8 {
        0 => titles::put(bytes, sink),
        1 => picture::put_said(bytes, sink),
        2 => picture::put_behind(bytes, sink),
        3 => drop(exif::said(bytes)),
        4 => behind::tell(bytes, sink),
        5 => (apple::DOUBLE.read)(&source, sink),
        6 => (apple::FOLDER.read)(&source, sink),
        _ => pdf::fuzz_combs(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::{FILES, FORMATS};

    #[test]
    fn names_are_unique_and_the_last_format_takes_any_text() {
        let mut names: Vec<&str> = FILES.iter().chain(FORMATS).map(|format| format.name).collect();
        assert_eq!(names.last(), Some(&"text"));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FILES.len() + FORMATS.len());
    }
}
