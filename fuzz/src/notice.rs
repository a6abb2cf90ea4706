use attesta::encoding::json::{self, Map, Value};
use attesta::keys::Signer as _;
use attesta::limits;
use attesta::securing::jose::Jws;
use attesta::trust::notice::{CompromiseNotices, NoticeError};
use attesta::verify::{Material, MaterialError, Materials, Resource, Source};

use crate::answers::assert_explained;
use crate::people::known;
use crate::plain;
use crate::scene::now;

/// Compromise notices: an issuer speaks of its own keys alone, of each of them once, and what is read is what is written.
///
/// An input is the content of notices, or a token with it, also in plain form.
pub fn notice(bytes: &[u8]) {
    if let Ok(content) = json::parse_object(bytes) {
        read(&content);
    }
    let assembled = std::str::from_utf8(bytes).ok().and_then(plain::assemble).map(String::into_bytes);
    published(assembled.as_deref().unwrap_or(bytes));
}

fn read(content: &Map) -> Option<CompromiseNotices> {
    let notices = match CompromiseNotices::read(content) {
        Ok(notices) => notices,
        Err(error) => {
            assert_explained(&error);
            return None;
        }
    };
    assert_eq!(content.get("issuer").and_then(Value::as_str), Some(notices.issuer()));
    assert_eq!(content["notices"].as_array().map(Vec::len), Some(notices.notices().len()), "a notice was lost");
    assert!(notices.notices().len() <= limits::NOTICES);
    let digests: usize = notices.notices().iter().map(|notice| notice.accepted.len()).sum();
    assert!(digests <= limits::NOTICE_DIGESTS);
    for (index, found) in notices.notices().iter().enumerate() {
        let stated = &content["notices"][index];
        assert_eq!(stated["key"], found.key.as_str());
        assert_eq!(stated["publicKeyMultibase"], found.public_key.to_multikey());
        let name = found.key.strip_prefix(notices.issuer()).and_then(|rest| rest.strip_prefix('#'));
        assert!(name.is_some_and(|name| !name.is_empty()), "a key of somebody else");
        assert_eq!(notices.about(&found.public_key), Some(found), "two are about one key");
        let stated: Vec<&str> = stated["accepted"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(found.accepted.len() <= stated.len());
        for digest in &found.accepted {
            assert!(stated.contains(&&*attesta::encoding::base64url::encode(digest)), "what nobody accepted");
        }
    }
    assert_eq!(CompromiseNotices::read(&notices.to_json()).as_ref(), Ok(&notices), "others once they were written");
    let again = CompromiseNotices::new(notices.issuer(), notices.issued(), notices.notices().to_vec());
    assert_eq!(again.as_ref(), Ok(&notices));
    if let Some(first) = notices.notices().first() {
        let twice = vec![first.clone(), first.clone()];
        assert_eq!(CompromiseNotices::new(notices.issuer(), notices.issued(), twice), Err(NoticeError::Twice));
        let other = CompromiseNotices::new("did:web:other.example", notices.issued(), vec![first.clone()]);
        assert!(other.is_err() || first.key.starts_with("did:web:other.example#"), "a key of somebody else");
    }
    sign(&notices);
    Some(notices)
}

/// What is signed is what was said, for the key that signed it and for no other.
fn sign(notices: &CompromiseNotices) {
    let signer = known("ngo");
    let token = notices.sign(&signer.method, &signer.key).expect("it is signed");
    let jws = Jws::parse(&token).expect("it is a token");
    assert!(jws.verify(signer.key.algorithm(), &signer.key.public_key()).is_ok());
    for other in signer.others() {
        assert!(jws.verify(other.key.algorithm(), &other.key.public_key()).is_err(), "{} signed it too", other.name);
    }
    assert_eq!(add(token.as_bytes()), Ok(()), "what is published cannot be read");
}

fn published(bytes: &[u8]) {
    match add(bytes) {
        Ok(()) => assert!(bytes.len() <= limits::DOCUMENT_BYTES),
        Err(error) => assert_explained(&error),
    }
}

fn add(bytes: &[u8]) -> Result<(), MaterialError> {
    let resource = Resource::CompromiseNotices("https://ngo.example/notices".to_owned());
    Materials::none().add(&Material { resource, bytes: bytes.to_vec(), obtained: now(), source: Source::Fetched })
}

/// Notices about keys of the issuer, as content and as a token.
pub(crate) fn made() -> Vec<(&'static str, Vec<u8>)> {
    let signer = known("ngo");
    let key = |name: &str| known(name).key.public_key().to_multikey();
    let about = |name: &str, accepted: &[&str]| {
        serde_json::json!({
            "key": format!("{}#{name}", signer.did()), "publicKeyMultibase": key(name),
            "since": "2026-11-18T00:00:00Z", "accepted": accepted,
        })
    };
    let digest = attesta::encoding::base64url::encode([7; 32]);
    let content = serde_json::json!({
        "type": "CompromiseNotices", "issuer": signer.did(), "issued": "2026-11-20T08:00:00Z",
        "notices": [about("marine", &[&digest]), about("hostel", &[])],
    });
    let notices = CompromiseNotices::read(content.as_object().expect("it is one")).expect("they are notices");
    let token = notices.sign(&signer.method, &signer.key).expect("it is signed");
    let plain = plain::take_apart(&token).expect("it was made here");
    vec![("content", content.to_string().into_bytes()), ("token", token.into_bytes()), ("plain", plain.into_bytes())]
}
