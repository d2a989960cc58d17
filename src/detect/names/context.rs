//! What stands around a name, and what it says: a patient, someone on duty, a place.
//!
//! In: the words of a text and where a name stands among them. Out: reasons in bits. It refuses to know how
//! the name was read.

mod after;
mod before;
mod frames;
mod roles;
mod said;
mod topic;

pub use after::{After, ILL, after, is_born_beside, is_one_of_the_ill};
pub use before::{Before, before, is_apposed_before};
pub use frames::{
    has_own_label, is_a_case, is_a_reference, is_of_an_order, is_on_a_patients_card, is_spoken_to,
    is_told_of_their_care, is_whom_to_see,
};
pub use roles::{
    appointed, is_assigned, is_called, is_cited, is_in_a_directory, is_of_a_department, is_on_a_card,
    is_paired, is_reached, is_with_kin, names_patients, signs, speaks,
};
pub use said::{Said, beyond_others, is_illness, is_listed_place, said, sentence};
pub use topic::is_topical;
