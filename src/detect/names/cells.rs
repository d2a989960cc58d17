//! Names in table cells: the header says what a column holds, the other headers say of whom the table tells.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::content::{About, Content};
use super::context;
use super::normal;
use super::shape::{self, Reading};
use super::token::{self, Gap, Shape, Token, keys};
use super::words::{GIVEN, JOB, PATIENT_BEFORE, PATIENT_COLUMN, STAFF, STAFF_COLUMN, SURNAME, Words};
use crate::detect::candidate::Candidate;
use crate::detect::prepared::Prepared;
use crate::detect::roster::whose;
use crate::detect::table::{Column, Heads};
use crate::model::Cell;
use crate::roster::Index;

/// Reads tables row by row. What the headers of a table say is read once.
#[derive(Debug)]
pub struct Rows<'a> {
    words: &'a Words,
    headers: HashMap<usize, Says>,
    /// What the cells of each table say, by its first block.
    contents: HashMap<usize, Content>,
    /// The last table and row asked about, with what its headers say together.
    last: Option<((u32, u32), Says)>,
}

/// What a header says of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Says {
    patient: bool,
    /// It names what care is made of, which may be told of anyone: one such header says nothing alone.
    topic: bool,
    staff: bool,
    column: Option<Column>,
    /// It stands before the name of a patient.
    label: bool,
    /// It names a column of names.
    names: bool,
    /// It names a column of names of patients, of numbers or of births of patients: nothing outweighs it.
    sure: bool,
    /// The headers say nothing, the cells do.
    by_cells: bool,
}

/// `Vaccin`, `Résultat`, `Congé`: headers of tables of patients, of employees and of tickets alike.
const TOPICS: [u64; 25] = keys(
    "condition conge probleme procedure resultat resultats result results test tests vaccin vaccine room allergie allergies treatment motif raison reason intervention examen medicament medicaments diete diet",
);

const PRIOR: f32 = -6.0;
const TYPED: f32 = 4.0;
const OF_PATIENTS: f32 = 6.0;
const OF_STAFF: f32 = -8.0;
const LABELLED: f32 = 8.0;
/// What a comma between two words is worth under a header for names.
const COMMA: f32 = 3.0;
/// Longest cell that labels the next.
const LABEL: usize = 120;
/// Longest cell that the roster is asked about.
const ROSTERED: usize = 40;

impl<'a> Rows<'a> {
    /// Starts on a message.
    #[must_use]
    pub fn new(words: &'a Words) -> Self {
        Self { words, headers: HashMap::new(), contents: HashMap::new(), last: None }
    }

    /// The name that starts in a cell: whole, or a surname whose given name stands in the same row.
    pub fn candidate(&mut self, prepared: &Prepared<'_>, block: usize) -> Option<Candidate> {
        match self.column(prepared, block)? {
            // `NOM_USAGER` beside `PRENOM_USAGER` holds the surname alone.
            Column::FullName if self.beside(prepared, block, Column::Surname).is_some() => {
                self.full(prepared, block)
            }
            Column::FullName | Column::Surname => self.parted(prepared, block),
            Column::GivenName | Column::Nam | Column::BirthDate | Column::Reference => None,
        }
    }

    /// The name that the roster knows in this cell and one of the next two of its row, whatever their headers say.
    pub fn rostered(&mut self, prepared: &Prepared<'_>, block: usize, patients: &Index) -> Option<Candidate> {
        let surname = plain(prepared.text(block)).filter(|text| text.len() <= ROSTERED)?;
        let row = prepared.row(block);
        for next in (block + 1..=block + 2).filter(|next| row.contains(next)) {
            let Some(given) = plain(prepared.text(next)).filter(|text| text.len() <= ROSTERED) else {
                continue;
            };
            let name = format!("{given} {surname}");
            if whose(patients, &name).is_none() {
                continue;
            }
            let tokens = token::read(&name, 0..name.len(), self.words);
            let known = tokens.first().is_some_and(|first| first.own.any(GIVEN));
            let end = prepared.text(block).len();
            let mut candidate = if known || !self.is_given(&surname) {
                normal::of(&given, &surname, block, 0..end)
            } else {
                normal::of(&surname, &given, block, 0..end)
            };
            candidate.add("a name is rarely a patient's", PRIOR);
            candidate.add("surname and given name in cells side by side", 2.0);
            if self.table(prepared, block).patient {
                candidate.add("in a table of patients", OF_PATIENTS);
            }
            return Some(candidate);
        }
        None
    }

