//! Issuers that have their key by a chain of X.509 certificates (`x5c`), to an anchor in the desk's trust list.

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::issuer::Issuer;
use attesta::keys::KeyType;
use attesta::securing::Format;
use attesta::time::Date;
use attesta::trust::certificate::Chain;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::{put, take};
use crate::cast::{CAST, Party, list, secret_of};
use crate::certificates::{
    Blueprint, COMMON_NAME, COUNTRY, CRL_SIGN, DIGITAL_SIGNATURE, DNS, KEY_CERT_SIGN, KEY_ENCIPHERMENT, Key,
    ORGANISATION, PRINTABLE, URI, UTF8, alternative_names, authority, base64, common_name, extension_of, key_usage,
    name, name_constraints,
};
use crate::forge::{map, token};
use crate::outside::{Published, fetched};
use crate::scene::{ALUMNI, About, Scene};
use crate::selective::{Selective, bound};
use crate::vector::Case;

pub(super) fn cases() -> Vec<Case> {
    let root = anchor(&Authorities::new().root(), json!({ "name": { "en": "Notaries under the Example Root" } }));
    let notary = Scene::new(About::Other, Format::SdJwtVc).issued_by(&CAST.notary).known_by(root);
    let mut cases = valid(&notary);
    cases.extend(names(&notary));
    cases.extend(chains(&notary));
    cases.extend(keys(&notary));
    cases.extend(anchors(&notary));
    cases.extend(forms(&notary));
    cases.extend(lists(&notary));
    cases
}

/// Status lists of an issuer that has its key by a certificate.
fn lists(notary: &Scene) -> Vec<Case> {
    const URL: &str = "https://notary.example/status/1";
    let chain = Authorities::new().chain();
    let status = json!({ "status_list": { "idx": 7, "uri": URL } });
    let credential = certified(notary, &chain, |credential| put(&mut credential.payload, "/status", status));
    let credential = credential.signed(&CAST.notary);
    let list = |chain: &[String], set, signer: &Party| {
        let mut claims = Published::revocations(URL, &CAST.notary, set).claims();
        claims.remove("iss");
        let header = map(json!({ "alg": "ES256", "typ": "statuslist+jwt", "x5c": chain }));
        fetched("status-list", URL, &token(&header, &claims, &signer.key))
    };
    let of_another = {
        let mut authorities = Authorities::new();
        authorities.leaf.subject = common_name("Another Notary Office");
        authorities.chain()
    };
    vec![
        notary
            .valid(
                "list-under-the-same-certificate",
                "The list is signed with the issuer's certified key.",
                &credential,
            )
            .with_material(list(&chain, &[], &CAST.notary)),
        notary
            .invalid("revoked-under-the-same-certificate", "Its issuer revoked it.", &credential)
            .with_material(list(&chain, &[(7, 1)], &CAST.notary))
            .by(CheckId::StatusRevocation, Code::StatusRevoked),
        notary
            .invalid(
                "list-of-another-name-under-the-same-authority",
                "Another party of the authority signed the list.",
                &credential,
            )
            .with_material(list(&of_another, &[], &CAST.notary))
            .by(CheckId::StatusList, Code::StatusListNotGenuine),
        notary
            .invalid("list-with-copied-certificates", "A stranger copied the certificates, and signed.", &credential)
            .with_material(list(&chain, &[], &CAST.thief))
            .by(CheckId::StatusList, Code::StatusListNotGenuine),
    ]
}

/// The subject of the notary's certificate, as RFC 4514 writes it.
const SUBJECT: &str = "CN=Example Notary Office,O=Example Notaries,C=HK";

/// An authority, one below it, and the notary: what their certificates say, and their keys.
struct Authorities {
    root: Blueprint,
    middle: Blueprint,
    leaf: Blueprint,
    root_key: Key,
    middle_key: Key,
    leaf_key: Key,
}

