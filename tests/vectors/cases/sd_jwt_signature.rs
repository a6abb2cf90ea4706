//! The issuer's signature over what can be hidden: forged, changed, of another algorithm.

use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::put;
use crate::cast::CAST;
use crate::forge::{put_together, taken_apart, with_signature};
use crate::scene::{About, Scene};
use crate::selective::bound;
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, licence] = [About::Address, About::Licence].map(|about| Scene::new(about, format));
    let issued = licence.credential();
    let (token, disclosures) = issued.split_once('~').unwrap();
    let (header, payload, signature) = taken_apart(token);
    let with_algorithm = |name: &str, signature: &str| {
        let mut header = header.clone();
        put(&mut header, "/alg", name);
        format!("{}~{disclosures}", put_together(&header, &payload, signature))
    };
    let changed = |pointer: &str, value: Value| {
        let mut payload = payload.clone();
        put(&mut payload, pointer, value);
        format!("{}~{disclosures}", put_together(&header, &payload, &signature))
    };
    let flipped = with_signature(token, |mut signature| {
        signature[10] ^= 4;
        signature
    });
    let (end, later): (_, Value) = match format {
        Format::SdJwtVc => ("/exp", 2_000_000_000.into()),
        _ => ("/validUntil", "2033-05-18T03:33:20Z".into()),
    };
    let algorithm = |case: Case, code| case.by(CheckId::Algorithm, code);
    let mismatch = |case: Case| case.by(CheckId::Proof, Code::ProofMismatch);
    let stranger = address.selective().signed(&CAST.forger);
    vec![
        algorithm(
            licence.invalid("alg-none", "The token says that it is not signed.", with_algorithm("none", "")),
            Code::AlgorithmNone,
        ),
        algorithm(
            licence.invalid("alg-none-over-a-signature", "The token says so, and has its signature.", {
                with_algorithm("none", &signature)
            }),
            Code::AlgorithmNone,
        ),
        algorithm(
            licence.invalid("alg-of-a-shared-secret", "The token is secured with a shared secret.", {
                with_algorithm("HS256", &signature)
            }),
            Code::AlgorithmMac,
        ),
        algorithm(
            licence.invalid("algorithm-of-another-curve", "ES256 is named, and the key is of P-384.", {
                with_algorithm("ES256", &signature)
            }),
            Code::AlgorithmMismatch,
        ),
        algorithm(
            licence.invalid("crit", "The header demands an extension, and the signature is sound.", {
                licence.remade(|credential| {
                    put(&mut credential.header, "/crit", json!(["exp"]));
                    put(&mut credential.header, "/exp", 1_801_353_600);
                })
            }),
            Code::AlgorithmCritical,
        ),
        mismatch(licence.invalid("signature-with-a-flipped-bit", "A bit of the signature is another.", {
            format!("{flipped}~{disclosures}")
        })),
        mismatch(licence.invalid("end-changed-after-signing", "The licence was made to last.", changed(end, later))),
        mismatch(licence.invalid("holders-key-changed-after-signing", "Somebody put their own key into a licence.", {
            let jwk = CAST.thief.public_key().to_jwk();
            changed("/cnf", json!({ "jwk": jwk }))
        })),
        mismatch(licence.invalid(
            "digests-taken-out-after-signing",
            "Somebody took all digests out of the payload.",
            {
                let mut payload = payload.clone();
                put(&mut payload, &format!("{}/_sd", licence.top()), json!([]));
                format!("{}~", put_together(&header, &payload, &signature))
            },
        )),
        mismatch(
            address
                .invalid(
                    "issuer-a-key-b-named-as-a",
                    "A stranger signed, and named the organisation's key.",
                    bound(&stranger),
                )
                .asked(),
        ),
        licence
            .invalid("signature-empty", "There is no signature.", {
                format!("{}~{disclosures}", put_together(&header, &payload, ""))
            })
            .by(CheckId::Proof, Code::ProofForm),
        licence
            .invalid("truncated", "The token was cut off in its payload.", token[..token.len() / 2].to_owned() + "~")
            .by(CheckId::Parse, Code::ParseUnrecognised),
        licence
            .invalid("line-break-inside", "A mail program broke the token into two lines.", {
                format!("{}\r\n{}", &issued[..100], &issued[100..])
            })
            .by(CheckId::Parse, Code::ParseUnrecognised),
        licence.valid("white-space-around", "White space stands around what was copied.", format!(" {issued}\n")),
    ]
}
