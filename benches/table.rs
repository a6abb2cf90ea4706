//! `make bench`: one line an operation, with its time, its allocations and its ratio to the raw operation.
//!
//! Raw is what nobody can do without: decode the key and verify strictly, over the same signing input. The measured
//! operation starts from bytes and ends with the whole report: every check, nothing deferred.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot be set up has nothing to measure")]

mod graphs;
mod handed;
mod harness;
mod samples;

use std::hint::black_box;

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::did::method::webvh::{Change, Log, create, document_of, placeholder_did, update};
use attesta::did::{ResolutionOptions, method, resolve};
use attesta::encoding::{base64url, cbor, jcs, json, multibase};
use attesta::issuer::Issuer;
use attesta::jsonld::Embedded;
use attesta::keys::{Algorithm, KeyType, Signer, SoftwareKey};
use attesta::presentation::dcql::{Candidate, CredentialQuery, Query};
use attesta::presentation::{Disclose, Request, derive, present};
use attesta::securing::Format;
use attesta::securing::cose::Sign1;
use attesta::securing::data_integrity::{Signed, Suite, Transformation};
use attesta::status::{self, List, Mechanism, NewList, Purpose, Statuses};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Expected, Materials, Outcome, Policy, verify};
use handed::{Check, Handed};
use harness::Table;
use harness::counting::Counting;
use samples::{DEFINED, PLAIN, day, moment};
use sha2::{Digest, Sha256};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Somebody who issues, and a verifier who trusts them.
struct Scene {
    key: SoftwareKey,
    policy: Policy,
    at: At,
}

impl Scene {
    fn new(key_type: KeyType) -> Self {
        let key = SoftwareKey::generate(key_type).unwrap();
        let at = moment();
        let entry = Entry::new(method::key::from_key(&key.public_key()), ["*"]);
        let policy = Policy::default().trusting(TrustList::new(at, vec![entry]).unwrap());
        Self { key, policy, at: At::Now(at) }
    }

    fn plain(&self) -> Credential {
        samples::credential(PLAIN, &self.key)
    }

    fn of_text(&self, text: &str) -> Credential {
        samples::credential(text, &self.key)
    }

    fn of_kind(&self, kind: Kind) -> Credential {
        let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
        let holder = Holder::Did(method::key::from_key(&self.key.public_key()));
        let issuer = Issuer::of_key(&self.key);
        Credential::of(claims, issuer.id(), day(), 7, Salt::from_bytes([7; 32])).unwrap().holder(holder)
    }

    fn secured(&self, credential: &Credential, format: Format) -> String {
        Issuer::of_key(&self.key).secure(credential, format).unwrap()
    }

    fn verify(&self, presented: &str, expected: &Expected) -> usize {
        self.verify_bytes(presented.as_bytes(), expected)
    }

    fn verify_bytes(&self, presented: &[u8], expected: &Expected) -> usize {
        let report = verify(presented, expected, &Materials::none(), &self.policy, self.at);
        assert_eq!(report.outcome(), Outcome::Valid, "{report:#?}");
        report.credentials().len()
    }

    /// The bare check of a signature by the issuer.
    fn check(&self, message: &[u8], signature: &[u8]) -> Check {
        let key = self.key.public_key().to_bytes();
        Check { algorithm: self.key.algorithm(), key, message: message.to_vec(), signature: signature.to_vec() }
    }
}

/// The table, and what of it others are asked to verify too.
struct Bench<'a> {
    table: Table<'a>,
    handed: Handed,
}

impl<'a> Bench<'a> {
    /// Measures `verify LINE` over a text against `raw RAW`, the bare checks behind it.
    fn compare(&mut self, line: &str, raw: &str, checks: Vec<Check>, scene: &'a Scene, presented: String) {
        let (line, raw) = (format!("verify {line}"), format!("raw {raw}"));
        self.handed.add(&line, &presented, &checks);
        self.table.raw(&raw, move || checks.iter().for_each(Check::run));
        self.table.measure(&line, &raw, move || scene.verify(&presented, &Expected::nothing()));
    }
}

