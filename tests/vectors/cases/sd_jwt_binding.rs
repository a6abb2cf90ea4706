//! The holder's key binding token (RFC 9901 section 4.3): whose it is, for whom, and of which disclosures.

use attesta::credential::Holder;
use attesta::encoding::jcs;
use attesta::encoding::json::Map;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{BANK, CAST, NONCE, document, method_of};
use crate::forge::{compact, put_together, taken_apart, with_signature};
use crate::scene::{About, Scene};
use crate::selective::{bound, bound_by, digest, now};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, licence, _, other] = About::ALL.map(|about| Scene::new(about, format));
    let mut cases = presenters(&address, &licence);
    cases.extend(requests(&address));
    cases.extend(disclosures(&address));
    cases.extend(tokens(&address));
    cases.extend(holders(&other));
    cases
}

fn presenters(address: &Scene, licence: &Scene) -> Vec<Case> {
    let credential = address.credential();
    let binding = |case: Case, code| case.by(CheckId::HolderBinding, code);
    vec![
        binding(
            address
                .invalid("copied-without-its-holder", "A bare copy of somebody's guarantee.", credential.clone())
                .asked(),
            Code::BindingNotPresented,
        ),
        binding(
            address
                .invalid(
                    "holders-token-taken-off",
                    "Somebody copied an answer of the tenant's without the token behind it.",
                    bound(&credential).rsplit_once('~').unwrap().0.to_owned() + "~",
                )
                .asked(),
            Code::BindingNotPresented,
        ),
        binding(
            address
                .invalid(
                    "presented-by-a-stranger",
                    "Somebody who copied the guarantee presents it with a key of their own.",
                    bound_by(&CAST.thief, &credential, |_, _| {}),
                )
                .asked(),
            Code::BindingOtherKey,
        ),
        binding(
            address
                .invalid(
                    "presented-by-a-stranger-with-the-key-in-the-header",
                    "A stranger put their own key into the header of the holder's token.",
                    bound_by(&CAST.thief, &credential, |header, _| {
                        put(header, "/jwk", CAST.thief.public_key().to_jwk());
                        put(header, "/kid", CAST.tenant.method.as_str());
                    }),
                )
                .asked(),
            Code::BindingOtherKey,
        ),
        binding(
            address
                .invalid(
                    "presented-with-a-key-of-another-type",
                    "A key of another type than the holder's signed.",
                    bound_by(&CAST.forger, &credential, |_, _| {}),
                )
                .asked(),
            Code::BindingOtherKey,
        ),
        binding(
            address
                .invalid(
                    "presented-by-the-issuer",
                    "The issuer itself presents what it issued to somebody else.",
                    bound_by(address.issuer, &credential, |_, _| {}),
                )
                .asked(),
            Code::BindingOtherKey,
        ),
        binding(
            address.open(
                "holder-required-and-nothing-asked",
                "The bank demands its holder, but did not say what the answer must be compared with.",
                bound(&credential),
            ),
            Code::BindingNoExpectation,
        ),
        binding(
            licence.invalid(
                "answer-of-a-stranger-kept-as-a-file",
                "A stranger's answer lies on the desk, where nothing was asked.",
                bound_by(&CAST.thief, &licence.credential(), |_, _| {}),
            ),
            Code::BindingOtherKey,
        ),
        licence
            .valid(
                "copy-where-no-holder-is-asked-for",
                "A bare copy is taken by a desk whose policy gives up holder binding; the report says so.",
                licence.credential(),
            )
            .policy(json!({ "accepts": ["licence"], "holderBinding": "not-required" }))
            .relaxed(CheckId::HolderBinding),
    ]
}

/// What the answer must say of the request.
fn requests(address: &Scene) -> Vec<Case> {
    let answer = |name: &'static str, value: Value| {
        bound_by(&CAST.tenant, &address.credential(), |_, payload| put(payload, name, value))
    };
    let without =
        |name: &'static str| bound_by(&CAST.tenant, &address.credential(), |_, payload| drop(take(payload, name)));
    vec![
        address
            .invalid("made-for-another-verifier", "What the tenant showed to a shop, passed on to the bank.", {
                answer("/aud", "https://shop.example".into())
            })
            .asked()
            .by(CheckId::Audience, Code::AudienceOther),
        address
            .invalid("made-for-two-verifiers", "The audience is a list, where one text is wanted.", {
                answer("/aud", json!([BANK, "https://shop.example"]))
            })
            .asked()
            .by(CheckId::Audience, Code::AudienceMissing),
        address
            .invalid("without-an-audience", "An answer that any verifier would fit.", without("/aud"))
            .asked()
            .by(CheckId::Audience, Code::AudienceMissing),
        address
            .invalid("replayed-nonce", "An old answer of the tenant's, sent again to a new request.", {
                answer("/nonce", "n-yesterdaysRequest00000".into())
            })
            .asked()
            .by(CheckId::Nonce, Code::NonceOther),
        address
            .invalid("without-a-nonce", "An answer that any request would fit.", without("/nonce"))
            .asked()
            .by(CheckId::Nonce, Code::NonceMissing),
        address
            .invalid("nonce-in-the-credential", "The issuer's token says the nonce, and the holder's does not.", {
                let credential = address.remade(|credential| {
                    put(&mut credential.payload, "/nonce", NONCE);
                    put(&mut credential.payload, "/aud", BANK);
                });
                bound_by(&CAST.tenant, &credential, |_, payload| drop(take(payload, "/nonce")))
            })
            .asked()
            .by(CheckId::Nonce, Code::NonceMissing),
        address
            .invalid("answer-without-a-moment", "The holder's token does not say when it was made.", without("/iat"))
            .asked()
            .by(CheckId::HolderBinding, Code::BindingForm),
        address
            .invalid(
                "answer-whose-moment-is-text",
                "The moment is text.",
                answer("/iat", "2026-11-20T09:00:00Z".into()),
            )
            .asked()
            .by(CheckId::HolderBinding, Code::BindingForm),
        address
            .invalid("answer-from-the-future", "The answer was signed an hour from now.", {
                answer("/iat", (now() + 3_600).into())
            })
            .asked()
            .by(CheckId::HolderBinding, Code::BindingFuture),
        address
            .valid("answer-from-a-clock-that-is-ahead", "The holder's clock is five minutes ahead.", {
                answer("/iat", (now() + 300).into())
            })
            .asked(),
    ]
}

