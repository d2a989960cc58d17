//! Fields of one character each that stand in a row, as forms have them for numbers: what they say together (ISO 32000-1, 12.7.3).

use super::file::File;
use super::object::{Dict, Object};
use super::words;

/// Most such fields of a file that are looked at.
const MOST: usize = 20_000;
/// Fewest that say something together.
const FEWEST: usize = 4;

/// A field that holds one character.
#[derive(Clone, Debug, PartialEq)]
struct Box {
    page: u32,
    /// Its lower edge, in steps of four points.
    row: f64,
    left: f64,
    right: f64,
    text: String,
}

/// What rows of such fields say, a line each.
pub fn read(file: &File<'_>) -> Vec<String> {
    let boxes = file.all().filter_map(|(number, object)| one(file, number, object.dict()?));
    let mut boxes: Vec<Box> = boxes.take(MOST).collect();
    boxes.sort_by(|one, other| {
        let down = || other.row.total_cmp(&one.row);
        one.page.cmp(&other.page).then_with(down).then_with(|| one.left.total_cmp(&other.left))
    });
    // A field as an update left it is the same field.
    boxes.dedup();
    rows(&boxes)
}

fn rows(boxes: &[Box]) -> Vec<String> {
    let together = |one: &Box, next: &Box| {
        let width = (next.right - next.left).max(1.0);
        one.page == next.page && one.row.total_cmp(&next.row).is_eq() && next.left - one.right < width
    };
    let rows = boxes.chunk_by(together).filter(|row| row.len() >= FEWEST);
    rows.map(|row| row.iter().map(|it| it.text.as_str()).collect()).collect()
}

/// A field, or the place of one whose value its parent has.
fn one(file: &File<'_>, number: u32, dict: &Dict) -> Option<Box> {
    let [left, low, right, _] = dict.get("Rect").map(|rect| file.resolve(rect))?.items() else { return None };
    let [left, low, right] = [left, low, right].map(|it| file.resolve(it).number().unwrap_or(0.0));
    let (holder, value) = match dict.get("V") {
        Some(value) => (number, value),
        None => match dict.get("Parent")? {
            Object::Ref(parent) => (*parent, file.get(*parent).dict()?.get("V")?),
            _ => return None,
        },
    };
    let text = words(&file.string(holder, value.string()?)).trim().to_owned();
    let page = match dict.get("P") {
        Some(Object::Ref(page)) => *page,
        _ => 0,
    };
    let (left, right, row) = (left.min(right), left.max(right), (low / 4.0).round());
    (text.chars().count() == 1).then_some(Box { page, row, left, right, text })
}

#[cfg(test)]
mod tests {
    use super::{File, read};

    fn form(fields: &[(u32, u32, &str)]) -> String {
        let field = |(number, (left, low, value)): (usize, &(u32, u32, &str))| {
            let right = left + 18;
            format!("{} 0 obj<</T(f{number})/V({value})/Rect[{left} {low} {right} 20]>>endobj\n", number + 4)
        };
        fields.iter().enumerate().map(field).collect()
    }

    #[test]
    fn fields_of_one_letter_in_a_row_are_one_word() {
        let row: Vec<(u32, u32, &str)> = (0u32..)
            .map(|at| 50 + at * 20)
            .zip("TREM55".split(""))
            .filter(|it| !it.1.is_empty())
            .map(|(left, text)| (left, 700, text))
            .collect();
        let form_of = |fields: &[(u32, u32, &str)]| read(&File::open(form(fields).as_bytes()));
        assert_eq!(form_of(&row), ["TREM55"]);
        let back: Vec<_> = row.iter().rev().copied().collect();
        assert_eq!(form_of(&back), ["TREM55"]);
        // Marks of a list, and letters far apart, say nothing together.
        assert!(form_of(&[(50, 700, "X"), (50, 680, "X"), (50, 660, "X"), (50, 640, "X")]).is_empty());
        assert!(form_of(&[(50, 700, "A"), (200, 700, "B"), (350, 700, "C"), (500, 700, "D")]).is_empty());
    }
}