fn main() {
    let scenes = [Scene::new(KeyType::Ed25519), Scene::new(KeyType::P256), Scene::new(KeyType::P384)];
    let mut bench = Bench { table: Table::new(), handed: Handed::default() };
    parts(&mut bench.table);
    graphs::measure(&mut bench.table);
    for scene in &scenes {
        tokens(&mut bench, scene);
        messages(&mut bench.table, scene);
        data_integrity(&mut bench, scene);
    }
    for scene in &scenes[..2] {
        selective(&mut bench, scene);
    }
    statements(&mut bench, &scenes[1]);
    let Bench { mut table, handed } = bench;
    if let Some(path) = std::env::var_os("ATTESTA_BENCH_HANDED") {
        handed.write(path.as_ref(), moment());
    }
    queries(&mut table);
    history(&mut table);
    status_lists(&mut table);
    for scene in &scenes[..2] {
        whole_loop(&mut table, scene);
        resolution(&mut table, scene);
    }
}

fn parts(table: &mut Table<'_>) {
    let bytes = PLAIN.as_bytes();
    let text = base64url::encode(bytes);
    let parsed = json::parse_object(bytes).unwrap();
    table.raw("raw serde_json", || serde_json::from_slice::<serde_json::Value>(black_box(bytes)));
    table.measure("parse JSON", "raw serde_json", || json::parse(black_box(bytes)));
    table.alone("canonicalize JCS", move || jcs::canonicalize(black_box(&parsed)));
    table.alone("decode base64url", move || base64url::decode(black_box(&text)));
}

/// `vc+jwt`: a plain credential, and each kind with all its claims.
fn tokens<'a>(bench: &mut Bench<'a>, scene: &'a Scene) {
    let algorithm = scene.key.algorithm();
    let mut one = |name: String, credential: Credential| {
        let token = scene.secured(&credential, Format::Jwt);
        let check = of_token(scene, &token);
        bench.compare(&format!("vc+jwt {name}"), &name, vec![check], scene, token);
    };
    one(algorithm.jose_name().to_owned(), scene.plain());
    for kind in Kind::ALL {
        one(format!("{} {}", algorithm.jose_name(), kind.name()), scene.of_kind(kind));
    }
    if algorithm != Algorithm::Es384 {
        let credential = scene.of_kind(Kind::ProofOfAddress);
        let name = format!("issue vc+jwt {}", algorithm.jose_name());
        bench.table.alone(&name, move || scene.secured(&credential, Format::Jwt));
    }
}

/// The bare check of a compact token.
fn of_token(scene: &Scene, token: &str) -> Check {
    let (message, signature) = token.rsplit_once('.').unwrap();
    scene.check(message.as_bytes(), &base64url::decode(signature).unwrap())
}

/// `vc+cose`: a plain credential.
fn messages<'a>(table: &mut Table<'a>, scene: &'a Scene) {
    let name = scene.key.algorithm().jose_name();
    let secured = |credential: &Credential| Issuer::of_key(&scene.key).secure_bytes(credential, Format::Cose).unwrap();
    let message = secured(&scene.plain());
    let parsed = Sign1::parse(&message).unwrap();
    let signature = &message[message.len() - scene.key.algorithm().signature_length()..];
    let check = scene.check(parsed.signed_bytes(), signature);
    let raw = format!("raw vc+cose {name}");
    table.raw(&raw, move || check.run());
    table.measure(&format!("verify vc+cose {name}"), &raw, move || scene.verify_bytes(&message, &Expected::nothing()));
    let credential = scene.of_kind(Kind::ProofOfAddress);
    table.alone(&format!("issue vc+cose {name}"), move || secured(&credential));
}

