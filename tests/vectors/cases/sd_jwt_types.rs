//! What the publisher of a type says of its claims (type metadata), pinned by its digest or not.

use attesta::credential::integrity;
use attesta::credential::kind::Kind;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{CAST, entry, list};
use crate::scene::{ALUMNI, About, Scene};
use crate::selective::{Selective, disclosure};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let other = Scene::new(About::Other, Format::SdJwtVc);
    let mut cases = pinned(&other);
    cases.extend(missing(&other));
    cases.extend(rules(&other));
    cases.extend(extended(&other));
    cases
}

/// A description of the school's type, written as no program would write it, so that its bytes matter.
fn description(claims: &Value) -> String {
    format!("{{ \"vct\" : \"{ALUMNI}\",\n  \"name\": \"Alumni\", \"claims\": {claims} }}\n")
}

fn plain() -> String {
    description(&json!([{ "path": ["alumniOf"], "mandatory": true, "sd": "always" }]))
}

/// The credential with this digest of its type's description, shown whole.
fn with_digest(other: &Scene, digest: &str) -> String {
    other.remade(|credential| put(&mut credential.payload, "/vct#integrity", digest))
}

fn pinned(other: &Scene) -> Vec<Case> {
    let text = plain();
    let twice = text.replacen('{', "{\"name\":\"Visitor\",", 1);
    let credential = with_digest(other, &integrity::of(text.as_bytes()));
    let described = |name, words: &str, text: &str| {
        other
            .invalid(name, words, with_digest(other, &integrity::of(text.as_bytes())))
            .describing(ALUMNI, text)
            .by(CheckId::Schema, Code::SchemaType)
    };
    let licence = Scene::new(About::Licence, Format::SdJwtVc);
    let of_licence =
        |digest: String| licence.remade(|credential| put(&mut credential.payload, "/vct#integrity", digest));
    vec![
        other
            .valid("type-described-and-pinned", "The issuer pins the description of the type, which is at hand.", {
                credential.clone()
            })
            .describing(ALUMNI, &text),
        other
            .valid("type-described-and-not-pinned", "The description is at hand, though the issuer does not pin it.", {
                other.credential()
            })
            .describing(ALUMNI, &text),
        other
            .valid("type-pinned-by-one-digest-of-two", "Of two digests one is that of the description.", {
                let other_digest = integrity::of(b"an older description");
                with_digest(other, &format!("{other_digest} {}", integrity::of(text.as_bytes())))
            })
            .describing(ALUMNI, &text),
        licence.valid("own-type-pinned", "The description of a kind of this library's is always at hand.", {
            of_licence(integrity::of(Kind::Licence.type_metadata().as_bytes()))
        }),
        other
            .invalid("description-with-other-bytes", "A space more makes another description.", credential.clone())
            .describing(ALUMNI, &format!("{text} "))
            .by(CheckId::Schema, Code::SchemaType),
        other
            .invalid("description-that-demands-less", "Somebody took a rule out of the description.", credential)
            .describing(ALUMNI, &description(&json!([])))
            .by(CheckId::Schema, Code::SchemaType),
        other
            .invalid("description-whose-digest-is-no-digest", "What pins the description is no digest.", {
                with_digest(other, "the one that we published last year")
            })
            .describing(ALUMNI, &text)
            .by(CheckId::DataModel, Code::ModelBroken),
        other
            .open("description-with-an-unknown-digest", "The digest is of an algorithm that this version lacks.", {
                with_digest(other, "sha3-256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
            })
            .describing(ALUMNI, &text)
            .by(CheckId::Schema, Code::SchemaUnsupported),
        described(
            "description-of-another-type",
            "The description names another type than the credential.",
            &text.replace("alumni\"", "visitor\""),
        ),
        described("description-that-is-no-json", "The description is text.", "An alumnus is somebody who was here."),
        described("description-with-duplicate-members", "The description says one thing twice.", &twice),
    ]
}

fn missing(other: &Scene) -> Vec<Case> {
    let text = plain();
    let credential = with_digest(other, &integrity::of(text.as_bytes()));
    let token = credential.split('~').next().unwrap();
    let unavailable = |case: Case| case.by(CheckId::Schema, Code::SchemaTypeUnavailable);
    let licence = Scene::new(About::Licence, Format::SdJwtVc);
    vec![
        unavailable(other.open(
            "description-missing",
            "The issuer pins the description of the type, which is not at hand: the report names it.",
            credential.clone(),
        ))
        .missing(ALUMNI),
        unavailable(other.open(
            "description-only-asserted",
            "The description is somebody else's word.",
            credential.clone(),
        ))
        .missing(ALUMNI)
        .with_material(json!({
            "type": "type-metadata",
            "resource": ALUMNI,
            "text": text,
            "obtained": "2026-11-19T09:00:00Z",
            "source": { "assertedBy": CAST.forger.did },
        })),
        unavailable(other.open(
            "description-missing-of-an-unknown-issuer",
            "Nobody knows the issuer, so nothing is fetched for it.",
            credential.clone(),
        ))
        .trusting(&[list(&[entry(&CAST.marine, "Example Marine Office", &["*"], &[])])]),
        other
            .invalid("description-missing-of-a-changed-credential", "For what somebody changed nothing is fetched.", {
                let mut credential = Selective::of(&credential);
                let position = credential.position("alumniOf");
                credential.disclosures[position] = disclosure(&json!(["AAAA", "alumniOf", "Example University"]));
                format!("{}~{}~", token, credential.disclosures.join("~"))
            })
            .by(CheckId::Disclosure, Code::DisclosureBroken),
        unavailable(licence.open(
            "older-description-of-a-kind-missing",
            "The issuer pins another description of a licence than the one that this version has.",
            licence.remade(|credential| put(&mut credential.payload, "/vct#integrity", integrity::of(b"older"))),
        ))
        .missing(Kind::Licence.vct()),
    ]
}

/// Whether the credential keeps the rules of its type.
fn rules(other: &Scene) -> Vec<Case> {
    let breaks = |name, words: &str, credential: String, claims: Value| {
        other
            .invalid(name, words, credential)
            .describing(ALUMNI, &description(&claims))
            .by(CheckId::Schema, Code::SchemaType)
    };
    let keeps = |name, words: &str, credential: String, claims: Value| {
        other.valid(name, words, credential).describing(ALUMNI, &description(&claims))
    };
    let grade = |sd: &str| json!([{ "path": ["grade"], "mandatory": true, "sd": sd }]);
    vec![
        keeps(
            "claim-that-the-type-demands-withheld",
            "A claim that the type demands may be among those that are withheld.",
            other.showing(&["/languages"]),
            json!([{ "path": ["alumniOf"], "mandatory": true }]),
        ),
        breaks(
            "claim-that-the-type-forbids-to-hide-withheld",
            "The type demands the claim and forbids to hide it, and it is not there.",
            other.credential(),
            grade("never"),
        ),
        breaks(
            "claim-that-the-type-demands-missing",
            "The type demands the claim, and nothing is withheld.",
            other.made(|_| {}),
            grade("allowed"),
        ),
        breaks(
            "claim-that-the-type-forbids-to-hide",
            "The type forbids to hide the claim, and it came from a disclosure.",
            other.credential(),
            json!([{ "path": ["alumniOf"], "sd": "never" }]),
        ),
        breaks(
            "claim-that-cannot-be-hidden",
            "The type demands that the holder can hide the claim, and it stands openly.",
            other.made(|_| {}),
            json!([{ "path": ["alumniOf"], "sd": "always" }]),
        ),
        breaks(
            "item-that-cannot-be-hidden",
            "The type demands that each item of a list can be hidden, and one stands openly.",
            other.made(|credential| {
                put(&mut credential.payload, "/languages", json!(["en", "fr"]));
                credential.hide("/languages/0");
            }),
            json!([{ "path": ["languages", null], "sd": "always" }]),
        ),
        breaks(
            "object-where-the-type-has-a-list",
            "The type says that there is a list, and an object stands there.",
            other.credential(),
            json!([{ "path": ["degree", null] }]),
        ),
    ]
}

/// Types that extend others.
fn extended(other: &Scene) -> Vec<Case> {
    let vct = |level: usize| match level {
        0 => ALUMNI.to_owned(),
        _ => format!("https://school.example/credentials/level-{level}"),
    };
    // Each pins the next; the last ones are written first.
    let chain = |levels: usize, last: Value| {
        let mut texts: Vec<String> = Vec::new();
        for level in (0..levels).rev() {
            let mut document = if level + 1 == levels { last.clone() } else { json!({}) };
            document["vct"] = vct(level).into();
            if let Some(next) = texts.last() {
                document["extends"] = vct(level + 1).into();
                document["extends#integrity"] = integrity::of(next.as_bytes()).into();
            }
            texts.push(document.to_string());
        }
        texts.reverse();
        texts
    };
    let described = |case: Case, texts: &[String]| {
        texts.iter().enumerate().fold(case, |case, (level, text)| case.describing(&vct(level), text))
    };
    let pinned = |texts: &[String]| with_digest(other, &integrity::of(texts[0].as_bytes()));
    let (four, five) = (chain(4, json!({})), chain(5, json!({})));
    let demanding = chain(2, json!({ "claims": [{ "path": ["grade"], "mandatory": true, "sd": "never" }] }));
    let mut changed = four.clone();
    changed[3].push(' ');
    let breaks = |case: Case| case.by(CheckId::Schema, Code::SchemaType);
    let loosened = {
        let base = json!({ "vct": vct(1), "claims": [{ "path": ["alumniOf"], "mandatory": true }] }).to_string();
        let own = json!({
            "vct": ALUMNI, "extends": vct(1), "claims": [{ "path": ["alumniOf"], "mandatory": false }],
        });
        [own.to_string(), base]
    };
    let circular = json!({ "vct": ALUMNI, "extends": ALUMNI }).to_string();
    let by_way_of_another = [
        json!({ "vct": ALUMNI, "extends": vct(1) }).to_string(),
        json!({ "vct": vct(1), "extends": ALUMNI }).to_string(),
    ];
    vec![
        described(
            other.valid("four-types-that-extend-each-other", "A chain of four descriptions.", pinned(&four)),
            &four,
        ),
        described(
            other
                .open(
                    "extended-description-missing",
                    "The fourth description of the chain is not at hand.",
                    pinned(&four),
                )
                .missing(&vct(3))
                .by(CheckId::Schema, Code::SchemaTypeUnavailable),
            &four[..3],
        ),
        described(
            breaks(other.invalid(
                "five-types-that-extend-each-other",
                "A chain longer than is followed.",
                pinned(&five),
            )),
            &five,
        ),
        described(
            breaks(other.invalid(
                "extended-description-with-other-bytes",
                "The fourth has other bytes.",
                pinned(&four),
            )),
            &changed,
        ),
        described(
            breaks(other.invalid("claim-that-the-extended-type-demands", "What is extended demands a claim.", {
                pinned(&demanding)
            })),
            &demanding,
        ),
        described(
            breaks(other.invalid("type-that-loosens-what-it-extends", "A type takes back what it extends demands.", {
                other.credential()
            })),
            &loosened,
        ),
        breaks(other.invalid("type-that-extends-itself", "A type extends itself.", other.credential()))
            .describing(ALUMNI, &circular),
        described(
            breaks(other.invalid("types-that-extend-each-other-in-a-circle", "Two types extend each other.", {
                other.credential()
            })),
            &by_way_of_another,
        ),
        other
            .invalid("type-described-and-missing", "The credential does not say of which type it is.", {
                other.remade(|credential| drop(take(&mut credential.payload, "/vct")))
            })
            .describing(ALUMNI, &plain())
            .by(CheckId::DataModel, Code::ModelBroken),
    ]
}
