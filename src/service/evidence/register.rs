//! The register of incidents as a table for a spreadsheet.

use super::sheets::fields;
use crate::ports::{Incident, IncidentFields, StoreError};

/// Writes the register as CSV, headers in French as the regulation has them. It may name persons.
///
/// # Errors
/// [`StoreError::Refused`] when a row cannot be written, which no text makes happen.
pub fn register(incidents: &[Incident]) -> Result<Vec<u8>, StoreError> {
    let refused = |_| StoreError::Refused("the register cannot be written".to_owned());
    // What a spreadsheet in French takes for a table: a mark of UTF-8, semicolons.
    let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer("\u{feff}".as_bytes().to_vec());
    let mut header = vec!["Numéro", "Cas", "Ouvert par", "Ouvert le (UTC)", "Fermé le (UTC)"];
    header.extend(fields(&IncidentFields::default()).map(|(label, _)| label));
    out.write_record(&header).map_err(refused)?;
    for incident in incidents {
        let known = incident.fields.clone().unwrap_or_default();
        let mut row = vec![
            incident.number.to_string(),
            incident.case.as_ref().map(ToString::to_string).unwrap_or_default(),
            plain(incident.opened_by.clone()),
            incident.opened_at.to_string(),
            incident.closed_at.map(|at| at.to_string()).unwrap_or_default(),
        ];
        row.extend(fields(&known).map(|(_, text)| plain(text)));
        out.write_record(&row).map_err(refused)?;
    }
    out.into_inner().map_err(|_| StoreError::Refused("the register cannot be written".to_owned()))
}

/// A text that no spreadsheet takes for a formula.
fn plain(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}