/// `dc+sd-jwt` with four disclosures: a plain credential that has four claims, and a proof of address of which the
/// district and three others are shown. Raw is the issuer's signature.
fn selective<'a>(bench: &mut Bench<'a>, scene: &'a Scene) {
    let name = scene.key.algorithm().jose_name();
    let full = scene.secured(&scene.of_kind(Kind::ProofOfAddress), Format::SdJwtVc);
    let pointers = ["/address/district", "/address/country", "/residentSince"];
    let guarantee = derive(full.as_bytes(), Disclose::Only(&pointers)).unwrap();
    for (detail, shown) in [("", samples::sd_jwt(&scene.key)), (" proof-of-address", guarantee)] {
        assert_eq!(shown.matches('~').count(), 5, "four disclosures");
        let check = of_token(scene, shown.split('~').next().unwrap());
        let line = format!("dc+sd-jwt {name} 4 disclosures{detail}");
        bench.compare(&line, &format!("sd-jwt {name}{detail}"), vec![check], scene, shown);
    }
    let table = &mut bench.table;
    let credential = scene.of_kind(Kind::ProofOfAddress);
    table.alone(&format!("issue dc+sd-jwt {name}"), move || scene.secured(&credential, Format::SdJwtVc));
    let request = Request { audience: "https://bank.example", nonce: "n-0S6_WzA2Mj-7GDh3kqSl0A", now: moment() };
    let answer = present(&[full.as_bytes()], Disclose::Only(&pointers), &request, &scene.key).unwrap();
    let expected = Expected::answer(request.audience, request.nonce);
    table.alone(&format!("present dc+sd-jwt {name} 4 disclosures"), move || {
        present(
            &[full.as_bytes()],
            Disclose::Only(&["/address/district", "/address/country", "/residentSince"]),
            &request,
            &scene.key,
        )
    });
    table.alone(&format!("verify dc+sd-jwt+kb {name} 4 disclosures"), move || scene.verify(&answer, &expected));
}

/// `ecdsa-sd-2023`: a proof of address of which the district and two others are shown. Raw is the issuer's signature and
/// those of the statements that are shown by choice.
fn statements<'a>(bench: &mut Bench<'a>, scene: &'a Scene) {
    let credential = scene.of_kind(Kind::ProofOfAddress);
    let full = scene.secured(&credential, Format::EcdsaSd2023);
    let pointers = [
        "/credentialSubject/address/district",
        "/credentialSubject/address/country",
        "/credentialSubject/residentSince",
    ];
    let shown = derive(full.as_bytes(), Disclose::Only(&pointers)).unwrap();
    let signed = Signed::read(json::parse_object(shown.as_bytes()).unwrap()).ok().unwrap();
    let opened = signed.opened(&Embedded).unwrap();
    let value = json::parse_object(shown.as_bytes()).unwrap()["proof"]["proofValue"].as_str().unwrap().to_owned();
    let value = base64url::decode(&value[1..]).unwrap();
    let value = cbor::decode(&value[3..]).unwrap();
    let [base, key, signatures, ..] = value.as_array().unwrap() else { panic!("a derived proof has five parts") };
    let bytes = |value: &cbor::Value<'_>| value.as_bytes().unwrap().to_vec();
    let key = bytes(key)[2..].to_vec();
    let mut checks = vec![scene.check(opened.signed_bytes(), &bytes(base))];
    let lines = opened.statements().filter(|(_, is_mandatory)| !is_mandatory).map(|(line, _)| line.as_bytes().to_vec());
    for (message, signature) in lines.zip(signatures.as_array().unwrap()) {
        checks.push(Check { algorithm: Algorithm::Es256, key: key.clone(), message, signature: bytes(signature) });
    }
    let raw = format!("ecdsa-sd-2023 {} signatures", checks.len());
    bench.compare("ecdsa-sd-2023 derived", &raw, checks, scene, shown);
    let table = &mut bench.table;
    table.alone("issue ecdsa-sd-2023", move || scene.secured(&credential, Format::EcdsaSd2023));
    table.alone("present ecdsa-sd-2023 derived", move || derive(full.as_bytes(), Disclose::Only(&pointers)).unwrap());
}

