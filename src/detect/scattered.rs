//! Numbers written over several cells: letters and digits of a NAM or the three groups of a NAS, transit, institution and account, side
//! by side or one below the other; the groups of a card, of an Ontario health number or of a date, side by side; and a NAM or NAS that one text begins and the next one ends, as a subject and its body may.
//! Each is read once more as one number.
//!
//! Only these shapes are joined: any two cells put together would make numbers that nobody wrote.

use super::prepared::Block;
use crate::model::Region;

/// Most cells a number is spread over: a form gives each character its own.
const MOST_CELLS: usize = 12;
/// Characters of a NAM.
const NAM: usize = 12;
/// Cells looked at for the one below.
const BELOW: usize = 24;
/// What is read of the text that begins a number, label included, and of the one that ends it.
const LEAD: usize = 60;
const END: usize = 16;
/// Fewest digits that a text which begins a NAM has of it: four letters alone are a word.
const BEGUN: usize = 2;

/// Every number over several cells, with its first cell.
#[must_use]
pub fn scattered(blocks: &[Block<'_>]) -> Vec<(usize, String)> {
    (0..blocks.len())
        .filter_map(|index| {
            let joined = over_cells(blocks, index).or_else(|| over_two(blocks, index));
            joined.map(|text| (index, text))
        })
        .collect()
}

/// A number that begins in a cell and goes on to the right of it, or below. The first two cells tell of most that they hold none.
fn over_cells(blocks: &[Block<'_>], index: usize) -> Option<String> {
    let first = blocks.get(index).filter(|block| block.cell.is_some()).map(cell_text)?;
    let number = is_digits(first, 3, 5);
    let letters = (1..=4).contains(&first.len()) && is_letters(first);
    let goes_on = |second: Option<&str>| match second.map(str::len) {
        _ if letters => true,
        second => matches!((first.len(), second), (3 | 5, Some(3)) | (3, Some(5)) | (4, Some(2..=4))),
    };
    if !(number || letters) {
        return None;
    }
    let right = to_the_right(blocks, index);
    let right: Vec<&str> = if goes_on(right.clone().nth(1)) { right.collect() } else { Vec::new() };
    nam(&right).or_else(|| nas(&right)).or_else(|| account(&right)).or_else(|| grouped(&right)).or_else(
        || {
            let under = downwards(blocks, index).filter(|_| number || first.len() == 4)?;
            let under: Vec<&str> = if goes_on(under.clone().nth(1)) { under.collect() } else { Vec::new() };
            account(&under).or_else(|| nas(&under)).or_else(|| nam(&under))
        },
    )
}

fn cell_text<'b>(block: &'b Block<'_>) -> &'b str {
    block.view.text().trim()
}

/// A cell's text and those after it in its row.
fn to_the_right<'b>(blocks: &'b [Block<'_>], index: usize) -> impl Iterator<Item = &'b str> + Clone {
    let row = |block: &Block<'_>| block.cell.map(|cell| (cell.table, cell.row));
    let own = blocks.get(index).and_then(row);
    let rest = blocks.get(index..).unwrap_or_default().iter();
    rest.take(MOST_CELLS).take_while(move |block| row(block) == own).map(cell_text)
}

/// A cell's text and those below it in its column, three in all.
fn downwards<'b>(blocks: &'b [Block<'_>], index: usize) -> Option<impl Iterator<Item = &'b str> + Clone> {
    let first = blocks.get(index)?.cell?;
    let under = move |block: &&Block<'_>| {
        block.cell.is_some_and(|cell| {
            cell.table == first.table && cell.column == first.column && cell.row <= first.row + 2
        })
    };
    Some(blocks.get(index..)?.iter().take(BELOW).filter(under).take(3).map(cell_text))
}

/// A number that a text begins and the next one ends, after what stands before it.
fn over_two(blocks: &[Block<'_>], index: usize) -> Option<String> {
    let text = |block: &Block<'_>| block.cell.is_none() && block.region != Region::Header;
    let this = blocks.get(index).filter(|block| text(block))?;
    let next = blocks.get(index + 1..)?.iter().find(|block| block.region != Region::Header);
    joined(this.view.text(), next.filter(|next| text(next))?.view.text())
}

fn joined(before: &str, after: &str) -> Option<String> {
    let of_number = |character: char| character.is_ascii_digit() || matches!(character, ' ' | '-');
    let before = before.trim_end();
    let line =
        before.get(before.ceil_char_boundary(before.len().saturating_sub(LEAD))..)?.rsplit('\n').next()?;
    let lead = line.trim_end_matches(of_number);
    let after = after.trim_start();
    let head = after.get(..after.floor_char_boundary(END))?;
    let run = head.get(..head.len() - head.trim_start_matches(of_number).len())?.trim_end_matches([' ', '-']);
    // What goes on after the digits is no end of a number.
    let whole = !head.get(run.len()..)?.starts_with(char::is_alphanumeric);
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).collect::<String>();
    let begun = digits(line.get(lead.len()..)?);
    let ended = digits(Some(run).filter(|_| whole)?);
    let letters = lead.rsplit(|character: char| !character.is_ascii_alphanumeric()).next()?;
    let fits = match begun.len() + ended.len() {
        8 => letters.len() == 4 && letters.bytes().all(|letter| letter.is_ascii_uppercase()),
        9 => begun.len().is_multiple_of(3),
        _ => false,
    };
    (fits && begun.len() >= BEGUN && !ended.is_empty()).then(|| format!("{lead} {begun}{ended}"))
}

fn is_letters(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// A card, an Ontario health number or a date in groups, the year first: a cell for each.
fn grouped(cells: &[&str]) -> Option<String> {
    let groups = |lengths: &[usize]| {
        let cells = cells.get(..lengths.len())?;
        let fits = cells.iter().zip(lengths).all(|(cell, length)| is_digits(cell, *length, *length));
        fits.then(|| cells.join("-"))
    };
    let century = cells.first().is_some_and(|year| year.starts_with("19") || year.starts_with("20"));
    groups(&[4, 4, 4, 4]).or_else(|| groups(&[4, 3, 3])).or_else(|| groups(&[4, 2, 2]).filter(|_| century))
}

/// Twelve characters over two cells or more, letters first.
fn nam(cells: &[&str]) -> Option<String> {
    cells.first().filter(|first| (1..=4).contains(&first.len()) && is_letters(first))?;
    let mut number = String::new();
    for cell in cells.iter().filter(|cell| !cell.is_empty()) {
        // `Adam | 1959-07-19`: a name and a birth.
        if cell.len() == 10 && cell.matches('-').count() == 2 {
            break;
        }
        let cell: String = cell.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
        if !cell.bytes().all(|byte| byte.is_ascii_alphanumeric()) || number.len() + cell.len() > NAM {
            break;
        }
        number.push_str(&cell);
    }
    let (head, digits) = number.split_at_checked(4)?;
    let (date, end) = digits.split_at_checked(4)?;
    let fits = number.len() == NAM
        && is_letters(head)
        && digits.bytes().take(6).all(|byte| byte.is_ascii_digit())
        && digits.ends_with(|character: char| character.is_ascii_digit());
    fits.then(|| format!("{head} {date} {end}"))
}

/// Three groups of three digits and nothing more.
fn nas(cells: &[&str]) -> Option<String> {
    let [first, second, third, rest @ ..] = cells else { return None };
    let groups = [first, second, third].into_iter().all(|group| is_digits(group, 3, 3));
    let ends = rest.first().is_none_or(|next| !is_digits(next, 1, usize::MAX));
    (groups && ends).then(|| format!("{first} {second} {third}"))
}

/// Transit, institution and account, the first two in either order.
fn account(cells: &[&str]) -> Option<String> {
    let [first, second, account, ..] = cells else { return None };
    let account: String = account.chars().filter(|character| !matches!(character, ' ' | '-')).collect();
    if !is_digits(&account, 5, 12) {
        return None;
    }
    match (first.len(), second.len()) {
        (5, 3) if is_digits(first, 5, 5) && is_digits(second, 3, 3) => {
            Some(format!("{first}-{second}-{account}"))
        }
        (3, 5) if is_digits(first, 3, 3) && is_digits(second, 5, 5) => {
            Some(format!("{second}-{first}-{account}"))
        }
        _ => None,
    }
}

fn is_digits(text: &str, fewest: usize, most: usize) -> bool {
    (fewest..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{account, grouped, joined, nam};

    #[test]
    fn a_nam_is_read_over_its_cells() {
        for (cells, number) in [
            (&["TREM", "0412", "1925"][..], Some("TREM 0412 1925")),
            (&["TRE", "M", "041219", "25", "suite"], Some("TREM 0412 1925")),
            (&["T", "R", "E", "M", "0", "4", "1", "2", "1", "9", "2", "5"], Some("TREM 0412 1925")),
            (&["NAM", "TREM", "0412", "1925"], None),
            (&["TREM04121925"], None),
            (&["TREM", "0412-1925"], Some("TREM 0412 1925")),
            (&["TREM", "0412"], None),
            (&["SALLE", "0412", "192"], None),
            (&["ADAM", "1959-07-19"], None),
        ] {
            assert_eq!(nam(cells).as_deref(), number, "{cells:?}");
        }
    }

    #[test]
    fn an_account_is_read_over_its_cells() {
        for (cells, number) in [
            (&["12345", "006", "1234567"][..], Some("12345-006-1234567")),
            (&["006", "12345", "123-456-7"], Some("12345-006-1234567")),
            (&["12345", "1234567"], None),
            (&["12345", "06", "1234567"], None),
        ] {
            assert_eq!(account(cells).as_deref(), number, "{cells:?}");
        }
    }

    #[test]
    fn groups_are_read_over_their_cells() {
        for (cells, number) in [
            (&["4539", "1488", "0343", "6467"][..], Some("4539-1488-0343-6467")),
            (&["9876", "543", "217", "AB"], Some("9876-543-217")),
            (&["1954", "08", "03"], Some("1954-08-03")),
            (&["2214", "08", "03"], None),
            (&["9876", "543"], None),
        ] {
            assert_eq!(grouped(cells).as_deref(), number, "{cells:?}");
        }
    }

    #[test]
    fn a_number_that_one_text_begins_is_ended_by_the_next() {
        for (before, after, number) in [
            ("NAM TREM 0412", "1925\nBonjour", Some("NAM TREM 04121925")),
            ("Son NAS : 130 692", "544 merci", Some("Son NAS : 130692544")),
            ("Son NAS : 130", "692 544", Some("Son NAS : 130692544")),
            ("Poste 2231", "544 merci", None),
            ("Le 130 692", "544e rang", None),
            ("DATE", "2010 0114", None),
            ("Objet : TREM 0412", "Bonjour 1925", None),
            ("", "", None),
        ] {
            assert_eq!(joined(before, after).as_deref(), number, "{before} {after}");
        }
    }
}
