//! An issuer's register: its status lists, whose places are taken, and which copies one word revokes.

use std::fmt;
use std::sync::Arc;

use attesta::encoding::json::parse_object;
use attesta::error::Explain;
use attesta::issuer::store::{Batch, InMemory, Store, StoreError};
use attesta::issuer::{self, Record, Register, StatusList};
use attesta::status::Purpose;
use serde_json::Value;

use crate::identity::Named;
use crate::signer::HostKey;
use crate::words::{Mirror, mirror};
use crate::{At, AttestaError, CredentialFormat, Identity, Signer};

/// Why a store did not do what it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum StoreFailure {
    /// What the write expects is not so; nothing was written.
    #[error("somebody else changed the store at the same moment")]
    Conflict,
    /// The store failed: full, read-only, gone.
    #[error("the store cannot be read or written")]
    Failed,
    /// The store threw something else. Do not throw this yourself.
    #[error("the store broke off with an exception that it does not declare")]
    Unexpected,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for StoreFailure {
    /// The text is dropped: it holds the host's stack trace, which is for the host's own log.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unexpected
    }
}

impl From<StoreFailure> for StoreError {
    fn from(failure: StoreFailure) -> Self {
        match failure {
            StoreFailure::Conflict => Self::Conflict,
            StoreFailure::Failed | StoreFailure::Unexpected => Self::Medium(failure.to_string()),
        }
    }
}

/// What is recorded is not what came with copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is no record of copies")]
struct NotARecord;

impl Explain for NotARecord {
    fn code(&self) -> &'static str {
        "bindings.not-a-record"
    }

    fn hint(&self) -> &'static str {
        "Give the record as it came with the copies, unchanged."
    }
}

/// A key of ASCII and what stands under it, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StoredValue {
    /// The key.
    pub key: String,
    /// What stands there.
    pub value: Option<Vec<u8>>,
}

/// Where a register keeps its bytes: the app's own database. Nothing is ever deleted. Called from several threads.
#[uniffi::export(foreign)]
pub trait RegisterStore: Send + Sync {
    /// What stands under the key.
    ///
    /// # Errors
    /// When it cannot be read.
    fn get(&self, key: String) -> Result<Option<Vec<u8>>, StoreFailure>;

    /// What stands under keys that begin with `prefix`, in the order of the keys' bytes, from the first after `after`
    /// on, `limit` at most.
    ///
    /// # Errors
    /// When it cannot be read.
    fn page(&self, prefix: String, after: Option<String>, limit: u32) -> Result<Vec<StoredValue>, StoreFailure>;

    /// Writes all of `written`, if all that is `expected` is so; otherwise nothing. When this returns, it survives the
    /// end of the app and the loss of power.
    ///
    /// # Errors
    /// When something is not as expected, or it cannot be written.
    fn commit(&self, expected: Vec<StoredValue>, written: Vec<StoredValue>) -> Result<(), StoreFailure>;
}

struct HostStore(Arc<dyn RegisterStore>);

impl Store for HostStore {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.get(key.to_owned())?)
    }

    fn page(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let page = self.0.page(prefix.to_owned(), after.map(str::to_owned), limit)?;
        let entry = |stored: StoredValue| Ok((stored.key, stored.value.ok_or(StoreError::Damaged)?));
        page.into_iter().map(entry).collect()
    }

    fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let expected = batch.expected.into_iter().map(|(key, value)| StoredValue { key, value }).collect();
        let written = batch.written.into_iter().map(|(key, value)| StoredValue { key, value: Some(value) }).collect();
        Ok(self.0.commit(expected, written)?)
    }
}

/// What a status list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum StatusListKind {
    /// A Bitstring Status List for revocation, for every format but `dc+sd-jwt`.
    Revocation,
    /// A Bitstring Status List for suspension.
    Suspension,
    /// A Token Status List, which can do both, for `dc+sd-jwt`.
    Token,
}

impl StatusListKind {
    fn list(self, url: &str, issuer: &str) -> StatusList {
        match self {
            Self::Revocation => StatusList::bitstring(url, issuer, Purpose::Revocation),
            Self::Suspension => StatusList::bitstring(url, issuer, Purpose::Suspension),
            Self::Token => StatusList::token(url, issuer),
        }
    }
}

mirror! {
    /// What is said anew of copies that were issued.
    RegisterChange of issuer::Change {
        /// For ever.
        Revoke,
        /// Until it is taken back.
        Suspend,
        /// Takes a suspension back.
        Reinstate,
    }
}

/// What a change has reached.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Changed {
    /// How many copies.
    pub copies: u32,
    /// The URLs of the lists that are to be published anew.
    pub lists: Vec<String>,
}

