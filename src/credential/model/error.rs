use crate::error::Explain;

/// A member of a credential or presentation that the data model defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Member {
    /// `@context`
    Context,
    /// `id`
    Id,
    /// `type`
    Type,
    /// `name`
    Name,
    /// `description`
    Description,
    /// `issuer`
    Issuer,
    /// `credentialSubject`
    CredentialSubject,
    /// `validFrom`
    ValidFrom,
    /// `validUntil`
    ValidUntil,
    /// `credentialStatus`
    CredentialStatus,
    /// `credentialSchema`
    CredentialSchema,
    /// `termsOfUse`
    TermsOfUse,
    /// `refreshService`
    RefreshService,
    /// `evidence`
    Evidence,
    /// `relatedResource`
    RelatedResource,
    /// `confidenceMethod`
    ConfidenceMethod,
    /// `renderMethod`
    RenderMethod,
    /// `proof`
    Proof,
    /// `cnf` (RFC 7800)
    Confirmation,
    /// `holder`
    Holder,
    /// `verifiableCredential`
    VerifiableCredential,
    /// `vc`, of data model 1.1
    WrappedCredential,
    /// `vp`, of data model 1.1
    WrappedPresentation,
}

impl Member {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "@context" => Self::Context,
            "id" => Self::Id,
            "type" => Self::Type,
            "name" => Self::Name,
            "description" => Self::Description,
            "issuer" => Self::Issuer,
            "credentialSubject" => Self::CredentialSubject,
            "validFrom" => Self::ValidFrom,
            "validUntil" => Self::ValidUntil,
            "credentialStatus" => Self::CredentialStatus,
            "credentialSchema" => Self::CredentialSchema,
            "termsOfUse" => Self::TermsOfUse,
            "refreshService" => Self::RefreshService,
            "evidence" => Self::Evidence,
            "relatedResource" => Self::RelatedResource,
            "confidenceMethod" => Self::ConfidenceMethod,
            "renderMethod" => Self::RenderMethod,
            "proof" => Self::Proof,
            "cnf" => Self::Confirmation,
            "holder" => Self::Holder,
            "verifiableCredential" => Self::VerifiableCredential,
            "vc" => Self::WrappedCredential,
            "vp" => Self::WrappedPresentation,
            _ => return None,
        })
    }

    /// The member's name in JSON.
    pub fn name(self) -> &'static str {
        self.name_and_code().0
    }

    fn name_and_code(self) -> (&'static str, &'static str) {
        match self {
            Self::Context => ("@context", "data-model.context"),
            Self::Id => ("id", "data-model.id"),
            Self::Type => ("type", "data-model.type"),
            Self::Name => ("name", "data-model.name"),
            Self::Description => ("description", "data-model.description"),
            Self::Issuer => ("issuer", "data-model.issuer"),
            Self::CredentialSubject => ("credentialSubject", "data-model.credential-subject"),
            Self::ValidFrom => ("validFrom", "data-model.valid-from"),
            Self::ValidUntil => ("validUntil", "data-model.valid-until"),
            Self::CredentialStatus => ("credentialStatus", "data-model.credential-status"),
            Self::CredentialSchema => ("credentialSchema", "data-model.credential-schema"),
            Self::TermsOfUse => ("termsOfUse", "data-model.terms-of-use"),
            Self::RefreshService => ("refreshService", "data-model.refresh-service"),
            Self::Evidence => ("evidence", "data-model.evidence"),
            Self::RelatedResource => ("relatedResource", "data-model.related-resource"),
            Self::ConfidenceMethod => ("confidenceMethod", "data-model.confidence-method"),
            Self::RenderMethod => ("renderMethod", "data-model.render-method"),
            Self::Proof => ("proof", "data-model.proof"),
            Self::Confirmation => ("cnf", "data-model.confirmation"),
            Self::Holder => ("holder", "data-model.holder"),
            Self::VerifiableCredential => ("verifiableCredential", "data-model.verifiable-credential"),
            Self::WrappedCredential => ("vc", "data-model.vc-claim"),
            Self::WrappedPresentation => ("vp", "data-model.vp-claim"),
        }
    }
}