    fn is_given(&self, word: &str) -> bool {
        token::read(word, 0..word.len(), self.words).first().is_some_and(|first| first.own.any(GIVEN))
    }

    /// What the column of a cell holds: by its header, or, in a table that tells of patients, by its cells.
    pub fn column(&mut self, prepared: &Prepared<'_>, block: usize) -> Option<Column> {
        let own = prepared.header(block).map(|header| self.header(header)).unwrap_or_default();
        if own.column.is_some() || own.staff {
            return own.column;
        }
        let line = self.line(prepared, block)?;
        let content = self.content(prepared, block)?;
        let column = content.column(line)?;
        let table = self.table(prepared, block);
        (table.patient && !table.names).then_some(column)
    }

    /// The number of a cell's column; of its row, where headers stand on the left.
    fn line(&self, prepared: &Prepared<'_>, block: usize) -> Option<u32> {
        let cell = prepared.blocks.get(block)?.cell?;
        Some(if prepared.tables.heads(block) == Heads::Left { cell.row } else { cell.column })
    }

    /// What the cells of a table say, read once.
    fn content(&mut self, prepared: &Prepared<'_>, block: usize) -> Option<&Content> {
        let body = prepared.tables.body(block).filter(|body| body.contains(&block))?;
        let words = self.words;
        Some(self.contents.entry(body.start).or_insert_with(|| Content::of(words, prepared, body)))
    }

    /// Whether the table of a cell tells of patients.
    pub fn is_of_patients(&mut self, prepared: &Prepared<'_>, block: usize) -> bool {
        self.table(prepared, block).patient
    }

    /// Bits against a name read in a cell of a table of employees, whose header names no column of names.
    pub fn staff(&mut self, prepared: &Prepared<'_>, block: usize) -> Option<f32> {
        prepared.blocks.get(block)?.cell?;
        let table = self.table(prepared, block);
        (table.staff && !table.patient).then_some(OF_STAFF)
    }

    /// Bits for a name whose cell is on the right of `Nom de l'usager`.
    pub fn label(&mut self, prepared: &Prepared<'a>, block: usize) -> Option<f32> {
        let left = block.checked_sub(1).filter(|left| prepared.row(block).contains(left))?;
        prepared.blocks.get(block)?.cell?;
        let label = prepared.blocks.get(left)?.view.text();
        let worded = label.len() <= LABEL && label.bytes().any(|byte| byte.is_ascii_alphabetic());
        (worded && self.header(label).label).then_some(LABELLED)
    }

    fn full(&mut self, prepared: &Prepared<'_>, block: usize) -> Option<Candidate> {
        let text = prepared.text(block);
        let tokens = token::read(text, 0..text.len(), self.words);
        if let Some(apart) = apart_from_numbers(&tokens)
            && let Some(name) = text.get(apart.clone())
        {
            return self.beside_numbers(prepared, block, name, &apart);
        }
        let first_line = tokens.iter().skip(1).take_while(|token| token.lines == 0).count() + 1;
        let units = shape::units(self.words, &tokens, 0..first_line.min(tokens.len()), text, true);
        let best = shape::readings(&units).into_iter().next();
        if let Some((surname, given)) = parted_by_comma(text) {
            let end = text.find('\n').unwrap_or(text.len());
            let mut candidate = normal::of(&given, &surname, block, 0..end);
            candidate.add("surname, comma, given name", best.map_or(COMMA, |best| best.bits.max(COMMA)));
            self.weigh(&mut candidate, prepared, &tokens);
            return Some(candidate);
        }
        // A name alone, or above the rest of what a cell holds.
        let whole = |reading: &Reading| {
            let end = normal::token_range(&units, reading).map_or(0, |range| range.end);
            reading.units.len() * 2 > units.len()
                || reading.units.start == 0 && tokens.get(end).is_some_and(|next| next.lines > 0)
        };
        let reading = best.filter(whole)?;
        let mut candidate = normal::candidate(text, block, &tokens, &units, &reading);
        candidate.add("reads as a name", reading.bits);
        self.weigh(&mut candidate, prepared, &tokens);
        Some(candidate)
    }

