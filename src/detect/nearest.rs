//! What someone may have meant who wrote a name that does not exist.

/// The name nearest to one that is not known, when it is near: at most two of its letters in five differ.
#[must_use]
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().map(|name| (distance(written, name), name)).min();
    near.filter(|(distance, name)| *distance * 5 <= name.chars().count() * 2).map(|(_, name)| name)
}

/// Letters to insert, delete, replace or swap with their neighbour to make one of the other (Damerau, 1964). Names are cut at
/// 64 letters.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) =
        (one.chars().take(64).collect(), other.chars().take(64).collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (down, letter) in one.iter().enumerate() {
        let mut row = vec![down + 1];
        for (right, expected) in other.iter().enumerate() {
            let at = |up: usize, left: usize| {
                let row = rows.len().checked_sub(up).and_then(|index| rows.get(index));
                row.zip((right + 1).checked_sub(left)).and_then(|(row, at)| row.get(at)).copied()
            };
            let replaced = at(1, 1).map(|cost| cost + usize::from(letter != expected));
            let deleted = at(1, 0).map(|cost| cost + 1);
            let inserted = row.last().map(|cost| cost + 1);
            let before =
                |letters: &[char], at: usize| at.checked_sub(1).and_then(|at| letters.get(at)).copied();
            let crossed = before(&one, down) == Some(*expected) && before(&other, right) == Some(*letter);
            let swapped = at(2, 2).filter(|_| crossed).map(|cost| cost + 1);
            row.extend([replaced, deleted, inserted, swapped].into_iter().flatten().min());
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_hand_is_recognised_and_another_word_is_not() {
        let known = ["given-names", "surnames", "places", "health"];
        for (written, expected) in [
            ("given-name", Some("given-names")),
            ("surname", Some("surnames")),
            ("helath", Some("health")),
            ("palces", Some("places")),
            ("", None),
            ("diagnostics", None),
        ] {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
    }
}
