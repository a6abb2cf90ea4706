//! Who presents it, to whom, in answer to what; and presentations that are none.

use attesta::credential::Holder;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{BANK, CAST, NONCE, document, list, method_of};
use crate::forge::{enclosed, enveloped};
use crate::scene::{About, Scene, changed};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, licence, other] =
        [About::Address, About::Licence, About::Other].map(|about| Scene::new(about, format));
    let mut cases = strangers(&address);
    cases.extend(requests(&address));
    cases.extend(holders(&address, &other));
    cases.extend(signed_answers(&address));
    cases.extend(contents(&licence, &other));
    cases
}

fn strangers(address: &Scene) -> Vec<Case> {
    let (tenant, thief) = (&CAST.tenant, &CAST.thief);
    let credential = address.credential();
    let key_member = if address.has_header() { "/kid" } else { "/verificationMethod" };
    vec![
        address
            .invalid("copied-without-its-holder", "A bare copy of somebody's guarantee.", credential.clone())
            .asked()
            .by(CheckId::HolderBinding, Code::BindingNotPresented),
        address
            .invalid(
                "presented-by-a-stranger",
                "Somebody who copied the guarantee presents it with a key of their own.",
                address.answer_of(thief, &credential),
            )
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        address
            .invalid(
                "presented-by-a-stranger-in-the-holders-name",
                "The presentation names the tenant as its holder, and a stranger's key signed it.",
                address.answer_by(
                    thief,
                    &[enclosed(&credential)],
                    |presentation| put(presentation, "/holder", tenant.did.as_str()),
                    |_| {},
                ),
            )
            .asked()
            .by(CheckId::KeyBinding, Code::BindingOtherController),
        address
            .invalid(
                "presented-by-a-stranger-with-the-holders-key-named",
                "The presentation names the tenant's key, and a stranger's key signed it.",
                address.answer_by(
                    thief,
                    &[enclosed(&credential)],
                    |presentation| put(presentation, "/holder", tenant.did.as_str()),
                    |options| put(options, key_member, tenant.method.as_str()),
                ),
            )
            .asked()
            .by(CheckId::Proof, Code::ProofMismatch),
        address
            .invalid(
                "credential-swapped-into-an-answer",
                "The tenant's signed answer carries another guarantee than the one that was signed.",
                changed(&address.answer(&credential), |presentation| {
                    let other = address.credential_valid("2026-11-03", 90);
                    put(presentation, "/verifiableCredential", json!([enclosed(&other)]));
                }),
            )
            .asked()
            .by(CheckId::Proof, Code::ProofMismatch),
    ]
}

fn requests(address: &Scene) -> Vec<Case> {
    let credential = address.credential();
    let without = |in_token: &'static str, in_proof: &'static str| {
        address.answer_by(
            &CAST.tenant,
            &[enclosed(&credential)],
            |presentation| {
                if address.format == Format::Jwt {
                    take(presentation, in_token);
                }
            },
            |options| match address.format {
                Format::Jwt => {}
                Format::Cose => drop(take(options, in_token)),
                _ => drop(take(options, in_proof)),
            },
        )
    };
    vec![
        address
            .invalid(
                "replayed-nonce",
                "An old answer of the tenant's, sent again to a new request.",
                address.answer_to(&[&credential], BANK, "n-yesterdaysRequest00000"),
            )
            .asked()
            .by(CheckId::Nonce, Code::NonceOther),
        address
            .invalid(
                "made-for-another-verifier",
                "What the tenant showed to a shop, passed on to the bank.",
                address.answer_to(&[&credential], "https://shop.example", NONCE),
            )
            .asked()
            .by(CheckId::Audience, Code::AudienceOther),
        address
            .invalid(
                "made-for-a-verifier-whose-name-begins-alike",
                "The answer names an audience that only begins like the bank's.",
                address.answer_to(&[&credential], &format!("{BANK}.stranger.example"), NONCE),
            )
            .asked()
            .by(CheckId::Audience, Code::AudienceOther),
        address
            .invalid("without-a-nonce", "An answer that any request would fit.", without("/nonce", "/challenge"))
            .asked()
            .by(CheckId::Nonce, Code::NonceMissing),
        address
            .invalid("without-an-audience", "An answer that any verifier would fit.", without("/aud", "/domain"))
            .asked()
            .by(CheckId::Audience, Code::AudienceMissing),
        address
            .open(
                "holder-required-and-nothing-asked",
                "The bank demands its holder, but did not say what the answer must be compared with.",
                address.answer(&credential),
            )
            .by(CheckId::HolderBinding, Code::BindingNoExpectation),
    ]
}