impl Authorities {
    fn new() -> Self {
        let [root, middle] = ["Example Root", "Example Issuing Authority"].map(common_name);
        let leaf = name(&[
            (COUNTRY, PRINTABLE, b"HK"),
            (ORGANISATION, UTF8, b"Example Notaries"),
            (COMMON_NAME, UTF8, b"Example Notary Office"),
        ]);
        let of_authority = || vec![authority(None), key_usage(KEY_CERT_SIGN | CRL_SIGN)];
        let names: [(u8, &[u8]); 2] = [(DNS, b"notary.example"), (URI, b"https://register.example/notaries/7")];
        let of_leaf = vec![key_usage(DIGITAL_SIGNATURE), alternative_names(&names)];
        Self {
            root: Blueprint::new(root.clone(), root.clone(), of_authority()),
            middle: Blueprint::new(middle.clone(), root, of_authority()),
            leaf: Blueprint::new(leaf, middle, of_leaf),
            root_key: Key::new("root", KeyType::P256),
            middle_key: Key::new("middle", KeyType::P256),
            leaf_key: Key::P256(p256::ecdsa::SigningKey::from_slice(&secret_of(CAST.notary.name)[..32]).unwrap()),
        }
    }

    fn leaf(&self) -> Vec<u8> {
        self.leaf.sign(&self.leaf_key, &self.middle_key)
    }

    fn middle(&self) -> Vec<u8> {
        self.middle.sign(&self.middle_key, &self.root_key)
    }

    fn root(&self) -> Vec<u8> {
        self.root.sign(&self.root_key, &self.root_key)
    }

    /// What the notary sends: its own certificate and the one above it.
    fn chain(&self) -> Vec<String> {
        [self.leaf(), self.middle()].map(|certificate| base64(&certificate)).to_vec()
    }
}

/// `test-vectors/certificates.json`: chains for the notary's key in `keys.json`, so that the tests of every language can
/// ask and issue by them.
pub(crate) fn certificates_file() -> Value {
    const AT: &str = "2026-03-10T09:00:00Z";
    let chain = |change: &dyn Fn(&mut Authorities)| {
        let mut authorities = Authorities::new();
        change(&mut authorities);
        authorities.chain()
    };
    let stranger = || Key::new("stranger", KeyType::P256);
    let sound = chain(&|_| {});
    json!({
        "description": "Certificates for the key that keys.json names \"notary\". They certify nobody: trust none of them.",
        "at": AT,
        "anchor": base64(&Authorities::new().root()),
        "subject": SUBJECT,
        "dnsName": "notary.example",
        "uri": "https://register.example/notaries/7",
        "chains": {
            "sound": sound,
            "authorityNotSent": sound[..1],
            "expired": chain(&|it| it.leaf.until = "260309235959Z"),
            "notYetValid": chain(&|it| it.leaf.from = "260311000000Z"),
            "keyForOtherThings": chain(&|it| it.leaf.extensions[0] = key_usage(KEY_ENCIPHERMENT)),
            "otherAnchor": chain(&|it| {
                it.middle.issuer = common_name("Another Root");
                it.root_key = stranger();
            }),
            "forgedAnchor": chain(&|it| it.root_key = stranger()),
            "otherKey": chain(&|it| it.leaf_key = stranger()),
        },
    })
}

/// An entry of a trust list that holds this certificate, and what else it says.
fn anchor(certificate: &[u8], mut members: Value) -> Value {
    members["certificate"] = base64(certificate).into();
    if members.get("verifies").is_none() && members.get("issues").is_none() {
        members["issues"] = json!([ALUMNI]);
    }
    members
}

/// A list with such an entry alone.
fn trusting(certificate: &[u8], members: Value) -> [Value; 1] {
    [list(&[anchor(certificate, members)])]
}

/// The notary's credential with these certificates in its header and no name beside them, after a change.
fn certified(notary: &Scene, chain: &[String], change: impl FnOnce(&mut Selective)) -> Selective {
    let mut credential = notary.open_claims();
    take(&mut credential.header, "/kid");
    take(&mut credential.payload, "/iss");
    put(&mut credential.header, "/x5c", json!(chain));
    change(&mut credential);
    credential
}

