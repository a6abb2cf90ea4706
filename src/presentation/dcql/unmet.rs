use crate::error::Explain;

/// Why a query is not met, by what a holder has or by what was presented. Holds what the verifier asked for, and
/// nothing of the holder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unmet {
    /// Nothing in that format.
    #[error("{id}: there is no credential in the format {format}")]
    Format {
        /// The credential query.
        id: String,
        /// The format that it asks for.
        format: String,
    },
    /// Nothing of that type.
    #[error("{id}: there is no credential of the type {wanted}")]
    Type {
        /// The credential query.
        id: String,
        /// The types that it asks for.
        wanted: String,
    },
    /// Nothing that is bound to a key.
    #[error("{id}: the credential is not bound to its holder's key")]
    HolderBinding {
        /// The credential query.
        id: String,
    },
    /// Nothing from under the authorities.
    #[error("{id}: the credential's issuer is under none of the authorities that are asked for")]
    Authority {
        /// The credential query.
        id: String,
    },
    /// The credential does not have the claim.
    #[error("{id}: the credential does not say {path}")]
    Claim {
        /// The credential query.
        id: String,
        /// The claim, `*` for all items of a list.
        path: String,
    },
    /// The credential has the claim, with another value.
    #[error("{id}: the credential says something else at {path} than what is asked for")]
    Value {
        /// The credential query.
        id: String,
        /// The claim, `*` for all items of a list.
        path: String,
    },
    /// Nothing was presented.
    #[error("{id}: this was asked for and is not in the answer")]
    NotAnswered {
        /// The credential query.
        id: String,
    },
    /// None of a credential set's alternatives was presented.
    #[error("the answer has none of the alternatives of credential set {position}")]
    NoOption {
        /// The set's position in `credential_sets`, from 0.
        position: usize,
    },
    /// Several presentations where one was asked for.
    #[error("{id}: {count} credentials were presented, where one was asked for")]
    Several {
        /// The credential query.
        id: String,
        /// How many came.
        count: usize,
    },
    /// Something was presented under a name that the query does not have.
    #[error("something was presented that was not asked for")]
    NotAsked {
        /// Its position in the answer, from 0.
        position: usize,
    },
}

impl Unmet {
    /// The credential query that is not met, if it is a single one.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Format { id, .. }
            | Self::Type { id, .. }
            | Self::HolderBinding { id }
            | Self::Authority { id }
            | Self::Claim { id, .. }
            | Self::Value { id, .. }
            | Self::NotAnswered { id }
            | Self::Several { id, .. } => Some(id),
            Self::NoOption { .. } | Self::NotAsked { .. } => None,
        }
    }
}

impl Explain for Unmet {
    fn code(&self) -> &'static str {
        match self {
            Self::Format { .. } => "dcql.unmet.format",
            Self::Type { .. } => "dcql.unmet.type",
            Self::HolderBinding { .. } => "dcql.unmet.holder-binding",
            Self::Authority { .. } => "dcql.unmet.authority",
            Self::Claim { .. } => "dcql.unmet.claim",
            Self::Value { .. } => "dcql.unmet.value",
            Self::NotAnswered { .. } => "dcql.unmet.not-answered",
            Self::NoOption { .. } => "dcql.unmet.no-option",
            Self::Several { .. } => "dcql.unmet.several",
            Self::NotAsked { .. } => "dcql.unmet.not-asked",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Format { .. } => "Ask the issuer for the credential in this format.",
            Self::Type { .. } => "Get such a credential first, or ask what else would do.",
            Self::HolderBinding { .. } => "Ask the issuer for one that is bound to your key.",
            Self::Authority { .. } => "Ask which issuers would do.",
            Self::Claim { .. } => "Ask the issuer for a credential that says this, or ask what else would do.",
            Self::Value { .. } => "Ask what else would do: this credential does not fit.",
            Self::NotAnswered { .. } | Self::NoOption { .. } => "Ask the holder to present what is missing.",
            Self::Several { .. } => "Ask the holder to choose one.",
            Self::NotAsked { .. } => "Leave it aside, and ask the holder to answer this request.",
        }
    }
}
