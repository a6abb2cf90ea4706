use crate::encoding::json::JsonError;
use crate::error::Explain;
use crate::keys::SignerError;
use crate::securing::jose::JoseError;

/// Why a text is no SD-JWT that holds together, or why one could not be made. Disclosures are counted from 1; their
/// content is never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SdJwtError {
    /// More bytes than are read of any document.
    #[error("{bytes} bytes, where at most {limit} are read")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The ceiling.
        limit: usize,
    },
    /// No `~` after the issuer's token (RFC 9901 section 4).
    #[error("no ~ follows the issuer's token")]
    Form,
    /// More disclosures than [`limits::DISCLOSURES`](crate::limits::DISCLOSURES).
    #[error("more than {limit} disclosures")]
    TooManyDisclosures {
        /// The ceiling.
        limit: usize,
    },
    /// The issuer's token cannot be looked into.
    #[error(transparent)]
    Token(#[from] JoseError),
    /// What follows the last `~` is no token.
    #[error("what follows the last ~ is no key binding token: {0}")]
    KeyBinding(JoseError),
    /// A key binding token stands where an issuer hands a credential over.
    #[error("it was presented to somebody already: a key binding token follows the last ~")]
    KeyBound,
    /// `_sd_alg` is not text.
    #[error("\"_sd_alg\" is not text")]
    HashForm,
    /// `_sd_alg` names a hash that is not supported.
    #[error("the digests are made with another hash than sha-256, sha-384 or sha-512")]
    HashUnsupported,
    /// `_sd`, `_sd_alg` or `...` stands where it must not.
    #[error("the name \"{name}\" stands where it has no meaning")]
    ReservedName {
        /// The name.
        name: &'static str,
    },
    /// `_sd` is not a list of digests, or `...` not one digest alone in its object.
    #[error("\"{name}\" does not hold what it must: base64url digests of the hash's length")]
    DigestForm {
        /// `_sd` or `...`.
        name: &'static str,
    },
    /// A digest stands twice, in the payload or in what was disclosed (RFC 9901 section 7.1 step 4).
    #[error("a digest stands twice")]
    DigestRepeated,
    /// A disclosure is not base64url.
    #[error("disclosure {number} is not base64url: it was cut off or changed")]
    DisclosureEncoding {
        /// Which one.
        number: usize,
    },
    /// A disclosure is not strict JSON.
    #[error("disclosure {number}: {error}")]
    DisclosureJson {
        /// Which one.
        number: usize,
        /// What is wrong with it.
        error: JsonError,
    },
    /// A disclosure is not a salt, a name and a value, or for an item of a list a salt and a value.
    #[error("disclosure {number} is not {expected}")]
    DisclosureForm {
        /// Which one.
        number: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// The same disclosure stands there twice.
    #[error("disclosure {number} stands there twice")]
    DisclosureRepeated {
        /// Which one.
        number: usize,
    },
    /// No digest names the disclosure (RFC 9901 section 7.1 step 5).
    #[error("disclosure {number} is not the issuer's: no digest stands for it")]
    DisclosureUnreferenced {
        /// Which one.
        number: usize,
    },
    /// The claim that a disclosure adds is there already (RFC 9901 section 7.1 step 3.3.2.3).
    #[error("disclosure {number} adds a claim that is there already")]
    NameTaken {
        /// Which one.
        number: usize,
    },
    /// What was disclosed is nested deeper than [`limits::JSON_DEPTH`](crate::limits::JSON_DEPTH).
    #[error("with what was disclosed it is nested deeper than {limit} levels")]
    TooDeep {
        /// The ceiling.
        limit: usize,
    },
    /// More members, items and digests than [`limits::JSON_VALUES`](crate::limits::JSON_VALUES).
    #[error("with what was disclosed it has more than {limit} members, list items and digests")]
    TooManyValues {
        /// The ceiling.
        limit: usize,
    },
    /// Nothing stands at this JSON pointer, or it is no JSON pointer (RFC 6901).
    #[error("there is no claim at \"{}\"", pointer.escape_debug())]
    PointerUnknown {
        /// The pointer.
        pointer: String,
    },
    /// What stands at this JSON pointer is shown always, or cannot be hidden.
    #[error("the claim at \"{}\" is not one that can be hidden", pointer.escape_debug())]
    PointerNotDisclosable {
        /// The pointer.
        pointer: String,
    },
    /// The source of salts gave the same bytes twice.
    #[error("the source of salts gave the same bytes twice")]
    SaltRepeated,
    /// A member of the JSON serialisation is missing or of the wrong type (RFC 9901 section 8).
    #[error("\"{name}\" is missing or not {expected}")]
    Member {
        /// Its name.
        name: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// Several issuers' signatures over one payload.
    #[error("it has several signatures, where one is read")]
    SeveralSignatures,
    /// An unprotected header parameter that is protected too (RFC 7515 section 7.2.1).
    #[error("a header parameter stands in the protected and in the unprotected header")]
    HeaderRepeated,
    /// A header parameter that counts only where the signature covers it.
    #[error("the header parameter \"{name}\" stands where no signature covers it")]
    HeaderUnprotected {
        /// Its name.
        name: &'static str,
    },
    /// The signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
}

impl SdJwtError {
    /// Whether it may be a sound SD-JWT that this version cannot read.
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Self::HashUnsupported | Self::SeveralSignatures)
    }
}