fn named(notary: &Scene, issuer: &str) -> String {
    let named = |credential: &mut Selective| put(&mut credential.payload, "/iss", issuer);
    certified(notary, &Authorities::new().chain(), named).signed(&CAST.notary)
}

/// What comes of the sound chain with one thing changed.
fn changed(notary: &Scene, change: impl FnOnce(&mut Authorities)) -> String {
    let mut authorities = Authorities::new();
    change(&mut authorities);
    certified(notary, &authorities.chain(), |_| {}).signed(&CAST.notary)
}

fn valid(notary: &Scene) -> Vec<Case> {
    let authorities = Authorities::new();
    let plain = changed(notary, |_| {});
    let with_root = [authorities.chain(), vec![base64(&authorities.root())]].concat();
    let address = Scene::new(About::Address, Format::SdJwtVc);
    let issued = {
        let claims = Claims::from_claims_file(Kind::ProofOfAddress, &Kind::ProofOfAddress.example()).unwrap();
        let chain = Chain::from_x5c(&authorities.chain()).unwrap();
        let issuer = Issuer::of_certificates(&chain, &CAST.notary.key).unwrap();
        // So short a guarantee needs no status.
        let from = Date::parse("2026-11-18").unwrap();
        let draft = Credential::of(claims, issuer.id(), from, 7, Salt::from_bytes([7; 32])).unwrap();
        issuer.secure(&draft.holder(Holder::Key(CAST.tenant.public_key())), Format::SdJwtVc).unwrap()
    };
    let grant = json!({ "issues": ["proof-of-address"], "regions": ["HK"], "name": { "en": "Notaries" } });
    vec![
        notary.valid(
            "certified",
            "The issuer is whom its certificate names, under an authority in the trust list.",
            plain.clone(),
        ),
        notary.valid(
            "certified-with-the-anchor-sent-along",
            "The authority's own certificate stands behind the chain.",
            certified(notary, &with_root, |_| {}).signed(&CAST.notary),
        ),
        notary.valid(
            "certified-and-named-by-its-host",
            "The certificate has the host of the issuer's URL among its names.",
            named(notary, "https://notary.example"),
        ),
        notary.valid(
            "certified-and-named-by-a-path-of-its-host",
            "The issuer's URL has a path on that host.",
            named(notary, "https://notary.example/offices/2"),
        ),
        notary.valid(
            "certified-and-named-by-its-url",
            "The certificate has the issuer's URL among its names.",
            named(notary, "https://register.example/notaries/7"),
        ),
        notary
            .valid("certified-and-pinned", "The trust list holds the issuer's own certificate.", plain.clone())
            .trusting(&trusting(&authorities.leaf(), json!({}))),
        notary
            .valid(
                "certified-under-a-middle-authority",
                "The trust list holds the authority in the middle.",
                plain.clone(),
            )
            .trusting(&trusting(&authorities.middle(), json!({}))),
        notary
            .valid("certified-and-listed-by-its-subject", "Under this authority the list trusts this party.", plain)
            .trusting(&trusting(&authorities.root(), json!({ "subjects": [SUBJECT] }))),
        address
            .valid("certified", "A guarantee of an organisation that is known by its certificate.", bound(&issued))
            .asked()
            .trusting(&trusting(&authorities.root(), grant)),
    ]
}

fn names(notary: &Scene) -> Vec<Case> {
    let own_did = attesta::did::method::key::from_key(&CAST.notary.public_key());
    let other = |name, description: &str, issuer: &str| {
        notary.invalid(name, description, named(notary, issuer)).by(CheckId::KeyBinding, Code::BindingOtherName)
    };
    vec![
        other("certified-for-another-host", "The issuer's URL is on a host that the certificate does not name.", {
            "https://bank.example"
        }),
        other("certified-for-a-host-that-begins-alike", "The host only begins like the one in the certificate.", {
            "https://notary.example.stranger.example"
        }),
        other("certified-for-a-host-that-ends-alike", "The host is one below the one in the certificate.", {
            "https://sub.notary.example"
        }),
        other(
            "certified-for-a-port-of-the-host",
            "A certificate says nothing of ports.",
            "https://notary.example:8443",
        ),
        other("certified-for-a-host-behind-a-user", "The host is written as a user's name.", {
            "https://notary.example@stranger.example"
        }),
        other("certified-for-a-url-that-begins-alike", "The URL only begins like the one in the certificate.", {
            "https://register.example/notaries/77"
        }),
        other("certified-for-a-did", "A certificate says nothing of DIDs.", &CAST.ngo.did),
        other("certified-for-its-own-did", "Not even of the did:key of its own key.", &own_did),
        other("certified-for-its-subject-as-text", "The subject is no alternative name.", SUBJECT),
        other("certified-by-its-common-name", "The common name is no alternative name.", "Example Notary Office"),
    ]
}