fn holders(address: &Scene, other: &Scene) -> Vec<Case> {
    let tenant = &CAST.tenant;
    let published = tenant.under("did:web:tenant.example#phone");
    let to_published = other.credential_to(Some(Holder::Did(published.did.clone())));
    let lists = |relationship: &str| document(&published.did, &[method_of(&published)], &[relationship]);
    vec![
        other
            .invalid(
                "issued-to-nobody",
                "The policy demands a holder, and the credential was issued to nobody's key.",
                other.answer_of(tenant, &other.credential_to(None)),
            )
            .asked()
            .policy(json!({ "holderBinding": "required" }))
            .by(CheckId::HolderBinding, Code::BindingNoHolder),
        other
            .open(
                "several-subjects",
                "The credential speaks of two people, and says of neither that they hold it.",
                other.answer_of(
                    tenant,
                    &other.issued(|credential| {
                        let subjects = [&tenant.did, &CAST.thief.did].map(|did| json!({ "id": did, "grade": 1 }));
                        put(credential, "/credentialSubject", json!(subjects));
                    }),
                ),
            )
            .asked()
            .by(CheckId::HolderBinding, Code::BindingSeveralSubjects),
        other
            .open(
                "holders-document-missing",
                "The holder's keys stand in a document that is not at hand.",
                other.answer_of(tenant, &to_published),
            )
            .asked()
            .by(CheckId::HolderBinding, Code::HolderKeyUnavailable),
        other
            .open(
                "presenters-document-missing",
                "The key that signed the answer stands in a document that is not at hand.",
                other.answer_of(&published, &to_published),
            )
            .asked()
            .by(CheckId::Proof, Code::ProofKeyUnavailable),
        other
            .invalid(
                "holders-key-for-other-things",
                "The holder's document lets this key issue, but not log in.",
                other.answer_of(&published, &to_published),
            )
            .asked()
            .fetched(&lists("assertionMethod"))
            .by(CheckId::KeyPurpose, Code::PurposeOther),
        other
            .invalid(
                "holders-key-for-other-things-under-its-own-name",
                "The presentation is signed under the key's own did:key, and the holder's document does not let it log in.",
                other.answer_of(tenant, &to_published),
            )
            .asked()
            .fetched(&lists("assertionMethod"))
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        other
            .invalid(
                "subject-without-an-identifier-among-keys",
                "The subject is named by a number, which no key can belong to.",
                other.answer_of(
                    tenant,
                    &other.issued(|credential| {
                        put(credential, "/credentialSubject/id", "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873");
                    }),
                ),
            )
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        address
            .invalid(
                "credentials-of-two-people",
                "The tenant presents their own guarantee beside the neighbour's.",
                {
                    let neighbours = address.credential_to(Some(Holder::Did(CAST.neighbour.did.clone())));
                    let both = [enclosed(&address.credential()), enclosed(&neighbours)];
                    address.answer_by(tenant, &both, |_| {}, |_| {})
                },
            )
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
    ]
}

/// The presentation's own signature: its purpose, its time, its key.
fn signed_answers(address: &Scene) -> Vec<Case> {
    let credential = [enclosed(&address.credential())];
    let answer = |claim: &'static str, seconds: i64, member: &'static str, moment: &'static str| {
        address.answer_by(
            &CAST.tenant,
            &credential,
            |presentation| {
                if address.format == Format::Jwt {
                    put(presentation, claim, seconds);
                }
            },
            |options| match address.format {
                Format::Jwt => {}
                Format::Cose => put(options, claim, seconds),
                _ => put(options, member, moment),
            },
        )
    };
    let labelled = address.answer_by(
        &CAST.tenant,
        &credential,
        |_| {},
        |options| match address.format {
            Format::Jwt => put(options, "/typ", "vc+jwt"),
            Format::Cose => put(options, "/typ", "application/vc+cose"),
            _ => put(options, "/proofPurpose", "assertionMethod"),
        },
    );
    let (check, code) = match address.has_header() {
        true => (CheckId::MediaType, Code::MediaTypeContradiction),
        false => (CheckId::KeyPurpose, Code::PurposeClaimed),
    };
    vec![
        address
            .valid(
                "answer-that-ends-later",
                "The answer counts for another minute.",
                answer("/exp", 1_795_165_260, "/expires", "2026-11-20T09:01:00Z"),
            )
            .asked(),
        address
            .invalid(
                "answer-that-has-ended",
                "The answer ended a minute ago.",
                answer("/exp", 1_795_165_140, "/expires", "2026-11-20T08:59:00Z"),
            )
            .asked()
            .by(CheckId::ProofExpiry, Code::ExpiryPast),
        address
            .invalid(
                "answer-from-the-future",
                "The answer was signed an hour from now.",
                answer("/iat", 1_795_168_800, "/created", "2026-11-20T10:00:00Z"),
            )
            .asked()
            .by(CheckId::ProofExpiry, Code::ExpiryFuture),
        address
            .invalid(
                "answer-labelled-as-a-credential",
                "A presentation that was signed as if it were a credential.",
                labelled,
            )
            .asked()
            .by(check, code),
    ]
}

