//! Credentials whose claims can be hidden, in a presentation that the holder signed: a token, or an SD-JWT itself.

use attesta::encoding::json::Map;
use attesta::keys::Signer;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{BANK, CAST, NONCE, Party};
use crate::forge::{enveloped, map, put_together, taken_apart, token};
use crate::scene::{About, Scene};
use crate::selective::{Selective, bound_by, content, digest, disclosure};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let [address, other] = [About::Address, About::Other].map(|about| Scene::new(about, format));
    let mut cases = in_a_token(&address);
    cases.extend(in_an_sd_jwt(&address, &other));
    cases
}

const SHOWN: [&str; 2] = ["/address/country", "/residentSince"];

fn enclosed(scene: &Scene, credential: &str) -> Value {
    enveloped(scene.format.name(), credential)
}

/// A presentation of these credentials for the bank, in a token with this label, after a change.
fn presentation(typ: &str, party: &Party, credentials: &[Value], change: impl FnOnce(&mut Map, &mut Map)) -> String {
    let mut header =
        map(json!({ "alg": party.key.algorithm().jose_name(), "typ": typ, "cty": "vp", "kid": party.method }));
    let mut document = map(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": party.did,
        "verifiableCredential": credentials,
        "aud": BANK,
        "nonce": NONCE,
    }));
    change(&mut header, &mut document);
    token(&header, &document, &party.key)
}

fn in_a_token(address: &Scene) -> Vec<Case> {
    let tenant = &CAST.tenant;
    let shown = address.showing(&SHOWN);
    let answer =
        |party: &Party, credential: &str| presentation("vp+jwt", party, &[enclosed(address, credential)], |_, _| {});
    let without_one = {
        let mut inner = Selective::of(&shown);
        inner.withhold("address");
        format!("{}~{}~", shown.split('~').next().unwrap(), inner.disclosures.join("~"))
    };
    vec![
        address
            .valid("in-a-signed-presentation", "The tenant signed a presentation around what is shown.", {
                answer(tenant, &shown)
            })
            .asked(),
        address
            .invalid("in-a-strangers-presentation", "A stranger signed a presentation around a copy.", {
                answer(&CAST.thief, &shown)
            })
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        address
            .invalid(
                "in-a-strangers-presentation-with-the-holders-token",
                "A stranger signed a presentation around the tenant's own answer to somebody else.",
                answer(
                    &CAST.thief,
                    &bound_by(tenant, &shown, |_, payload| put(payload, "/aud", "https://shop.example")),
                ),
            )
            .asked()
            .by(CheckId::HolderBinding, Code::BindingOtherKey),
        address
            .invalid("disclosure-added-in-a-presentation", "Somebody showed more than the tenant signed.", {
                let (header, mut document, signature) = taken_apart(&answer(tenant, &shown));
                put(&mut document, "/verifiableCredential", json!([enclosed(address, &address.credential())]));
                put_together(&header, &document, &signature)
            })
            .asked()
            .by(CheckId::Proof, Code::ProofMismatch),
        address
            .invalid("disclosure-changed-in-a-presentation", "The tenant signed around a disclosure of their own.", {
                let mut credential = address.selective();
                let mut name = content(&credential.disclosures[credential.position("residentSince")]);
                name[2] = "1997-07-01".into();
                let position = credential.position("residentSince");
                credential.disclosures[position] = disclosure(&name);
                let issued = address.credential();
                let token = issued.split('~').next().unwrap();
                answer(tenant, &format!("{token}~{}~", credential.disclosures.join("~")))
            })
            .asked()
            .by(CheckId::Disclosure, Code::DisclosureBroken),
        address
            .invalid(
                "claim-without-the-one-around-it-in-a-presentation",
                "A disclosure is shown without its outer one.",
                answer(tenant, &without_one),
            )
            .asked()
            .by(CheckId::Disclosure, Code::DisclosureBroken),
        address
            .invalid("enveloped-as-a-token", "The envelope says that it holds a token without disclosures.", {
                let credential = enveloped("vc+jwt", &shown);
                presentation("vp+jwt", tenant, &[credential], |_, _| {})
            })
            .asked()
            .by(CheckId::Parse, Code::ParseUnrecognised),
    ]
}

