//! The real program behind a real Postfix.

mod harness;