    /// `FORA63520412 - FORTIN, ANNE`: a name in one cell with numbers, which part it from the rest.
    fn beside_numbers(
        &mut self,
        prepared: &Prepared<'_>,
        block: usize,
        name: &str,
        place: &Range<usize>,
    ) -> Option<Candidate> {
        let tokens = token::read(name, 0..name.len(), self.words);
        let units = shape::units(self.words, &tokens, 0..tokens.len(), name, true);
        let best = shape::readings(&units).into_iter().next();
        let mut candidate = match (parted_by_comma(name), best) {
            (Some((surname, given)), best) => {
                let mut candidate = normal::of(&given, &surname, block, 0..name.len());
                candidate.add("surname, comma, given name", best.map_or(COMMA, |best| best.bits.max(COMMA)));
                candidate
            }
            (None, best) => {
                let reading = best.filter(|reading| reading.units.len() * 2 > units.len())?;
                let mut candidate = normal::candidate(name, block, &tokens, &units, &reading);
                candidate.add("reads as a name", reading.bits);
                candidate
            }
        };
        candidate.span = place.start + candidate.span.start..place.start + candidate.span.end;
        self.weigh(&mut candidate, prepared, &tokens);
        Some(candidate)
    }

    fn parted(&mut self, prepared: &Prepared<'_>, block: usize) -> Option<Candidate> {
        if Column::of_header(prepared.text(block)).is_some() {
            // A header under the title of a table.
            return None;
        }
        let given = self.beside(prepared, block, Column::GivenName);
        let Some(given) = given else { return self.full(prepared, block) };
        let surname = plain(prepared.text(block))?;
        let given = plain(prepared.text(given))?;
        let end = prepared.text(block).len();
        let mut candidate = normal::of(&given, &surname, block, 0..end);
        let text = format!("{given} {surname}");
        let tokens = token::read(&text, 0..text.len(), self.words);
        if given == surname && !tokens.iter().any(|token| token.own.any(GIVEN | SURNAME)) {
            // `texte` under each header: what the cells are to hold.
            return None;
        }
        candidate.add("surname and given name in columns of their own", 3.0);
        self.weigh(&mut candidate, prepared, &tokens);
        Some(candidate)
    }

    /// The cell of a row whose header says that it holds such a thing.
    fn beside(&mut self, prepared: &Prepared<'_>, block: usize, column: Column) -> Option<usize> {
        prepared.record(block).into_iter().find(|other| self.column(prepared, *other) == Some(column))
    }

    fn weigh(&mut self, candidate: &mut Candidate, prepared: &Prepared<'_>, tokens: &[Token]) {
        candidate.add("a name is rarely a patient's", PRIOR);
        let headed =
            prepared.header(candidate.block).is_some_and(|header| self.header(header).column.is_some());
        candidate.add(if headed { "under a header for names" } else { "in a column of names" }, TYPED);
        let table = self.table(prepared, candidate.block);
        if table.patient {
            let reason = if table.by_cells {
                "in a table whose cells tell of patients"
            } else {
                "in a table of patients"
            };
            candidate.add(reason, OF_PATIENTS);
        } else if table.staff {
            candidate.add("in a table of employees, courses or suppliers", OF_STAFF);
        }
        if context::is_listed_place(tokens, &(0..tokens.len())) {
            candidate.add("the name of a place or a thing", -12.0);
        }
    }

    /// What the headers over a row say together. Columns of patients outweigh those of employees: a health-insurance
    /// number beside a telephone is still a patient's.
    fn table(&mut self, prepared: &Prepared<'_>, block: usize) -> Says {
        let heads = prepared.tables.heads(block);
        let record = |cell: Cell| match heads {
            Heads::Above => (cell.table, cell.row),
            Heads::Left => (cell.table, cell.column),
            Heads::Beside => (cell.table, 0),
        };
        let row = prepared.blocks.get(block).and_then(|block| block.cell).map(record);
        if let Some((_, says)) = self.last.filter(|(last, _)| Some(*last) == row) {
            return says;
        }
        let mut all = Says::default();
        let mut topics = 0;
        for cell in prepared.record(block) {
            let own = prepared.header(cell).map(|header| self.header(header)).unwrap_or_default();
            let nam = matches!(own.column, Some(Column::Nam | Column::BirthDate));
            all.patient |= own.patient || nam;
            all.staff |= own.staff;
            topics += usize::from(own.topic);
            let name = matches!(own.column, Some(Column::FullName | Column::Surname));
            all.names |= name;
            all.sure |= nam || name && own.patient;
        }
        all.patient |= topics > 1;
        let mut about = || self.content(prepared, block).map(Content::about).unwrap_or_default();
        match (all.patient, all.staff) {
            (false, false) => {
                let about = about();
                all.patient = about == About::Patients;
                all.staff = about == About::Staff;
                all.by_cells = true;
            }
            // `Dossier | Personne-ressource | Poste`: the cells tell which of the headers means what it says.
            (true, true) if !all.sure => all.patient = about() != About::Staff,
            _ => {}
        }
        self.last = row.map(|row| (row, all));
        all
    }

