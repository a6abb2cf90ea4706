//! The checks' names. They are stable: policies, reports and documents use them.

use std::fmt;

macro_rules! check_ids {
    ($($(#[$doc:meta])* $variant:ident => $name:literal,)*) => {
        /// One check. docs/checks.md lists each with its codes and its tests.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CheckId {
            $($(#[$doc])* $variant,)*
        }

        impl CheckId {
            /// All checks, in the order in which reports list them.
            pub const ALL: [Self; CheckId::COUNT] = [$(Self::$variant,)*];

            pub(crate) const COUNT: usize = [$($name,)*].len();

            /// The stable name, such as `valid-until`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

check_ids! {
    /// The bytes are a credential or presentation in a format that this version reads.
    Parse => "parse",
    /// The envelope says what it holds, and it is that.
    MediaType => "media-type",
    /// The signature algorithm is allowed and fits the key.
    Algorithm => "algorithm",
    /// The signature fits the document and the key.
    Proof => "proof",
    /// The key belongs to the issuer (or, for a presentation, to the holder that it names).
    KeyBinding => "key.binding",
    /// The key may be used for this purpose.
    KeyPurpose => "key.purpose",
    /// The key was neither expired nor revoked.
    KeyValidity => "key.validity",
    /// The document keeps the rules of the data model and of its kind.
    DataModel => "data-model",
    /// Every member is defined by a context (formats that sign RDF).
    DataTerms => "data-terms",
    /// The contexts are the ones that were signed, and the ones published for the kind.
    Context => "context",
    /// The claims fit the schema that the issuer names.
    Schema => "schema",
    /// The credential is valid already.
    ValidFrom => "valid-from",
    /// The credential is still valid.
    ValidUntil => "valid-until",
    /// The signature itself has not expired.
    ProofExpiry => "proof-expiry",
    /// What the decision rests on is recent enough for the policy.
    Freshness => "freshness",
    /// The credential was not revoked.
    StatusRevocation => "status.revocation",
    /// The credential is not suspended.
    StatusSuspension => "status.suspension",
    /// The status list is genuine, its issuer's own and understood.
    StatusList => "status.list",
    /// Nothing older than what was already seen.
    MaterialRollback => "material.rollback",
    /// What was disclosed is what was signed.
    Disclosure => "disclosure",
    /// Whoever presents it is whom it was issued to.
    HolderBinding => "holder.binding",
    /// The presentation was made for this verifier.
    Audience => "audience",
    /// The presentation was made for this request.
    Nonce => "nonce",
    /// The verifier's trust list knows the issuer, for this.
    IssuerTrust => "issuer.trust",
    /// Somebody trusted recognises the issuer.
    IssuerAccreditation => "issuer.accreditation",
    /// The issuer delegated to whoever signed.
    Delegation => "delegation",
    /// Enough distinct people endorse it.
    Endorsement => "endorsement",
}

impl CheckId {
    /// Checks that no policy can relax: without them nothing is known about the document at all.
    pub const FOUNDATION: [Self; 6] =
        [Self::Parse, Self::Algorithm, Self::Proof, Self::KeyBinding, Self::KeyPurpose, Self::Disclosure];

    /// The check of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.name() == name)
    }
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CheckSet(u32);

impl CheckSet {
    /// Whether the check is in it.
    pub fn contains(self, check: CheckId) -> bool {
        self.0 & (1 << check as u32) != 0
    }

    /// With the check in it.
    #[must_use]
    pub fn with(self, check: CheckId) -> Self {
        Self(self.0 | (1 << check as u32))
    }

    /// Without the check in it.
    #[must_use]
    pub(crate) fn without(self, check: CheckId) -> Self {
        Self(self.0 & !(1 << check as u32))
    }

    /// The checks in it, in their order.
    pub fn iter(self) -> impl Iterator<Item = CheckId> {
        CheckId::ALL.into_iter().filter(move |check| self.contains(*check))
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<CheckId> for CheckSet {
    fn from_iter<I: IntoIterator<Item = CheckId>>(checks: I) -> Self {
        checks.into_iter().fold(Self::default(), Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_read_back() {
        for check in CheckId::ALL {
            assert_eq!(CheckId::from_name(check.name()), Some(check));
        }
        assert_eq!(CheckId::from_name("Proof"), None);
        let all: CheckSet = CheckId::ALL.into_iter().collect();
        assert!(CheckId::ALL.into_iter().eq(all.iter()));
        assert_eq!(CheckSet::default().iter().count(), 0);
    }
}
