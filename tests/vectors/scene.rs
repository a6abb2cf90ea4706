//! A scene: one kind of credential in one format, with the issuer that may issue it, the person that it is issued to
//! and the desk that looks at it. Cases begin as a scene and change one thing.

use std::rc::Rc;
use std::sync::OnceLock;

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::jcs;
use attesta::encoding::json::Map;
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, Signer};
use attesta::presentation::{self, Disclose, Request};
use attesta::securing::Format;
use attesta::securing::jose::NewHeader;
use attesta::securing::sd_jwt::{self, Decoys, Hash, Plan};
use attesta::time::{Date, Timestamp};
use attesta::verify::Outcome;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cast::{BANK, CAST, NONCE, NOW, Party, VALID_FROM, VALID_UNTIL, entry, list, programme_document};
use crate::cose::{self, Message};
use crate::forge::{enclosed, map, put_together, taken_apart, token, with_proof};
use crate::outside::{Published, entry as entry_of, material};
use crate::vector::{Case, StatusAt};

/// What a credential is about: one of the kinds, or something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Address,
    Licence,
    Skill,
    Other,
}

impl About {
    pub(crate) const ALL: [Self; 4] = [Self::Address, Self::Licence, Self::Skill, Self::Other];

    pub(crate) fn kind(self) -> Option<Kind> {
        match self {
            Self::Address => Some(Kind::ProofOfAddress),
            Self::Licence => Some(Kind::Licence),
            Self::Skill => Some(Kind::SkillCertification),
            Self::Other => None,
        }
    }
}

/// One kind of credential in one format.
pub(crate) struct Scene {
    pub(crate) about: About,
    pub(crate) format: Format,
    pub(crate) issuer: &'static Party,
    /// The issuer's entry in the desk's trust list.
    pub(crate) entry: Value,
    policy: &'static str,
    /// The tenant's credential, signed once: it is the beginning of most cases.
    credential: OnceLock<String>,
}

impl Scene {
    pub(crate) fn new(about: About, format: Format) -> Self {
        let cast = &*CAST;
        let with_ecdsa = uses_ecdsa(format);
        let (issuer, entry, policy) = match about {
            About::Address => {
                let party = if with_ecdsa { &cast.hostel } else { &cast.ngo };
                let name = "Tai Nan Street Neighbourhood Centre";
                (party, entry(party, name, &["proof-of-address"], &["HK"]), "bank-address")
            }
            About::Licence => {
                let party = match format {
                    Format::EddsaJcs2022 | Format::EddsaRdfc2022 => &cast.marine,
                    Format::EcdsaSd2023 => &cast.hostel,
                    _ => &cast.transport,
                };
                (party, entry(party, "Example Transport Agency", &["licence"], &["FI"]), "licence-check")
            }
            About::Skill => {
                let party = if with_ecdsa { &cast.programme_p256 } else { &cast.programme };
                let name = "Sham Shui Po Time Voucher Programme";
                (party, entry(party, name, &["skill"], &["HK"]), "skill-community")
            }
            About::Other => {
                let party = if with_ecdsa { &cast.academy } else { &cast.school };
                let issues = match format {
                    Format::SdJwtVc => ALUMNI,
                    _ if signs_rdf(format) => RESIDENT,
                    _ => "AlumniCredential",
                };
                (party, entry(party, "Example Evening School", &[issues], &[]), "default")
            }
        };
        Self { about, format, issuer, entry, policy, credential: OnceLock::new() }
    }

