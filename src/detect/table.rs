//! Tables: which header stands over a cell, and what a column holds by it.

use std::ops::Range;

use super::lexicon::fold;
use super::prepared::Block;
use crate::model::{Boundary, Cell};

/// What a column holds, by its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// Surname and given name in one cell.
    FullName,
    /// Surname.
    Surname,
    /// Given name.
    GivenName,
    /// Health-insurance number.
    Nam,
    /// Date of birth.
    BirthDate,
    /// Dossier, user or employee number.
    Reference,
}

/// Headers by the kind of column, as [`Column::of_header`] plains them (compiled by us, 2026-11, on forms of clinical and payroll exports).
const HEADERS: [(Column, &[&str]); 6] = [
    (
        Column::FullName,
        &[
            "nom complet",
            "nom et prenom",
            "nom, prenom",
            "nom prenom",
            "prenom nom",
            "prenom et nom",
            "patient",
            "patiente",
            "usager",
            "usagere",
            "nom de l'usager",
            "nom du patient",
            "nom usager",
            "nom patient",
            "resident",
            "beneficiaire",
            "client",
            "full name",
            "patient name",
            "name",
            "participant",
            "participante",
            "cliente",
            "residente",
            "enfant",
            "eleve",
            "nom/prenom",
            "nom & prenom",
            "noms et prenoms",
            "nom, prenoms",
            "prenom, nom",
            "identite",
            "personne",
            "last name, first name",
            "surname, given name",
            "name of patient",
            "resident name",
            "client name",
        ],
    ),
    (
        Column::Surname,
        &[
            "nom",
            "nom de famille",
            "surname",
            "last name",
            "lastname",
            "family name",
            "nom a la naissance",
            "nom famille",
            "nom de famille de l'usager",
            "nom naissance",
            "nom de naissance",
            "noms",
            "patronyme",
            "family",
            "last",
        ],
    ),
    (
        Column::GivenName,
        &[
            "prenom",
            "prenoms",
            "given name",
            "first name",
            "firstname",
            "prenom usuel",
            "prenom usager",
            "prenom patient",
            "prenom de l'usager",
            "prenom(s)",
            "given",
            "given names",
            "first names",
            "first",
            "forename",
        ],
    ),
    (
        Column::Nam,
        &[
            "nam",
            "n.a.m",
            "no nam",
            "ramq",
            "no ramq",
            "numero ramq",
            "no ass. maladie",
            "numero d'assurance maladie",
            "assurance maladie",
            "no assurance maladie",
            "carte soleil",
            "health insurance number",
            "health card",
            "hin",
            "medicare",
            "no assurance-maladie",
            "assurance-maladie",
            "no carte soleil",
            "no ass.-maladie",
            "no ass mal",
            "numero nam",
            "nam/ramq",
            "carte ramq",
            "health card no",
            "health card number",
            "ramq number",
            "ramq no",
        ],
    ),
    (
        Column::BirthDate,
        &[
            "ddn",
            "d.d.n",
            "date de naissance",
            "naissance",
            "date naissance",
            "date nais",
            "date naiss",
            "ne le",
            "ne(e) le",
            "dob",
            "d.o.b",
            "birth date",
            "birthdate",
            "date of birth",
            "birth",
            "datenaissance",
            "naiss",
            "ddn usager",
            "ddn patient",
            "date de naiss",
            "date naiss.",
            "dt naiss",
            "dt naissance",
            "nee le",
            "birthday",
            "bday",
            "d. naiss",
            "jour de naissance",
        ],
    ),
    (
        Column::Reference,
        &[
            "dossier",
            "no dossier",
            "# dossier",
            "no de dossier",
            "mrn",
            "matricule",
            "no employe",
            "employe no",
            "niu",
        ],
    ),
];

impl Column {
    /// The kind of column that a header names; a header in two languages (`Nom / Last name`) by either.
    #[must_use]
    pub fn of_header(header: &str) -> Option<Self> {
        let header = fold(header).replace(['_', '\n'], " ");
        let header = header.split(['(', '[']).next().unwrap_or_default();
        let known = |header: &str| {
            let header = header.trim().trim_end_matches([':', '*', '.']).trim();
            HEADERS.iter().find(|(_, words)| words.contains(&header)).map(|(column, _)| *column)
        };
        known(header)
            .or_else(|| header.split(['/', '|']).find_map(known))
            .or_else(|| plainer(header).and_then(|header| known(&header)))
    }
}

/// `Nom complet du bénéficiaire` asks what `Nom` asks: a header without the words that say whose it is; `None` without such words.
fn plainer(header: &str) -> Option<String> {
    let words = || header.split([' ', '.', '\'', ':', '*', '#']).filter(|word| !word.is_empty());
    let kept: Vec<&str> = words().filter(|word| !PEOPLE.contains(word) && !SMALL.contains(word)).collect();
    let named = words().any(|word| PEOPLE.contains(&word));
    (named && !kept.is_empty()).then(|| kept.join(" "))
}

