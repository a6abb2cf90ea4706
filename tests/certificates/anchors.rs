//! Anchors in a trust list.

use attesta::error::Explain;
use attesta::trust::{Anchor, CertificateError, Entry, Standing, TrustError, TrustList};

use crate::common::certificates::*;
use crate::{Cast, TODAY, anchor, at, chain, key};

fn list(entries: &str) -> Result<TrustList, TrustError> {
    let text = format!(r#"{{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[{entries}]}}"#);
    TrustList::parse(text.as_bytes())
}

#[test]
fn an_anchor_in_a_trust_list_speaks_for_whoever_it_certifies() {
    let [leaf, middle, root] = Cast::new().signed();
    let sent = chain(&[&leaf, &middle]).unwrap();
    let of_root = format!(r#"{{"certificate":"{}","issues":["licence"],"regions":["HK"]}}"#, base64(&root));
    let read = list(&of_root).unwrap();
    let entry = read.anchor_of(&sent, at(TODAY)).unwrap();
    assert_eq!(entry.id, anchor(&root).id());
    assert_eq!(read.entry(&entry.id), Some(entry));
    let standing = |types, region| TrustList::standing_of(entry, types, region, at(TODAY));
    let licence = ["VerifiableCredential", "LicenceCredential"];
    assert_eq!(standing(&licence, Some("HK-KC")), Standing::Trusted);
    assert_eq!(standing(&licence, Some("MO")), Standing::OtherRegion("MO"));
    assert_eq!(standing(&["https://w3id.org/attesta/vct/licence/1"], Some("HK")), Standing::Trusted);
    let skill = "https://w3id.org/attesta/vct/skill/1";
    assert_eq!(standing(&[skill], Some("HK")), Standing::OtherType(skill));
    // A name that anybody can write down is no proof of a certificate.
    assert_eq!(read.standing(&entry.id, &licence, Some("HK"), at(TODAY)), Standing::Unknown);
    assert_eq!(read.standing("CN=leaf", &licence, Some("HK"), at(TODAY)), Standing::Unknown);

    // What it writes it reads, with the identifier filled in.
    let again = TrustList::parse(serde_json::to_string(&read).unwrap().as_bytes()).unwrap();
    assert_eq!(again.entries(), read.entries());
    assert_eq!(again.anchor_of(&sent, at(TODAY)).unwrap(), entry);

    let now = at(TODAY);
    let error = |list: &TrustList, time| list.anchor_of(&sent, time).unwrap_err();
    assert_eq!(error(&read, at("2027-01-01T00:00:00Z")).code(), "certificate.expired");
    let by_did = TrustList::new(now, vec![Entry::new("did:example:1", ["*"])]).unwrap();
    assert_eq!(error(&by_did, now), CertificateError::UnknownAnchor);
    let other = Blueprint::new(common_name("root"), common_name("root"), vec![authority(None)]);
    let other = other.sign(&key("mallory"), &key("mallory"));
    let of_other = TrustList::new(now, vec![Entry::anchored(base64(&other), ["*"])]).unwrap();
    assert_eq!(error(&of_other, now), CertificateError::Signature);
    let both = [Entry::anchored(base64(&other), ["*"]), Entry::anchored(base64(&root), ["licence"])];
    let both = TrustList::new(now, both.to_vec()).unwrap();
    assert_eq!(both.anchor_of(&sent, now).unwrap().issues, ["licence"]);
    // The first entry decides, also over one that is closer to the leaf.
    let near = [Entry::anchored(base64(&root), ["licence"]), Entry::anchored(base64(&leaf), ["*"])];
    let near = TrustList::new(now, near.to_vec()).unwrap();
    assert_eq!(near.anchor_of(&sent, now).unwrap().issues, ["licence"]);
}

#[test]
fn an_anchor_may_be_limited_to_subjects() {
    let [leaf, middle, root] = Cast::new().signed();
    let sent = chain(&[&leaf, &middle]).unwrap();
    let judged = |subjects: &str| {
        let entry = format!(r#"{{"certificate":"{}","issues":["*"],"subjects":{subjects}}}"#, base64(&root));
        list(&entry).unwrap().anchor_of(&sent, at(TODAY)).map(|_| ())
    };
    assert_eq!(judged(r#"["CN=leaf"]"#), Ok(()));
    assert_eq!(judged(r#"["CN=other","CN=leaf"]"#), Ok(()));
    for subjects in [r#"["CN=other"]"#, r#"["CN=lea"]"#, r#"["CN=leaf,O=x"]"#, r#"["cn=leaf"]"#, r#"["CN=middle"]"#] {
        assert_eq!(judged(subjects), Err(CertificateError::SubjectNotListed), "{subjects}");
    }
    assert!(CertificateError::SubjectNotListed.is_undetermined());
    // A broken chain is refused, whoever it says it is.
    let mallory = key("mallory");
    let forged = Blueprint::new(common_name("leaf"), common_name("root"), vec![]).sign(&mallory, &mallory);
    let entry = format!(r#"{{"certificate":"{}","issues":["*"],"subjects":["CN=leaf"]}}"#, base64(&root));
    let judged = list(&entry).unwrap().anchor_of(&chain(&[&forged]).unwrap(), at(TODAY)).map(|_| ());
    assert_eq!(judged, Err(CertificateError::Signature));
}

#[test]
fn entries_with_certificates_that_could_be_misread_are_refused() {
    let [leaf, _, root] = Cast::new().signed();
    let (leaf, root) = (base64(&leaf), base64(&root));
    let id = Anchor::from_base64(&root).unwrap().id();
    let code = |entry: String| list(&entry).map_or_else(|error| error.code(), |_| "read");
    assert_eq!(code(format!(r#"{{"certificate":"{root}","issues":["*"]}}"#)), "read");
    assert_eq!(code(format!(r#"{{"id":"{id}","certificate":"{root}","issues":["*"]}}"#)), "read");
    assert_eq!(code(format!(r#"{{"id":"{id}","certificate":"{leaf}","issues":["*"]}}"#)), "trust-list.entry");
    assert_eq!(
        code(format!(r#"{{"id":"did:web:a.example","certificate":"{root}","issues":["*"]}}"#)),
        "trust-list.entry"
    );
    assert_eq!(code(format!(r#"{{"id":"{id}","issues":["*"]}}"#)), "trust-list.entry");
    assert_eq!(code(r#"{"issues":["*"]}"#.to_owned()), "trust-list.entry");
    assert_eq!(code(r#"{"id":"did:web:a.example","issues":["*"],"subjects":["CN=a"]}"#.to_owned()), "trust-list.entry");
    for subjects in ["[]", r#"[""]"#] {
        let entry = format!(r#"{{"certificate":"{root}","issues":["*"],"subjects":{subjects}}}"#);
        assert_eq!(code(entry), "trust-list.entry");
    }
    assert_eq!(code(format!(r#"{{"certificate":"{root}"}}"#)), "trust-list.entry");
    assert_eq!(code(format!(r#"{{"certificates":["{root}"],"issues":["*"]}}"#)), "trust-list.form");
    let twice =
        format!(r#"{{"certificate":"{root}","issues":["*"]}},{{"id":"{id}","certificate":"{root}","issues":["*"]}}"#);
    assert_eq!(code(twice), "trust-list.twice");
    assert_eq!(code(r#"{"certificate":"MIIB","issues":["*"]}"#.to_owned()), "certificate.malformed");
    assert_eq!(code(r#"{"certificate":"","issues":["*"]}"#.to_owned()), "certificate.malformed");
    let cut = &root[..root.len() - 1];
    let second = format!(r#"{{"certificate":"{leaf}","issues":["*"]}},{{"certificate":"{cut}","issues":["*"]}}"#);
    let error = list(&second).unwrap_err();
    assert_eq!(error, TrustError::Certificate { position: 1, error: CertificateError::Base64 { position: 0 } });
    assert!(error.to_string().starts_with("the trust list: entry 1: "), "{error}");
    // An anchor with a key that is not supported is no reason to refuse a list that others wrote.
    let own = Key::Rsa;
    let rsa = Blueprint::new(common_name("rsa"), common_name("rsa"), vec![authority(None)]).sign(&own, &own);
    assert_eq!(code(format!(r#"{{"certificate":"{}","issues":["*"]}}"#, base64(&rsa))), "read");
}
