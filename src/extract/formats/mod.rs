//! The formats that are read. To add one: a file, and an entry in [`FORMATS`].

mod cda;
mod content_line;
mod csv;
mod fhir;
mod fields;
mod hl7;
mod html;
mod ics;
mod narrative;
mod pasted;
mod text;
mod tree;
mod vcf;

use super::sink::Sink;
use super::source::Source;

/// A format of textual files.
pub struct Format {
    /// Its name, for tests and listings.
    pub name: &'static str,
    /// Whether a file is of this format, by what it claims and how it starts.
    pub claims: fn(&Source<'_>) -> bool,
    /// Reads a file; what it cannot read it tells the sink.
    pub read: fn(&Source<'_>, &mut Sink),
}

/// Every format, in the order in which they are asked; the last takes any text.
pub static FORMATS: &[Format] = &[
    ics::FORMAT,
    vcf::FORMAT,
    hl7::FORMAT,
    fhir::FORMAT,
    cda::FORMAT,
    html::FORMAT,
    csv::FORMAT,
    text::FORMAT,
];

/// Reads a textual file by the first format that claims it.
pub fn read(source: &Source<'_>, sink: &mut Sink) {
    if let Some(format) = FORMATS.iter().find(|format| (format.claims)(source)) {
        (format.read)(source, sink);
    }
}

#[cfg(test)]
mod tests {
    use super::FORMATS;

    #[test]
    fn names_are_unique_and_the_last_format_takes_any_text() {
        let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        assert_eq!(names.last(), Some(&"text"));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FORMATS.len());
    }
}
