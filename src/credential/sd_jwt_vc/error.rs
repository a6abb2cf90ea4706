use crate::error::Explain;

/// Why a claims set is none of an SD-JWT VC. Says which claim and what was expected, never what stood there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SdJwtVcError {
    /// A claim that every SD-JWT VC has is absent.
    #[error("the claim {member} is missing")]
    Missing {
        /// The claim.
        member: &'static str,
    },
    /// A value that the claim cannot have.
    #[error("{member}: {expected} was expected")]
    Malformed {
        /// The claim.
        member: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// Longer than is read.
    #[error("{member}: longer than {limit} bytes")]
    TooLong {
        /// The claim.
        member: &'static str,
        /// The ceiling.
        limit: usize,
    },
    /// A member that has no place here, because another data model reads a credential of its own from it.
    #[error("the member {member} has no place in an SD-JWT VC")]
    Refused {
        /// The member.
        member: &'static str,
    },
    /// More types than [`CREDENTIAL_TYPES`](crate::limits::CREDENTIAL_TYPES).
    #[error("more than {limit} types")]
    TooManyTypes {
        /// The ceiling.
        limit: usize,
    },
    /// `exp` lies before `nbf`.
    #[error("exp lies before nbf")]
    ValidityPeriod,
}

impl Explain for SdJwtVcError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { member: "vct" } => "sd-jwt-vc.vct-missing",
            Self::Missing { .. } => "sd-jwt-vc.issuer-missing",
            Self::Malformed { member, .. } | Self::TooLong { member, .. } => match *member {
                "vct" => "sd-jwt-vc.vct",
                "vct#integrity" => "sd-jwt-vc.vct-integrity",
                "aka_vcts" => "sd-jwt-vc.aka-vcts",
                "iss" => "sd-jwt-vc.iss",
                "sub" => "sd-jwt-vc.sub",
                "nbf" => "sd-jwt-vc.nbf",
                "exp" => "sd-jwt-vc.exp",
                "iat" => "sd-jwt-vc.iat",
                "cnf" => "sd-jwt-vc.cnf",
                _ => "sd-jwt-vc.status",
            },
            Self::Refused { .. } => "sd-jwt-vc.refused",
            Self::TooManyTypes { .. } => "sd-jwt-vc.too-many-types",
            Self::ValidityPeriod => "sd-jwt-vc.validity-period",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Refused { .. } => {
                "Ask the issuer for a credential that keeps one data model: vc+sd-jwt for the W3C's, dc+sd-jwt for this."
            }
            Self::Missing { member: "vct" } => "Ask the issuer for a credential that says of which type it is.",
            _ => "Only who made the credential can mend it: ask for a new one.",
        }
    }
}
