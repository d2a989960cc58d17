//! Sealing: age files to public keys, opened with the private one.

use std::io::{Read, Write};

use age::{Decryptor, Encryptor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::keys::KeyRing;
use crate::ports::StoreError;

impl KeyRing {
    /// Seals into a writer; the writer is given back, whole but not synced.
    pub(super) fn seal_into<W: Write>(&self, clear: &[u8], out: W) -> std::io::Result<W> {
        let recipients = self.recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(recipients).map_err(std::io::Error::other)?;
        let mut writer = encryptor.wrap_output(out)?;
        writer.write_all(clear)?;
        writer.finish()
    }

    /// Seals bytes.
    pub(super) fn seal(&self, clear: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.seal_into(clear, Vec::new())
            .map_err(|_| StoreError::Key("nothing can be sealed: no usable public key".to_owned()))
    }

    /// Seals a value as JSON.
    pub(super) fn seal_json(&self, value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
        let clear = serde_json::to_vec(value).map(Zeroizing::new);
        let clear = clear.map_err(|_| StoreError::Refused("this cannot be written as JSON".to_owned()))?;
        self.seal(&clear)
    }

    /// Whether a private key is at hand, for who must have it.
    pub(super) fn can_open(&self) -> Result<(), StoreError> {
        if self.identities.is_empty() {
            let text = "this process holds no private key: what is sealed stays closed";
            return Err(StoreError::Key(text.to_owned()));
        }
        Ok(())
    }

    /// Opens what was sealed.
    pub(super) fn unseal(&self, sealed: impl Read) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        self.can_open()?;
        let closed = |_| StoreError::Key("the private key does not open this".to_owned());
        let decryptor = Decryptor::new(sealed).map_err(closed)?;
        let identities = self.identities.iter().map(|identity| identity as &dyn age::Identity);
        let mut reader = decryptor.decrypt(identities).map_err(closed)?;
        let mut clear = Zeroizing::new(Vec::new());
        reader
            .read_to_end(&mut clear)
            .map_err(|_| StoreError::Damaged("sealed content was cut or changed".to_owned()))?;
        Ok(clear)
    }

    /// Whether the current private key opens this; earlier ones are not tried.
    pub(super) fn current_opens(&self, sealed: &[u8]) -> bool {
        let current = self.identities.iter().take(1).map(|identity| identity as &dyn age::Identity);
        Decryptor::new(sealed).is_ok_and(|decryptor| decryptor.decrypt(current).is_ok())
    }

    /// Opens sealed JSON.
    pub(super) fn unseal_json<T: DeserializeOwned>(&self, sealed: &[u8]) -> Result<T, StoreError> {
        let clear = self.unseal(sealed)?;
        serde_json::from_slice(&clear)
            .map_err(|_| StoreError::Damaged("a sealed record is not of this version".to_owned()))
    }
}