    /// Somebody else, with a key of the issuer's type.
    pub(crate) fn stranger(&self) -> &'static Party {
        if uses_ecdsa(self.format) { &CAST.thief } else { &CAST.forger }
    }

    /// The same with another issuer, who has the first one's rights.
    pub(crate) fn issued_by(mut self, issuer: &'static Party) -> Self {
        self.entry["id"] = issuer.did.as_str().into();
        self.issuer = issuer;
        self.credential = OnceLock::new();
        self
    }

    /// The same with another entry in the desk's trust list.
    pub(crate) fn known_by(mut self, entry: Value) -> Self {
        self.entry = entry;
        self
    }

    /// Whether a header of its own names the algorithm, the key and the media type.
    pub(crate) fn has_header(&self) -> bool {
        matches!(self.format, Format::Jwt | Format::Cose)
    }

    fn folder(&self) -> String {
        let format = self.format.name().replace('+', "-");
        format!("{format}/{}", self.about.kind().map_or("other", Kind::name))
    }

    // What is issued.

    /// The draft of a credential for `holder`, valid from the second of November for 90 days.
    fn draft(&self, holder: Option<Holder>) -> Credential {
        self.draft_valid(holder, Timestamp::parse(VALID_FROM).unwrap().date(), 90)
    }

    fn draft_valid(&self, holder: Option<Holder>, from: Date, days: u32) -> Credential {
        let digest = Sha256::digest(self.folder());
        let salt = Salt::from_bytes(digest.into());
        let draft = match self.about.kind() {
            Some(kind) => {
                let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
                Credential::of(claims, &self.issuer.did, from, days, salt).unwrap()
            }
            None => {
                let document = if signs_rdf(self.format) { resident() } else { alumni() };
                Credential::of_document(document, &self.issuer.did, from, salt).unwrap()
            }
        };
        let draft = if self.about == About::Other { draft } else { draft.status(map(self.place())) };
        match holder {
            Some(holder) => draft.holder(holder),
            None => draft,
        }
    }

    /// The place of every credential of a kind in its issuer's status list.
    pub(crate) fn place(&self) -> Value {
        match self.format {
            Format::SdJwtVc => json!({ "status_list": { "idx": 94_567, "uri": self.status_url() } }),
            _ => entry_of(&self.status_url(), "revocation", "94567"),
        }
    }

    /// Where the issuer publishes its status list.
    pub(crate) fn status_url(&self) -> String {
        format!("https://status.example/{}/1", self.issuer.name)
    }

    /// The issuer's status list, fetched an hour before the moment that is judged.
    pub(crate) fn status(&self) -> StatusAt {
        let (issuer, url, is_token) = (self.issuer, self.status_url(), self.format == Format::SdJwtVc);
        Rc::new(move |at| {
            let at = at.plus_seconds(-3600);
            let (signed, expires) = (at.to_string(), at.plus_seconds(31_536_000).to_string());
            let list = Published { signed: &signed, expires: &expires, ..Published::revocations(&url, issuer, &[]) };
            let text = if is_token { list.token() } else { list.bitstring() };
            material("status-list", &url, &text, &signed, json!("fetched"))
        })
    }

    fn secure(&self, draft: &Credential) -> String {
        let issuer = Issuer::of_did(&self.issuer.method, &self.issuer.key).unwrap();
        match self.format {
            Format::Cose => cose::as_text(&issuer.secure_bytes(draft, self.format).unwrap()),
            _ => issuer.secure(draft, self.format).unwrap(),
        }
    }

    /// The credential, issued to the tenant: where claims can be hidden to the key, elsewhere to its did:key.
    pub(crate) fn credential(&self) -> String {
        self.credential.get_or_init(|| self.credential_to(Some(self.tenant()))).clone()
    }

    fn tenant(&self) -> Holder {
        match self.format.can_hide() {
            true => Holder::Key(CAST.tenant.public_key()),
            false => Holder::Did(CAST.tenant.did.clone()),
        }
    }

    pub(crate) fn credential_to(&self, holder: Option<Holder>) -> String {
        match (self.about, self.format) {
            (About::Other, Format::SdJwtVc) => self.alumni_sd_jwt_vc(holder),
            _ => self.secure(&self.draft(holder)),
        }
    }

    /// An SD-JWT VC of no kind of this library's, every claim of which can be hidden.
    fn alumni_sd_jwt_vc(&self, holder: Option<Holder>) -> String {
        let from = Timestamp::parse(VALID_FROM).unwrap().unix();
        let mut payload = map(json!({
            "iss": self.issuer.did,
            "vct": ALUMNI,
            "iat": from,
            "nbf": from,
            "exp": Timestamp::parse(VALID_UNTIL).unwrap().unix(),
            "alumniOf": "Example Evening School",
            "degree": { "name": "Book-keeping", "year": 2019 },
            "languages": ["en", "zh-Hant"],
        }));
        match holder {
            Some(Holder::Key(key)) => drop(payload.insert("cnf".to_owned(), json!({ "jwk": key.to_jwk() }))),
            Some(Holder::Did(did)) => drop(payload.insert("sub".to_owned(), did.into())),
            _ => {}
        }
        let pointers =
            ["/alumniOf", "/degree", "/degree/name", "/degree/year", "/languages", "/languages/0", "/languages/1"];
        let pointers = pointers.map(str::to_owned);
        let plan = Plan { pointers: &pointers, decoys: Decoys::Each(0), hash: Hash::Sha256 };
        let mut count = 0_u32;
        let mut salt = || {
            count += 1;
            let digest = Sha256::digest(format!("{} {count}", self.folder()));
            std::array::from_fn(|at| digest[at])
        };
        let concealed = sd_jwt::conceal(payload, &plan, &mut salt).unwrap();
        // An issuer's metadata knows its keys by the names in them.
        let key_id = match self.issuer.method.split_once('#') {
            Some((id, name)) if id.starts_with("https://") => Some(name),
            _ => Some(self.issuer.method.as_str()),
        };
        let header = NewHeader { media_type: "dc+sd-jwt", content_type: None, key_id, certificates: &[] };
        sd_jwt::issue(&concealed, &header, &self.issuer.key).unwrap()
    }

    pub(crate) fn credential_valid(&self, from: &str, days: u32) -> String {
        self.secure(&self.draft_valid(Some(self.tenant()), Date::parse(from).unwrap(), days))
    }

    /// The tenant's credential without its signature: a token's payload, or a document without `proof`.
    pub(crate) fn document(&self) -> Map {
        self.unsigned(&self.credential())
    }

    pub(crate) fn unsigned(&self, credential: &str) -> Map {
        match self.format {
            Format::Jwt => return taken_apart(credential).1,
            Format::Cose => return Message::read(credential).document(),
            _ => {}
        }
        let mut document: Map = serde_json::from_str(credential).unwrap();
        document.remove("proof");
        document
    }

    /// A credential that the issuer itself signed after this change.
    pub(crate) fn issued(&self, change: impl FnOnce(&mut Map)) -> String {
        let mut document = self.document();
        change(&mut document);
        self.sign(document, |_| {})
    }

    /// The document, signed by the issuer after this change to the header or the proof.
    pub(crate) fn sign(&self, document: Map, change: impl FnOnce(&mut Map)) -> String {
        self.sign_as(document, self.issuer, change)
    }

    /// The document, signed by anybody.
    pub(crate) fn sign_as(&self, document: Map, party: &Party, change: impl FnOnce(&mut Map)) -> String {
        let mut options = options(self.format, &document, party, "vc", "assertionMethod");
        match self.format {
            Format::Jwt => {}
            Format::Cose => put(&mut options, "iat", Timestamp::parse(VALID_FROM).unwrap().unix()),
            _ => put(&mut options, "created", VALID_FROM),
        }
        change(&mut options);
        signed(self.format, document, options, party)
    }

    /// A credential that somebody changed after it was signed.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Map)) -> String {
        changed(&self.credential(), change)
    }

    // How it is presented.

    /// The tenant's answer to the bank.
    pub(crate) fn answer(&self, credential: &str) -> String {
        self.answer_to(&[credential], BANK, NONCE)
    }

    pub(crate) fn answer_to(&self, credentials: &[&str], audience: &str, nonce: &str) -> String {
        let credentials: Vec<Vec<u8>> = credentials
            .iter()
            .map(|credential| cose::of_text(credential).unwrap_or_else(|| credential.as_bytes().to_vec()))
            .collect();
        let credentials: Vec<&[u8]> = credentials.iter().map(Vec::as_slice).collect();
        let request = Request { audience, nonce, now: Timestamp::parse(NOW).unwrap() };
        let answer = presentation::present_bytes(
            &credentials,
            Disclose::Everything,
            &request,
            &attesta::jsonld::Embedded,
            &CAST.tenant.key,
        )
        .unwrap();
        match self.format {
            Format::Cose => cose::as_text(&answer),
            _ => String::from_utf8(answer).unwrap(),
        }
    }

    /// An answer to the bank that says whatever the changes make of it: the document, and the header or the proof.
    pub(crate) fn answer_by(
        &self,
        party: &Party,
        credentials: &[Value],
        change_document: impl FnOnce(&mut Map),
        change_options: impl FnOnce(&mut Map),
    ) -> String {
        let mut document = map(json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": party.did,
            "verifiableCredential": credentials,
        }));
        if self.format == Format::Jwt {
            put(&mut document, "aud", BANK);
            put(&mut document, "nonce", NONCE);
        }
        change_document(&mut document);
        let mut options = options(self.format, &document, party, "vp", "authentication");
        let names = match self.format {
            Format::Jwt => None,
            Format::Cose => Some(["aud", "nonce"]),
            _ => Some(["domain", "challenge"]),
        };
        if let Some([audience, nonce]) = names {
            put(&mut options, audience, BANK);
            put(&mut options, nonce, NONCE);
        }
        change_options(&mut options);
        signed(self.format, document, options, party)
    }

    /// The credential in a presentation of somebody else's.
    pub(crate) fn answer_of(&self, party: &Party, credential: &str) -> String {
        self.answer_by(party, &[enclosed(credential)], |_| {}, |_| {})
    }

    // How it is judged.

    pub(crate) fn valid(&self, name: &'static str, description: &str, presented: impl AsRef<[u8]>) -> Case {
        self.case(name, description, presented, Outcome::Valid)
    }

    pub(crate) fn invalid(&self, name: &'static str, description: &str, presented: impl AsRef<[u8]>) -> Case {
        self.case(name, description, presented, Outcome::Invalid)
    }

    pub(crate) fn open(&self, name: &'static str, description: &str, presented: impl AsRef<[u8]>) -> Case {
        self.case(name, description, presented, Outcome::Undetermined)
    }

    fn case(&self, name: &'static str, description: &str, presented: impl AsRef<[u8]>, outcome: Outcome) -> Case {
        let case = Case::new(self.folder(), name, description, presented, outcome)
            .preset(self.policy)
            .trusting(&[list(std::slice::from_ref(&self.entry))]);
        match self.about {
            About::Skill => case.fetched(&programme_document()).status(self.status()),
            About::Other => case,
            _ => case.status(self.status()),
        }
    }
}

