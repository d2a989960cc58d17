//! In place of `oidc` where the program is built without it: there is no service, and a configuration that names one is refused.

use crate::model::settings;

/// Why the service that is configured cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// This program was built without it.
    #[error("[oidc] is set, and this program was built without the feature `oidc`")]
    NotBuilt,
}

impl OpenError {
    /// The setting under `[oidc]` that tells of it.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        "issuer"
    }
}

/// A service that cannot be.
pub enum Provider {}

impl Provider {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub fn open(_: &settings::Oidc) -> Result<Self, OpenError> {
        Err(OpenError::NotBuilt)
    }
}
