//! The rules of the house, enforced.
//!
//! A module imports only from strictly lower floors, so siblings never meet and no arrow goes back; below `ports` the
//! code is pure. Each broken rule is named with its file and line. Sources are read as tokens, not as lines, so a
//! comment, a string or a line break neither hides an import nor fakes one; code under `#[cfg(test)]` is free.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "architecture/floors.rs"]
mod floors;
#[path = "architecture/hygiene.rs"]
mod hygiene;
#[path = "architecture/licences.rs"]
mod licences;
#[path = "architecture/purity.rs"]
mod purity;
#[path = "architecture/shape.rs"]
mod shape;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/tokens.rs"]
mod tokens;