fn in_an_sd_jwt(address: &Scene, other: &Scene) -> Vec<Case> {
    let tenant = &CAST.tenant;
    let credentials = [enclosed(address, &address.showing(&SHOWN))];
    let answer = |change: &dyn Fn(&mut Map, &mut Map)| {
        presentation("vp+sd-jwt", tenant, &credentials, |header, document| change(header, document)) + "~"
    };
    let hidden = disclosure(&json!(["AAAAAAAAAAAAAAAAAAAAAA", enclosed(other, &other.showing(&[]))]));
    let with_hidden = answer(&|_, document| {
        let first = credentials[0].clone();
        put(document, "/verifiableCredential", json!([first, { "...": digest(&hidden) }]));
    });
    let strangers_token = |presentation: &str| bound_by(&CAST.thief, presentation, |_, _| {});
    vec![
        address.valid("in-an-sd-jwt", "The presentation is itself an SD-JWT.", answer(&|_, _| {})).asked(),
        address
            .valid("in-an-sd-jwt-in-a-data-url", "The same in an envelope of the W3C data model.", {
                let mut document = enveloped("vp+sd-jwt", &answer(&|_, _| {}));
                document["type"] = "EnvelopedVerifiablePresentation".into();
                document.to_string()
            })
            .asked(),
        address
            .valid("another-credential-withheld-in-an-sd-jwt", "Of two credentials the presentation shows one.", {
                with_hidden.clone()
            })
            .asked(),
        address
            .invalid("disclosure-in-an-sd-jwt-twice", "A disclosure of the presentation stands there twice.", {
                format!("{with_hidden}{hidden}~{hidden}~")
            })
            .asked()
            .by(CheckId::Disclosure, Code::DisclosureBroken),
        address
            .invalid("disclosure-added-to-an-sd-jwt", "Somebody added a credential to the presentation.", {
                format!("{}{hidden}~", answer(&|_, _| {}))
            })
            .asked()
            .by(CheckId::Disclosure, Code::DisclosureBroken),
        address
            .invalid(
                "old-presentation-with-a-strangers-token",
                "An old presentation of the tenant's, to which a stranger added a token with this nonce.",
                strangers_token(&answer(&|_, document| put(document, "/nonce", "n-yesterdaysRequest00000"))),
            )
            .asked()
            .by(CheckId::Nonce, Code::NonceOther),
        address
            .invalid(
                "presentation-for-another-with-a-strangers-token",
                "A presentation for a shop, to which a stranger added a token for the bank.",
                strangers_token(&answer(&|_, document| put(document, "/aud", "https://shop.example"))),
            )
            .asked()
            .by(CheckId::Audience, Code::AudienceOther),
        address
            .invalid("nonce-withheld-in-an-sd-jwt", "The presentation's nonce is withheld.", {
                answer(&|_, document| drop(take(document, "/nonce")))
            })
            .asked()
            .by(CheckId::Nonce, Code::NonceMissing),
        address
            .invalid("in-an-sd-jwt-labelled-as-a-credential", "The presentation's label says credential.", {
                answer(&|header, _| put(header, "/typ", "vc+sd-jwt"))
            })
            .asked()
            .by(CheckId::MediaType, Code::MediaTypeContradiction),
        address
            .invalid("in-an-sd-jwt-labelled-as-a-token", "The presentation's label says that nothing can be hidden.", {
                answer(&|header, _| put(header, "/typ", "vp+jwt"))
            })
            .asked()
            .by(CheckId::MediaType, Code::MediaTypeOther),
        address
            .invalid("in-an-sd-jwt-without-its-tilde", "The tilde behind the presentation was taken off.", {
                answer(&|_, _| {}).trim_end_matches('~').to_owned()
            })
            .asked()
            .by(CheckId::MediaType, Code::MediaTypeOther),
    ]
}