/// Why a document is no credential or presentation of VC Data Model 2.0. Says where and what was expected, never what
/// stood there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A member that every such document has is absent.
    #[error("the member {} is missing", member.name())]
    Missing {
        /// The member.
        member: Member,
    },
    /// A value that the data model does not allow there.
    #[error("{expected} was expected at {pointer}")]
    Malformed {
        /// The member of the document in which the value stands.
        member: Member,
        /// Where it stands, as a JSON pointer (RFC 6901).
        pointer: String,
        /// What the data model asks for.
        expected: &'static str,
    },
    /// `vc` or `vp`, into which data model 1.1 wrapped a document (VC-JOSE-COSE 1.0, section 3.1.3).
    #[error("the member {} has no place in data model 2.0", member.name())]
    Forbidden {
        /// The member.
        member: Member,
    },
    /// A JSON-LD keyword, such as `@id` or `@graph`, where the data model has the keyword's alias or nothing.
    #[error("a JSON-LD keyword other than @context stands as a member's name at {}", place(pointer))]
    Keyword {
        /// The object that has the member, as a JSON pointer (RFC 6901).
        pointer: String,
    },
    /// `validUntil` lies before `validFrom`.
    #[error("validUntil lies before validFrom")]
    ValidityPeriod,
    /// The same related resource is listed twice.
    #[error("the resource at {pointer} is listed before")]
    RepeatedResource {
        /// The second `id`, as a JSON pointer (RFC 6901).
        pointer: String,
    },
    /// More credentials in a presentation than [`CREDENTIALS`](crate::limits::CREDENTIALS).
    #[error("more than {limit} credentials in one presentation")]
    TooManyCredentials {
        /// The ceiling.
        limit: usize,
    },
}

fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "the top" } else { pointer }
}

impl Explain for ModelError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { member } | Self::Malformed { member, .. } | Self::Forbidden { member } => {
                member.name_and_code().1
            }
            Self::Keyword { .. } => "data-model.keyword",
            Self::ValidityPeriod => "data-model.validity-period",
            Self::RepeatedResource { .. } => "data-model.repeated-resource",
            Self::TooManyCredentials { .. } => "data-model.too-many-credentials",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Missing { member: Member::Context } | Self::Malformed { member: Member::Context, .. } => {
                "Documents of data model 1.1 are not read: ask for one whose first context is \
                 https://www.w3.org/ns/credentials/v2."
            }
            Self::Forbidden { .. } => "Put the members of the document at the top, beside @context.",
            Self::Keyword { .. } => "Write the document in compacted form: id and type in place of @id and @type.",
            Self::TooManyCredentials { .. } => "Present the credentials in several presentations.",
            _ => "Only who made the document can mend it: ask for a new one by VC Data Model 2.0.",
        }
    }
}

/// The way from the document to a value, kept on the stack and written out only for an error.
#[derive(Clone, Copy)]
pub(super) enum Path<'p> {
    Member(Member),
    Child(&'p Path<'p>, &'static str),
    Item(&'p Path<'p>, usize),
}

impl Path<'_> {
    pub(super) fn child(&self, name: &'static str) -> Path<'_> {
        Path::Child(self, name)
    }

    pub(super) fn item(&self, index: usize) -> Path<'_> {
        Path::Item(self, index)
    }

    #[cold]
    pub(super) fn malformed(&self, expected: &'static str) -> ModelError {
        ModelError::Malformed { member: self.member(), pointer: self.pointer(), expected }
    }

    pub(super) fn pointer(&self) -> String {
        match self {
            Self::Member(member) => format!("/{}", member.name()),
            Self::Child(parent, name) => format!("{}/{name}", parent.pointer()),
            Self::Item(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }

    fn member(&self) -> Member {
        match self {
            Self::Member(member) => *member,
            Self::Child(parent, _) | Self::Item(parent, _) => parent.member(),
        }
    }
}