/// Whose name, number or birth a header asks for, and the small words beside it.
const PEOPLE: [&str; 26] = [
    "usager",
    "usagere",
    "usagers",
    "patient",
    "patiente",
    "patients",
    "client",
    "cliente",
    "clients",
    "resident",
    "residente",
    "residents",
    "beneficiaire",
    "beneficiaires",
    "personne",
    "enfant",
    "eleve",
    "hospitalise",
    "hospitalisee",
    "participant",
    "participante",
    "pt",
    "child",
    "person",
    "nouveau-ne",
    "bebe",
];
const SMALL: [&str; 13] =
    ["de", "du", "des", "la", "le", "l", "d", "complet", "complete", "of", "the", "s", "usuel"];

/// Most rows looked at for a header: a title or two may stand above it.
const HEADER_ROWS: usize = 5;

/// Every table of a message, by the blocks that are its cells.
#[derive(Debug, Default)]
pub struct Tables {
    tables: Vec<Table>,
}

#[derive(Debug)]
struct Table {
    /// Its cells, contiguous in reading order.
    blocks: Range<usize>,
    /// Column (row, when each row has its header on the left) and block of each header, sorted.
    headers: Vec<(u32, usize)>,
    /// Where its data starts.
    body: usize,
    /// Where its headers stand.
    heads: Heads,
}

/// Where the headers of a table stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heads {
    /// Over each column: a row is a record.
    Above,
    /// On the left of each row: a column is a record.
    Left,
    /// Each on the left of its value, several in a row: the table is a form about one.
    Beside,
}

impl Tables {
    /// Finds the tables among the blocks of a message, and the row that heads each.
    #[must_use]
    pub fn of(blocks: &[Block<'_>]) -> Self {
        let mut tables = Vec::new();
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            let end = at
                + 1
                + blocks
                    .get(at + 1..)
                    .unwrap_or_default()
                    .iter()
                    .take_while(|next| same_table(block, next))
                    .count();
            if block.cell.is_some() {
                tables.push(Table::of(blocks, at..end));
            }
            at = end;
        }
        Self { tables }
    }

    /// The block that heads a cell's column; `None` for headers themselves and what stands above them.
    #[must_use]
    pub fn header(&self, block: usize, cell: Cell) -> Option<usize> {
        let table = self.of_block(block).filter(|table| block >= table.body)?;
        if table.heads == Heads::Beside {
            let left = block.checked_sub(1)?;
            return table.headers.iter().any(|(_, header)| *header == left).then_some(left);
        }
        let line = if table.heads == Heads::Left { cell.row } else { cell.column };
        let found = table.headers.binary_search_by_key(&line, |(line, _)| *line).ok()?;
        table.headers.get(found).map(|(_, header)| *header).filter(|header| *header != block)
    }

    /// The cells of the table that a block is one of, those of its headers left out; `None` for other text.
    #[must_use]
    pub fn body(&self, block: usize) -> Option<Range<usize>> {
        let table = self.of_block(block)?;
        // A table without headers is all body.
        let from = if table.headers.is_empty() { table.blocks.start } else { table.body };
        Some(from..table.blocks.end)
    }

    /// Where the headers of a block's table stand.
    #[must_use]
    pub fn heads(&self, block: usize) -> Heads {
        self.of_block(block).map_or(Heads::Above, |table| table.heads)
    }

    fn of_block(&self, block: usize) -> Option<&Table> {
        let index = self.tables.partition_point(|table| table.blocks.start <= block).checked_sub(1)?;
        self.tables.get(index).filter(|table| table.blocks.contains(&block))
    }
}