/// What stands in a presentation.
fn contents(licence: &Scene, other: &Scene) -> Vec<Case> {
    let tenant = &CAST.tenant;
    let credential = other.credential();
    let holding = |credentials: &[Value]| other.answer_by(tenant, credentials, |_| {}, |_| {});
    let broken = |case: Case| case.asked().by(CheckId::DataModel, Code::ModelBroken);
    let both = |licence_file: &str| holding(&[enclosed(&credential), enclosed(licence_file)]);
    let both_lists = [list(std::slice::from_ref(&other.entry)), list(std::slice::from_ref(&licence.entry))];
    let unreadable = |media_type: &str, data: &str| holding(&[enveloped(media_type, data)]);
    vec![
        other
            .open(
                "no-credentials",
                "An answer without a credential.",
                other.answer_by(tenant, &[], |presentation| drop(take(presentation, "/verifiableCredential")), |_| {}),
            )
            .asked()
            .by(CheckId::DataModel, Code::ModelNothingInside),
        broken(other.invalid("no-credentials-in-a-list", "An answer with an empty list of credentials.", holding(&[]))),
        other
            .invalid(
                "thirty-three-credentials",
                "More credentials than are looked at.",
                holding(&vec![enclosed(&credential); 33]),
            )
            .asked()
            .by(CheckId::DataModel, Code::ModelTooMany),
        other
            .invalid(
                "one-valid-one-changed",
                "A changed licence beside a sound credential: nothing is accepted.",
                both(&licence.changed(|credential| put(credential, "/validUntil", "2028-01-31T00:00:00Z"))),
            )
            .asked()
            .trusting(&both_lists)
            .by(CheckId::Proof, Code::ProofMismatch),
        other
            .open(
                "one-valid-one-unknown",
                "A sound credential beside one whose issuer nobody knows.",
                both(&licence.credential()),
            )
            .asked()
            .status(licence.status())
            .by(CheckId::IssuerTrust, Code::TrustUnknown),
        other
            .invalid(
                "credential-unsigned-in-a-signed-answer",
                "The holder's signature does not make up for the issuer's.",
                holding(&[Value::Object(other.document())]),
            )
            .asked()
            .by(CheckId::Proof, Code::ProofAbsent),
        broken(other.invalid("presentation-in-a-presentation", "An answer within an answer.", {
            let inner = holding(&[enclosed(&credential)]);
            let inner =
                if inner.starts_with('{') { enclosed(&inner) } else { json!({ "type": "VerifiablePresentation" }) };
            holding(&[inner])
        })),
        broken(other.invalid(
            "credential-as-text",
            "The credential stands there as plain text.",
            holding(&[credential.as_str().into()]),
        )),
        other
            .invalid("cose-cut-off-inside", "The beginning of a COSE message.", unreadable("vc+cose;base64", "0oRA"))
            .asked()
            .by(CheckId::Parse, Code::ParseUnrecognised),
        other
            .invalid(
                "cose-in-another-alphabet-inside",
                "A COSE message in base64url, which a data: URL does not have.",
                unreadable("vc+cose;base64", "0oRA_w"),
            )
            .asked()
            .by(CheckId::Parse, Code::ParseUnrecognised),
        other
            .invalid("cose-as-text-inside", "A COSE message that is not in base64.", unreadable("vc+cose", "0oRA"))
            .asked()
            .by(CheckId::Parse, Code::ParseUnrecognised),
        other
            .open(
                "something-else-inside",
                "An envelope that holds no credential by its own label.",
                unreadable("pdf;base64", "JVBERi0xLjcK"),
            )
            .asked()
            .by(CheckId::Parse, Code::ParseUnsupported),
        broken(other.invalid("answer-of-data-model-1-1", "A presentation by the rules of the older data model.", {
            let context = json!(["https://www.w3.org/2018/credentials/v1"]);
            other.answer_by(
                tenant,
                &[enclosed(&credential)],
                |presentation| put(presentation, "/@context", context),
                |_| {},
            )
        })),
    ]
}
