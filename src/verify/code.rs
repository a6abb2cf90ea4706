//! What a check can find: one table of codes, each with its result, its plain message and what to do next.
//!
//! A message is read by somebody at a desk who has never heard of a cryptosuite. `{}` stands for a detail that the
//! check adds: an identifier, a date, a member's name; never a claim.

use super::report::CheckResult;

macro_rules! codes {
    ($($variant:ident $name:literal $result:ident $message:literal $hint:literal)*) => {
        /// What a check found. The text of [`Code::name`] is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $message] $variant,)*
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name: `ok`, `not-applicable`, or the check's name with the reason after it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it means for the check.
            pub fn result(self) -> CheckResult {
                match self {
                    $(Self::$variant => CheckResult::$result,)*
                }
            }

            /// What to do about it; empty where there is nothing to do.
            pub fn hint(self) -> &'static str {
                match self {
                    $(Self::$variant => $hint,)*
                }
            }

            /// The message, `{}` where the detail goes.
            pub fn template(self) -> &'static str {
                match self {
                    $(Self::$variant => $message,)*
                }
            }
        }
    };
}

codes! {
    Ok "ok" Pass "In order." ""
    OkDetail "ok" Pass "In order: {}." ""
    NotApplicable "not-applicable" NotApplicable "Does not apply here." ""
    NotReached "not-reached" Undetermined
        "Not looked at, because an earlier check did not get through." "See to the earlier check first."
    NotShown "not-shown" Undetermined
        "The policy asks for this, and the document shows nothing of the kind."
        "Ask the holder for a document that shows it, or use a policy that does not ask for it."
    Clock "clock" Undetermined
        "This computer's clock seems wrong: something at hand was signed later, on {}."
        "Set the clock, then check again."

    ParseUnrecognised "parse.unrecognised" Fail
        "This is no credential: {}." "Ask the holder for the credential file itself, whole and unchanged."
    ParseUnsupported "parse.unsupported" Undetermined
        "This is {}, which this version cannot read." "Ask for it as dc+sd-jwt, vc+sd-jwt, vc+jwt, vc+cose, eddsa-jcs-2022 or ecdsa-jcs-2019."

    MediaTypeOther "media-type.other" Fail
        "The token says that it is \"{}\", which is neither a credential nor a presentation."
        "Ask the holder for the credential; this token was made for something else."
    MediaTypeContradiction "media-type.contradiction" Fail
        "The token's label and its content disagree: one says credential, the other presentation."
        "Refuse it: a genuine issuer labels its tokens rightly."
    MediaTypeMissing "media-type.missing" Undetermined
        "The token does not say what it is." "Ask the issuer to set the header \"typ\" to vc+jwt."

    AlgorithmNone "algorithm.none" Fail
        "The token says that it is not signed at all (alg \"none\")." "Refuse it: nobody vouches for it."
    AlgorithmMac "algorithm.mac" Fail
        "The token is secured with a shared secret ({}), which anybody who knows it can forge."
        "Refuse it: credentials are signed with a private key."
    AlgorithmUnsupported "algorithm.unsupported" Undetermined
        "It is signed with {}, which this version cannot check." "Ask for one signed with Ed25519, ES256, ES384, eddsa-jcs-2022 or ecdsa-jcs-2019."
    AlgorithmMismatch "algorithm.mismatch" Fail
        "The signature's algorithm does not belong to the key that it names." "Refuse it: it was put together from parts."
    AlgorithmCritical "algorithm.critical" Fail
        "The token demands an extension (\"crit\") that this version does not know."
        "Ask the issuer for a token without critical extensions."

    ProofAbsent "proof.absent" Fail
        "Nobody signed this document." "Ask for the signed credential; a copy of its text proves nothing."
    ProofMismatch "proof.mismatch" Fail
        "The signature does not fit: the document was changed after it was signed, or another key signed it."
        "Ask the holder for the original file. If it stays so, refuse it."
    ProofForm "proof.form" Fail
        "The signature cannot be read: {}." "Ask the holder for the original file."
    ProofForHolder "proof.for-its-holder" Fail
        "This is the copy that its issuer made for the holder alone: all of the credential can be read from it, and shown on."
        "Ask the holder for a copy that was made for you, and delete this one."
    ProofTooMany "proof.too-many" Fail
        "The document has more than {} signatures." "Ask for a copy with the issuer's signature alone."
    ProofAncestorMissing "proof.ancestor-missing" Fail
        "Its signature builds on another one, which is not there." "Ask the holder for the file as the issuer gave it."
    ProofAncestorCycle "proof.ancestor-cycle" Fail
        "Its signatures build on each other in a circle." "Refuse it: nobody can have signed it like this."
    ProofAncestor "proof.ancestor" Fail
        "A signature that the issuer's own builds on does not count: {}." "Ask the holder for the original file. If it stays so, refuse it."
    ProofAncestorOpen "proof.ancestor-open" Undetermined
        "Whether a signature that the issuer's own builds on counts is open: {}." "See to that signature first, then check again."
    ProofNoKey "proof.no-key" Fail
        "The document does not say which key signed it." "Ask the issuer to name its key (header \"kid\")."
    ProofKeyUnavailable "proof.key-unavailable" Undetermined
        "The key document of {} is not at hand, so the signature could not be checked."
        "Fetch the document from its own address, and give it when you check again."
    ProofKeyAsserted "proof.key-asserted" Undetermined
        "The key document of {} is only somebody else's word." "Fetch it from its own address."
    ProofMethodUnsupported "proof.method-unsupported" Undetermined
        "Identifiers like {} cannot be looked up by this version." "Use a version that knows this DID method."
    ProofKeyUnusable "proof.key-unusable" Fail
        "The key that is named cannot be used: {}." "Refuse it; the issuer must publish a sound key."

    BindingOtherController "key.binding.other-controller" Fail
        "It was signed with a key of {}, which is not the one that it names as its author."
        "Refuse it: somebody else signed in the author's name."
    BindingNotInDocument "key.binding.not-in-document" Fail
        "The author's key document does not contain the key that signed." "Refuse it, unless the issuer confirms the key."
    BindingUnavailable "key.binding.unavailable" Undetermined
        "Whether the key is the author's is open: its key document is not at hand."
        "Fetch the document from its own address, and give it when you check again."
    BindingNoAuthor "key.binding.no-author" Fail
        "It does not name an author to whom the key could belong." "Refuse it; a credential must name its issuer."
    BindingNotADid "key.binding.not-an-identifier" Fail
        "Its author is named by something that has no keys: {}." "The issuer must be a DID or an https URL without a fragment."

    BindingOtherName "key.binding.other-name" Fail
        "The certificate that signed it does not carry the issuer's name, {}." "Refuse it: somebody else signed in the issuer's name."
    BindingUnknownAnchor "key.binding.unknown-anchor" Undetermined
        "The issuer's certificate does not lead to an authority in your trust list."
        "If you know the authority from elsewhere, add its certificate to the trust list."
    BindingCertificate "key.binding.certificate" Fail
        "The issuer's certificate does not hold: {}." "Ask the issuer for a new copy, signed under a valid certificate."
    BindingCertificateUnsupported "key.binding.certificate-unsupported" Undetermined
        "The issuer's certificate cannot be checked by this version: {}." "Ask the issuer for a certificate with a P-256 key."

    PurposeOther "key.purpose.other" Fail
        "The author did not allow this key to be used for this ({})." "Refuse it: the key was meant for something else."
    PurposeClaimed "key.purpose.claimed" Fail
        "It was signed for another purpose than this: {}." "Ask for a signature made for this purpose."

    ValidityExpired "key.validity.expired" Fail
        "The key that signed it expired on {}." "Ask the issuer for a new copy, signed with its present key."
    ValidityRevoked "key.validity.revoked" Fail
        "The issuer withdrew the key that signed it on {}." "Ask the issuer for a new copy, signed with its present key."

    ValidityRotatedOut "key.validity.rotated-out" Fail
        "The key that signed it was replaced on {}."
        "Ask for a new copy, signed with the present key, or use a policy that says for how long replaced keys count."
    ValidityRotatedLongAgo "key.validity.rotated-long-ago" Fail
        "The key that signed it was replaced {} ago, longer than the policy allows."
        "Ask the issuer for a new copy, signed with its present key."
    ValidityOutsideItsTime "key.validity.outside-its-time" Fail
        "The signature claims to be of {}, when its issuer did not use that key."
        "Refuse it: the date or the signature is false."
    ValidityNoTime "key.validity.no-time" Fail
        "The key that signed it is no longer in use, and the signature does not say when it was made."
        "Ask the issuer for a new copy, signed with its present key."
    ValidityNoEvidence "key.validity.no-evidence" Undetermined
        "The key that signed it was replaced on {}, and nothing at hand shows that its issuer still stands by this document."
        "Ask the issuer to confirm it, or for a new copy."
    ValidityCompromised "key.validity.compromised" Fail
        "Its issuer reports that others may have had the key that signed it since {}, and this document is not among those that it confirms."
        "Refuse it, and tell the issuer. If it is genuine, the issuer can issue it anew."
    ValidityAfterClosing "key.validity.after-closing" Fail
        "The signature claims to be newer than its issuer's closing on {}."
        "Refuse it: nobody may sign in the name of an issuer that has closed."
    ValidityNoticesMissing "key.validity.notices-missing" Undetermined
        "Its issuer publishes which of its keys were stolen, and that notice is not at hand."
        "Fetch the compromise notices from the address in the issuer's key document, and give them when you check again."
    ValidityNoticesNotGenuine "key.validity.notices-not-genuine" Undetermined
        "Its issuer publishes which of its keys were stolen, and what is at hand of that was not signed by the issuer."
        "Fetch the compromise notices anew from the address in the issuer's key document."
    ValidityNoticesStale "key.validity.notices-stale" Undetermined
        "Its issuer publishes which of its keys were stolen, and what is at hand of that is {} old, older than the policy allows."
        "Fetch the compromise notices anew from the address in the issuer's key document."

    ModelBroken "data-model.broken" Fail
        "It does not keep the rules for credentials: {}." "Ask the issuer to correct it."
    ModelKindNeeds "data-model.kind-needs" Fail
        "A document of this kind must carry {}." "Ask the issuer to issue it anew with what is missing."
    ModelClaims "data-model.claims" Fail
        "A statement in it does not keep the rules of its kind: {}." "Ask the issuer to correct it."
    ModelSeveralSubjects "data-model.several-subjects" Fail
        "It speaks of several people or things at once, which documents of this kind may not."
        "Ask the issuer for one document for each."
    ModelTwoKinds "data-model.two-kinds" Fail
        "It claims to be two kinds of document at once." "Ask the issuer for one document for each."
    ModelKindRefused "data-model.kind-refused" Fail
        "The policy takes {}, and this is something else." "Ask the holder for the right document, or use another policy."
    ModelClaimsContradict "data-model.claims-contradict" Fail
        "The token says \"{}\" twice, and not the same." "Refuse it: two readers would read it differently."
    ModelNothingInside "data-model.nothing-inside" Undetermined
        "There is no credential in this presentation." "Ask the holder to include one."
    ModelTooMany "data-model.too-many" Fail
        "There are more than {} credentials in this presentation." "Ask for the ones that are needed, and no more."

    TermsUndefined "data-terms.undefined" Fail
        "No vocabulary (@context) says what {} means, so no signature covers it."
        "Refuse it: anybody could have added that. The issuer can issue it anew without it."
    TermsDropped "data-terms.dropped" Fail
        "A part of it is covered by no signature: {}."
        "Refuse it: anybody could have added that. The issuer can issue it anew without it."
    TermsDisguised "data-terms.disguised" Fail
        "It names {} by an address or a keyword instead of a word of its vocabulary, where a reader would overlook it."
        "Refuse it: somebody may have hidden that after it was signed."
    TermsInvalid "data-terms.invalid" Fail
        "Its words cannot be given their meaning: {}." "Refuse it; whoever wrote it has to mend it."
    TermsTooMuch "data-terms.too-much" Fail
        "It is larger or more entangled than a genuine document: {}." "Refuse it: it was made to keep you busy."
    TermsContextUnavailable "data-terms.context-unavailable" Undetermined
        "The vocabulary at {}, in which it is written, is not at hand."
        "Fetch it from its own address, and give it when you check again."
    TermsContextUnknown "data-terms.context-unknown" Undetermined
        "It is written in the vocabulary at {}, and nobody whom you trust says what that is."
        "If you know the vocabulary from elsewhere, pin its digest in your trust list or policy, and give its file."

    ContextNotSigned "context.not-signed" Fail
        "The document's vocabulary (@context) is not the one that was signed." "Refuse it: it was changed after signing."
    ContextKind "context.kind" Fail
        "Its vocabulary (@context) is not the one published for documents of this kind."
        "Ask the issuer to use exactly the published contexts, in their order."
    ContextNested "context.nested" Fail
        "Somewhere inside it gives words a meaning of its own (@context), which documents of this kind may not."
        "Refuse it: what a person reads there may mean something else."
    ContextInline "context.inline" Undetermined
        "It says itself what its words mean (@context), and no signature covers the words: whoever held it could have exchanged them."
        "Ask for a document in a published vocabulary, or use a policy that accepts such documents."
    ContextPinnedOther "context.pinned-other" Fail
        "It pins the vocabulary at {} by a digest, and what is known under that address has another."
        "Refuse it, and tell the issuer."
    ContextPinnedOpen "context.pinned-open" Undetermined
        "It pins the vocabulary at {} by a digest of a kind that cannot be compared here."
        "Give the vocabulary's own file when you check again, or ask the issuer for a digest by SHA-256."

    SchemaUnsupported "schema.unsupported" Undetermined
        "The issuer names a schema for it, which this version does not check." "Check the claims by eye, or relax the check in the policy."

    SchemaType "schema.type" Fail
        "It does not keep what its type demands: {}." "Refuse it, or ask the issuer for one that keeps the rules of its type."
    SchemaTypeUnavailable "schema.type-unavailable" Undetermined
        "The description of its type, {}, is not at hand." "Fetch it from its own address, and give it when you check again."

    ValidFromFuture "valid-from.future" Fail "It is not valid before {}." "Ask the holder to come back then."
    ValidFromHidden "valid-from.may-be-hidden" Undetermined
        "It shows no beginning, and its holder may have left one out."
        "Ask the holder to show the beginning (validFrom), or that there is none."
    ValidUntilPast "valid-until.past" Fail
        "It ceased to be valid on {}." "Ask the holder for a current one; the issuer can renew it."
    ValidUntilHidden "valid-until.may-be-hidden" Undetermined
        "It shows no end, and its holder may have left one out."
        "Ask the holder to show the end (validUntil), or that there is none."
    ExpiryPast "proof-expiry.past" Fail "The signature ceased to be valid on {}." "Ask for a newly signed copy."
    ExpiryFuture "proof-expiry.future" Fail "The signature does not count before {}." "Ask for a newly signed copy."
    ExpiryHidden "proof-expiry.may-be-hidden" Undetermined
        "It does not show from when until when the signature counts, and its holder may have left that out."
        "Ask the holder to show it (exp, nbf, iat), or that there is none."
    ExpiryForm "proof-expiry.form" Fail
        "The signature's own dates cannot be read: {}." "Ask the issuer to write them as numbers of seconds."

    FreshnessDocument "freshness.document-stale" Undetermined
        "The key document is {} old, older than the policy allows." "Fetch it anew from its own address."
    FreshnessTrustList "freshness.trust-list-stale" Undetermined
        "The trust list is {} old, older than the policy allows." "Load the current trust list."
    FreshnessCredential "freshness.credential-old" Fail
        "It was issued {} ago, longer than the policy allows." "Ask the holder for a newer one."

    StatusUnsupported "status.unsupported" Undetermined
        "It has a status of a kind that this version cannot look up: whether it was revoked is open."
        "Ask the issuer directly, by a number that you know."
    StatusRevoked "status.revocation.revoked" Fail
        "Its issuer has revoked it, as the status list of {} says." "Refuse it. The issuer knows why."
    StatusSuspended "status.suspension.suspended" Fail
        "Its issuer has suspended it, as the status list of {} says."
        "Refuse it for now; the issuer may lift the suspension."
    StatusEntry "status.list.entry" Fail
        "What it says of its status cannot be read: {}." "Ask the issuer for the credential anew."
    StatusListUnavailable "status.list.unavailable" Undetermined
        "Whether it was revoked is open: its issuer's status list is not at hand."
        "Fetch the list from its own address, and give it when you check again."
    StatusListExpired "status.list.expired" Undetermined
        "The status list was valid until {}: whether it was revoked since then is open."
        "Fetch the list anew from its own address. If it stays so, ask the issuer directly."
    StatusListStale "status.list.stale" Undetermined
        "The status list is {} old, older than the policy or the list itself allows: whether it was revoked since then is open."
        "Fetch the list anew from its own address."
    StatusListNotGenuine "status.list.not-genuine" Fail
        "The status list was not signed with a present key of whom it names."
        "Fetch the list anew from its own address. If it stays so, tell the issuer."
    StatusListKeyUnavailable "status.list.key-unavailable" Undetermined
        "The status list could not be checked: the key document of {} is not at hand."
        "Fetch the document from its own address, and give it when you check again."
    StatusListOtherIssuer "status.list.other-issuer" Fail
        "The status list is by {}, who may not speak of this issuer's documents."
        "Fetch the list anew from its own address. If its issuer has others keep its lists, let your trust list say so."
    StatusListOtherPurpose "status.list.other-purpose" Fail
        "The status list is about something else: {}." "Fetch the list that the document names."
    StatusListOutOfRange "status.list.out-of-range" Fail
        "The status list has no such place: {}." "Fetch the list anew; if it stays so, refuse the document."
    StatusListOther "status.list.other" Fail
        "The status list does not answer for this document: {}." "Fetch the list that the document names."
    StatusValue "status.list.unknown-value" Undetermined
        "The status list says something of it that this version does not understand."
        "Ask the issuer what it means."

    StatusHidden "status.may-be-hidden" Undetermined
        "It shows no status, and its holder may have left one out: whether it was revoked is open."
        "Ask the holder to show the status (credentialStatus), or that there is none."

    RollbackShorterLog "material.rollback.shorter-log" Fail
        "The history of an identifier that is at hand is shorter than what was seen before: entries were kept back."
        "Fetch the log anew from its own address."
    RollbackForkedLog "material.rollback.forked-log" Fail
        "The history of an identifier contradicts another one of it that was seen."
        "Refuse it, and ask the issuer by other means: its history was rewritten."
    RollbackBeforeCheckpoint "material.rollback.before-checkpoint" Undetermined
        "The history of an identifier is known from entry {} on, by somebody's word, and an earlier one was seen: whether it goes on from that is open."
        "Fetch the whole log, and give it when you check again."
    RollbackOlderList "material.rollback.older-list" Fail
        "The status list is of {}, and a newer one was seen before." "Fetch the list anew from its own address."
    RollbackOlderNotices "material.rollback.older-notices" Fail
        "The compromise notices are of {}, and newer ones were seen before."
        "Fetch the notices anew from the address in the issuer's key document."

    DisclosureBroken "disclosure.broken" Fail
        "What was disclosed does not fit what was signed: {}." "Ask the holder to present it again. If it stays so, refuse it."
    DisclosureOfFixed "disclosure.fixed" Fail
        "Its issuer let the holder hide the member \"{}\", which must always be shown."
        "Refuse it, and tell the issuer: what could be hidden was not safe to rely on."
    DisclosureNotAnswered "disclosure.not-answered" Fail
        "It does not answer what you asked for: {}." "Send the request again, and ask the holder to answer all of it."

    BindingNotPresented "holder.binding.not-presented" Fail
        "It was handed over as a bare copy: nothing shows that the person presenting it is the one it was issued to."
        "Ask the holder to present it from their wallet, for this request."
    BindingNoHolder "holder.binding.no-holder" Fail
        "It was not issued to anybody's key, so anybody could present it." "Ask for a document that is bound to its holder."
    BindingOtherKey "holder.binding.other-key" Fail
        "It was presented by somebody other than the person that it was issued to."
        "Refuse it, and ask the rightful holder to present it."
    BindingForm "holder.binding.form" Fail
        "The holder's signature on it cannot be read: {}." "Ask the holder to present it again."
    BindingOtherDisclosures "holder.binding.other-disclosures" Fail
        "Something was added or taken away after the holder signed it." "Refuse it, and ask the rightful holder to present it."
    BindingFuture "holder.binding.future" Fail
        "The holder's signature was made in the future, on {}." "Set the clocks of both devices, then present it again."
    BindingSeveralSubjects "holder.binding.several-subjects" Undetermined
        "It speaks of several subjects, so it is open who its holder is." "Ask for a document for one person."
    BindingUnsupported "holder.binding.unsupported" Undetermined
        "It names its holder's key in a way that this version cannot compare (cnf without jwk)."
        "Ask the issuer to put the key itself into cnf."
    BindingNoExpectation "holder.binding.no-expectation" Undetermined
        "The holder must be shown to be present, but no request was given to compare with."
        "Give the request that was to be answered, or its audience and nonce."
    HolderKeyUnavailable "holder.binding.key-unavailable" Undetermined
        "The key document of {} is not at hand, so it is open who its holder is."
        "Fetch the document from its own address, and give it when you check again."

    AudienceMissing "audience.missing" Fail
        "The presentation does not say for whom it was made." "Ask the holder to present it again, for you."
    AudienceOther "audience.other" Fail
        "The presentation was made for somebody else." "Refuse it: it may have been copied from another desk."
    NonceMissing "nonce.missing" Fail
        "The presentation does not answer a request: it has no nonce." "Ask the holder to answer your request."
    NonceOther "nonce.other" Fail
        "The presentation answers another request than yours: it may be an old one that was copied."
        "Send a new request and ask the holder to answer that."

    TrustNoList "issuer.trust.no-list" Undetermined
        "The signature says who issued it, but there is no trust list that says whether to believe them."
        "Give a trust list that names the issuers you know."
    TrustUnknown "issuer.trust.unknown" Undetermined
        "The issuer, {}, is not in your trust list." "If you know this issuer from elsewhere, add it to the trust list."
    TrustOtherType "issuer.trust.other-type" Fail
        "Your trust list does not let this issuer issue {}." "Refuse it, or ask for one from an issuer who may."
    TrustOtherRegion "issuer.trust.other-region" Fail
        "Your trust list does not let this issuer issue it for {}." "Refuse it, or ask for one from an issuer in that place."
    TrustRegionNotShown "issuer.trust.region-not-shown" Undetermined
        "Your trust list limits this issuer to certain places, and the document does not show its place."
        "Ask the holder to show the country or region."
    TrustNotYet "issuer.trust.not-yet" Fail
        "Your trust list trusts this issuer only from {} on." "Refuse it until then."
    TrustEnded "issuer.trust.ended" Fail
        "Your trust list trusted this issuer only until {}." "Ask for one from an issuer who is trusted today."
    TrustClosed "issuer.trust.closed" Undetermined
        "Its issuer closed on {}, so nobody can say any more whether this still holds."
        "Ask for one from an issuer who is there today."
    TrustOutlived "issuer.trust.outlived" Undetermined
        "Its issuer closed, and your trust list let its documents stand only until {}."
        "Ask for one from an issuer who is there today."
}

impl Code {
    /// The message with the detail put in.
    pub(crate) fn message(self, detail: Option<&str>) -> String {
        self.template().replacen("{}", detail.unwrap_or(""), 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::CheckId;

    #[test]
    fn every_code_names_its_check_and_says_what_to_do() {
        for code in Code::ALL {
            let is_general = matches!(code.name(), "ok" | "not-applicable" | "not-reached" | "not-shown" | "clock");
            let check = CheckId::ALL.iter().find(|check| code.name().starts_with(&format!("{check}.")));
            assert!(is_general || check.is_some() || code.name().starts_with("status."), "{}", code.name());
            let refuses = matches!(code.result(), CheckResult::Fail | CheckResult::Undetermined);
            assert_eq!(refuses, !code.hint().is_empty(), "{}", code.name());
            assert!(code.template().ends_with('.'), "{}", code.name());
            // Whoever reads it may have an app before them, and no command line.
            assert!(!code.hint().contains("--") && !code.hint().contains("attesta "), "{}", code.name());
        }
    }

    #[test]
    fn names_are_distinct() {
        let mut names: Vec<_> =
            Code::ALL.iter().filter(|code| **code != Code::OkDetail).map(|code| code.name()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