/// The token belongs to exactly what is shown.
fn disclosures(address: &Scene) -> Vec<Case> {
    let little = address.showing(&["/address/country", "/residentSince"]);
    let much = address.credential();
    let with_token_of = |shown: &str, signed: &str| {
        let token = bound(signed).rsplit_once('~').unwrap().1.to_owned();
        format!("{shown}{token}")
    };
    let other = |presented: String, name: &'static str, description: &str| {
        address.invalid(name, description, presented).asked().by(CheckId::HolderBinding, Code::BindingOtherDisclosures)
    };
    let digest_is = |value: Value| bound_by(&CAST.tenant, &much, |_, payload| put(payload, "/sd_hash", value));
    vec![
        other(
            with_token_of(&much, &little),
            "disclosures-added-after-the-answer",
            "Somebody added what the tenant had withheld.",
        ),
        other(
            with_token_of(&little, &much),
            "disclosures-taken-away-after-the-answer",
            "Somebody took away what the tenant had shown.",
        ),
        other(
            {
                let mut turned = address.selective();
                turned.disclosures.swap(0, 1);
                let token = much.split('~').next().unwrap();
                with_token_of(&format!("{token}~{}~", turned.disclosures.join("~")), &much)
            },
            "disclosures-in-another-order-after-the-answer",
            "Somebody turned two disclosures round.",
        ),
        other(
            with_token_of(&much, &address.credential_to(Some(Holder::Key(CAST.thief.public_key())))),
            "answer-of-another-credential",
            "The holder's token was made for another credential.",
        ),
        other(
            digest_is(digest(much.split('~').next().unwrap()).into()),
            "digest-of-the-token-alone",
            "The holder signed over the issuer's token and none of the disclosures.",
        ),
        other(
            digest_is(digest(much.trim_end_matches('~')).into()),
            "digest-without-the-last-tilde",
            "The digest leaves the last tilde out.",
        ),
        other(digest_is(Value::Null), "digest-null", "The digest is null."),
        other(
            bound_by(&CAST.tenant, &much, |_, payload| drop(take(payload, "/sd_hash"))),
            "answer-without-a-digest",
            "The holder's token does not say what it was made for.",
        ),
    ]
}