/// The suites: raw is the signature over the 64 or 96 bytes that the suite hashes to.
fn data_integrity<'a>(bench: &mut Bench<'a>, scene: &'a Scene) {
    let key_type = scene.key.algorithm().key_type();
    for how in [Transformation::Jcs, Transformation::Rdfc] {
        let suite = Suite::of_key(key_type, how);
        let format = Format::from(suite);
        let name = match key_type {
            KeyType::Ed25519 => suite.name().to_owned(),
            other => format!("{} {}", suite.name(), other.crv()),
        };
        let mut one = |detail: &str, credential: Credential| {
            let signed = scene.secured(&credential, format);
            let document = json::parse_object(signed.as_bytes()).unwrap();
            let value = document["proof"]["proofValue"].as_str().unwrap().to_owned();
            let Ok(read) = Signed::read(document) else { panic!("it was just signed") };
            let message = read.signed_bytes(key_type, &Embedded).unwrap();
            let signature = multibase::decode_base58btc(&value, 256).unwrap();
            let check = scene.check(message.as_bytes(), &signature);
            let line = format!("{name}{detail}");
            bench.compare(&line, &line, vec![check], scene, signed);
        };
        match how {
            Transformation::Rdfc => {
                one("", scene.of_text(DEFINED));
                if key_type == KeyType::Ed25519 {
                    one(" 64 KiB", scene.of_text(&large(true)));
                    one(" 64 KiB without ids", scene.of_text(&large(false)));
                }
            }
            _ => one("", scene.plain()),
        }
        one(" proof-of-address", scene.of_kind(Kind::ProofOfAddress));
        let credential = scene.of_kind(Kind::ProofOfAddress);
        bench.table.alone(&format!("issue {name}"), move || scene.secured(&credential, format));
    }
}

/// A credential of 64 KiB: the names of many people, who have ids or not.
fn large(with_ids: bool) -> String {
    let mut document: serde_json::Value = serde_json::from_str(DEFINED).unwrap();
    let mut people = Vec::new();
    while document.to_string().len() < 64 * 1024 {
        let number = people.len();
        let mut person = serde_json::json!({
            "type": "Person", "givenName": format!("Given name {number}"), "familyName": format!("Family name {number}"),
            "birthDate": "1958-07-17", "birthCountry": "Bahamas",
        });
        if with_ids {
            person["id"] = format!("did:example:{number}").into();
        }
        people.push(person);
        document["credentialSubject"] = people.clone().into();
    }
    document.to_string()
}

/// A wallet of a thousand credentials, all three kinds in turns, against a query for five: each kind with four claims,
/// one that nobody has, and one of any type.
fn queries(table: &mut Table<'_>) {
    let pointers: [&[&str]; 3] = [
        &["/name", "/address/district", "/address/street", "/knownBy/0"],
        &["/licenceNumber", "/jurisdiction", "/categories/0/code", "/expiryDate"],
        &["/skill/name", "/skill/criteria", "/proficiencyLevel", "/assessedOn"],
    ];
    let of_kind =
        |kind: Kind, pointers: &[&str]| CredentialQuery::of_kind(kind.name(), "dc+sd-jwt", kind, pointers).unwrap();
    let mut asked: Vec<CredentialQuery> =
        Kind::ALL.into_iter().zip(pointers).map(|(kind, pointers)| of_kind(kind, pointers)).collect();
    asked.push(CredentialQuery::new("unknown", "dc+sd-jwt").vct("https://example.com/unknown").claim(&["name"]));
    asked.push(CredentialQuery::new("any", "dc+sd-jwt").claim(&["name"]));
    let query = Query::all(asked);
    let held: Vec<_> = Kind::ALL.into_iter().cycle().take(1000).map(|kind| ([kind.vct()], kind.example())).collect();
    table.alone("match dcql 1000 credentials, 5 queries", move || {
        let candidate =
            |(types, claims)| Candidate { format: "dc+sd-jwt", types, claims, is_holder_bound: true, authorities: &[] };
        let candidates: Vec<Candidate<'_>> = held.iter().map(|(types, claims)| candidate((types, claims))).collect();
        let matches = query.matches(&candidates);
        assert!(matches.credentials.iter().filter(|credential| !credential.fits.is_empty()).count() == 4);
        matches
    });
}

/// The holder's answer, and the whole check of it: two signatures.
fn whole_loop<'a>(table: &mut Table<'a>, scene: &'a Scene) {
    let name = scene.key.algorithm().jose_name();
    let credential = scene.secured(&scene.of_kind(Kind::ProofOfAddress), Format::Jwt);
    let request = Request { audience: "https://bank.example", nonce: "n-0S6_WzA2Mj-7GDh3kqSl0A", now: moment() };
    let answer = present(&[credential.as_bytes()], Disclose::Everything, &request, &scene.key).unwrap();
    let expected = Expected::answer(request.audience, request.nonce);
    table.alone(&format!("present vp+jwt {name}"), move || {
        present(&[credential.as_bytes()], Disclose::Everything, &request, &scene.key)
    });
    table.alone(&format!("verify vp+jwt {name}"), move || scene.verify(&answer, &expected));
}

