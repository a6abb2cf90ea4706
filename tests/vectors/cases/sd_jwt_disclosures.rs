//! Disclosures that are not the issuer's, or not in their place (RFC 9901 section 7.1).

use attesta::encoding::base64url;
use attesta::securing::Format;
use attesta::securing::sd_jwt::to_json;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::scene::{About, Scene};
use crate::selective::{Selective, content, digest, disclosure};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [licence, other] = [About::Licence, About::Other].map(|about| Scene::new(about, format));
    let mut cases = changed(&licence, &other);
    cases.extend(digests(&other));
    cases.extend(forms(&other));
    cases.extend(too_much(&other));
    cases.extend(serialisations(&other));
    cases
}

fn broken(case: Case) -> Case {
    case.by(CheckId::Disclosure, Code::DisclosureBroken)
}

/// What somebody other than the issuer can do: change, add, repeat or mix disclosures.
fn changed(licence: &Scene, other: &Scene) -> Vec<Case> {
    let position = |name: &str| licence.selective().position(name);
    let with = |name: &str, at: usize, value: Value| {
        let position = position(name);
        licence.with_disclosures(|disclosures| {
            let mut changed = content(&disclosures[position]);
            changed[at] = value;
            disclosures[position] = disclosure(&changed);
        })
    };
    let hidden_within = |scene: &Scene| {
        scene.made(|credential| {
            put(&mut credential.payload, &scene.at("/degree"), json!({ "name": "Book-keeping" }));
            credential.hide(&scene.at("/degree/name"));
            credential.hide(&scene.at("/degree"));
            credential.withhold("degree");
        })
    };
    vec![
        broken(licence.invalid(
            "claim-changed",
            "Somebody wrote another value into a disclosure.",
            with("jurisdiction", 2, "SE".into()),
        )),
        broken(licence.invalid(
            "claim-renamed",
            "Somebody wrote another name into a disclosure.",
            with("firstIssued", 1, "expiryDate".into()),
        )),
        broken(licence.invalid(
            "salt-changed",
            "Somebody wrote another salt into a disclosure.",
            with("name", 0, "AAAAAAAAAAAAAAAAAAAAAA".into()),
        )),
        broken(licence.invalid(
            "claim-added",
            "Somebody added a disclosure of their own.",
            licence.with_disclosures(|disclosures| {
                disclosures.push(disclosure(&json!(["AAAAAAAAAAAAAAAAAAAAAA", "title", "Taxi licence"])));
            }),
        )),
        broken(licence.invalid(
            "claim-of-another-credential",
            "A disclosure comes from a credential that was issued to somebody else.",
            {
                let others = Scene::new(About::Licence, licence.format).issued_by(&crate::cast::CAST.marine);
                let taken = others.made(|credential| {
                    put(&mut credential.payload, &others.at("/title"), "Captain");
                    credential.hide(&others.at("/title"));
                });
                let taken = Selective::of(&taken).disclosures.remove(0);
                let position = position("title");
                licence.with_disclosures(|disclosures| disclosures[position] = taken)
            },
        )),
        broken(licence.invalid(
            "disclosure-twice",
            "The same disclosure stands there twice.",
            licence.with_disclosures(|disclosures| disclosures.push(disclosures[0].clone())),
        )),
        broken(licence.invalid(
            "disclosure-empty",
            "Nothing stands between two tildes.",
            licence.with_disclosures(|disclosures| disclosures.insert(1, String::new())),
        )),
        broken(licence.invalid(
            "disclosure-with-white-space",
            "The same content with a space more is another disclosure.",
            {
                let position = position("name");
                licence.with_disclosures(|disclosures| {
                    disclosures[position] = base64url::encode(format!("{} ", content(&disclosures[position])));
                })
            },
        )),
        broken(licence.invalid(
            "disclosure-padded",
            "A disclosure ends in padding.",
            licence.with_disclosures(|disclosures| disclosures[0].push_str("==")),
        )),
        broken(licence.invalid(
            "disclosure-cut-off",
            "A disclosure was cut off.",
            licence.with_disclosures(|disclosures| disclosures[0].truncate(20)),
        )),
        broken(other.invalid(
            "claim-without-the-one-around-it",
            "A claim within a hidden claim is shown without that.",
            hidden_within(other),
        )),
        licence
            .invalid(
                "digest-added-after-signing",
                "Somebody put the digest of a disclosure of their own into the payload.",
                {
                    let mut credential = licence.selective();
                    let signed = licence.credential();
                    let signature = signed.split_once('~').unwrap().0.rsplit_once('.').unwrap().1.to_owned();
                    let added = credential.disclose(&json!(["AAAAAAAAAAAAAAAAAAAAAA", "scope", "Everything"]));
                    credential.add_digest(licence.top(), &added);
                    let token = crate::forge::put_together(&credential.header, &credential.payload, &signature);
                    format!("{token}~{}~", credential.disclosures.join("~"))
                },
            )
            .by(CheckId::Proof, Code::ProofMismatch),
        licence
            .invalid(
                "tildes-taken-off",
                "The token alone, passed off as one in which nothing can be hidden.",
                licence.credential().split_once('~').unwrap().0,
            )
            .by(CheckId::MediaType, Code::MediaTypeOther),
    ]
}

