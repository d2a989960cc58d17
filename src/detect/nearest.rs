//! What someone may have meant who wrote a name that does not exist.

/// The name nearest to one that is not known, when it is near: at most a third of its letters differ.
#[must_use]
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().map(|name| (distance(written, name), name)).min();
    near.filter(|(distance, name)| *distance * 3 <= name.chars().count().max(3)).map(|(_, name)| name)
}

/// Letters to insert, delete or replace to make one of the other (Levenshtein, 1966). Names are cut at 64 letters.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().take(64).enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        for (place, expected) in row.iter_mut().skip(1).zip(&other) {
            let replaced = diagonal + usize::from(letter != *expected);
            diagonal = *place;
            *place = replaced.min(left + 1).min(diagonal + 1);
            left = *place;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or(0)
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
            ("", None),
            ("diagnostics", None),
        ] {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
    }
}
