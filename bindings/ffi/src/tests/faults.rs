use attesta::keys::{self, PublicKey, Signer as _, SoftwareKey};

use super::*;

type Signing = dyn Fn(&[u8]) -> Result<Vec<u8>, SignerError> + Send + Sync;

/// A signer that says and signs what a test wants.
struct Fake {
    description: Result<SignerDescription, SignerError>,
    signature: Box<Signing>,
}

impl Signer for Fake {
    fn describe(&self) -> Result<SignerDescription, SignerError> {
        self.description.clone()
    }

    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, SignerError> {
        (self.signature)(&message)
    }
}

fn describing(key: &SoftwareSigner, encoding: SignatureEncoding) -> SignerDescription {
    SignerDescription { encoding, ..key.describe().unwrap() }
}

/// What comes of issuing a licence with this signer.
fn issuing(
    description: Result<SignerDescription, SignerError>,
    signature: impl Fn(&[u8]) -> Result<Vec<u8>, SignerError> + Send + Sync + 'static,
) -> Result<String, AttestaError> {
    let holder = SoftwareSigner::generate(Algorithm::Es256).unwrap();
    let options = for_holder(&holder, CredentialFormat::Jwt);
    let fake = Fake { description, signature: Box::new(signature) };
    issue(example_claims(Kind::Licence).unwrap(), options, Arc::new(fake))
}

/// ASN.1 of a raw P-256 signature.
fn der(raw: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    for number in raw.chunks(32) {
        let mut digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
        if digits[0] >= 0x80 {
            digits.insert(0, 0);
        }
        content.extend([2, digits.len() as u8]);
        content.extend(digits);
    }
    [vec![0x30, content.len() as u8], content].concat()
}