/// What is wrong with the chain.
fn chains(notary: &Scene) -> Vec<Case> {
    let wrong = |name, description: &str, change: &dyn Fn(&mut Authorities)| {
        notary
            .invalid(name, description, changed(notary, |authorities| change(authorities)))
            .by(CheckId::KeyBinding, Code::BindingCertificate)
    };
    vec![
        wrong("certificate-expired", "The issuer's certificate ended yesterday.", &|it| {
            it.leaf.until = "261119235959Z"
        }),
        wrong("certificate-not-yet-valid", "The issuer's certificate begins tomorrow.", &|it| {
            it.leaf.from = "261121000000Z";
        }),
        wrong("authority-expired", "The certificate of the authority between has ended.", &|it| {
            it.middle.until = "261119235959Z";
        }),
        wrong("authority-by-another-key", "Somebody else signed in the authority's name.", &|it| {
            it.middle_key = Key::new("stranger", KeyType::P256);
            it.root_key = Key::new("stranger", KeyType::P256);
        }),
        wrong("authority-that-is-none", "A party that was certified itself certifies another.", &|it| {
            it.middle.extensions = vec![key_usage(DIGITAL_SIGNATURE)];
        }),
        wrong("authority-for-other-things", "The authority's key may not sign certificates.", &|it| {
            it.middle.extensions = vec![authority(None), key_usage(CRL_SIGN)];
        }),
        wrong("key-for-other-things", "The issuer's key may be used for encryption alone.", &|it| {
            it.leaf.extensions[0] = key_usage(KEY_ENCIPHERMENT);
        }),
        wrong("authority-as-issuer", "The certificate is an authority's own.", &|it| {
            it.leaf.extensions = vec![authority(None), key_usage(KEY_CERT_SIGN | DIGITAL_SIGNATURE)];
        }),
        wrong("name-that-the-authority-may-not-give", "The authority is limited to the names of others.", &|it| {
            it.middle.extensions.push(name_constraints(&[(DNS, b"bank.example")], &[]));
        }),
        wrong("condition-that-nobody-knows", "A critical extension that is not understood.", &|it| {
            it.leaf.extensions.push(extension_of(&[0x2a, 3, 4], true, vec![5, 0]));
        }),
        notary
            .invalid("path-too-long", "The anchor allows no authority between itself and whom it certifies.", {
                changed(notary, |_| {})
            })
            .trusting(&trusting(
                &{
                    let mut authorities = Authorities::new();
                    authorities.root.extensions[0] = authority(Some(0));
                    authorities.root()
                },
                json!({}),
            ))
            .by(CheckId::KeyBinding, Code::BindingCertificate),
        notary
            .invalid("certificate-expired-since", "The chain was sound a month ago, and today is judged.", {
                changed(notary, |authorities| authorities.leaf.until = "261110235959Z")
            })
            .by(CheckId::KeyBinding, Code::BindingCertificate),
        notary
            .valid("certificate-in-force-on-that-day", "The chain was sound on the day that is judged.", {
                changed(notary, |authorities| authorities.leaf.until = "261110235959Z")
            })
            .at_past("2026-11-05T12:00:00Z"),
    ]
}