    fn header(&mut self, header: &str) -> Says {
        let address = header.as_ptr().addr();
        if let Some(says) = self.headers.get(&address) {
            return *says;
        }
        let tokens = token::read(header, 0..header.len(), self.words);
        let whole = |tags| {
            tokens.first().is_some_and(|first| first.starts.any(tags))
                && tokens.last().is_some_and(|last| last.ends.any(tags))
        };
        let topic = matches!(tokens.as_slice(), [only] if TOPICS.contains(&only.key));
        let says = Says {
            label: whole(PATIENT_BEFORE),
            patient: whole(PATIENT_COLUMN) && !topic,
            topic,
            staff: whole(STAFF_COLUMN | STAFF | JOB),
            column: Column::of_header(header),
            names: false,
            sure: false,
            by_cells: false,
        };
        self.headers.insert(address, says);
        says
    }
}

/// Where words stand apart from the numbers of a cell: `123456 Roy Ann`, `ROYA63520412 - ROY, ANN`, `Roy Ann (1963-02-04)`. Letters
/// glued to digits belong to a number. `None` without a number, or when two stretches hold words.
fn apart_from_numbers(tokens: &[Token]) -> Option<Range<usize>> {
    let numbered = |at: usize| {
        let number = |at: usize| tokens.get(at).is_some_and(|token| token.shape == Shape::Number);
        let glued =
            |at: usize| tokens.get(at).is_some_and(|token| token.gap == Gap::Start && token.lines == 0);
        number(at) || at > 0 && glued(at) && number(at - 1) || glued(at + 1) && number(at + 1)
    };
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let mut figures = 0;
    for (at, token) in tokens.iter().enumerate() {
        match stretches.last_mut() {
            _ if numbered(at) => figures += usize::from(token.shape == Shape::Number && token.len() > 3),
            Some(last) if at > 0 && !numbered(at - 1) => last.end = token.end,
            _ => stretches.push(token.start..token.end),
        }
    }
    match stretches.as_slice() {
        [one] if figures > 0 && tokens.iter().all(|token| token.lines == 0) => Some(one.clone()),
        _ => None,
    }
}

/// `Vo, Thi Thi` under a header for names: what stands before the comma is the surname, whatever the lists know.
fn parted_by_comma(text: &str) -> Option<(String, String)> {
    let (surname, given) = text.split('\n').next()?.split_once(',')?;
    let words = |part: &str| (1..=4).contains(&part.split(' ').filter(|word| !word.is_empty()).count());
    let capital = |part: &str| part.trim().starts_with(char::is_uppercase);
    let (surname, given) =
        (Some(surname).filter(|part| words(part))?, Some(given).filter(|part| words(part) && capital(part))?);
    Some((plain(surname)?, plain(given)?))
}

/// A cell that can be a name: letters, and only what joins them.
fn plain(text: &str) -> Option<String> {
    let text = text.trim();
    let letters = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.');
    let fits = text.len() >= 2 && text.len() <= 60 && text.chars().all(letters);
    fits.then(|| text.to_lowercase())
}

/// Bits against the names of a schedule.
const SCHEDULED: f32 = -14.0;

/// Weighs down the names of schedules: several people stand each in several columns of one table, by day or by shift.
pub fn schedules(prepared: &Prepared<'_>, found: &mut [Candidate]) {
    let mut columns: HashMap<(String, u32), BTreeMap<String, BTreeSet<u32>>> = HashMap::new();
    for name in found.iter() {
        let Some((table, column)) = table_of(prepared, name) else { continue };
        let names = columns.entry(table).or_default();
        names.entry(name.value.reveal().to_owned()).or_default().insert(column);
    }
    // A name told twice in the same two columns of every row is no schedule.
    columns.retain(|_, names| {
        let again: BTreeSet<_> = names.values().filter(|columns| columns.len() > 1).collect();
        again.len() > 1
    });
    for name in found.iter_mut().filter(|_| !columns.is_empty()) {
        if table_of(prepared, name).is_some_and(|(table, _)| columns.contains_key(&table)) {
            name.add("in a schedule: the same names in several columns", SCHEDULED);
        }
    }
}

/// The table that a name stands in, with its part, and its column there.
fn table_of(prepared: &Prepared<'_>, name: &Candidate) -> Option<((String, u32), u32)> {
    let block = prepared.blocks.get(name.block)?;
    let cell = block.cell?;
    let part = &prepared.segments.get(block.segment)?.place.part;
    Some(((part.clone(), cell.table), cell.column))
}
