//! Entries arranged for look-up: constant work per label of a domain, whatever the length of the lists.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use crate::model::Class;

use super::Listed;
use super::entry::Entry;

/// All entries of all lists.
#[derive(Clone, Debug, Default)]
pub struct Table {
    domains: HashMap<String, Listed>,
    parents: HashMap<String, Listed>,
    mailboxes: HashMap<(String, String), Listed>,
    /// By domain; longest suffix first.
    suffixes: HashMap<String, Vec<(String, Listed)>>,
}

impl Table {
    /// Adds an entry.
    ///
    /// # Errors
    /// What an earlier list says of the same entry, when it says something else.
    pub fn add(&mut self, entry: Entry, listed: Listed) -> Result<(), Listed> {
        match entry {
            Entry::Domain(domain) => put(self.domains.entry(domain), listed),
            Entry::Under(parent) => put(self.parents.entry(parent), listed),
            Entry::Mailbox(local, domain) => put(self.mailboxes.entry((local, domain)), listed),
            Entry::LocalSuffix(suffix, domain) => self.add_suffix(suffix, domain, listed),
        }
    }

    fn add_suffix(&mut self, suffix: String, domain: String, listed: Listed) -> Result<(), Listed> {
        let suffixes = self.suffixes.entry(domain).or_default();
        if let Some((_, earlier)) = suffixes.iter().find(|(known, _)| *known == suffix) {
            return if *earlier == listed { Ok(()) } else { Err(*earlier) };
        }
        suffixes.push((suffix, listed));
        suffixes.sort_by_key(|(suffix, _)| std::cmp::Reverse(suffix.len()));
        Ok(())
    }

    /// What the closest entry says of an address. Both parts in lower case.
    pub fn find(&self, local: &str, domain: &str) -> Option<Listed> {
        self.mailbox(local, domain)
            .or_else(|| self.suffix(local, domain))
            .or_else(|| self.domains.get(domain).copied())
            .or_else(|| parents(domain).find_map(|parent| self.parents.get(parent).copied()))
    }

    fn mailbox(&self, local: &str, domain: &str) -> Option<Listed> {
        if self.mailboxes.is_empty() {
            return None;
        }
        self.mailboxes.get(&(local.to_owned(), domain.to_owned())).copied()
    }

    fn suffix(&self, local: &str, domain: &str) -> Option<Listed> {
        let ends = |suffix: &str| local.len() > suffix.len() && local.ends_with(suffix);
        self.suffixes.get(domain)?.iter().find(|(suffix, _)| ends(suffix)).map(|(_, listed)| *listed)
    }

    /// How many entries each class has.
    pub fn sizes(&self) -> HashMap<Class, usize> {
        let suffixes = self.suffixes.values().flatten().map(|(_, listed)| listed);
        let named = self.domains.values().chain(self.parents.values()).chain(self.mailboxes.values());
        let mut sizes = HashMap::new();
        for listed in named.chain(suffixes) {
            *sizes.entry(listed.class).or_default() += 1;
        }
        sizes
    }
}

fn put<K>(slot: Slot<'_, K, Listed>, listed: Listed) -> Result<(), Listed> {
    let kept = *slot.or_insert(listed);
    if kept == listed { Ok(()) } else { Err(kept) }
}

/// The parents of a domain, nearest first.
fn parents(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(domain.split_once('.'), |(_, parent)| parent.split_once('.'))
        .map(|(_, parent)| parent)
}
