//! Recipients by class.

use serde::{Deserialize, Serialize};

use super::Address;

/// How far from the establishment an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The establishment itself.
    Internal,
    /// Another body of the health network.
    Network,
    /// A listed outside organisation.
    Partner,
    /// Anyone else.
    External,
    /// A public webmail or a consumer provider.
    Webmail,
}

impl Class {
    /// Every class, from nearest to farthest.
    pub const ALL: [Self; 5] = [Self::Internal, Self::Network, Self::Partner, Self::External, Self::Webmail];

    /// The name that configuration, JSON and metrics use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Network => "network",
            Self::Partner => "partner",
            Self::External => "external",
            Self::Webmail => "webmail",
        }
    }
}

/// An envelope recipient and its class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The address.
    pub address: Address,
    /// Its class, as listed.
    pub class: Class,
    /// The class that articles see: a partner is external, or network when its transport encryption is verified.
    pub counts_as: Class,
}
