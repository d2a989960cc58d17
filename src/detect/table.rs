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
            "numero d'assurance maladie",
            "assurance maladie",
            "no assurance maladie",
            "carte soleil",
            "health insurance number",
            "health card",
            "hin",
            "medicare",
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
    /// The kind of column that a header names.
    #[must_use]
    pub fn of_header(header: &str) -> Option<Self> {
        let header = fold(header).replace(['_', '\n'], " ");
        let header = header.split(['(', '[']).next().unwrap_or_default();
        let header = header.trim().trim_end_matches([':', '*', '.']).trim();
        HEADERS.iter().find(|(_, words)| words.contains(&header)).map(|(column, _)| *column)
    }
}

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
    /// Column and block of each header, sorted by column.
    headers: Vec<(u32, usize)>,
    /// Where its data starts.
    body: usize,
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
        let index = self.tables.partition_point(|table| table.blocks.start <= block).checked_sub(1)?;
        let table =
            self.tables.get(index).filter(|table| table.blocks.contains(&block) && block >= table.body)?;
        let found = table.headers.binary_search_by_key(&cell.column, |(column, _)| *column).ok()?;
        table.headers.get(found).map(|(_, header)| *header)
    }
}

impl Table {
    fn of(blocks: &[Block<'_>], range: Range<usize>) -> Self {
        let mut row = row_of(blocks, range.start);
        for _ in 0..HEADER_ROWS {
            if row.start >= range.end {
                break;
            }
            if heads(blocks, &row) {
                let columns = row.clone().filter_map(|block| Some((blocks.get(block)?.cell?.column, block)));
                let mut headers: Vec<_> = columns.collect();
                headers.sort_unstable();
                return Self { blocks: range, headers, body: row.end };
            }
            row = row_of(blocks, row.end);
        }
        Self { body: range.end, blocks: range, headers: Vec::new() }
    }
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
    let words = texts().filter(|text| !text.bytes().any(|byte| byte.is_ascii_digit())).count();
    words >= 2 && (words == texts().count() || texts().any(|text| Column::of_header(text).is_some()))
}

fn same_table(one: &Block<'_>, other: &Block<'_>) -> bool {
    let follows = !matches!(other.boundary, Boundary::Part);
    matches!((one.cell, other.cell), (Some(one), Some(other)) if one.table == other.table) && follows
}

fn same_row(one: &Block<'_>, other: &Block<'_>) -> bool {
    matches!((one.cell, other.cell), (Some(one), Some(other)) if one.table == other.table && one.row == other.row)
}