/// What a careless or hostile issuer signs: digests in wrong places, or twice.
fn digests(other: &Scene) -> Vec<Case> {
    let claim = other.at("/alumniOf");
    let top = other.top();
    let made = |change: &dyn Fn(&mut Selective)| other.made(|credential| change(credential));
    let of_member = |name: &'static str| {
        made(&move |credential: &mut Selective| {
            let digest = credential.disclose(&json!([credential.salt(), name, "Example Evening School"]));
            credential.add_digest(top, &digest);
        })
    };
    let placed = |value: &dyn Fn(&str) -> Value| {
        other.made(|credential| {
            let salt = credential.salt();
            let digest = credential.disclose(&json!([salt, "en"]));
            put(&mut credential.payload, &other.at("/languages"), value(&digest));
        })
    };
    vec![
        broken(other.invalid("digest-twice", "A digest stands twice in one list.", {
            made(&|credential| {
                credential.hide(&claim);
                let digest = digest(&credential.disclosures[0]);
                credential.add_digest(top, &digest);
            })
        })),
        broken(other.invalid("digest-twice-and-not-shown", "A digest without a disclosure stands twice.", {
            made(&|credential| {
                credential.add_digest(top, &digest("decoy"));
                credential.add_digest(top, &digest("decoy"));
            })
        })),
        broken(other.invalid("digest-at-two-levels", "A digest stands at two levels.", {
            made(&|credential| {
                put(&mut credential.payload, &other.at("/degree"), json!({ "year": 2019 }));
                credential.hide(&claim);
                let digest = digest(&credential.disclosures[0]);
                credential.add_digest(&other.at("/degree"), &digest);
            })
        })),
        broken(other.invalid(
            "digest-within-what-it-stands-for",
            "A disclosure holds a digest that stands outside.",
            {
                made(&|credential| {
                    let digest = digest("decoy");
                    put(&mut credential.payload, &other.at("/degree"), json!({ "_sd": [digest] }));
                    credential.hide(&other.at("/degree"));
                    credential.add_digest(top, &digest);
                })
            },
        )),
        broken(other.invalid("claim-named-sd", "A disclosure is named _sd.", of_member("_sd"))),
        broken(other.invalid("claim-named-dots", "A disclosure is named with three dots.", of_member("..."))),
        broken(other.invalid("claim-named-sd-alg", "A disclosure is named _sd_alg.", of_member("_sd_alg"))),
        broken(other.invalid(
            "claim-that-is-there-already",
            "A disclosure would replace a claim that stands there openly.",
            of_member("alumniOf"),
        )),
        broken(other.invalid("two-claims-of-one-name", "Two disclosures have the same name.", {
            made(&|credential| {
                take(&mut credential.payload, &claim);
                for school in ["Example Evening School", "Example University"] {
                    let digest = credential.disclose(&json!([credential.salt(), "alumniOf", school]));
                    credential.add_digest(top, &digest);
                }
            })
        })),
        broken(other.invalid("claim-in-place-of-an-item", "The disclosure of a member stands for a list's item.", {
            other.made(|credential| {
                let salt = credential.salt();
                let digest = credential.disclose(&json!([salt, "language", "en"]));
                put(&mut credential.payload, &other.at("/languages"), json!([{ "...": digest }]));
            })
        })),
        broken(other.invalid("item-in-place-of-a-claim", "The disclosure of a list's item stands for a member.", {
            made(&|credential| {
                let digest = credential.disclose(&json!([credential.salt(), "Example Evening School"]));
                credential.add_digest(top, &digest);
            })
        })),
        broken(other.invalid("item-with-a-member-beside", "More stands beside the digest of a list's item.", {
            placed(&|digest| json!([{ "...": digest, "language": "fr" }]))
        })),
        broken(other.invalid("item-whose-digest-is-a-list", "A list of digests stands for one item.", {
            placed(&|digest| json!([{ "...": [digest] }]))
        })),
        broken(other.invalid("dots-outside-of-a-list", "The digest of a list's item stands for a member.", {
            placed(&|digest| json!({ "...": digest }))
        })),
        broken(other.invalid("digest-as-plain-text", "The digest of a list's item stands there as plain text.", {
            placed(&|digest| json!([digest]))
        })),
    ]
}

