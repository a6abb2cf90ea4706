//! did:peer, forms 2 and 4: the DID is its document, for two parties that need no register (Peer DID Method 1.0).
//!
//! Form 2 spells out keys and services one by one; form 4 carries a whole document behind its own hash, so that once
//! the long form was told, the hash alone can stand for it.

use serde_json::json;

use super::MethodError;
use crate::did::{Did, Document, Relationship, ResolutionError};
use crate::encoding::json::{self, Map, Value};
use crate::encoding::{base64url, jcs, multibase, multihash};
use crate::keys::PublicKey;
use crate::limits;

const PREFIX: &str = "did:peer:";

/// The multicodec prefix of JSON, `0x0200` as a varint.
const JSON_CODEC: [u8; 2] = [0x80, 0x04];

/// What form 2 abbreviates in a service: the short name and the whole one.
const ABBREVIATIONS: [(&str, &str); 4] =
    [("t", "type"), ("s", "serviceEndpoint"), ("r", "routingKeys"), ("a", "accept")];

/// The abbreviation of a service's type, and what it stands for.
const MESSAGING: (&str, &str) = ("dm", "DIDCommMessaging");

const TWO_NAMES: &str = "a service has a member both abbreviated and whole";

const UNREADABLE: &str = "what is given makes no DID that could be read again";

/// A DID of form 2: each key in one relationship, and services.
///
/// # Errors
/// [`MethodError::Form`] if no key is given, a service's `id` is not relative or is another's too, or a service has a
/// member under its name and its abbreviation; [`MethodError::TooLong`] if all of it, and the name of a key behind it,
/// does not fit into a DID; [`MethodError::Json`] if a service would not be read again.
pub fn from_keys(keys: &[(Relationship, PublicKey)], services: &[Map]) -> Result<String, MethodError> {
    if keys.is_empty() {
        return Err(MethodError::Form("at least one key is needed"));
    }
    let mut did = format!("{PREFIX}2");
    for (relationship, key) in keys {
        did.push('.');
        did.push(purpose_code(*relationship));
        did.push_str(&key.to_multikey());
    }
    for service in services {
        if service.get("id").is_some_and(|id| !id.as_str().is_some_and(|id| id.starts_with('#'))) {
            return Err(MethodError::Form("the id of a service must be relative, such as #inbox"));
        }
        if !has_one_name_each(service) {
            return Err(MethodError::Form(TWO_NAMES));
        }
        let text = serde_json::to_string(&abbreviated(service.clone(), false)).unwrap_or_default();
        did.push_str(".S");
        did.push_str(&base64url::encode(text));
    }
    let bytes = did.len() + format!("#key-{}", keys.len()).len();
    if bytes > limits::DID_BYTES {
        return Err(MethodError::TooLong { bytes, limit: limits::DID_BYTES });
    }
    let parsed = Did::parse(&did).map_err(|_| MethodError::Form(UNREADABLE))?;
    document_of_elements(&parsed).map_err(|error| match error {
        ResolutionError::InvalidMethodId(error) => error,
        _ => MethodError::Form(UNREADABLE),
    })?;
    Ok(did)
}

/// The long form of a DID of form 4: the document without its `id`, every reference in it relative, and without
/// `controller` where that is the document's own subject.
///
/// # Errors
/// [`MethodError::Form`] if the document has an `id`, [`MethodError::TooLong`] if it does not fit into a DID.
pub fn from_document(document: &Map) -> Result<String, MethodError> {
    if document.contains_key("id") {
        return Err(MethodError::Form("the document must not have an id: the DID is made of it"));
    }
    let mut bytes = JSON_CODEC.to_vec();
    bytes.extend_from_slice(&jcs::canonicalize(document));
    if bytes.len() > limits::DID_BYTES {
        return Err(MethodError::TooLong { bytes: bytes.len(), limit: limits::DID_BYTES });
    }
    let encoded = multibase::encode_base58btc(bytes);
    let did = checked(format!("{PREFIX}4{}:{encoded}", hash_of(&encoded)))?;
    document_of_long_form(&did, &did)
        .map_err(|_| MethodError::Form("what is given is no document: references must be relative, such as #key-1"))?;
    Ok(did)
}