/// Whose key signed the credential.
fn keys(notary: &Scene) -> Vec<Case> {
    let chain = Authorities::new().chain();
    let of_another_type = changed(notary, |authorities| authorities.leaf_key = Key::new("leaf", KeyType::Ed25519));
    vec![
        notary
            .invalid("signed-with-another-key-than-certified", "A stranger copied the certificates, and signed.", {
                certified(notary, &chain, |_| {}).signed(&CAST.thief)
            })
            .by(CheckId::Proof, Code::ProofMismatch),
        notary
            .invalid(
                "signed-with-a-key-of-another-type-than-certified",
                "The certificate is for a key of another type.",
                of_another_type,
            )
            .by(CheckId::Algorithm, Code::AlgorithmMismatch),
        notary
            .invalid("certified-key-of-a-type-not-read", "The certificate is for an RSA key.", {
                changed(notary, |authorities| authorities.leaf_key = Key::Rsa)
            })
            .by(CheckId::Proof, Code::ProofKeyUnusable),
        notary
            .invalid(
                "certified-and-a-stranger-named",
                "A stranger's key is named beside the certificates, and signed.",
                {
                    let name =
                        |credential: &mut Selective| put(&mut credential.header, "/kid", CAST.thief.method.as_str());
                    certified(notary, &chain, name).signed(&CAST.thief)
                },
            )
            .by(CheckId::Proof, Code::ProofMismatch),
        {
            // In the W3C data model a key is never taken from the header.
            let school = Scene::new(About::Other, Format::SdJwt);
            let mut credential = school.open_claims();
            take(&mut credential.header, "/kid");
            put(&mut credential.header, "/alg", "ES256");
            put(&mut credential.header, "/x5c", json!(chain));
            school
                .invalid(
                    "certificates-in-the-other-data-model",
                    "A stranger who has a certificate of their own signs in the school's name.",
                    credential.signed(&CAST.notary),
                )
                .trusting(&[list(&[
                    school.entry.clone(),
                    anchor(&Authorities::new().root(), json!({ "issues": ["*"] })),
                ])])
                .by(CheckId::Algorithm, Code::AlgorithmMismatch)
        },
    ]
}