/// A DID whose key was rotated every day, so that each entry brings a key that nobody has decoded yet.
fn history(table: &mut Table<'_>) {
    let mut signer = SoftwareKey::generate(KeyType::Ed25519).unwrap();
    let document = document_of(&placeholder_did("ngo.example"), &[("key-1", &signer.public_key())]);
    let pending = create("ngo.example", &Change::new().document(document), &signer, moment()).unwrap();
    let did = pending.did().clone();
    let mut files = pending.finish(&[]).unwrap();
    for day in 1..120 {
        let next = SoftwareKey::generate(KeyType::Ed25519).unwrap();
        let document = document_of(did.as_str(), &[("key-1", &next.public_key())]);
        let change = Change::new().document(document).update_keys(&[next.public_key()]);
        let pending = update(&did, &files, &change, &signer, moment().plus_seconds(86_400 * day)).unwrap();
        (files, signer) = (pending.finish(&[]).unwrap(), next);
    }
    let at = moment().plus_seconds(86_400 * 120);
    table.alone("resolve did:webvh 120 entries", move || {
        let log = Log::verify(&did, black_box(files.log.as_bytes()), None, at).unwrap();
        assert_eq!(log.keys().len(), 120);
        log
    });
}

fn resolution<'a>(table: &mut Table<'a>, scene: &'a Scene) {
    let name = scene.key.algorithm().jose_name();
    let dids = [method::key::from_key(&scene.key.public_key()), method::jwk::from_key(&scene.key.public_key())];
    for (method, did) in ["did:key", "did:jwk"].into_iter().zip(dids) {
        table.alone(&format!("resolve {method} {name}"), move || {
            resolve(black_box(&did), &ResolutionOptions::default())
        });
    }
}

/// A list of a million places, one in ten of them set, as scattered as they come: the worst for whoever decodes it. And
/// what a verifier asks of it once it is decoded.
fn status_lists(table: &mut Table<'_>) {
    const PLACES: u64 = 1_000_000;
    const URL: &str = "https://ngo.example/status/1";
    let lists = [(Mechanism::Bitstring, 1), (Mechanism::Token, 2), (Mechanism::Token, 8)];
    for (mechanism, size) in lists {
        let mut statuses = Statuses::new(mechanism, size, PLACES).unwrap();
        for number in 0..PLACES / 10 {
            let index = u64::from_le_bytes(Sha256::digest(number.to_le_bytes())[..8].try_into().unwrap()) % PLACES;
            statuses.set(index, 1).unwrap();
        }
        let new = NewList {
            url: URL,
            issuer: "did:web:ngo.example",
            purposes: &[Purpose::Revocation],
            signed_at: moment(),
            expires: moment().plus_seconds(86_400),
            ttl: 3600,
            statuses: &statuses,
        };
        let (document, entry) = match mechanism {
            Mechanism::Bitstring => (
                new.to_bitstring_credential().unwrap(),
                serde_json::json!({ "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
                    "statusListIndex": "777777", "statusListCredential": URL }),
            ),
            Mechanism::Token => {
                (new.to_token_claims().unwrap(), serde_json::json!({ "status_list": { "idx": 777_777, "uri": URL } }))
            }
        };
        let read = move || match mechanism {
            Mechanism::Bitstring => List::from_bitstring_credential(black_box(&document), URL).unwrap(),
            Mechanism::Token => List::from_token_claims(black_box(&document), URL).unwrap(),
        };
        let list = read();
        table.alone(&format!("decode {mechanism} 1000000 x {size} bits"), read);
        // Leaked, so that what borrows from it lives as long as the table.
        let entry = Box::leak(Box::new(entry)).as_object().unwrap();
        table.alone(&format!("read entry {mechanism}"), || status::Entry::read(black_box(entry)).is_ok());
        let entry = status::Entry::read(entry).unwrap().unwrap();
        table.alone(&format!("check {mechanism} 1000000 x {size} bits"), move || {
            list.standing(black_box(&entry)).is_ok()
        });
    }
}
