//! `context` and `data-terms`: whether the words of a document mean what its reader takes them to mean.
//!
//! Suites that sign RDF sign what words mean, and not the words. A vocabulary that its reader does not know could give
//! any word any meaning, and a word without meaning is covered by no signature.

use serde_json::Value;

use super::Role;
use super::envelope::short;
use crate::credential::integrity::Integrity;
use crate::credential::kind::Kind;
use crate::credential::model::CredentialView;
use crate::encoding::json::Map;
use crate::encoding::{base64url, multibase, multihash};
use crate::jsonld::error::Unsafe;
use crate::jsonld::rdfc::TooComplex;
use crate::jsonld::{Embedded, JsonLdError, first_disguised};
use crate::limits;
use crate::verify::code::Code;
use crate::verify::materials::{KnownContexts, Resource};
use crate::verify::policy::{InlineContexts, Policy};
use crate::verify::report::Finding;

/// What a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::verify) enum Covers {
    /// The document as it is written, `@context` included.
    Words,
    /// What it means as RDF.
    Meaning,
}

/// Check `context` for a credential: `signed` is what the proof says of it. A kind exists only with the exact contexts
/// published for it (Data Integrity 1.0, section 4.6, "Context Validation").
pub(in crate::verify) fn of_credential(
    document: &Map,
    view: &CredentialView<'_>,
    kind: Option<Kind>,
    signed: Finding,
    covers: Covers,
    known: &KnownContexts<'_>,
    policy: &Policy,
) -> Finding {
    if !matches!(signed.code, Code::Ok | Code::NotApplicable) {
        return signed;
    }
    // An SD-JWT VC has no contexts: its kind is its `vct`.
    if view.contexts.is_empty() {
        return signed;
    }
    if let Some(kind) = kind {
        if !view.contexts.iter().copied().eq(kind.context().iter().copied().map(Some)) {
            return Finding::of(Code::ContextKind);
        }
        if has_nested(document, Role::Credential) {
            return Finding::of(Code::ContextNested);
        }
    }
    if let Some(finding) = related(document, known) {
        return finding;
    }
    match kind {
        Some(_) => Finding::of(Code::Ok),
        None => inline(document, Role::Credential, covers, policy).unwrap_or(signed),
    }
}

/// Check `context` for a presentation.
pub(in crate::verify) fn of_presentation(document: &Map, signed: Finding, covers: Covers, policy: &Policy) -> Finding {
    if !matches!(signed.code, Code::Ok | Code::NotApplicable) {
        return signed;
    }
    inline(document, Role::Presentation, covers, policy).unwrap_or(signed)
}