/// The short form of a DID of form 4; `None` for any other DID, and for one that is short already.
pub fn short_form(did: &str) -> Option<&str> {
    did.strip_prefix(PREFIX)?.strip_prefix('4')?;
    let (short, _) = did.rsplit_once(':')?;
    (short.len() > PREFIX.len()).then_some(short)
}

/// The document of the short form, which only whoever has seen the long form can know.
///
/// # Errors
/// [`ResolutionError`].
pub fn resolve_short_form(long_form: &Did) -> Result<Document, ResolutionError> {
    let short = short_form(long_form.as_str()).ok_or(MethodError::Form("the long form of form 4 was expected"))?;
    document_of_long_form(long_form.as_str(), short)
}

/// The document of a DID; `None` for the short form of form 4, which does not carry it.
///
/// # Errors
/// [`ResolutionError`]; forms 0, 1 and 3 are not resolved.
pub fn resolve(did: &Did) -> Option<Result<Document, ResolutionError>> {
    let id = did.method_specific_id();
    match id.as_bytes().first() {
        Some(b'2') => Some(document_of_elements(did)),
        Some(b'4') if id.contains(':') => Some(document_of_long_form(did.as_str(), did.as_str())),
        Some(b'4') => None,
        Some(b'0' | b'1' | b'3') => {
            Some(Err(ResolutionError::FormNotSupported { resolved: "those that begin with did:peer:2 and did:peer:4" }))
        }
        _ => Some(Err(MethodError::Form("did:peer: is followed by a digit, 0 to 4").into())),
    }
}

fn checked(did: String) -> Result<String, MethodError> {
    if did.len() > limits::DID_BYTES {
        return Err(MethodError::TooLong { bytes: did.len(), limit: limits::DID_BYTES });
    }
    Ok(did)
}

fn purpose_code(relationship: Relationship) -> char {
    match relationship {
        Relationship::AssertionMethod => 'A',
        Relationship::KeyAgreement => 'E',
        Relationship::Authentication => 'V',
        Relationship::CapabilityInvocation => 'I',
        Relationship::CapabilityDelegation => 'D',
    }
}