/// Changes a credential or presentation without signing it again.
pub(crate) fn changed(secured: &str, change: impl FnOnce(&mut Map)) -> String {
    if secured.starts_with('{') {
        let mut document: Map = serde_json::from_str(secured).unwrap();
        change(&mut document);
        return Value::Object(document).to_string();
    }
    if cose::of_text(secured).is_some() {
        let message = Message::read(secured);
        let mut document = message.document();
        change(&mut document);
        return Message { payload: jcs::canonicalize(&document), ..message }.to_text();
    }
    let (header, mut payload, signature) = taken_apart(secured);
    change(&mut payload);
    put_together(&header, &payload, &signature)
}

fn put(map: &mut Map, name: &str, value: impl Into<Value>) {
    map.insert(name.to_owned(), value.into());
}

/// Whether issuers in this format have keys on NIST's curves.
fn uses_ecdsa(format: Format) -> bool {
    matches!(format, Format::EcdsaJcs2019 | Format::EcdsaRdfc2019 | Format::EcdsaSd2023)
}

/// The header of a token or a message, or a proof without its value, as its signer would write it.
fn options(format: Format, document: &Map, party: &Party, content_type: &str, purpose: &str) -> Map {
    let algorithm = party.key.algorithm();
    map(match format {
        Format::Jwt => json!({
            "alg": algorithm.jose_name(),
            "typ": format!("{content_type}+jwt"),
            "cty": content_type,
            "kid": party.method,
        }),
        Format::Cose => json!({
            "alg": algorithm.cose_id(),
            "typ": format!("application/{content_type}+cose"),
            "cty": format!("application/{content_type}"),
            "kid": party.method,
        }),
        // Canonical RDF is read with the document's own contexts.
        Format::EddsaRdfc2022 | Format::EcdsaRdfc2019 => json!({
            "type": "DataIntegrityProof",
            "cryptosuite": match algorithm.key_type() {
                KeyType::Ed25519 => "eddsa-rdfc-2022",
                _ => "ecdsa-rdfc-2019",
            },
            "verificationMethod": party.method,
            "proofPurpose": purpose,
        }),
        _ => json!({
            "type": "DataIntegrityProof",
            "cryptosuite": match algorithm.key_type() {
                KeyType::Ed25519 => "eddsa-jcs-2022",
                _ => "ecdsa-jcs-2019",
            },
            "verificationMethod": party.method,
            "proofPurpose": purpose,
            "@context": document["@context"],
        }),
    })
}