#[test]
fn a_phones_key_store_signs_in_either_encoding() {
    let key = Arc::new(SoftwareSigner::generate(Algorithm::Es256).unwrap());
    let signing = key.clone();
    let as_asn1 = move |message: &[u8]| Ok(der(&signing.sign(message.to_vec())?));
    assert!(issuing(Ok(describing(&key, SignatureEncoding::Der)), as_asn1).is_ok());

    // Android's certificates carry the point uncompressed.
    let memory = SoftwareKey::generate(keys::KeyType::P256).unwrap();
    let jwk = memory.public_key().to_jwk();
    let coordinate = |name: &str| attesta::encoding::base64url::decode(jwk[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let description =
        SignerDescription { algorithm: Algorithm::Es256, encoding: SignatureEncoding::Raw, public_key: point };
    assert!(issuing(Ok(description), move |message| Ok(keys::sign(&memory, message).unwrap())).is_ok());
}

#[test]
fn a_signer_that_gives_up_says_so() {
    let key = SoftwareSigner::generate(Algorithm::Es256).unwrap();
    let description = describing(&key, SignatureEncoding::Raw);
    for (error, expected) in [
        (SignerError::Cancelled, "signer.cancelled"),
        (SignerError::Unavailable, "signer.unavailable"),
        (SignerError::Failed { platform_code: -25293 }, "signer.failed"),
        (SignerError::Unexpected, "signer.unexpected"),
    ] {
        assert_eq!(code(issuing(Ok(description.clone()), move |_| Err(error))), expected);
        assert_eq!(code(issuing(Err(error), |_| Ok(Vec::new()))), expected);
    }
}

#[test]
fn an_exception_of_the_host_leaves_no_trace() {
    let trace = "java.lang.IllegalStateException: 陳大文\n\tat org.example.Signer.sign(Signer.kt:7)";
    let error = SignerError::from(uniffi::UnexpectedUniFFICallbackError::new(trace));
    assert_eq!(error, SignerError::Unexpected);
    let AttestaError::Failed { code, message, hint } = keys::SignerError::from(error).into();
    assert!([code, message, hint].iter().all(|text| !text.contains("java") && !text.contains('陳')));
}

#[test]
fn a_signer_that_lies_is_caught() {
    let key = Arc::new(SoftwareSigner::generate(Algorithm::Es256).unwrap());
    let other = Arc::new(SoftwareSigner::generate(Algorithm::Es256).unwrap());
    let edwards = SoftwareSigner::generate(Algorithm::Ed25519).unwrap();
    let raw = describing(&key, SignatureEncoding::Raw);
    let asn1 = describing(&key, SignatureEncoding::Der);

    let signing = key.clone();
    let declares_raw = move |message: &[u8]| Ok(der(&signing.sign(message.to_vec())?));
    assert_eq!(code(issuing(Ok(raw.clone()), declares_raw)), "signer.encoding");
    let signing = key.clone();
    assert_eq!(code(issuing(Ok(asn1.clone()), move |message| signing.sign(message.to_vec()))), "signer.encoding");
    let signing = other.clone();
    assert_eq!(code(issuing(Ok(raw.clone()), move |message| signing.sign(message.to_vec()))), "signer.key-mismatch");
    let signing = key.clone();
    let another_message = move |_: &[u8]| signing.sign(b"another message".to_vec());
    assert_eq!(code(issuing(Ok(raw.clone()), another_message)), "signer.key-mismatch");
    for garbage in [vec![], vec![0; 64], vec![0xff; 64], vec![7; 65], b"signature".to_vec()] {
        assert!(
            code(issuing(Ok(raw.clone()), {
                let garbage = garbage.clone();
                move |_| Ok(garbage.clone())
            }))
            .starts_with("signer.")
        );
        assert!(code(issuing(Ok(asn1.clone()), move |_| Ok(garbage.clone()))).starts_with("signer."));
    }

    let never = |_: &[u8]| -> Result<Vec<u8>, SignerError> { panic!("it must not be asked to sign") };
    for (bytes, expected) in [
        (vec![], "key.length"),
        (vec![4; 33], "key.length"),
        (vec![2; 32], "key.length"),
        (vec![9; 33], "key.not-on-curve"),
        ([vec![2], vec![0xff; 32]].concat(), "key.not-on-curve"),
        (edwards.describe().unwrap().public_key, "key."),
    ] {
        let description = SignerDescription { public_key: bytes, ..raw.clone() };
        assert!(code(issuing(Ok(description), never)).starts_with(expected));
    }
    let weak = SignerDescription { public_key: vec![0; 32], ..edwards.describe().unwrap() };
    assert_eq!(code(issuing(Ok(weak), never)), "key.small-order");
}

#[test]
fn wrong_options_are_refused_by_name() {
    let cast = Cast::gather();
    let good = for_holder(&cast.tenant, CredentialFormat::Jwt);
    let refused =
        |options: IssueOptions| code(issue(example_claims(Kind::ProofOfAddress).unwrap(), options, cast.ngo.clone()));
    assert_eq!(refused(IssueOptions { holder: None, ..good.clone() }), "draft.holder-needed");
    assert_eq!(refused(IssueOptions { valid_days: 0, ..good.clone() }), "draft.until");
    assert_eq!(refused(IssueOptions { valid_days: u32::MAX, ..good.clone() }), "draft.until");
    let day = |text: &str| Some(text.to_owned());
    let did = |did: &str| Some(Identity::Did { did: did.to_owned() });
    assert_eq!(refused(IssueOptions { valid_from: day("2 November"), ..good.clone() }), "time.date-form");
    assert_eq!(refused(IssueOptions { valid_from: day("2026-02-30"), ..good.clone() }), "time.out-of-range");
    assert_eq!(refused(IssueOptions { issuer: did("Neighbourhood Centre"), ..good.clone() }), "issue.did");
    assert_eq!(refused(IssueOptions { issuer: did("did:web:ngo.example"), ..good.clone() }), "issue.method-needed");
    assert_eq!(refused(IssueOptions { issuer: did(&cast.tenant.did_key()), ..good.clone() }), "issue.other-key");
    assert!(refused(IssueOptions { status_json: day("{"), ..good.clone() }).starts_with("json."));
    let holder = |holder| IssueOptions { holder: Some(holder), ..good.clone() };
    assert!(refused(holder(Holder::Did { did: "CHAN Tai Man".to_owned() })).starts_with("did."));
    assert_eq!(refused(holder(Holder::Key { jwk: cast.tenant.private_jwk() })), "key.private-key");
    let other_suite = IssueOptions { format: Some(CredentialFormat::EcdsaJcs2019), ..good };
    assert!(issue(example_claims(Kind::Licence).unwrap(), other_suite, cast.ngo.clone()).is_err());
}

#[test]
fn wrong_presentations_and_verifiers_are_refused_by_name() {
    let cast = Cast::gather();
    let request = new_request(AUDIENCE.to_owned()).unwrap();
    let guarantee = cast.guarantee(CredentialFormat::Jwt);
    let presenting = |credentials: Vec<Vec<u8>>| {
        code(present(credentials, Disclose::Everything, request.clone(), NOW, cast.tenant.clone()))
    };
    assert_eq!(presenting(Vec::new()), "present.count");
    assert_eq!(presenting(vec![guarantee.clone().into(); 33]), "present.count");
    assert!(present(vec![b"{}".to_vec()], Disclose::Everything, request.clone(), NOW, cast.tenant.clone()).is_err());
    let stolen = present(vec![guarantee.clone().into()], Disclose::Everything, request.clone(), NOW, cast.ngo.clone());
    assert_eq!(code(stolen), "present.other-holder");
    let nobody = PresentationRequest { audience: String::new(), ..request };
    assert_eq!(
        code(present(vec![guarantee.into()], Disclose::Everything, nobody, NOW, cast.tenant.clone())),
        "present.transaction"
    );

    let making = |policy: &str, list: &str| {
        code(Verifier::new(Policy::Json { json: policy.to_owned() }, vec![list.to_owned()], Vec::new()))
    };
    let list = trust_list("did:example:ngo");
    assert_eq!(making(r#"{"type":"Policy","version":1,"relax":["proof"]}"#, &list), "policy.foundation");
    assert_eq!(making(r#"{"type":"Policy","version":2}"#, &list), "policy.version");
    assert!(making(r#"{"type":"Policy","version":1}"#, "[]").starts_with("trust-list."));
    for seconds in [i64::MIN, i64::MAX] {
        for at in [At::NowIs { unix_seconds: seconds }, At::AsOf { unix_seconds: seconds }] {
            assert_eq!(code(cast.bank.verify(Vec::new(), Expected::Nothing, at)), "time.out-of-range");
        }
    }
}

#[test]
fn a_public_key_is_read_in_both_its_forms() {
    let key = SoftwareSigner::generate(Algorithm::Es384).unwrap();
    let compressed = key.describe().unwrap().public_key;
    assert_eq!(compressed.len(), 49);
    assert!(PublicKey::from_bytes(keys::KeyType::P384, &compressed).is_ok());
}