/// What stands in the way of a document that defines its words itself.
fn inline(document: &Map, role: Role, covers: Covers, policy: &Policy) -> Option<Finding> {
    if covers == Covers::Words {
        return None;
    }
    let own = match document.get("@context") {
        Some(Value::Array(items)) => items.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    let is_inline = own.iter().any(|item| !item.is_string());
    let refused = match policy.inline_contexts {
        InlineContexts::Refuse => is_inline || has_nested(document, role),
        // One further inside would say what a status or a proof means.
        InlineContexts::Accept => own.iter().any(|item| hides(item, limits::JSON_DEPTH)) || has_nested(document, role),
    };
    refused.then(|| Finding::of(Code::ContextInline))
}

/// Namespaces of the words that decide whether a document is valid: its dates, its status, its proofs.
const DECIDING: [&str; 2] = ["https://www.w3.org/2018/credentials#", "https://w3id.org/security#"];

/// Keywords by which a member can be put where nobody looks for it.
const HIDING: [&str; 4] = ["@nest", "@included", "@reverse", "@graph"];

/// Whether a context that stands in the document could give another name to a word that decides, or put it elsewhere.
fn hides(context: &Value, depth: usize) -> bool {
    let inner = |value: &Value| depth == 0 || hides(value, depth - 1);
    match context {
        Value::String(text) => {
            // A term, or a prefix that ends anywhere within.
            let reaches =
                |word: &&str| text.starts_with(*word) || (!text.is_empty() && word.starts_with(text.as_str()));
            HIDING.contains(&text.as_str()) || DECIDING.iter().any(reaches)
        }
        Value::Object(members) => {
            members.iter().any(|(name, value)| HIDING.contains(&name.as_str()) || name.contains(':') || inner(value))
        }
        Value::Array(items) => items.iter().any(inner),
        _ => false,
    }
}

/// Whether a `@context` stands below the top. What a presentation carries has its own.
fn has_nested(document: &Map, role: Role) -> bool {
    let carried = |name: &str| role == Role::Presentation && name == "verifiableCredential";
    let inner = document.iter().filter(|(name, _)| *name != "@context" && !carried(name));
    inner.into_iter().any(|(_, value)| has_context(value, limits::JSON_DEPTH))
}

fn has_context(value: &Value, depth: usize) -> bool {
    match value {
        _ if depth == 0 => false,
        Value::Object(members) => {
            members.contains_key("@context") || members.values().any(|value| has_context(value, depth - 1))
        }
        Value::Array(items) => items.iter().any(|value| has_context(value, depth - 1)),
        _ => false,
    }
}

/// What speaks against the digests by which a credential pins contexts that are known here (VC Data Model 2.0, section
/// 5.3: where a digest does not match, "the resource MUST NOT be processed further"). Other resources are not looked at.
fn related(document: &Map, known: &KnownContexts<'_>) -> Option<Finding> {
    let resources = match document.get("relatedResource")? {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    resources.iter().find_map(|resource| {
        let id = resource.get("id")?.as_str()?;
        if !Embedded::has(id) && known.file(id).is_none() {
            return None;
        }
        let digest_of = |digest: &[u8]| known.has_digest(id, digest);
        let sri = |text: &str| Integrity::parse(text).and_then(|pinned| pinned.agrees(digest_of));
        let multibase = |text: &str| decode(text).and_then(|hash| digest_of(multihash::sha2_digest(&hash)?));
        let answers = [
            resource.get("digestSRI").map(|value| any(value, &sri)),
            resource.get("digestMultibase").map(|value| any(value, &multibase)),
        ];
        let answers = || answers.iter().flatten();
        if answers().any(|answer| *answer == Some(false)) {
            return Some(Finding::with(Code::ContextPinnedOther, short(id)));
        }
        answers().any(Option::is_none).then(|| Finding::with(Code::ContextPinnedOpen, short(id)))
    })
}

/// Whether one of the digests agrees: one text, or several.
fn any(value: &Value, agrees: &dyn Fn(&str) -> Option<bool>) -> Option<bool> {
    let texts = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let answers: Vec<_> = texts.iter().map(|text| agrees(text.as_str()?)).collect();
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    (!answers.contains(&None)).then_some(false)
}

/// Controlled Identifiers 1.0, section 2.4.
fn decode(text: &str) -> Option<Vec<u8>> {
    /// A SHA-512 digest and its two bytes of multihash, in base58.
    const CHARACTERS: usize = 96;
    match text.strip_prefix('u') {
        Some(rest) if rest.len() <= CHARACTERS => base64url::decode(rest).ok(),
        Some(_) => None,
        None => multibase::decode_base58btc(text, CHARACTERS).ok(),
    }
}

/// Check `data-terms` of a document whose signature covers its meaning, and of the proof: whether every member stands
/// there by its word, and what stood in the way of making RDF of it.
pub(in crate::verify) fn data_terms(
    document: &Map,
    role: Role,
    proof: &Map,
    problem: Option<&JsonLdError>,
    known: &KnownContexts<'_>,
) -> Finding {
    let apart: &[&str] = if role == Role::Presentation { &["verifiableCredential"] } else { &[] };
    let disguised =
        first_disguised(document, apart).or_else(|| Some(format!("/proof{}", first_disguised(proof, &[])?)));
    if let Some(pointer) = disguised {
        return Finding::with(Code::TermsDisguised, short(&pointer));
    }
    match problem {
        None => Finding::of(Code::Ok),
        Some(JsonLdError::Unsafe { pointer, reason: Unsafe::UndefinedTerm }) => {
            Finding::with(Code::TermsUndefined, short(pointer))
        }
        Some(error @ JsonLdError::Unsafe { .. }) => Finding::with(Code::TermsDropped, short(&error.to_string())),
        Some(JsonLdError::ContextUnavailable { url }) if known.is_pinned(url) => {
            Finding::with(Code::TermsContextUnavailable, short(url))
        }
        Some(JsonLdError::ContextUnavailable { url }) => Finding::with(Code::TermsContextUnknown, short(url)),
        Some(error @ JsonLdError::TooMuch { .. }) => Finding::with(Code::TermsTooMuch, short(&error.to_string())),
        Some(error) => Finding::with(Code::TermsInvalid, short(&error.to_string())),
    }
}

/// The same, where the parts of a document cannot be told apart with the work that is allowed.
pub(in crate::verify) fn too_complex(error: &TooComplex) -> Finding {
    Finding::with(Code::TermsTooMuch, error)
}

/// The context to fetch, if one is missing: a pinned one. Another would count for nothing.
pub(in crate::verify) fn missing(problem: &JsonLdError, known: &KnownContexts<'_>) -> Option<Resource> {
    match problem {
        JsonLdError::ContextUnavailable { url } if known.is_pinned(url) => Some(Resource::Context(url.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::Explain as _;
    use crate::trust::PinnedContext;
    use crate::verify::materials::{Material, Materials, Pins, Source};

    const V2: &str = "https://www.w3.org/ns/credentials/v2";
    const OURS: &str = "https://w3id.org/attesta/v1";
    const OWN: &str = "https://register.example/context/v1";
    const OWN_BYTES: &[u8] = br#"{"@context":{"debtor":"https://register.example/vocab#debtor"}}"#;

    fn material(bytes: &[u8]) -> Material {
        let obtained = crate::time::Timestamp::from_unix(0).unwrap();
        let resource = Resource::Context(OWN.to_owned());
        Material { resource, bytes: bytes.to_vec(), obtained, source: Source::Asserted { by: "anybody".to_owned() } }
    }

    fn document(members: Value) -> Map {
        let mut document = json!({
            "@context": [V2],
            "type": ["VerifiableCredential"],
            "issuer": "did:web:ngo.example",
            "credentialSubject": {"name": "Ada"},
        });
        document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        document.as_object().unwrap().clone()
    }

    fn code_by(members: Value, covers: Covers, policy: &Policy) -> &'static str {
        let document = document(members);
        let view = CredentialView::read(&document).unwrap();
        let kind = Kind::of_types(view.types.iter().copied());
        let mut materials = Materials::none();
        materials.add(&material(OWN_BYTES)).unwrap();
        let known = KnownContexts { materials: &materials, pins: Pins::Of(policy) };
        of_credential(&document, &view, kind, Finding::of(Code::Ok), covers, &known, policy).code.name()
    }

    fn code(members: Value, covers: Covers) -> &'static str {
        code_by(members, covers, &Policy::default().pinning(PinnedContext::of(OWN, OWN_BYTES)).unwrap())
    }

    #[test]
    fn a_kind_has_its_published_contexts_and_no_other() {
        let licence =
            |context: Value| json!({ "@context": context, "type": ["VerifiableCredential", "LicenceCredential"] });
        for covers in [Covers::Words, Covers::Meaning] {
            assert_eq!(code(licence(json!([V2, OURS])), covers), "ok");
            for context in [
                json!([V2]),
                json!([V2, OURS, OWN]),
                json!([V2, OURS, OURS]),
                json!([V2, {"title": "https://evil.example/title"}, OURS]),
                json!([V2, OURS, {"title": "https://evil.example/title"}]),
                json!([V2, "https://w3id.org/attesta/v1#"]),
            ] {
                assert_eq!(code(licence(context.clone()), covers), "context.kind", "{context}");
            }
            for nested in [
                json!({"credentialSubject": {"@context": {"title": "https://evil.example/title"}, "title": "Hawker"}}),
                json!({"credentialSubject": {"categories": [{"code": "B"}, {"@context": {}, "code": "C"}]}}),
                json!({"evidence": {"type": "Evidence", "a": {"b": [[{"@context": null}]]}}}),
            ] {
                let mut members = licence(json!([V2, OURS]));
                members.as_object_mut().unwrap().extend(nested.as_object().unwrap().clone());
                assert_eq!(code(members, covers), "context.nested", "{nested}");
            }
        }
    }

    #[test]
    fn words_that_no_signature_covers_come_from_contexts_that_are_known() {
        let own = json!({ "@context": [V2, {"creditor": "https://register.example/vocab#debtor"}] });
        let nested = json!({ "credentialSubject": {"@context": {"a": "https://a.example/a"}, "a": "b"} });
        for members in [own, nested] {
            assert_eq!(code(members.clone(), Covers::Meaning), "context.inline");
            // Here the explanation is signed with the words.
            assert_eq!(code(members.clone(), Covers::Words), "ok");
        }
        let accepting = Policy::default().inline_contexts(InlineContexts::Accept);
        let own = json!({ "@context": [V2, {"creditor": "https://register.example/vocab#debtor"}] });
        assert_eq!(code_by(own, Covers::Meaning, &accepting), "ok");
        assert_eq!(code(json!({ "@context": [V2, OWN] }), Covers::Meaning), "ok");
    }

    /// With any of these the end of a credential could be written in another word, which nobody looks for.
    #[test]
    fn a_policy_that_accepts_such_words_lets_nothing_be_hidden_by_them() {
        let accepting = Policy::default().inline_contexts(InlineContexts::Accept);
        let code = |own: Value| code_by(json!({ "@context": [V2, own] }), Covers::Meaning, &accepting);
        assert_eq!(
            code(json!({ "debts": {"@id": "https://a.example/debts", "@container": "@set"}, "t": "@type" })),
            "ok"
        );
        for own in [
            json!({ "end": "https://www.w3.org/2018/credentials#validUntil" }),
            json!({ "end": {"@id": "https://www.w3.org/2018/credentials#validUntil"} }),
            json!({ "c": "https://www.w3.org/2018/credentials#" }),
            json!({ "c": {"@id": "https://www.w3.org/2018/cred", "@prefix": true} }),
            json!({ "@vocab": "https://www.w3.org/" }),
            json!({ "Thing": {"@id": "https://a.example/", "@context": {"end": "https://w3id.org/security#expiration"}} }),
            json!({ "more": "@nest" }),
            json!({ "more": {"@id": "@included"} }),
            json!({ "of": {"@reverse": "https://a.example/"} }),
            json!({ "a": {"@id": "https://a.example/", "@container": ["@graph", "@set"]} }),
            json!({ "a:b": {"@id": "https://a.example/"} }),
        ] {
            assert_eq!(code(own.clone()), "context.inline", "{own}");
        }
        let nested = json!({ "credentialSubject": {"@context": {"a": "https://a.example/a"}, "a": "b"} });
        assert_eq!(code_by(nested, Covers::Meaning, &accepting), "context.inline");
    }

    #[test]
    fn a_presentation_answers_for_its_own_words_alone() {
        let code = |document: Value| {
            let document = document.as_object().unwrap();
            of_presentation(document, Finding::of(Code::Ok), Covers::Meaning, &Policy::default()).code.name()
        };
        assert_eq!(code(json!({ "@context": [V2], "verifiableCredential": [{"@context": [V2]}] })), "ok");
        assert_eq!(code(json!({ "@context": [V2], "holder": {"@context": {}, "id": "did:a:b"} })), "context.inline");
        assert_eq!(code(json!({ "@context": {"a": "https://a.example/a"} })), "context.inline");
    }

    #[test]
    fn what_a_proof_says_against_the_contexts_stays() {
        let document = document(json!({}));
        let view = CredentialView::read(&document).unwrap();
        let (materials, policy) = (Materials::none(), Policy::default());
        let known = KnownContexts { materials: &materials, pins: Pins::Of(&policy) };
        let signed = Finding::of(Code::ContextNotSigned);
        let found = of_credential(&document, &view, None, signed, Covers::Words, &known, &policy);
        assert_eq!(found.code, Code::ContextNotSigned);
    }

    /// Digests of the published file, of another one, and of what cannot be compared.
    #[test]
    fn a_pinned_context_is_the_one_that_is_known() {
        let right = "sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ=";
        let wrong = "sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=";
        let sha_512 = format!("sha512-{}==", "A".repeat(86));
        let multihash = |digest: &[u8]| format!("u{}", base64url::encode([&[0x12, 0x20], digest].concat()));
        let published = Integrity::parse(right).unwrap().single().unwrap().to_vec();
        let related = |id: &str, digests: Value| {
            let mut resource = json!({ "id": id });
            resource.as_object_mut().unwrap().extend(digests.as_object().unwrap().clone());
            code(json!({ "relatedResource": [resource] }), Covers::Words)
        };
        for (digests, expected) in [
            (json!({ "digestSRI": right }), "ok"),
            (json!({ "digestSRI": wrong }), "context.pinned-other"),
            (json!({ "digestSRI": [wrong, right] }), "ok"),
            (json!({ "digestSRI": [wrong, wrong] }), "context.pinned-other"),
            (json!({ "digestSRI": sha_512.clone() }), "context.pinned-open"),
            (json!({ "digestMultibase": multihash(&published) }), "ok"),
            (json!({ "digestMultibase": multibase::encode_base58btc([&[0x12, 0x20], &published[..]].concat()) }), "ok"),
            (json!({ "digestMultibase": multihash(&[7; 32]) }), "context.pinned-other"),
            (json!({ "digestMultibase": "uAAAA" }), "context.pinned-open"),
            (json!({ "digestSRI": right, "digestMultibase": multihash(&[7; 32]) }), "context.pinned-other"),
            (json!({ "digestSRI": wrong, "digestMultibase": multihash(&published) }), "context.pinned-other"),
            (json!({ "digestSRI": right, "digestMultibase": "uAAAA" }), "context.pinned-open"),
        ] {
            assert_eq!(related(V2, digests.clone()), expected, "{digests}");
        }
        let own = crate::credential::integrity::of(OWN_BYTES);
        assert_eq!(related(OWN, json!({ "digestSRI": own })), "ok");
        assert_eq!(related(OWN, json!({ "digestSRI": wrong })), "context.pinned-other");
        // The file is at hand, so that any digest can be compared.
        assert_eq!(related(OWN, json!({ "digestSRI": sha_512 })), "context.pinned-other");
        // What is at hand and was not pinned is not known, and a picture is no vocabulary.
        let unpinned = json!({ "relatedResource": [{"id": OWN, "digestSRI": wrong}] });
        assert_eq!(code_by(unpinned, Covers::Words, &Policy::default()), "ok");
        assert_eq!(related("https://ngo.example/logo.png", json!({ "digestSRI": wrong })), "ok");
        assert_eq!(related("https://w3id.org/vdl/v1", json!({ "digestSRI": wrong })), "context.pinned-other");
    }

    #[test]
    fn what_is_missing_is_asked_for_only_if_it_could_count() {
        let unavailable = JsonLdError::ContextUnavailable { url: OWN.to_owned() };
        let materials = Materials::none();
        let known = |policy: &Policy| {
            let known = KnownContexts { materials: &materials, pins: Pins::Of(policy) };
            let found = data_terms(&Map::new(), Role::Credential, &Map::new(), Some(&unavailable), &known);
            (found.code, missing(&unavailable, &known))
        };
        assert_eq!(known(&Policy::default()), (Code::TermsContextUnknown, None));
        let pinning = Policy::default().pinning(PinnedContext::of(OWN, OWN_BYTES)).unwrap();
        let wanted = Some(Resource::Context(OWN.to_owned()));
        assert_eq!(known(&pinning), (Code::TermsContextUnavailable, wanted));
    }

    /// With the same RDF and so the same signature, the word gone: an end, a status, the chain that a proof stands in.
    #[test]
    fn what_a_reader_would_overlook_is_refused() {
        let (materials, policy) = (Materials::none(), Policy::default());
        let known = KnownContexts { materials: &materials, pins: Pins::Of(&policy) };
        let code = |document: Value, role: Role, proof: Value| {
            let (document, proof) = (document.as_object().unwrap(), proof.as_object().unwrap());
            data_terms(document, role, proof, None, &known)
        };
        let hidden = json!({ "https://www.w3.org/2018/credentials#validUntil": "2026-11-21T00:00:00Z" });
        let nested = json!({ "credentialSubject": {"@nest": {"conditions": ["By day"]}} });
        let (empty, proof) = (json!({}), json!({ "https://w3id.org/security#expiration": "2026-11-21T00:00:00Z" }));
        assert_eq!(code(empty.clone(), Role::Credential, empty.clone()).code, Code::Ok);
        for document in [hidden.clone(), nested] {
            assert_eq!(code(document, Role::Credential, empty.clone()).code, Code::TermsDisguised);
        }
        let of_proof = code(empty.clone(), Role::Presentation, proof);
        assert_eq!(of_proof.code, Code::TermsDisguised);
        assert!(of_proof.detail.is_some_and(|detail| detail.starts_with("/proof/")));
        // What it carries answers for itself.
        let carrying = json!({ "verifiableCredential": [hidden] });
        assert_eq!(code(carrying.clone(), Role::Presentation, empty.clone()).code, Code::Ok);
        assert_eq!(code(carrying, Role::Credential, empty).code, Code::TermsDisguised);
    }

    #[test]
    fn a_context_counts_as_it_is_pinned_whoever_handed_it_over() {
        let other = br#"{"@context":{"debtor":"https://register.example/vocab#creditor"}}"#;
        let mut materials = Materials::none();
        materials.add(&material(OWN_BYTES)).unwrap();
        materials.add(&material(other)).unwrap();
        let pinned_to = |bytes: &[u8]| {
            let policy = Policy::default().pinning(PinnedContext::of(OWN, bytes)).unwrap();
            let known = KnownContexts { materials: &materials, pins: Pins::Of(&policy) };
            known.file(OWN).map(|file| *file.sha_256())
        };
        let of = |bytes: &[u8]| PinnedContext::of(OWN, bytes).sha_256();
        assert_eq!(pinned_to(OWN_BYTES), of(OWN_BYTES));
        assert_eq!(pinned_to(other), of(other));
        assert_eq!(pinned_to(b"{}"), None);
        let policy = Policy::default();
        assert!(KnownContexts { materials: &materials, pins: Pins::Of(&policy) }.file(OWN).is_none());
        // Whoever works on conformance hands over what is to count.
        let given = KnownContexts { materials: &materials, pins: Pins::Given };
        assert_eq!(given.file(OWN).map(|file| *file.sha_256()), of(other));
        // One more than are kept pushes the oldest out, and no others.
        for number in 0..limits::CONTEXT_FILES - 1 {
            materials
                .add(&material(format!(r#"{{"@context":{{"a":"https://a.example/{number}"}}}}"#).as_bytes()))
                .unwrap();
        }
        let pin = |bytes: &[u8]| Policy::default().pinning(PinnedContext::of(OWN, bytes)).unwrap();
        let has = |policy: Policy| KnownContexts { materials: &materials, pins: Pins::Of(&policy) }.file(OWN).is_some();
        assert!(!has(pin(OWN_BYTES)));
        assert!(has(pin(other)));
    }

    #[test]
    fn a_built_in_context_is_never_replaced() {
        let resource = Resource::Context(V2.to_owned());
        let evil = Material { resource, ..material(br#"{"@context":{"@vocab":"https://evil.example/"}}"#) };
        let error = Materials::none().add(&evil).unwrap_err();
        assert_eq!(error.code(), "context.other-content");
        for (bytes, code) in [
            (&b"{}"[..], "context.none"),
            (b"[]", "json.not-an-object"),
            (br#"{"@context":{},"@context":{}}"#, "json.duplicate-member"),
            (b"<html>", "json.syntax"),
        ] {
            assert_eq!(Materials::none().add(&material(bytes)).unwrap_err().code(), code);
        }
        let large = vec![b' '; limits::MATERIAL_BYTES + 1];
        assert_eq!(Materials::none().add(&material(&large)).unwrap_err().code(), "material.too-large");
    }
}