impl Explain for SdJwtError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "sd-jwt.too-large",
            Self::Form => "sd-jwt.form",
            Self::TooManyDisclosures { .. } => "sd-jwt.too-many-disclosures",
            Self::Token(error) => error.code(),
            Self::KeyBinding(_) => "sd-jwt.key-binding",
            Self::KeyBound => "sd-jwt.key-bound",
            Self::HashForm => "sd-jwt.hash-form",
            Self::HashUnsupported => "sd-jwt.hash-unsupported",
            Self::ReservedName { .. } => "sd-jwt.reserved-name",
            Self::DigestForm { .. } => "sd-jwt.digest-form",
            Self::DigestRepeated => "sd-jwt.digest-repeated",
            Self::DisclosureEncoding { .. } => "sd-jwt.disclosure-encoding",
            Self::DisclosureJson { .. } => "sd-jwt.disclosure-json",
            Self::DisclosureForm { .. } => "sd-jwt.disclosure-form",
            Self::DisclosureRepeated { .. } => "sd-jwt.disclosure-repeated",
            Self::DisclosureUnreferenced { .. } => "sd-jwt.disclosure-unreferenced",
            Self::NameTaken { .. } => "sd-jwt.name-taken",
            Self::TooDeep { .. } => "sd-jwt.too-deep",
            Self::TooManyValues { .. } => "sd-jwt.too-many-values",
            Self::PointerUnknown { .. } => "sd-jwt.pointer-unknown",
            Self::PointerNotDisclosable { .. } => "sd-jwt.pointer-not-disclosable",
            Self::SaltRepeated => "sd-jwt.salt-repeated",
            Self::Member { .. } => "sd-jwt.member",
            Self::SeveralSignatures => "sd-jwt.several-signatures",
            Self::HeaderRepeated => "sd-jwt.header-repeated",
            Self::HeaderUnprotected { .. } => "sd-jwt.header-unprotected",
            Self::Signer(error) => error.code(),
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. }
            | Self::TooManyDisclosures { .. }
            | Self::TooDeep { .. }
            | Self::TooManyValues { .. } => "No genuine credential is like this: ask for the original file.",
            Self::Form | Self::KeyBinding(_) => {
                "Ask for the original file: it must be copied whole, with every ~ and without line breaks."
            }
            Self::Token(error) => error.hint(),
            Self::KeyBound => "Ask the issuer for the credential itself, not for a copy that was presented.",
            Self::HashUnsupported => "Ask the issuer for a copy whose digests are made with sha-256.",
            Self::DisclosureEncoding { .. } | Self::DisclosureUnreferenced { .. } | Self::DisclosureRepeated { .. } => {
                "Ask the holder to present it again: each disclosure must be passed on once, exactly as it was issued."
            }
            Self::HashForm
            | Self::ReservedName { .. }
            | Self::DigestForm { .. }
            | Self::DigestRepeated
            | Self::DisclosureJson { .. }
            | Self::DisclosureForm { .. }
            | Self::NameTaken { .. } => "Do not accept it: ask the issuer for a copy that follows RFC 9901.",
            Self::PointerUnknown { .. } => "Choose among the claims that the credential has.",
            Self::PointerNotDisclosable { .. } => "Leave it out: only what can be hidden is chosen.",
            Self::SaltRepeated => "Take salts from the system's source of randomness, 16 fresh bytes each time.",
            Self::Member { .. } => "Ask for the original file: it may have been cut off or changed.",
            Self::SeveralSignatures => "Ask the issuer for a copy with one signature.",
            Self::HeaderRepeated | Self::HeaderUnprotected { .. } => {
                "Ask for the original file: somebody may have changed its header."
            }
            Self::Signer(error) => error.hint(),
        }
    }
}
