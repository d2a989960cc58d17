//! What joins two of a list: words and marks that say nothing of what they stand between.

/// The words, folded.
const WORDS: [&str; 4] = ["et", "and", "ou", "or"];

/// Whether a word joins two of a list.
#[must_use]
pub fn is_joint(word: &str) -> bool {
    WORDS.contains(&word)
}

/// Whether a text, with whatever of `marks` and spaces around it, only joins what stands on either side.
#[must_use]
pub fn joins(text: &str, marks: &str) -> bool {
    let bare = text.trim_matches(|mark: char| mark.is_ascii_whitespace() || marks.contains(mark));
    bare.is_empty() || is_joint(bare)
}

#[cfg(test)]
mod tests {
    use super::joins;

    #[test]
    fn marks_and_words_join() {
        for (text, joined) in
            [(" et ", true), (", and ", true), (" / ", true), ("", true), (", chez ", false), (" - ", false)]
        {
            assert_eq!(joins(text, ",;&/"), joined, "{text}");
        }
    }
}
