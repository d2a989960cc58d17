//! What is held is neither lost nor doubled, whatever dies when: the store, the relay and their workers together, with an
//! MTA of our own in place of Postfix.

mod crash;
mod doubts;
mod evidence;
mod full;
mod life;
mod mta;
mod postfix;
mod twice;
mod typed;
