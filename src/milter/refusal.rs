//! What the milter itself refuses, before anyone judges, and the words for it.

use super::text::Class;
use crate::model::SmtpText;
use crate::telemetry::Tempfail;

/// Why a message gets no further than the milter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Larger than the largest message taken.
    TooLarge,
    /// No memory left for messages in reception.
    NoRoom,
    /// More connections than are served.
    Busy,
    /// A recipient's address that cannot be understood: nobody could say who would get the message.
    BadRecipient,
    /// A sender's address that cannot be understood.
    BadSender,
    /// The MTA named no recipient: nobody could say who would get the message.
    NoRecipient,
    /// A large message could not wait in its file.
    NoDisk,
    /// Judging panicked.
    Panicked,
    /// The reply takes an edit that the MTA does not allow.
    Unavailable,
    /// What came was not the protocol: nobody could say which message is meant.
    OutOfOrder,
    /// The MTA was silent in the middle of the message for longer than it may be.
    Silent,
    /// The service stops before the message could be judged.
    Stopping,
}

impl Refusal {
    /// Whether trying again can help.
    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::TooLarge | Self::BadRecipient | Self::BadSender => Class::Permanent,
            Self::NoRoom
            | Self::Busy
            | Self::NoRecipient
            | Self::NoDisk
            | Self::Panicked
            | Self::Unavailable
            | Self::OutOfOrder
            | Self::Silent
            | Self::Stopping => Class::Transient,
        }
    }

    /// The cause in the figures, where it is of our making.
    #[must_use]
    pub fn cause(self) -> Option<Tempfail> {
        match self {
            Self::NoRoom => Some(Tempfail::Memory),
            Self::Busy => Some(Tempfail::Connections),
            Self::NoDisk => Some(Tempfail::Spill),
            Self::Panicked => Some(Tempfail::Panic),
            Self::Unavailable => Some(Tempfail::Internal),
            Self::Stopping => Some(Tempfail::Stopping),
            Self::TooLarge
            | Self::BadRecipient
            | Self::BadSender
            | Self::NoRecipient
            | Self::OutOfOrder
            | Self::Silent => None,
        }
    }

    /// What the SMTP client is told.
    #[must_use]
    pub fn text(self) -> SmtpText {
        let (code, detail, line) = match self {
            Self::TooLarge => (552, (3, 4), TOO_LARGE),
            Self::BadRecipient => (550, (1, 3), BAD_RECIPIENT),
            Self::BadSender => (550, (1, 7), BAD_SENDER),
            Self::NoRoom | Self::Busy | Self::Stopping => (451, (3, 2), LATER),
            Self::NoRecipient
            | Self::NoDisk
            | Self::Panicked
            | Self::Unavailable
            | Self::OutOfOrder
            | Self::Silent => (451, (7, 1), LATER),
        };
        SmtpText { code, detail, lines: vec![line.to_owned()] }
    }
}

// Words without accents where French allows: the wire is ASCII.
const LATER: &str = "Courriel en attente : analyse de contenu indisponible pour le moment. \
    Aucune action requise, un nouvel essai automatique aura lieu.";
const TOO_LARGE: &str = "Courriel non transmis. Motif : message trop volumineux. \
    Que faire : retirer ou alléger les pièces jointes, ou les envoyer en plusieurs messages.";
const BAD_RECIPIENT: &str = "Courriel non transmis. Motif : adresse d'un destinataire invalide. \
    Que faire : corriger cette adresse.";
const BAD_SENDER: &str = "Courriel non transmis. Motif : adresse de l'expéditeur invalide. \
    Que faire : corriger cette adresse dans le logiciel de courriel.";
