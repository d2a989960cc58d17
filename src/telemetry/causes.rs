//! Closed lists of names that metrics carry as labels.

/// Why the MTA was told to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tempfail {
    /// Judging took longer than it may.
    Deadline,
    /// Judging panicked.
    Panic,
    /// No process was free to read an attachment.
    Workers,
    /// The store could not keep what had to be kept.
    Store,
    /// The memory for messages in reception was used up.
    Memory,
    /// More connections of the MTA than are served.
    Connections,
    /// A large message could not be put in its file, or read back from it.
    Spill,
    /// The service is stopping.
    Stopping,
    /// Anything else of ours.
    Internal,
}

impl Tempfail {
    /// Every cause.
    pub const ALL: [Self; 9] = [
        Self::Deadline,
        Self::Panic,
        Self::Workers,
        Self::Store,
        Self::Memory,
        Self::Connections,
        Self::Spill,
        Self::Stopping,
        Self::Internal,
    ];

    /// The label's value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Deadline => "deadline",
            Self::Panic => "panic",
            Self::Workers => "workers",
            Self::Store => "store",
            Self::Memory => "memory",
            Self::Connections => "connections",
            Self::Spill => "spill",
            Self::Stopping => "stopping",
            Self::Internal => "internal",
        }
    }
}

/// What was asked of the store when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreStep {
    /// Making a case durable before the reply.
    Commit,
    /// Appending to the journal.
    Journal,
    /// Reading or moving the outbox.
    Outbox,
    /// Working on a case.
    Case,
    /// Asking what was seen before.
    Memory,
    /// Destroying what is past its time.
    Purge,
}

impl StoreStep {
    /// Every step.
    pub const ALL: [Self; 6] =
        [Self::Commit, Self::Journal, Self::Outbox, Self::Case, Self::Memory, Self::Purge];

    /// The label's value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Journal => "journal",
            Self::Outbox => "outbox",
            Self::Case => "case",
            Self::Memory => "memory",
            Self::Purge => "purge",
        }
    }
}

/// Mail that leaves us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mailing {
    /// A notice to a sender.
    Notice,
    /// A released message.
    Release,
}

impl Mailing {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Notice, Self::Release];

    /// The label's value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Release => "release",
        }
    }
}

/// What became of mail that leaves us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// The MTA took it.
    Taken,
    /// To be tried again.
    Deferred,
    /// Refused for good: somebody has to look.
    Refused,
    /// Unknown: the connection broke around the answer.
    Uncertain,
}

impl Delivery {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Taken, Self::Deferred, Self::Refused, Self::Uncertain];

    /// The label's value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Deferred => "deferred",
            Self::Refused => "refused",
            Self::Uncertain => "uncertain",
        }
    }
}
