use attesta::encoding::json::{self, Map, Value};
use attesta::securing::data_integrity::{ProofOptions, Signed, Suite, sign};

use crate::answers::assert_explained;
use crate::people::{Person, person};
use crate::plain;
use attesta::keys::Signer as _;

/// Documents with a proof: taken apart without losing anything, and whatever is signed holds until it is changed.
pub fn data_integrity(bytes: &[u8]) {
    let Ok(document) = json::parse_object(bytes) else { return };
    let signer = person("ngo").expect("one of the people");
    let signed = match Signed::read(document.clone()) {
        Ok(signed) => signed,
        Err(unsigned) => {
            assert_explained(&unsigned.error);
            // One proof in a list is one proof, and comes back without the list.
            let mut alone = document.clone();
            if let Some([Value::Object(only)]) = document.get("proof").and_then(Value::as_array).map(Vec::as_slice) {
                alone.insert("proof".to_owned(), Value::Object(only.clone()));
            }
            assert!(unsigned.document == document || unsigned.document == alone, "something was lost");
            return;
        }
    };
    let proof = match &document["proof"] {
        Value::Array(proofs) => &proofs[0],
        proof => proof,
    };
    let mut options = proof.as_object().cloned().unwrap_or_default();
    assert!(options.remove("proofValue").is_some_and(|value| value.is_string()));
    assert_eq!(signed.proof.options, options);
    let mut rest = document.clone();
    rest.remove("proof");
    assert_eq!(signed.document, rest);
    assert_eq!(signed.proof.suite(), Suite::from_name(&signed.proof.suite_name));
    if signed.verify(Suite::EddsaJcs2022, &signer.key.public_key()).is_ok() {
        assert!(signed.context_holds());
    }
    let covered = signed.proof.options.get("@context").cloned();
    if let (true, Some(covered)) = (signed.context_holds(), covered) {
        assert_eq!(signed.into_signed_document()["@context"], covered);
    }
    sign_it(rest, signer);
}

/// A document of any content is signed, written, read and checked; then it is changed and checked again.
fn sign_it(document: Map, signer: &Person) {
    let options = ProofOptions {
        verification_method: &signer.method,
        purpose: "assertionMethod",
        created: None,
        domain: None,
        challenge: None,
    };
    let key = signer.key.public_key();
    let holds = |document: &Map| {
        let document = json::parse_object(plain::on_a_line(document).as_bytes()).expect("it is strict JSON");
        Signed::read(document).is_ok_and(|signed| signed.verify(Suite::EddsaJcs2022, &key).is_ok())
    };
    let mut signed = sign(document, Suite::EddsaJcs2022, &options, &signer.key).expect("it is signed");
    assert!(holds(&signed), "what was signed does not hold");
    signed.insert("added after signing".to_owned(), true.into());
    assert!(!holds(&signed), "what was changed holds");
}
