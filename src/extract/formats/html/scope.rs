//! Elements that are followed to their end, by their name and a count of those of the same name inside.

/// An element followed to its end.
pub(super) struct Scope {
    pub(super) name: Vec<u8>,
    pub(super) open: usize,
}

impl Scope {
    /// Opens a scope where there is none, or counts an element of the same name inside it.
    pub(super) fn enter(scope: &mut Option<Self>, name: &[u8], opens: bool) {
        match scope {
            Some(scope) if scope.name == name => scope.open += 1,
            None if opens => *scope = Some(Self { name: name.to_vec(), open: 1 }),
            _ => {}
        }
    }

    /// Takes an end tag; whether it ended the scope.
    pub(super) fn leave(scope: &mut Option<Self>, name: &[u8]) -> bool {
        let Some(open) = scope.as_mut().filter(|scope| scope.name == name) else { return false };
        open.open -= 1;
        let ended = open.open == 0;
        if ended {
            *scope = None;
        }
        ended
    }
}