impl Table {
    fn of(blocks: &[Block<'_>], range: Range<usize>) -> Self {
        if let Some(headers) = headed_on_the_left(blocks, &range) {
            return Self { body: range.start, blocks: range, headers, heads: Heads::Left };
        }
        if let Some(headers) = headed_beside(blocks, &range) {
            return Self { body: range.start, blocks: range, headers, heads: Heads::Beside };
        }
        let mut row = row_of(blocks, range.start);
        for _ in 0..HEADER_ROWS {
            if row.start >= range.end {
                break;
            }
            if heads(blocks, &row) {
                let columns = row.clone().filter_map(|block| Some((blocks.get(block)?.cell?.column, block)));
                let mut headers: Vec<_> = columns.collect();
                headers.sort_unstable();
                return Self { blocks: range, headers, body: row.end, heads: Heads::Above };
            }
            row = row_of(blocks, row.end);
        }
        Self { body: range.end, blocks: range, headers: Vec::new(), heads: Heads::Above }
    }
}

/// Most rows of a table whose headers stand on the left: a form, or a few records side by side.
const LEFT_ROWS: usize = 40;

/// The headers of a table that has them on the left, by row: `Nom | Roy`, `Prénom | Ann`, `NAM | …`. At least two of the first
/// cells name a known kind, each another, and the first row holds no more than one.
fn headed_on_the_left(blocks: &[Block<'_>], range: &Range<usize>) -> Option<Vec<(u32, usize)>> {
    let mut headers = Vec::new();
    let mut kinds: Vec<Column> = Vec::new();
    let mut row = row_of(blocks, range.start);
    let text = |block: usize| blocks.get(block).map_or("", |block| block.view.text());
    if row.clone().filter(|block| Column::of_header(text(*block)).is_some()).count() > 1 {
        return None;
    }
    while row.start < range.end {
        if headers.len() > LEFT_ROWS {
            return None;
        }
        if let Some(kind) = Column::of_header(text(row.start)) {
            // The same header again is a value of the column, or a second record below.
            if kinds.contains(&kind) {
                return None;
            }
            kinds.push(kind);
        }
        headers.extend(blocks.get(row.start).and_then(|block| Some((block.cell?.row, row.start))));
        row = row_of(blocks, row.end.max(row.start + 1));
    }
    headers.sort_unstable();
    (kinds.len() > 1).then_some(headers)
}

/// Most cells of a form.
const FORM: usize = 120;

/// The headers of a form that has several in a row, each before its value: `Nom | Roy | Prénom | Ann`. They name known kinds, stand
/// in two rows at least, and no row has two side by side, as a row of headers has.
fn headed_beside(blocks: &[Block<'_>], range: &Range<usize>) -> Option<Vec<(u32, usize)>> {
    if range.len() > FORM {
        return None;
    }
    let is_header =
        |block: &Block<'_>| Column::of_header(block.view.text()).is_some_and(|kind| kind != Column::FullName);
    let cells = blocks.get(range.clone())?;
    let headers: Vec<(u32, usize)> = (range.start..)
        .zip(cells)
        .filter(|(_, block)| is_header(block))
        .filter_map(|(index, block)| Some((block.cell?.row, index)))
        .collect();
    let rows = headers.iter().zip(headers.iter().skip(1)).filter(|(one, next)| one.0 != next.0).count();
    let apart =
        headers.windows(2).all(|pair| matches!(pair, [one, next] if one.1 + 1 < next.1 || one.0 != next.0));
    (headers.len() > 2 && rows > 0 && apart).then_some(headers)
}

/// Most neighbours looked at on either side of a cell, so that a row of a million cells costs no more.
const WIDEST: usize = 256;

/// The blocks of the row that a block is a cell of, from that block's first neighbour to its last.
#[must_use]
pub fn row_of(blocks: &[Block<'_>], block: usize) -> Range<usize> {
    let Some(this) = blocks.get(block) else { return block..block };
    let before = blocks
        .get(..block)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(WIDEST)
        .take_while(|other| same_row(this, other))
        .count();
    let after = blocks
        .get(block + 1..)
        .unwrap_or_default()
        .iter()
        .take(WIDEST)
        .take_while(|other| same_row(this, other))
        .count();
    block - before..block + 1 + after
}

/// Whether a row reads like headers: at least two cells with words, and one of a known kind or none with a digit.
fn heads(blocks: &[Block<'_>], row: &Range<usize>) -> bool {
    let texts = || {
        blocks
            .get(row.clone())
            .unwrap_or_default()
            .iter()
            .map(|block| block.view.text().trim())
            .filter(|text| !text.is_empty())
    };
    let words =
        texts().filter(|text| !text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@')).count();
    words >= 2 && (words == texts().count() || texts().any(|text| Column::of_header(text).is_some()))
}

/// Whether two cells are of one record: of one row, of one column where headers stand on the left, of one form.
#[must_use]
pub fn same_record(blocks: &[Block<'_>], tables: &Tables, one: usize, other: usize) -> bool {
    let cell = |block: usize| blocks.get(block).and_then(|block| block.cell);
    let (Some(this), Some(that)) = (cell(one), cell(other)) else { return false };
    let same_table = this.table == that.table && one.abs_diff(other) <= WIDEST;
    same_table
        && match tables.heads(one) {
            Heads::Above => this.row == that.row,
            Heads::Left => this.column == that.column,
            Heads::Beside => true,
        }
}

fn same_table(one: &Block<'_>, other: &Block<'_>) -> bool {
    let follows = !matches!(other.boundary, Boundary::Part);
    matches!((one.cell, other.cell), (Some(one), Some(other)) if one.table == other.table) && follows
}

fn same_row(one: &Block<'_>, other: &Block<'_>) -> bool {
    matches!((one.cell, other.cell), (Some(one), Some(other)) if one.table == other.table && one.row == other.row)
}
