use super::*;
use crate::jsonld::{Embedded, types_of};

#[test]
fn a_query_may_name_a_kind_by_the_iris_of_its_types() {
    for kind in Kind::ALL {
        let document = json!({ "@context": kind.context(), "type": kind.types() });
        let iris = types_of(document.as_object().unwrap(), &Embedded);
        let names: Vec<&str> = iris.iter().map(|iri| Kind::type_name(iri)).collect();
        assert_eq!(names, kind.types());
        assert!(iris.iter().all(|iri| iri.contains("://")));
        // What a credential says is not read so.
        assert_eq!(Kind::of_types(iris.iter().map(String::as_str)), None);
    }
    for other in [
        "VerifiableCredential",
        "https://w3id.org/attesta/vocab#VerifiableCredential",
        "https://w3id.org/attesta/vocab#",
        "https://a.example/vocab#LicenceCredential",
        "https://www.w3.org/2018/credentials#LicenceCredential",
        "#LicenceCredential",
        "",
    ] {
        assert_eq!(Kind::type_name(other), other);
    }
}

#[test]
fn types_are_iris_by_what_is_published_alone() {
    let of = |document: Value| types_of(document.as_object().unwrap(), &Embedded);
    let base = "https://www.w3.org/ns/credentials/v2";
    assert_eq!(of(json!({ "@context": base, "type": "VerifiableCredential", "x": 1 })).len(), 1);
    for unknown in [
        json!({ "type": "VerifiableCredential" }),
        json!({ "@context": base }),
        json!({ "@context": [base], "type": ["VerifiableCredential", "Unknown"] }),
        json!({ "@context": [base, "https://a.example/v1"], "type": ["VerifiableCredential"] }),
        json!({ "@context": [base, { "X": "https://w3id.org/attesta/vocab#LicenceCredential" }], "type": ["X"] }),
        json!({ "@context": { "X": "https://w3id.org/attesta/vocab#LicenceCredential" }, "type": "X" }),
        json!({ "@context": base, "type": { "VerifiableCredential": 1 } }),
    ] {
        assert!(of(unknown.clone()).is_empty(), "{unknown}");
    }
}
