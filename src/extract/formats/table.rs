//! Coordinates of cells, with tables inside tables.

use crate::model::{Boundary, Cell};

/// Most tables inside one another; deeper ones are read as running text.
const DEEPEST: usize = 32;
/// Widest span counted.
const WIDEST: u32 = 1_000;

/// The tables open at a point of a page.
#[derive(Debug, Default)]
pub struct Tables {
    open: Vec<Table>,
    /// Tables opened past the depth that is followed.
    beyond: usize,
    number: u32,
}

#[derive(Debug)]
struct Table {
    number: u32,
    /// Rows begun.
    rows: u32,
    /// Column of the next cell.
    next: u32,
    /// Column of the open cell.
    cell: Option<u32>,
    /// Boundary of the next text.
    boundary: Boundary,
}

impl Tables {
    /// Begins a table.
    pub fn open(&mut self) {
        if self.open.len() >= DEEPEST {
            self.beyond += 1;
            return;
        }
        let table = Table { number: self.number, rows: 0, next: 0, cell: None, boundary: Boundary::Block };
        self.number = self.number.saturating_add(1);
        self.open.push(table);
    }

    /// Ends the innermost table.
    pub fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else {
            self.open.pop();
        }
    }

    /// Begins a row.
    pub fn row(&mut self) {
        if let Some(table) = self.innermost() {
            table.boundary = if table.rows == 0 { Boundary::Block } else { Boundary::Row };
            table.rows = table.rows.saturating_add(1);
            table.next = 0;
            table.cell = None;
        }
    }

    /// Begins a cell that spans this many columns.
    pub fn cell(&mut self, span: u32) {
        let Some(table) = self.innermost() else { return };
        table.rows = table.rows.max(1);
        if table.next > 0 && table.boundary != Boundary::Row {
            table.boundary = Boundary::Cell;
        }
        table.cell = Some(table.next);
        table.next = table.next.saturating_add(span.clamp(1, WIDEST));
    }

    /// Says that the open cell spans this many columns.
    pub fn widen(&mut self, span: u32) {
        if let Some(table) = self.innermost() {
            table.next = table.next.saturating_add(span.clamp(1, WIDEST) - 1);
        }
    }

    /// Ends the open cell.
    pub fn end_cell(&mut self) {
        if let Some(table) = self.innermost() {
            table.cell = None;
        }
    }

    /// Where text put now stands, and how it follows what was put before.
    pub fn place(&mut self) -> (Option<Cell>, Boundary) {
        let Some(table) = self.open.last_mut() else { return (None, Boundary::Block) };
        let Some(column) = table.cell else { return (None, Boundary::Block) };
        let boundary = std::mem::replace(&mut table.boundary, Boundary::Inline);
        (Some(Cell { table: table.number, row: table.rows.saturating_sub(1), column }), boundary)
    }

    fn innermost(&mut self) -> Option<&mut Table> {
        if self.beyond > 0 { None } else { self.open.last_mut() }
    }
}
