//! The working group's examples of SD-JWT VC: the claims sets as a verifier sees them once the disclosures are in place.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use attesta::credential::sd_jwt_vc;
use attesta::encoding::json::parse_object;
use attesta::error::Explain;

#[test]
fn the_claims_sets_of_the_examples_are_read() {
    let Some(folder) = common::vectors("sd-jwt/sdjwtvc-examples") else { return };
    let mut read = 0;
    for example in ["01", "02", "03-pid"] {
        let bytes = std::fs::read(folder.join(example).join("verified_contents.json")).unwrap();
        let payload = parse_object(&bytes).unwrap();
        let view = sd_jwt_vc::view(&payload, None).unwrap_or_else(|error| panic!("{example}: {error}"));
        assert_eq!(view.issuer, payload["iss"]);
        assert_eq!(view.types[0], payload["vct"]);
        assert_eq!(view.valid_until.map(|until| until.unix()), payload.get("exp").and_then(|exp| exp.as_i64()));
        let hidden = sd_jwt_vc::disclosable(&payload);
        assert!(!hidden.is_empty() && !hidden.iter().any(|pointer| pointer.starts_with("/cnf")));

        let mut nameless = payload.clone();
        nameless.remove("vct");
        assert_eq!(sd_jwt_vc::view(&nameless, None).err().unwrap().code(), "sd-jwt-vc.vct-missing");
        read += 1;
    }
    assert_eq!(read, 3);
}

#[test]
fn a_payload_whose_disclosures_are_not_in_place_is_refused() {
    let Some(folder) = common::vectors("sd-jwt/sdjwtvc-examples") else { return };
    let bytes = std::fs::read(folder.join("02/sd_jwt_payload.json")).unwrap();
    let payload = parse_object(&bytes).unwrap();
    assert_eq!(sd_jwt_vc::view(&payload, None).err().unwrap().code(), "sd-jwt-vc.refused");
}