/// What follows the last tilde.
fn tokens(address: &Scene) -> Vec<Case> {
    let credential = address.credential();
    let labelled = |typ: Value| bound_by(&CAST.tenant, &credential, |header, _| put(header, "/typ", typ));
    let form = |case: Case| case.asked().by(CheckId::HolderBinding, Code::BindingForm);
    let (header, payload, signature) = taken_apart(bound(&credential).rsplit_once('~').unwrap().1);
    let with_algorithm = |name: &str, signature: &str| {
        let mut header = header.clone();
        put(&mut header, "/alg", name);
        format!("{credential}{}", put_together(&header, &payload, signature))
    };
    let unreadable = |case: Case| case.asked().by(CheckId::Parse, Code::ParseUnrecognised);
    vec![
        form(address.invalid(
            "answer-labelled-otherwise",
            "The holder's token is labelled JWT.",
            labelled("JWT".into()),
        )),
        form(address.invalid("answer-without-a-label", "The holder's token does not say what it is.", {
            bound_by(&CAST.tenant, &credential, |header, _| drop(take(header, "/typ")))
        })),
        address
            .valid("answer-labelled-in-full", "The label of the holder's token is the media type in full.", {
                labelled("application/kb+jwt".into())
            })
            .asked(),
        form(address.invalid("answer-unsigned", "The holder's token says that it is not signed.", {
            with_algorithm("none", "")
        })),
        form(address.invalid("answer-unsigned-over-a-signature", "The token says so, and has the signature.", {
            with_algorithm("none", &signature)
        })),
        form(address.invalid("answer-with-a-shared-secret", "The holder's token is secured with a shared secret.", {
            with_algorithm("HS256", &signature)
        })),
        form(address.invalid("answer-with-a-critical-extension", "The holder's token demands an extension.", {
            bound_by(&CAST.tenant, &credential, |header, _| put(header, "/crit", json!(["b64"])))
        })),
        address
            .invalid("answer-changed-after-signing", "Somebody wrote the bank into an answer for a shop.", {
                let shop = |_: &mut Map, payload: &mut Map| put(payload, "/aud", "https://shop.example");
                let answer = bound_by(&CAST.tenant, &credential, shop);
                let (header, mut payload, signature) = taken_apart(answer.rsplit_once('~').unwrap().1);
                put(&mut payload, "/aud", BANK);
                format!("{credential}{}", put_together(&header, &payload, &signature))
            })
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        address
            .invalid("answer-with-a-flipped-bit", "A bit of the holder's signature is another.", {
                with_signature(&bound(&credential), |mut signature| {
                    signature[20] ^= 1;
                    signature
                })
            })
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        unreadable(address.invalid("answer-cut-off", "The holder's token was cut off.", {
            let answer = bound(&credential);
            answer[..answer.len() - 100].to_owned()
        })),
        unreadable(address.invalid("answer-that-is-no-token", "Something else follows the last tilde.", {
            format!("{credential}aGVsbG8")
        })),
        unreadable(address.invalid("answer-that-is-a-list", "The payload of the holder's token is a list.", {
            let payload = Value::Object(payload.clone());
            let header = jcs::canonicalize(&header);
            let sign = crate::forge::signing(&CAST.tenant.key);
            format!("{credential}{}", compact(&header, format!("[{payload}]").as_bytes(), sign))
        })),
        address
            .invalid("two-answers", "Two tokens of the holder's, one behind the other.", {
                let answer = bound(&credential);
                let token = answer.rsplit_once('~').unwrap().1;
                format!("{answer}~{token}")
            })
            .asked()
            .by(CheckId::Disclosure, Code::DisclosureBroken),
    ]
}

/// Who the holder is.
fn holders(other: &Scene) -> Vec<Case> {
    let tenant = &CAST.tenant;
    let published = tenant.under("did:web:tenant.example#phone");
    let to_published = other.credential_to(Some(Holder::Did(published.did.clone())));
    let lists = |relationship: &str| document(&published.did, &[method_of(&published)], &[relationship]);
    let confirmed_by =
        |confirmation: Value| bound(&other.made(|credential| put(&mut credential.payload, "/cnf", confirmation)));
    let private: Value = serde_json::from_str(&tenant.key.to_private_jwk()).unwrap();
    let binding = |case: Case, code| case.asked().by(CheckId::HolderBinding, code);
    vec![
        other
            .valid(
                "held-under-a-published-document",
                "The holder's keys stand in a document on the holder's own host, which is at hand.",
                bound(&to_published),
            )
            .asked()
            .fetched(&lists("authentication")),
        binding(
            other.open(
                "holders-document-missing",
                "The holder's keys stand in a document that is not at hand.",
                bound(&to_published),
            ),
            Code::HolderKeyUnavailable,
        ),
        binding(
            other
                .open(
                    "holders-document-only-asserted",
                    "The holder's document is somebody else's word.",
                    bound(&to_published),
                )
                .material(&lists("authentication"), "2026-11-19T09:00:00Z", json!({ "assertedBy": CAST.forger.did })),
            Code::HolderKeyUnavailable,
        ),
        binding(
            other
                .invalid(
                    "holders-key-for-other-things",
                    "The holder's document lets this key issue, but not log in.",
                    bound(&to_published),
                )
                .fetched(&lists("assertionMethod")),
            Code::BindingOtherKey,
        ),
        binding(
            other.invalid("issued-to-nobody", "The credential was issued to nobody's key.", {
                bound(&other.made(|credential| {
                    take(&mut credential.payload, "/cnf");
                    if other.format == Format::SdJwt {
                        take(&mut credential.payload, "/credentialSubject/id");
                    }
                }))
            }),
            Code::BindingNoHolder,
        ),
        binding(
            other.open("key-by-its-fingerprint", "The holder's key is named by its fingerprint alone.", {
                confirmed_by(json!({ "jkt": tenant.public_key().thumbprint() }))
            }),
            Code::BindingUnsupported,
        ),
        binding(
            other.invalid("key-with-its-private-part", "The credential publishes the private key of the holder.", {
                confirmed_by(json!({ "jwk": private }))
            }),
            Code::BindingOtherKey,
        ),
        binding(
            other.invalid("key-of-small-order", "The holder's key is a point that any signature fits.", {
                confirmed_by(json!({ "jwk": {
                    "kty": "OKP", "crv": "Ed25519", "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                }}))
            }),
            Code::BindingOtherKey,
        ),
    ]
}
