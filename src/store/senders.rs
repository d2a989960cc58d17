//! Tokens that open one case to its sender: only their digests are kept.

use data_encoding::BASE32_NOPAD as BASE32;
use jiff::{SignedDuration, Timestamp};
use rand::TryRngCore;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::SqlStore;
use super::db::{Tx, millis};
use crate::model::{Address, CaseId, CaseState, Masked};
use crate::ports::{Desk, SenderCase, Senders, StoreError};
use crate::review::Actor;

/// How long a token opens a case that is over, on top of the time that a case may wait. One that is not over has no such end.
const AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Most tokens of one case that a message refused again and again is answered with.
const MOST: i64 = 20;

/// Makes a token in the transaction of what tells it.
pub(super) async fn mint(
    tx: &mut Tx,
    store: &SqlStore,
    case: &CaseId,
    address: &Address,
    now: Timestamp,
) -> Result<Masked, StoreError> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    rand::rngs::OsRng
        .try_fill_bytes(bytes.as_mut_slice())
        .map_err(|_| StoreError::Unavailable("the system gives no random bytes".to_owned()))?;
    let token = Masked::new(BASE32.encode(bytes.as_slice()).to_ascii_lowercase());
    sqlx::query("INSERT INTO tokens (digest, case_id, address_index, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(digest(&token))
        .bind(case.as_str())
        .bind(store.keys.blind(address))
        .bind(millis(now.saturating_add(store.undecided).unwrap_or(now) + AFTER))
        .execute(&mut **tx)
        .await?;
    Ok(token)
}

/// Makes a token for a message that is refused again: the earlier ones are known by their digests only. None, once there are many.
pub(super) async fn mint_again(
    tx: &mut Tx,
    store: &SqlStore,
    case: &CaseId,
    address: &Address,
    now: Timestamp,
) -> Result<Option<Masked>, StoreError> {
    let made = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM tokens WHERE case_id = $1");
    let made = made.bind(case.as_str()).fetch_one(&mut **tx).await?;
    if made >= MOST { Ok(None) } else { mint(tx, store, case, address, now).await.map(Some) }
}

fn digest(token: &Masked) -> Vec<u8> {
    Sha256::digest(token.reveal().as_bytes()).to_vec()
}

#[async_trait::async_trait]
impl Senders for SqlStore {
    async fn issue_token(
        &self,
        case: &CaseId,
        address: &Address,
        now: Timestamp,
    ) -> Result<Masked, StoreError> {
        let mut tx = self.db.begin().await?;
        let token = mint(&mut tx, self, case, address, now).await?;
        tx.commit().await?;
        Ok(token)
    }

    async fn sender_case(&self, token: &Masked, now: Timestamp) -> Result<Option<SenderCase>, StoreError> {
        let row = sqlx::query_as::<_, (String, Vec<u8>, i64)>(
            "SELECT case_id, address_index, expires_at FROM tokens WHERE digest = $1",
        );
        let row = row.bind(digest(token)).fetch_optional(self.db.read()).await?;
        let Some((case, address_index, expires_at)) = row else { return Ok(None) };
        let case = CaseId::parse(&case);
        let case = case.map_err(|_| StoreError::Damaged("a token names no case".to_owned()))?;
        let Some(case) = self.case(&case).await? else { return Ok(None) };
        if expires_at <= millis(now) && !CaseState::OPEN.contains(&case.state) {
            return Ok(None);
        }
        let sender = case.personal.as_ref().and_then(|personal| personal.sender.clone());
        let sender = sender.filter(|sender| self.keys.blind(sender) == address_index);
        Ok(sender.map(|address| SenderCase { case, actor: Actor::Sender { address } }))
    }
}