/// What the trust list holds.
fn anchors(notary: &Scene) -> Vec<Case> {
    let plain = changed(notary, |_| {});
    let authorities = Authorities::new();
    let root = authorities.root();
    let stranger = {
        let mut others = Authorities::new();
        others.root_key = Key::new("stranger", KeyType::P256);
        (others.root.subject, others.root.issuer) = (common_name("Other Root"), common_name("Other Root"));
        others.root()
    };
    let same_name = {
        let mut others = Authorities::new();
        others.root_key = Key::new("stranger", KeyType::P256);
        others.root()
    };
    let rsa = {
        let mut others = Authorities::new();
        others.root_key = Key::Rsa;
        (others.chain(), others.root())
    };
    vec![
        notary
            .open("anchor-unknown", "The chain leads to an authority that the list does not have.", plain.clone())
            .trusting(&trusting(&stranger, json!({})))
            .by(CheckId::KeyBinding, Code::BindingUnknownAnchor),
        notary
            .open("anchor-sent-along-and-unknown", "The authority's certificate is sent along, and not in the list.", {
                let chain = [authorities.chain(), vec![base64(&root)]].concat();
                certified(notary, &chain, |_| {}).signed(&CAST.notary)
            })
            .trusting(&trusting(&stranger, json!({})))
            .by(CheckId::KeyBinding, Code::BindingUnknownAnchor),
        notary
            .open("certified-and-no-trust-list", "Nobody said whom to believe.", plain.clone())
            .trusting(&[])
            .by(CheckId::KeyBinding, Code::BindingUnknownAnchor),
        notary
            .open("authority-between-not-sent", "The certificate between the issuer's and the anchor is missing.", {
                certified(notary, &authorities.chain()[..1], |_| {}).signed(&CAST.notary)
            })
            .by(CheckId::KeyBinding, Code::BindingUnknownAnchor),
        notary
            .invalid(
                "anchor-of-the-same-name",
                "The list has an authority of that name, with another key.",
                plain.clone(),
            )
            .trusting(&trusting(&same_name, json!({})))
            .by(CheckId::KeyBinding, Code::BindingCertificate),
        notary
            .open("anchor-with-an-rsa-key", "The anchor signed with RSA, which this version cannot check.", {
                certified(notary, &rsa.0, |_| {}).signed(&CAST.notary)
            })
            .trusting(&trusting(&rsa.1, json!({})))
            .by(CheckId::KeyBinding, Code::BindingCertificateUnsupported),
        notary
            .open("subject-not-listed", "Under this authority the list trusts another party alone.", plain.clone())
            .trusting(&trusting(&root, json!({ "subjects": ["CN=Another Office,O=Example Notaries,C=HK"] })))
            .by(CheckId::IssuerTrust, Code::TrustUnknown),
        notary
            .invalid(
                "anchor-for-other-types",
                "Under this authority the list trusts for licences alone.",
                plain.clone(),
            )
            .trusting(&trusting(&root, json!({ "issues": ["licence"] })))
            .by(CheckId::IssuerTrust, Code::TrustOtherType),
        notary
            .invalid("anchor-of-those-who-may-ask", "Under this authority the list lets parties ask, and not issue.", {
                plain.clone()
            })
            .trusting(&trusting(&root, json!({ "verifies": ["*"] })))
            .by(CheckId::IssuerTrust, Code::TrustOtherType),
        notary
            .invalid("anchor-no-longer-trusted", "The list trusted what is under this authority until last week.", {
                plain.clone()
            })
            .trusting(&trusting(&root, json!({ "issues": ["*"], "until": "2026-11-13T00:00:00Z" })))
            .by(CheckId::IssuerTrust, Code::TrustEnded),
        notary
            .invalid("anchor-expired", "The authority's own certificate has ended.", plain)
            .trusting(&trusting(
                &{
                    let mut authorities = Authorities::new();
                    authorities.root.until = "261119235959Z";
                    authorities.root()
                },
                json!({}),
            ))
            .by(CheckId::KeyBinding, Code::BindingCertificate),
        notary
            .invalid("issuer-named-like-an-anchor", "A stranger names the anchor's entry as the issuer.", {
                let mut credential = notary.open_claims();
                let id = attesta::trust::certificate::Anchor::from_base64(&base64(&root)).unwrap().id();
                put(&mut credential.payload, "/iss", id);
                put(&mut credential.header, "/kid", CAST.thief.method.as_str());
                credential.signed(&CAST.thief)
            })
            .by(CheckId::KeyBinding, Code::BindingNotADid),
    ]
}

/// What stands in the header.
fn forms(notary: &Scene) -> Vec<Case> {
    let chain = Authorities::new().chain();
    let with = |certificates: Value| {
        certified(notary, &chain, |credential| put(&mut credential.header, "/x5c", certificates)).signed(&CAST.notary)
    };
    let unusable = |case: Case| case.by(CheckId::Proof, Code::ProofKeyUnusable);
    let unreadable = |case: Case| case.by(CheckId::Parse, Code::ParseUnrecognised);
    vec![
        unusable(notary.invalid("certificates-in-the-wrong-order", "The authority's certificate stands first.", {
            with(json!([chain[1], chain[0]]))
        })),
        unusable(notary.invalid("certificate-twice", "The issuer's certificate stands there twice.", {
            with(json!([chain[0], chain[0], chain[1]]))
        })),
        unusable(notary.invalid("certificate-cut-off", "A certificate was cut off.", {
            with(json!([&chain[0][..chain[0].len() / 8 * 4], chain[1]]))
        })),
        unusable(notary.invalid("certificate-in-pem", "A certificate is written with its frame.", {
            with(json!([format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", chain[0])]))
        })),
        unreadable(notary.invalid("certificate-as-text", "One certificate stands there as text, not in a list.", {
            with(chain[0].clone().into())
        })),
        unreadable(notary.invalid(
            "certificates-in-an-empty-list",
            "The list of certificates is empty.",
            with(json!([])),
        )),
        unreadable(notary.invalid("nine-certificates", "More certificates than are read.", {
            with(vec![chain[1].clone(); 9].into())
        })),
    ]
}