/// "Resolving a did:peer:2". Off-spec: the short name `did:peer:3...` is not listed under `alsoKnownAs`, which is
/// optional, since that form is not resolved here.
fn document_of_elements(did: &Did) -> Result<Document, ResolutionError> {
    let elements = did.method_specific_id()[1..]
        .strip_prefix('.')
        .ok_or(MethodError::Form("did:peer:2 is followed by elements that each begin with a full stop"))?;
    let mut methods = Vec::new();
    let mut services: Vec<Value> = Vec::new();
    let mut relationships: Vec<Vec<String>> = vec![Vec::new(); Relationship::ALL.len()];
    let mut unnamed = 0;
    for element in elements.split('.') {
        let code = element.chars().next().filter(char::is_ascii).ok_or(MethodError::Form("an element is empty"))?;
        let content = &element[1..];
        if code == 'S' {
            let service = Value::from(service(content, &mut unnamed)?);
            // "A conforming consumer MUST produce an error if it detects multiple service entries with the same id"
            // (DID 1.0, section 5.4).
            if services.iter().any(|other| other["id"] == service["id"]) {
                return Err(MethodError::Form("two services have the same id").into());
            }
            services.push(service);
            continue;
        }
        let position = Relationship::ALL
            .iter()
            .position(|relationship| purpose_code(*relationship) == code)
            .ok_or(MethodError::Form("an element begins with none of the letters A, D, E, I, S and V"))?;
        let id = format!("#key-{}", methods.len() + 1);
        relationships[position].push(id.clone());
        methods.push(json!({
            "id": id,
            "type": "Multikey",
            "controller": did.as_str(),
            "publicKeyMultibase": PublicKey::from_multikey(content).map_err(MethodError::from)?.to_multikey(),
        }));
    }
    let mut map = Map::new();
    map.insert("@context".to_owned(), json!(["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]));
    map.insert("id".to_owned(), did.as_str().into());
    map.insert("verificationMethod".to_owned(), methods.into());
    for (relationship, references) in Relationship::ALL.into_iter().zip(relationships) {
        if !references.is_empty() {
            map.insert(relationship.name().to_owned(), references.into());
        }
    }
    if !services.is_empty() {
        map.insert("service".to_owned(), services.into());
    }
    Ok(Document::from_map(&map)?)
}

/// One service of form 2. The first without an `id` is `#service`, the next `#service-1`.
fn service(encoded: &str, unnamed: &mut usize) -> Result<Map, ResolutionError> {
    let bytes = base64url::decode(encoded).map_err(MethodError::from)?;
    let map = json::parse_object(&bytes).map_err(MethodError::from)?;
    let mut service = expanded(map).ok_or(MethodError::Form(TWO_NAMES))?;
    match service.get("id") {
        None => {
            let id = if *unnamed == 0 { "#service".to_owned() } else { format!("#service-{unnamed}") };
            *unnamed += 1;
            service.insert("id".to_owned(), id.into());
        }
        Some(Value::String(id)) if id.starts_with('#') => {}
        Some(_) => return Err(MethodError::Form("the id of a service must be relative, such as #inbox").into()),
    }
    Ok(service)
}

/// With members' names and the type's value abbreviated. Depth is bounded by the strict reader.
fn abbreviated(map: Map, expand: bool) -> Map {
    let pick = |pair: (&'static str, &'static str)| if expand { pair } else { (pair.1, pair.0) };
    let rename = |name: String| {
        ABBREVIATIONS.into_iter().map(pick).find(|(from, _)| *from == name).map_or(name, |(_, to)| to.to_owned())
    };
    let (from, to) = pick(MESSAGING);
    let renamed = map.into_iter().map(|(name, value)| {
        let is_type = name == "type" || name == "t";
        let value = match value {
            Value::String(text) if is_type && text == from => to.into(),
            value => abbreviated_value(value, expand),
        };
        (rename(name), value)
    });
    renamed.collect()
}

fn abbreviated_value(value: Value, expand: bool) -> Value {
    match value {
        Value::Object(map) => abbreviated(map, expand).into(),
        Value::Array(items) => items.into_iter().map(|item| abbreviated_value(item, expand)).collect(),
        value => value,
    }
}

/// The whole names again; `None` if a member stands there under both its names, so that one would hide the other.
fn expanded(map: Map) -> Option<Map> {
    has_one_name_each(&map).then(|| abbreviated(map, true))
}

fn has_one_name_each(map: &Map) -> bool {
    !ABBREVIATIONS.iter().any(|(short, whole)| map.contains_key(*short) && map.contains_key(*whole))
        && map.values().all(value_has_one_name_each)
}

fn value_has_one_name_each(value: &Value) -> bool {
    match value {
        Value::Object(map) => has_one_name_each(map),
        Value::Array(items) => items.iter().all(value_has_one_name_each),
        _ => true,
    }
}

/// Multihash of the encoded document's text, SHA-256.
fn hash_of(encoded: &str) -> String {
    multibase::encode_base58btc(multihash::sha2_256(encoded.as_bytes()))
}

/// "Resolving a DID" of form 4: the hash is checked, then the document is told whose it is.
fn document_of_long_form(long_form: &str, did: &str) -> Result<Document, ResolutionError> {
    let id = long_form.strip_prefix(PREFIX).and_then(|id| id.strip_prefix('4'));
    let (hash, encoded) = id
        .and_then(|id| id.split_once(':'))
        .ok_or(MethodError::Form("did:peer:4 is followed by a hash, a colon and a document"))?;
    if hash != hash_of(encoded) {
        return Err(MethodError::Form("the hash is not that of the document behind it").into());
    }
    let bytes = multibase::decode_base58btc(encoded, limits::DID_BYTES).map_err(MethodError::from)?;
    let text = bytes
        .strip_prefix(&JSON_CODEC)
        .ok_or(MethodError::Form("what stands behind the hash is not marked as JSON (multicodec 0x0200)"))?;
    let mut map = json::parse_object(text).map_err(MethodError::from)?;
    if map.contains_key("id") {
        return Err(MethodError::Form("the document inside the DID has an id of its own").into());
    }
    map.insert("id".to_owned(), did.into());
    let short = short_form(long_form).unwrap_or(long_form);
    match map.entry("alsoKnownAs").or_insert_with(|| json!([])) {
        Value::Array(names) => names.push(if did == short { long_form } else { short }.into()),
        _ => return Err(MethodError::Form("alsoKnownAs of the document inside the DID is not a list").into()),
    }
    let members = Relationship::ALL.iter().map(|relationship| relationship.name());
    for member in members.chain(["verificationMethod"]) {
        for method in map.get_mut(member).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(method) = method.as_object_mut() {
                method.entry("controller").or_insert_with(|| did.into());
            }
        }
    }
    Ok(Document::from_map(&map)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain;

    /// The key pair that the method's specification uses in its example of form 2.
    const KEYS: &str = "did:peer:2.Vz6Mkj3PUd1WjvaDhNZhhhXQdz5UnZXmS7ehtx8bsPpD47kKc\
                        .Ez6LSg8zQom395jKLrGiBNruB9MM6V8PWuf2FpEy4uRFiqQBR";

    fn code(did: &str) -> &'static str {
        crate::did::resolve(did, &Default::default()).error.map_or("ok", |error| error.code())
    }

    fn document(did: &str) -> Value {
        crate::did::resolve(did, &Default::default()).document.unwrap().to_json().into()
    }

    fn with_service(service: &Value) -> String {
        format!("{KEYS}.S{}", base64url::encode(service.to_string()))
    }

    fn input() -> Map {
        let json = json!({
            "@context": ["https://www.w3.org/ns/did/v1.1"],
            "verificationMethod": [{
                "id": "#a", "type": "Multikey",
                "publicKeyMultibase": "z6Mkj3PUd1WjvaDhNZhhhXQdz5UnZXmS7ehtx8bsPpD47kKc",
            }],
            "authentication": ["#a", {
                "id": "#b", "type": "Multikey",
                "publicKeyMultibase": "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu",
            }],
        });
        json.as_object().unwrap().clone()
    }

    /// A DID of form 4 around these bytes, with the hash that they have.
    fn form_4(codec: &[u8], text: &str) -> String {
        let encoded = multibase::encode_base58btc([codec, text.as_bytes()].concat());
        format!("{PREFIX}4{}:{encoded}", hash_of(&encoded))
    }

    #[test]
    fn keys_and_services_become_a_document() {
        let service = |endpoint: &str| json!({ "type": "DIDCommMessaging", "serviceEndpoint": { "uri": endpoint, "accept": ["didcomm/v2"] } });
        let named = json!({ "id": "#files", "type": "Files", "serviceEndpoint": "https://ngo.example/t" });
        let services = [service("https://a.example"), named.clone(), service("https://b.example")];
        let maps: Vec<Map> = services.iter().map(|service| service.as_object().unwrap().clone()).collect();
        let key = |multikey: &str| PublicKey::from_multikey(multikey).unwrap();
        let keys = [
            (Relationship::Authentication, key("z6Mkj3PUd1WjvaDhNZhhhXQdz5UnZXmS7ehtx8bsPpD47kKc")),
            (Relationship::KeyAgreement, key("z6LSg8zQom395jKLrGiBNruB9MM6V8PWuf2FpEy4uRFiqQBR")),
        ];
        let did = from_keys(&keys, &maps).unwrap();
        let encoded = did.strip_prefix(KEYS).and_then(|rest| rest.strip_prefix(".S")).unwrap();
        let first = base64url::decode(encoded.split('.').next().unwrap()).unwrap();
        let abbreviated: Value = serde_json::from_slice(&first).unwrap();
        assert_eq!(abbreviated, json!({ "t": "dm", "s": { "uri": "https://a.example", "a": ["didcomm/v2"] } }));

        let document = document(&did);
        assert_eq!(document["id"], did);
        assert_eq!(document["verificationMethod"][1]["id"], "#key-2");
        assert_eq!(document["verificationMethod"][1]["controller"], did);
        assert_eq!(document["authentication"], json!(["#key-1"]));
        assert_eq!(document["keyAgreement"], json!(["#key-2"]));
        assert_eq!(document.get("assertionMethod"), None);
        assert_eq!(document["service"][0]["id"], "#service");
        assert_eq!(document["service"][0]["serviceEndpoint"], services[0]["serviceEndpoint"]);
        assert_eq!(document["service"][1], named);
        assert_eq!(document["service"][2]["id"], "#service-1");
    }

    #[test]
    fn the_long_form_carries_its_document_and_the_short_form_stands_for_it() {
        let did = from_document(&input()).unwrap();
        let short = short_form(&did).unwrap();
        assert_eq!(short.len(), "did:peer:4zQmd8CpeFPci817KDsbSAKWcXAE2mjvCQSasRewvbSF54Bd".len());
        let document = document(&did);
        assert_eq!(document["id"], did);
        assert_eq!(document["alsoKnownAs"], json!([short]));
        assert_eq!(document["verificationMethod"][0]["controller"], did);
        assert_eq!(document["authentication"][1]["controller"], did);

        assert_eq!(code(short), "resolution.not-found");
        let of_short = resolve_short_form(&Did::parse(&did).unwrap()).unwrap();
        assert_eq!(of_short.id(), short);
        assert_eq!(of_short.to_json()["alsoKnownAs"], json!([did]));
        assert!(of_short.authorizes(&format!("{short}#a"), Relationship::Authentication));
        assert_eq!(short_form(short), None);
        assert_eq!(short_form(KEYS), None);
    }

    #[test]
    fn what_form_2_does_not_allow_is_refused() {
        for (name, did, expected) in [
            ("no elements", "did:peer:2".to_owned(), "did.form"),
            ("an empty element", "did:peer:2.".to_owned(), "did.form"),
            ("an empty element between", KEYS.replace(".E", "..E"), "did.form"),
            ("an unknown purpose", KEYS.replace(".E", ".X"), "did.form"),
            ("a purpose in lower case", KEYS.replace(".V", ".v"), "did.form"),
            ("a key cut off", KEYS[..KEYS.len() - 2].to_owned(), "key.unsupported-type"),
            ("no key behind the purpose", "did:peer:2.V".to_owned(), "multibase.base"),
            ("a key in another base", "did:peer:2.Vf00".to_owned(), "multibase.base"),
            ("a key that cannot agree, listed for agreement alone", "did:peer:2.Ez".to_owned(), "key.unsupported-type"),
            ("a service that is no base64url", format!("{KEYS}.S_"), "base64url.form"),
            ("services as a list", with_service(&json!([{ "t": "dm" }])), "json.not-an-object"),
            ("a service named absolutely", with_service(&json!({ "id": "did:peer:2#x", "t": "dm" })), "did.form"),
            ("a service with a number for a name", with_service(&json!({ "id": 1, "t": "dm" })), "did.form"),
            ("a member under both its names", with_service(&json!({ "t": "dm", "type": "Files" })), "did.form"),
            ("the same, further inside", with_service(&json!({ "s": [{ "a": 1, "accept": 2 }] })), "did.form"),
            ("the same, in a list in a list", with_service(&json!({ "s": [[{ "a": 1, "accept": 2 }]] })), "did.form"),
            (
                "two services of one name",
                format!(
                    "{}{}",
                    with_service(&json!({ "id": "#a" })),
                    &with_service(&json!({ "id": "#a" }))[KEYS.len()..]
                ),
                "did.form",
            ),
            (
                "a service named as one without a name will be",
                format!("{}{}", with_service(&json!({ "id": "#service" })), &with_service(&json!({}))[KEYS.len()..]),
                "did.form",
            ),
            (
                "another form",
                "did:peer:1zQmZMygzYqNwU6Uhmewx5Xepf2VLp5S4HLSwwgf2aiKZuwa".to_owned(),
                "resolution.form-not-supported",
            ),
            ("no such form", "did:peer:5zQm".to_owned(), "did.form"),
        ] {
            assert_eq!(code(&did), expected, "{name}");
        }
    }

    #[test]
    fn what_would_not_be_read_again_is_not_made() {
        let key = PublicKey::from_multikey("z6Mkj3PUd1WjvaDhNZhhhXQdz5UnZXmS7ehtx8bsPpD47kKc").unwrap();
        let keys = [(Relationship::Authentication, key)];
        let made = |services: Value| {
            let maps: Vec<Map> =
                services.as_array().unwrap().iter().map(|map| map.as_object().unwrap().clone()).collect();
            let did = from_keys(&keys, &maps)?;
            assert_eq!(code(&did), "ok");
            Ok::<_, MethodError>(did.len())
        };
        for (name, services, expected) in [
            ("an absolute name", json!([{ "id": "did:peer:2#a", "type": "Files" }]), "did.form"),
            ("two services of one name", json!([{ "id": "#a" }, { "id": "#a" }]), "did.form"),
            ("the name that the other will have", json!([{}, { "id": "#service" }]), "did.form"),
            ("a member under both its names", json!([{ "t": "dm", "type": "Files" }]), "did.form"),
            ("the same, further inside", json!([{ "serviceEndpoint": [[{ "r": 1, "routingKeys": 2 }]] }]), "did.form"),
            ("a number beyond a double", json!([{ "priority": 9_007_199_254_740_993_u64 }]), "json.number"),
        ] {
            assert_eq!(made(services).unwrap_err().code(), expected, "{name}");
        }
        assert_eq!(from_keys(&[], &[]).unwrap_err().code(), "did.form");
        // The longest that is made still has room for the name of its key.
        let with_note = |length: usize| made(json!([{ "type": "Files", "note": "x".repeat(length) }]));
        let (fits, exceeds): (Vec<_>, Vec<_>) = (2_950..3_050).map(with_note).partition(Result::is_ok);
        assert!(fits.into_iter().all(|length| length.unwrap() <= limits::DID_BYTES - "#key-1".len()));
        assert!(exceeds.iter().all(|error| error.as_ref().unwrap_err().code() == "did.too-long"));
        assert!(!exceeds.is_empty() && exceeds.len() < 100);
    }

    #[test]
    fn what_form_4_does_not_allow_is_refused() {
        let whole = from_document(&input()).unwrap();
        let (short, encoded) = whole.rsplit_once(':').unwrap();
        let other = from_document(&Map::new()).unwrap();
        let (other_short, other_encoded) = other.rsplit_once(':').unwrap();
        let with = |name: &str, value: Value| {
            let mut map = input();
            map.insert(name.to_owned(), value);
            form_4(&JSON_CODEC, &Value::from(map).to_string())
        };
        for (name, did, expected) in [
            ("the document of another hash", format!("{short}:{other_encoded}"), "did.form"),
            ("the hash of another document", format!("{other_short}:{encoded}"), "did.form"),
            ("no hash", format!("did:peer:4:{encoded}"), "did.form"),
            ("a character changed", format!("{}1", &whole[..whole.len() - 1]), "did.form"),
            ("an id inside", with("id", json!("did:key:z6Mk")), "did.form"),
            ("other names that are no list", with("alsoKnownAs", json!("did:key:z6Mk")), "did.form"),
            ("no JSON behind the mark", form_4(&JSON_CODEC, "{]"), "json.syntax"),
            ("a member twice", form_4(&JSON_CODEC, r#"{"a":1,"a":1}"#), "json.duplicate-member"),
            ("no mark", form_4(&[], &Value::from(input()).to_string()), "did.form"),
            ("the mark of something else", form_4(&[0x55], &Value::from(input()).to_string()), "did.form"),
            (
                "a private key inside",
                with("keyAgreement", json!([{ "id": "#p", "type": "JsonWebKey", "privateKeyJwk": {} }])),
                "document.secret-key",
            ),
        ] {
            assert_eq!(code(&did), expected, "{name}");
        }
        let mut with_id = input();
        with_id.insert("id".to_owned(), "#".into());
        assert_eq!(from_document(&with_id).unwrap_err().code(), "did.form");
        let mut large = input();
        large.insert("note".to_owned(), "x".repeat(limits::DID_BYTES).into());
        assert_eq!(from_document(&large).unwrap_err().code(), "did.too-long");
    }
}
