//! The closed vocabularies of the core, as enums that each language shows in its own spelling.

use attesta::{credential, keys, securing, verify};

/// An enum that stands for one of the core's.
pub(crate) trait Mirror: Copy + 'static {
    type Core: PartialEq;

    const ALL: &[Self];

    fn to_core(self) -> Self::Core;

    /// `None` for what the core has and hosts do not know yet.
    fn of_core(core: Self::Core) -> Option<Self> {
        Self::ALL.iter().copied().find(|own| own.to_core() == core)
    }
}

/// Declares an enum with the variants of one of the core's.
macro_rules! mirror {
    (
        $(#[doc = $doc:expr])*
        $name:ident of $core:ty { $( $(#[doc = $word_doc:expr])* $variant:ident, )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $( $(#[doc = $word_doc])* $variant, )*
        }

        impl Mirror for $name {
            type Core = $core;

            const ALL: &[Self] = &[$(Self::$variant,)*];

            fn to_core(self) -> $core {
                match self {
                    $(Self::$variant => <$core>::$variant,)*
                }
            }
        }
    };
}

#[cfg(feature = "issuer")]
pub(crate) use mirror;

mirror! {
    /// A kind of credential.
    Kind of credential::kind::Kind {
        /// An organisation guarantees where somebody lives.
        ProofOfAddress,
        /// An authority licenses somebody.
        Licence,
        /// An awarding body certifies a skill.
        SkillCertification,
    }
}

mirror! {
    /// How a credential is secured.
    CredentialFormat of securing::Format {
        /// `vc+jwt`, a token (VC-JOSE-COSE).
        Jwt,
        /// `vc+sd-jwt`, a token whose holder can show parts (VC-JOSE-COSE with SD-JWT).
        SdJwt,
        /// `dc+sd-jwt`, a token whose holder can show parts, with a claims set of its own (SD-JWT VC).
        SdJwtVc,
        /// `vc+cose`, a message of bytes (VC-JOSE-COSE with COSE). As text it is the JSON object that holds them in a `data:`
        /// URL; [`bytes_of`](crate::bytes_of) takes them out.
        Cose,
        /// JSON with an `eddsa-jcs-2022` proof (Data Integrity), for Ed25519 keys.
        EddsaJcs2022,
        /// JSON with an `ecdsa-jcs-2019` proof (Data Integrity), for P-256 and P-384 keys.
        EcdsaJcs2019,
        /// JSON with an `eddsa-rdfc-2022` proof (Data Integrity), which signs what the document means, for Ed25519 keys.
        EddsaRdfc2022,
        /// JSON with an `ecdsa-rdfc-2019` proof (Data Integrity), which signs what the document means, for P-256 and P-384
        /// keys.
        EcdsaRdfc2019,
        /// JSON with an `ecdsa-sd-2023` proof (Data Integrity), whose holder can show parts, for P-256 keys. What the issuer
        /// gives is for the holder alone: verifiers get what is presented or derived from it.
        EcdsaSd2023,
    }
}

mirror! {
    /// A signature algorithm, and with it the type of the key.
    Algorithm of keys::Algorithm {
        /// Ed25519: what issuers use by default.
        Ed25519,
        /// ECDSA on P-256 with SHA-256: what Secure Enclave and StrongBox have.
        Es256,
        /// ECDSA on P-384 with SHA-384.
        Es384,
        /// ECDSA on P-521 with SHA-512.
        Es512,
    }
}

mirror! {
    /// How a signer writes its signatures.
    SignatureEncoding of keys::SignatureEncoding {
        /// Fixed length: r and s of ECDSA one after the other (IEEE P1363), and every Ed25519 signature.
        Raw,
        /// ASN.1: what Secure Enclave and Android Keystore return for ECDSA.
        Der,
    }
}

mirror! {
    /// A policy that comes with the library.
    Preset of verify::Preset {
        /// Any credential of a trusted issuer.
        Default,
        /// A bank that opens an account on a proof of address: bound to the person, at most three months old.
        BankAddress,
        /// A desk that checks licences, also handed over as files.
        LicenceCheck,
        /// A community that looks at a provider's skills.
        SkillCommunity,
    }
}

/// The decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Outcome {
    /// Every check that the policy requires passed.
    Valid,
    /// At least one of them failed.
    Invalid,
    /// None failed, but at least one could not be decided.
    Undetermined,
}

impl From<verify::Outcome> for Outcome {
    fn from(outcome: verify::Outcome) -> Self {
        match outcome {
            verify::Outcome::Valid => Self::Valid,
            verify::Outcome::Invalid => Self::Invalid,
            verify::Outcome::Undetermined => Self::Undetermined,
        }
    }
}

/// What one check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum CheckResult {
    /// In order.
    Pass,
    /// Not in order.
    Fail,
    /// Could not be decided.
    Undetermined,
    /// The document's kind and format have nothing for this check to look at.
    NotApplicable,
}

impl From<verify::CheckResult> for CheckResult {
    fn from(result: verify::CheckResult) -> Self {
        match result {
            verify::CheckResult::Pass => Self::Pass,
            verify::CheckResult::Fail => Self::Fail,
            verify::CheckResult::Undetermined => Self::Undetermined,
            verify::CheckResult::NotApplicable => Self::NotApplicable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_know_every_word_of_the_core() {
        assert!(credential::kind::Kind::ALL.into_iter().all(|kind| Kind::of_core(kind).is_some()));
        assert!(securing::Format::ALL.into_iter().all(|format| CredentialFormat::of_core(format).is_some()));
        assert!(verify::Preset::ALL.into_iter().all(|preset| Preset::of_core(preset).is_some()));
        let signing = keys::KeyType::ALL.into_iter().filter_map(keys::KeyType::algorithm);
        assert!(signing.into_iter().all(|algorithm| Algorithm::of_core(algorithm).is_some()));
    }
}
