//! Contexts from elsewhere, as files.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{Context, Contexts, Embedded, JsonLdError};
use crate::encoding::json::{self, JsonError};
use crate::error::Explain;
use crate::limits;

/// Why a file is no context that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContextFileError {
    /// More than [`limits::MATERIAL_BYTES`].
    #[error("the context has {bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// Not strict JSON.
    #[error("the context: {0}")]
    Json(#[from] JsonError),
    /// No `@context` in it.
    #[error("the context: a member \"@context\" was expected")]
    NoContext,
    /// Not JSON-LD.
    #[error("the context: {0}")]
    JsonLd(#[from] JsonLdError),
    /// The library has the context of this URL, and the file is another.
    #[error("the file is not the context that is published under {url}")]
    OtherContent {
        /// The URL.
        url: String,
    },
}

impl Explain for ContextFileError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "context.too-large",
            Self::Json(error) => error.code(),
            Self::NoContext => "context.none",
            Self::JsonLd(error) => error.code(),
            Self::OtherContent { .. } => "context.other-content",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::JsonLd(error) => error.hint(),
            Self::TooLarge { .. } | Self::NoContext => "Fetch the file anew from the context's own address.",
            Self::OtherContent { .. } => {
                "Leave it out: the published one is built in. Whoever made this one is up to something."
            }
        }
    }
}

/// A context as somebody published it, and the digests of its bytes.
#[derive(Clone)]
pub struct ContextFile {
    context: Arc<Context>,
    sha_256: [u8; 32],
    sha_384: [u8; 48],
    sha_512: [u8; 64],
}

impl fmt::Debug for ContextFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContextFile(..)")
    }
}

impl ContextFile {
    /// Reads the file of that URL. Contexts that it names in turn are looked up when it is used.
    ///
    /// # Errors
    /// [`ContextFileError`]; [`ContextFileError::OtherContent`] where the library has that context and these are not
    /// the published bytes.
    pub fn read(url: &str, bytes: &[u8]) -> Result<Self, ContextFileError> {
        if bytes.len() > limits::MATERIAL_BYTES {
            return Err(ContextFileError::TooLarge { bytes: bytes.len(), limit: limits::MATERIAL_BYTES });
        }
        let sha_256: [u8; 32] = Sha256::digest(bytes).into();
        if Embedded::has_digest(url, &sha_256) == Some(false) {
            return Err(ContextFileError::OtherContent { url: url.to_owned() });
        }
        let document = json::parse_object(bytes)?;
        if !document.contains_key("@context") {
            return Err(ContextFileError::NoContext);
        }
        let context = Arc::new(Context::compile(&Value::Object(document))?);
        let (sha_384, sha_512) = (Sha384::digest(bytes).into(), Sha512::digest(bytes).into());
        Ok(Self { context, sha_256, sha_384, sha_512 })
    }

    /// The context.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// SHA-256 of its bytes.
    pub fn sha_256(&self) -> &[u8; 32] {
        &self.sha_256
    }

    /// Whether a digest is that of its bytes: SHA-256, SHA-384 or SHA-512, by its length. `None` for another length.
    pub fn has_digest(&self, digest: &[u8]) -> Option<bool> {
        match digest.len() {
            32 => Some(self.sha_256 == digest),
            48 => Some(self.sha_384 == digest),
            64 => Some(self.sha_512 == digest),
            _ => None,
        }
    }
}

/// The embedded contexts, and beside them those that whoever runs the program gives: for those who issue or present.
#[derive(Debug, Clone, Default)]
pub struct GivenContexts(HashMap<String, ContextFile>);

impl GivenContexts {
    /// The embedded ones alone.
    pub fn none() -> Self {
        Self::default()
    }

    /// With these as well. Of two for one URL theirs counts.
    pub fn extend(&mut self, others: &Self) {
        self.0.extend(others.0.iter().map(|(url, file)| (url.clone(), file.clone())));
    }

    pub(crate) fn insert(&mut self, url: &str, file: ContextFile) {
        self.0.insert(url.to_owned(), file);
    }

    /// With the file of that URL. One that was given before for the same URL no longer counts.
    ///
    /// # Errors
    /// [`ContextFileError`].
    pub fn add(&mut self, url: &str, bytes: &[u8]) -> Result<(), ContextFileError> {
        self.0.insert(url.to_owned(), ContextFile::read(url, bytes)?);
        Ok(())
    }
}

impl Contexts for GivenContexts {
    fn context(&self, url: &str) -> Option<&Context> {
        Embedded.context(url).or_else(|| Some(self.0.get(url)?.context()))
    }
}
