use attesta::encoding::json::{self, Map, Value};
use attesta::jsonld::Embedded;
use attesta::keys::{PublicKey, Signer as _};
use attesta::securing::data_integrity::{ProofOptions, Signed, Suite, sign};

use crate::answers::assert_explained;
use crate::people::{Person, person};
use crate::plain;

/// Documents with proofs: taken apart without losing anything, and whatever is signed holds until it is changed.
pub fn data_integrity(bytes: &[u8]) {
    let Ok(document) = json::parse_object(bytes) else { return };
    let signer = person("ngo").expect("one of the people");
    let signed = match Signed::read(document.clone()) {
        Ok(signed) => signed,
        Err(unsigned) => {
            assert_explained(&unsigned.error);
            assert!(unsigned.document == document, "something was lost");
            return;
        }
    };
    let proofs = match &document["proof"] {
        Value::Array(proofs) => proofs.as_slice(),
        proof => std::slice::from_ref(proof),
    };
    let mut rest = document.clone();
    rest.remove("proof");
    assert_eq!(*signed.document(), rest);
    assert_eq!(signed.count() + signed.unreadable().len(), proofs.len());
    let mut left = proofs.iter();
    for each in signed.each() {
        let proof = Value::Object(each.proof().to_json());
        assert!(left.any(|own| *own == proof), "a proof was changed, or the order");
        check(&each, &signer.key.public_key());
    }
    sign_it(rest, signer);
    if signed.unreadable().is_empty() {
        add_to_it(document, signer);
    }
}

fn check(signed: &Signed, key: &PublicKey) {
    let proof = signed.proof();
    assert!(!proof.options.contains_key("proofValue"));
    if proof.suite().is_some() {
        assert_eq!(proof.suite(), Suite::from_name(&proof.suite_name));
    }
    let ancestors = signed.ancestors();
    match &ancestors {
        Ok(ancestors) => assert!(ancestors.iter().all(|ancestor| !ancestor.is(signed))),
        Err(error) => assert_explained(error),
    }
    if signed.verify(key, &Embedded).is_ok() {
        assert!(signed.context_holds() && ancestors.is_ok());
    }
    let covered = proof.options.get("@context").cloned();
    if let (true, Some(covered)) = (signed.context_holds(), covered) {
        assert_eq!(signed.clone().into_signed_document()["@context"], covered);
    }
}

/// A proof that builds on those that are there holds as long as they stand there unchanged.
fn add_to_it(document: Map, signer: &Person) {
    let Ok(signed) = Signed::read(document.clone()) else { return };
    let ids: Vec<String> = signed.each().filter_map(|each| each.proof().id.clone()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let options = ProofOptions { previous: &ids, ..ProofOptions::new(&signer.method, "assertionMethod") };
    let Ok(longer) = sign(document, Suite::EddsaJcs2022, &options, &Embedded, &signer.key) else { return };
    let longer = json::parse_object(plain::on_a_line(&longer).as_bytes()).expect("it is strict JSON");
    let Ok(signed) = Signed::read(longer) else { panic!("what was signed cannot be read") };
    let last = signed.each().last().expect("it was signed");
    last.verify(&signer.key.public_key(), &Embedded).expect("what was signed does not hold");
}

/// A document of any content is signed, written, read and checked; then it is changed and checked again.
fn sign_it(document: Map, signer: &Person) {
    let options = ProofOptions::new(&signer.method, "assertionMethod");
    let key = signer.key.public_key();
    let holds = |document: &Map| {
        let document = json::parse_object(plain::on_a_line(document).as_bytes()).expect("it is strict JSON");
        Signed::read(document).is_ok_and(|signed| signed.verify(&key, &Embedded).is_ok())
    };
    let mut signed = sign(document, Suite::EddsaJcs2022, &options, &Embedded, &signer.key).expect("it is signed");
    assert!(holds(&signed), "what was signed does not hold");
    signed.insert("added after signing".to_owned(), true.into());
    assert!(!holds(&signed), "what was changed holds");
}
