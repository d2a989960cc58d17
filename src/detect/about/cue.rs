//! Whether what stands right before a number gives it.
//!
//! In: a sentence up to the number. Out: whether a mark or a word before it says that something is given (`: …`, `c'est le …`,
//! `elle a noté …`), where a noun there says what else it is (`procédure …`). Words are folded.

/// Whether a number is given by what ends the sentence before it.
pub fn is_cued(sentence: &str) -> bool {
    let head = sentence.trim_end();
    let bare = head.trim_end_matches(|mark: char| !mark.is_alphanumeric() && mark != '\'');
    if head.get(bare.len()..).is_some_and(|marks| marks.contains(MARKS)) || bare.is_empty() {
        return true;
    }
    let word = bare.rsplit([' ', '\n', '\t', '\'', '(', '"', '-', '/']).next().unwrap_or_default();
    // `flotte: Clé …`: a clause begins with a capital too.
    let clause = bare.rsplit([':', ';']).next().unwrap_or_default();
    let first = clause.trim_start_matches(|mark: char| !mark.is_alphanumeric()).len() == word.len();
    let named = !first && word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase);
    named || WORDS.split(' ').any(|cue| word.eq_ignore_ascii_case(cue))
}

/// Marks after which something is given.
const MARKS: &[char] = &[':', '=', '(', ',', ';', '/', '|', '>', '\u{2192}', '-', '#', '"', '\t', '*', '['];

/// Words after which something is given, and not called something else.
const WORDS: &str = "\
    le la les l un une du de des d au aux a ce ceci cela ca est cest c sont etait serait sera soit sous avec \
    dans par sur que qu en pour chez vers et ou puis ensuite donc mon ma ton son sa notre votre leur celui \
    celle voici voila no n numero num numeros chiffres suivant suivante dit dis lit lis lu note ecrit ecrire \
    inscrit inscrire inscris mettre mets mis donne donner dicte epele affiche montre indique porte recu \
    repondu tape entre entrer utilise prends trouve vois voit nouveau nouvelle ancien ancienne bon bonne \
    vrai comme oui is was are be the to in into on as with by of for at and or then from under says said say \
    reads read shows show shown wrote gave got has have see my his her your their our number it its suit \
    follows encore still ont papa maman bebe moi elle lui conjoint conjointe fils fille mine hers me him \
    mere pere new old correct using bien aussi plutot toujours garde gardent garder refuse refusing \
    refused accepte kept keeps keep use utilisez utiliser annule annulez cancel bloquez contain contains \
    contient confirme valide transcris recopie comprends devine";