/// An issuer's register. Verifiers learn of a change when the list is published.
#[derive(uniffi::Object)]
pub struct IssuerRegister {
    store: Box<dyn Store>,
}

impl fmt::Debug for IssuerRegister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuerRegister").finish_non_exhaustive()
    }
}

#[uniffi::export]
impl IssuerRegister {
    /// Opens the register in this store, and begins one in an empty store. Without a store it is gone when the app ends.
    ///
    /// # Errors
    /// When the store fails, or holds something else.
    #[uniffi::constructor]
    pub fn new(store: Option<Arc<dyn RegisterStore>>) -> Result<Self, AttestaError> {
        let store: Box<dyn Store> = match store {
            Some(store) => Box::new(HostStore(store)),
            None => Box::new(InMemory::new()),
        };
        Register::open(&*store)?;
        Ok(Self { store })
    }

    /// Begins a status list, to be published at that URL by this issuer: that of the signer's did:key unless another is
    /// named. A list that is a credential has this format, a token (`vc+jwt`) otherwise.
    ///
    /// # Errors
    /// When the register has it already, or the URL is none.
    pub fn create_list(
        &self,
        url: String,
        kind: StatusListKind,
        issuer: Option<Identity>,
        format: Option<CredentialFormat>,
        signer: Arc<dyn Signer>,
    ) -> Result<(), AttestaError> {
        let key = HostKey::of(signer)?;
        let list = kind.list(&url, Named::read(issuer.as_ref())?.with(&key)?.id());
        let list = match format {
            Some(format) => list.format(format.to_core()),
            None => list,
        };
        self.open()?.create_list(list)?;
        Ok(())
    }

    /// Takes a place for each of so many copies, at random and for ever. Returns their status entries, as JSON.
    ///
    /// # Errors
    /// When there is no such list, or it is full.
    pub fn allocate(&self, list: String, count: u32) -> Result<Vec<String>, AttestaError> {
        let register = self.open()?;
        let slots = register.allocate(&register.list(&list)?, usize::try_from(count).unwrap_or(usize::MAX))?;
        Ok(slots.into_iter().map(|slot| Value::Object(slot.entry).to_string()).collect())
    }

    /// Remembers what was signed: the record of [`issue_copies`](crate::issue_copies()). Hand the copies over after this
    /// only. Returns the reference by which all of them are changed.
    ///
    /// # Errors
    /// When it is no record, or one of that reference is there.
    pub fn record(&self, record_json: String) -> Result<String, AttestaError> {
        let record = Value::Object(parse_object(record_json.as_bytes())?);
        let record: Record = serde_json::from_value(record).map_err(|_| NotARecord)?;
        self.open()?.record(&record)?;
        Ok(record.reference)
    }

    /// Changes what the places of all copies say that belong to a reference: all of them, or none.
    ///
    /// # Errors
    /// When there is no such reference, its lists are for something else, or it was revoked before.
    pub fn change(&self, reference: String, change: RegisterChange) -> Result<Changed, AttestaError> {
        let issuer::Changed { copies, lists, .. } = self.open()?.change_reference(&reference, change.to_core())?;
        Ok(Changed { copies: u32::try_from(copies).unwrap_or(u32::MAX), lists })
    }

    /// Signs a list as it is now, to be put under its URL. It ends after so many days: publish the next one before.
    /// Verifiers ask for a newer one after `ttl_seconds`.
    ///
    /// # Errors
    /// When there is no such list, it was published at a later time before, or the signer is not its issuer's.
    pub fn publish(
        &self,
        list: String,
        issuer: Option<Identity>,
        valid_days: u32,
        ttl_seconds: u32,
        at: At,
        signer: Arc<dyn Signer>,
    ) -> Result<String, AttestaError> {
        let key = HostKey::of(signer)?;
        let issuer = Named::read(issuer.as_ref())?.with(&key)?;
        let (register, at) = (self.open()?, at.to_core()?.time());
        let expires = at.plus_seconds(i64::from(valid_days) * 86_400);
        Ok(register.publish(&register.list(&list)?, &issuer, at, expires, ttl_seconds)?)
    }

    /// The digests of all that this key signed, by the id of its verification method: what a compromise notice about it
    /// accepts.
    ///
    /// # Errors
    /// When the store fails.
    pub fn digests(&self, signed_by: String) -> Result<Vec<String>, AttestaError> {
        Ok(self.open()?.digests(&signed_by)?)
    }
}

impl IssuerRegister {
    fn open(&self) -> Result<Register<'_>, AttestaError> {
        Ok(Register::open(&*self.store)?)
    }
}