/// What stands where digests and disclosures do, and is none.
fn forms(other: &Scene) -> Vec<Case> {
    let top = other.top();
    let with_digests =
        |digests: Value| other.made(|credential| put(&mut credential.payload, &format!("{top}/_sd"), digests.clone()));
    let with_content = |text: &str| {
        other.made(|credential| {
            let disclosure = base64url::encode(text);
            credential.add_digest(top, &digest(&disclosure));
            credential.disclosures.push(disclosure);
        })
    };
    let with_hash = |hash: Value| {
        other.made(|credential| {
            credential.hide(&other.at("/alumniOf"));
            put(&mut credential.payload, "/_sd_alg", hash);
        })
    };
    let forms = [
        ("disclosure-of-two", "A member's disclosure without its name.", r#"["AAAA","Example Evening School"]"#),
        ("disclosure-of-four", "A member's disclosure with something behind.", r#"["AAAA","grade",1,2]"#),
        ("disclosure-of-one", "A disclosure that is a salt and nothing else.", r#"["AAAA"]"#),
        ("disclosure-that-is-an-object", "A disclosure that is no list.", r#"{"salt":"AAAA","name":"grade"}"#),
        ("disclosure-that-is-no-json", "A disclosure that is text.", "grade: 1"),
        ("disclosure-with-a-salt-that-is-a-number", "The salt is a number.", r#"[7,"grade",1]"#),
        ("disclosure-with-a-name-that-is-a-number", "The name is a number.", r#"["AAAA",7,1]"#),
        (
            "disclosure-with-duplicate-members",
            "A disclosure says one thing twice.",
            r#"["AAAA","grade",{"a":1,"a":2}]"#,
        ),
        (
            "disclosure-with-a-number-too-long",
            "A number that two readers would read differently.",
            r#"["AAAA","grade",9007199254740993]"#,
        ),
    ];
    let mut cases: Vec<Case> = forms
        .into_iter()
        .map(|(name, description, text)| broken(other.invalid(name, description, with_content(text))))
        .collect();
    cases.extend([
        broken(other.invalid("digests-as-text", "The digests are a text.", with_digests(digest("a").into()))),
        broken(other.invalid(
            "digests-in-an-object",
            "The digests are an object.",
            with_digests(json!({ "0": digest("a") })),
        )),
        broken(other.invalid(
            "digest-that-is-a-number",
            "A digest is a number.",
            with_digests(json!([digest("a"), 7])),
        )),
        broken(other.invalid("digest-cut-off", "A digest is too short.", with_digests(json!([&digest("a")[1..]])))),
        broken(other.invalid(
            "digest-of-another-hash",
            "A digest has the length of sha-384's.",
            with_digests(json!(["A".repeat(64)])),
        )),
        broken(other.invalid("hash-named-within", "The hash is named again in an object within.", {
            other.made(|credential| {
                let degree = json!({ "_sd_alg": "sha-256", "name": "Book-keeping" });
                put(&mut credential.payload, &other.at("/degree"), degree);
            })
        })),
        broken(other.invalid("hash-named-in-a-disclosure", "The hash is named again in what was disclosed.", {
            other.made(|credential| {
                put(
                    &mut credential.payload,
                    &other.at("/degree"),
                    json!({ "_sd_alg": "sha-512", "name": "Book-keeping" }),
                );
                credential.hide(&other.at("/degree"));
            })
        })),
        other
            .open("hash-that-is-not-known", "The digests are made with a hash that this version lacks.", {
                with_hash("sha3-256".into())
            })
            .by(CheckId::Parse, Code::ParseUnsupported),
        other
            .open("hash-in-other-letters", "The hash is written in capitals, which is another name.", {
                with_hash("SHA-256".into())
            })
            .by(CheckId::Parse, Code::ParseUnsupported),
        other
            .open("hash-that-is-broken", "The digests are made with a hash that anybody can forge.", {
                with_hash("md5".into())
            })
            .by(CheckId::Parse, Code::ParseUnsupported),
        other
            .invalid("hash-as-a-list", "The issuer leaves the reader a choice of hashes.", {
                with_hash(json!(["sha-256", "sha-512"]))
            })
            .by(CheckId::Parse, Code::ParseUnrecognised),
        broken(other.invalid("hash-other-than-named", "The digests are made with sha-256, and sha-512 is named.", {
            with_hash("sha-512".into())
        })),
    ]);
    cases
}

/// More than any genuine credential has.
fn too_much(other: &Scene) -> Vec<Case> {
    let nested = || {
        other.made(|credential| {
            let mut inner = json!({ "name": "Book-keeping" });
            for _ in 0..40 {
                let digest = credential.disclose(&json!([credential.salt(), "degree", inner]));
                inner = json!({ "_sd": [digest] });
            }
            put(&mut credential.payload, &other.at("/degree"), inner);
        })
    };
    vec![
        other
            .invalid("a-hundred-thousand-disclosures", "More disclosures than anybody reads.", {
                format!("{}{}", other.credential(), "A~".repeat(100_000))
            })
            .by(CheckId::Parse, Code::ParseUnrecognised),
        broken(other.invalid(
            "forty-claims-within-each-other",
            "Each disclosure holds the digest of another.",
            nested(),
        )),
    ]
}

/// The JSON serialisations (RFC 9901 section 8).
fn serialisations(other: &Scene) -> Vec<Case> {
    let credential = other.showing(&["/alumniOf"]);
    let flattened = || Value::Object(to_json(&credential, false).unwrap());
    let general = || Value::Object(to_json(&credential, true).unwrap());
    let changed = |mut document: Value, pointer: &str, value: Value| {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[name] = value;
        document.to_string()
    };
    let unreadable = |case: Case| case.by(CheckId::Parse, Code::ParseUnrecognised);
    let own = disclosure(&json!(["AAAAAAAAAAAAAAAAAAAAAA", "degree", "Book-keeping"]));
    vec![
        other
            .open("two-signatures", "Two signatures over one payload, of which somebody would choose.", {
                let document = general();
                let one = document["signatures"][0].clone();
                changed(document, "/signatures", json!([one, one]))
            })
            .by(CheckId::Parse, Code::ParseUnsupported),
        unreadable(other.invalid(
            "algorithm-outside-of-what-is-signed",
            "Somebody adds an algorithm of their choice.",
            changed(flattened(), "/header/alg", "none".into()),
        )),
        unreadable(other.invalid(
            "algorithm-moved-out-of-what-is-signed",
            "The algorithm stands in the header that no signature covers, and nowhere else.",
            {
                let mut header = other.selective().header;
                take(&mut header, "/alg");
                let protected = base64url::encode(Value::Object(header).to_string());
                let document: Value =
                    serde_json::from_str(&changed(flattened(), "/protected", protected.into())).unwrap();
                changed(document, "/header/alg", "Ed25519".into())
            },
        )),
        unreadable(other.invalid("certificate-outside-of-what-is-signed", "Somebody adds a certificate.", {
            changed(flattened(), "/header/x5c", json!(["MIIB"]))
        })),
        unreadable(other.invalid("both-serialisations-at-once", "One signature in the list, another beside it.", {
            let signature = general()["signatures"][0]["signature"].clone();
            changed(general(), "/signature", signature)
        })),
        unreadable(other.invalid("json-with-disclosures-as-text", "The disclosures are one text.", {
            changed(flattened(), "/header/disclosures", own.clone().into())
        })),
        broken(other.invalid("json-with-a-disclosure-added", "Somebody added a disclosure of their own.", {
            let mut disclosures = flattened()["header"]["disclosures"].clone();
            disclosures.as_array_mut().unwrap().push(own.clone().into());
            changed(flattened(), "/header/disclosures", disclosures)
        })),
    ]
}