fn signed(format: Format, document: Map, options: Map, party: &Party) -> String {
    match format {
        Format::Jwt => token(&options, &document, &party.key),
        Format::Cose => Message::sign(&options, &document, &party.key).to_text(),
        _ => Value::Object(with_proof(document, options, &party.key)).to_string(),
    }
}

fn signs_rdf(format: Format) -> bool {
    matches!(format, Format::EddsaRdfc2022 | Format::EcdsaRdfc2019)
}

/// A type of credential of no kind of this library's, whose vocabulary it has.
const RESIDENT: &str = "PermanentResidentCardCredential";

fn resident() -> Map {
    map(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/citizenship/v2"],
        "type": ["VerifiableCredential", RESIDENT],
        "validUntil": "2027-11-02T00:00:00Z",
        "credentialSubject": {
            "type": ["Person", "PermanentResident"],
            "givenName": "Ada",
            "familyName": "Example",
            "residentSince": "2015-01-01",
        },
    }))
}

/// The type of an SD-JWT VC of no kind of this library's.
pub(crate) const ALUMNI: &str = "https://school.example/credentials/alumni";

/// A credential of no kind of this library's.
fn alumni() -> Map {
    map(json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
        "type": ["VerifiableCredential", "AlumniCredential"],
        "validUntil": "2027-11-02T00:00:00Z",
        "credentialSubject": { "alumniOf": "Example Evening School" },
    }))
}
