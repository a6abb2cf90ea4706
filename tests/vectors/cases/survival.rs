//! Issuers that are no more, and what they leave behind; issuers whose documents are a resolver's word.

use attesta::encoding::base64url;
use attesta::securing::Format;
use attesta::verify::{CheckId, Code};
use serde_json::{Value, json};

use super::history::licence_by;
use super::put;
use crate::cast::{CAST, Party, document, list, method_of};
use crate::outside::{COUNCIL, DEACTIVATED, Published, entry as place, fetched};
use crate::scene::{About, Scene};
use crate::vector::Case;

pub(super) fn cases(format: Format) -> Vec<Case> {
    let mut cases = closed(format);
    cases.extend(resolvers(format));
    cases
}

/// A credential of this kind that the council signed with its second key before it closed.
fn before_closing(about: About, format: Format) -> (Scene, String) {
    let council: &'static Party = &COUNCIL.new;
    let scene = Scene::new(about, format).issued_by(council);
    let credential = scene.credential_valid("2026-11-12", 90);
    (scene, credential)
}

fn archived(type_name: &str, url: &str, text: &str) -> Value {
    json!({ "type": type_name, "url": url, "body": base64url::encode(text) })
}

fn written_after_the_closing(entry: &Value) -> Value {
    let mut entry = entry.clone();
    put(entry.as_object_mut().unwrap(), "/closed", DEACTIVATED);
    let mut list = list(&[entry]);
    list["issued"] = "2026-11-16T00:00:00Z".into();
    list
}

fn closed(format: Format) -> Vec<Case> {
    let (licence, credential) = before_closing(About::Licence, format);
    let (address, guarantee) = before_closing(About::Address, format);
    let log = archived("log", &COUNCIL.did, &COUNCIL.deactivated);
    let known = |scene: &Scene, outlives: Value| {
        let url = scene.status_url();
        let mut entry = scene.entry.clone();
        put(entry.as_object_mut().unwrap(), "/outlives", outlives);
        let last = Published { signed: "2026-11-14T09:00:00Z", ..Published::revocations(&url, scene.issuer, &[]) };
        let last = archived("status-list", &url, &last.bitstring());
        put(entry.as_object_mut().unwrap(), "/archive", json!([log, last]));
        written_after_the_closing(&entry)
    };
    let ten_years = || json!({ "licence": "3650d" });
    let after = licence_by(format, &COUNCIL.new, Some("2026-11-16T00:00:00Z"));
    let mut of_all = after.0.entry.clone();
    put(of_all.as_object_mut().unwrap(), "/closed", DEACTIVATED);
    put(of_all.as_object_mut().unwrap(), "/outlives", json!({ "*": "3650d" }));
    let ngo = Scene::new(About::Licence, format);
    let mut closing = ngo.entry.clone();
    put(closing.as_object_mut().unwrap(), "/closed", "2026-11-15T00:00:00Z");
    let by_list = list(std::slice::from_ref(&closing));
    put(closing.as_object_mut().unwrap(), "/outlives", ten_years());
    let with_outlives = list(std::slice::from_ref(&closing));
    let url = "https://council.example/status/1";
    let with_status = {
        let mut document = licence.unsigned(&credential);
        put(&mut document, "/credentialStatus", place(url, "revocation", "7"));
        licence.sign(document, |options| {
            if format != Format::Jwt {
                put(options, "/created", "2026-11-12T00:00:00Z");
            }
        })
    };
    let last_list = |set| {
        let signed = "2026-11-14T09:00:00Z";
        Published { signed, expires: "2026-11-16T00:00:00Z", ..Published::revocations(url, &COUNCIL.new, set) }
            .bitstring()
    };
    let leaving = |set| {
        let mut entry = licence.entry.clone();
        put(entry.as_object_mut().unwrap(), "/outlives", ten_years());
        let last = archived("status-list", url, &last_list(set));
        put(entry.as_object_mut().unwrap(), "/archive", json!([log, last]));
        [written_after_the_closing(&entry)]
    };
    vec![
        licence
            .valid(
                "licence-that-outlives-its-issuer",
                "The issuer gave its DID up, and the trust list carries its log.",
                &credential,
            )
            .without_status()
            .trusting(&[known(&licence, ten_years())]),
        licence
            .open("licence-of-a-closed-issuer", "The trust list does not say that its licences stand.", &credential)
            .trusting(&[known(&licence, json!({ "skill": "3650d" }))])
            .without_status()
            .by(CheckId::IssuerTrust, Code::TrustClosed),
        licence
            .open("licence-outlived", "The trust list let its licences stand for two days.", &credential)
            .trusting(&[known(&licence, json!({ "licence": "2d" }))])
            .without_status()
            .by(CheckId::IssuerTrust, Code::TrustOutlived),
        address
            .open(
                "address-of-a-closed-issuer",
                "Nobody is there who would say that the tenant left.",
                address.answer(&guarantee),
            )
            .asked()
            .trusting(&[known(&address, json!({ "*": "3650d" }))])
            .without_status()
            .by(CheckId::IssuerTrust, Code::TrustClosed),
        licence
            .valid("as-of-a-day-before-the-closing", "Judged as of a day on which the issuer was there.", &credential)
            .trusting(&[known(&licence, json!({}))])
            .without_status()
            .at_past("2026-11-14T09:00:00Z"),
        after
            .0
            .invalid(
                "signed-after-the-closing",
                "Somebody inherited the keys, and dates what they sign as of today.",
                &after.1,
            )
            .with_material(fetched("log", &COUNCIL.did, &COUNCIL.deactivated))
            .trusting(&[list(&[of_all])])
            .by(CheckId::KeyValidity, Code::ValidityAfterClosing),
        licence
            .valid("last-list-of-a-closed-issuer", "The last list is past its date, and it is the last.", &with_status)
            .without_status()
            .trusting(&leaving(&[])),
        licence
            .invalid("revoked-by-the-last-list", "The last list says that it was revoked.", &with_status)
            .without_status()
            .trusting(&leaving(&[(7, 1)]))
            .by(CheckId::StatusRevocation, Code::StatusRevoked),
        ngo.open("issuer-closed-by-the-trust-list", "The trust list says that the issuer closed.", ngo.credential())
            .trusting(&[by_list])
            .by(CheckId::IssuerTrust, Code::TrustClosed),
        ngo.valid(
            "outlives-an-issuer-closed-by-the-trust-list",
            "The issuer closed, and its licences stand.",
            ngo.credential(),
        )
        .trusting(&[with_outlives]),
    ]
}

/// A DID method that this library does not know.
const LEDGER: &str = "did:ethr:0xb9c5714089478a327f09197987f16f9e5d936e8a";
const RESOLVER: &str = "https://resolver.example/1.0/identifiers";

fn resolvers(format: Format) -> Vec<Case> {
    let party: &'static Party = Box::leak(Box::new(CAST.school.under(&format!("{LEDGER}#key-1"))));
    let scene = Scene::new(About::Other, format).issued_by(party);
    let list_with = |resolvers: Value| {
        let mut list = list(std::slice::from_ref(&scene.entry));
        list["resolvers"] = resolvers;
        [list]
    };
    let named = list_with(json!([{ "endpoint": RESOLVER, "methods": ["ethr"] }]));
    let of_another = list_with(json!([{ "endpoint": RESOLVER, "methods": ["ion"] }]));
    let asserted = |case: Case, by: &str| {
        let document = document(LEDGER, &[method_of(party)], &["assertionMethod"]);
        case.material(&document, "2026-11-19T09:00:00Z", json!({ "assertedBy": by }))
    };
    let forged = |case: Case| {
        let forger = CAST.forger.under(&format!("{LEDGER}#key-1"));
        let document = document(LEDGER, &[method_of(&forger)], &["assertionMethod"]);
        case.material(&document, "2026-11-20T08:00:00Z", json!({ "assertedBy": "https://other.example/identifiers" }))
    };
    let credential = scene.credential();
    vec![
        asserted(
            scene.valid(
                "document-of-a-named-resolver",
                "The trust list believes this resolver for this method.",
                &credential,
            ),
            RESOLVER,
        )
        .trusting(&named),
        forged(asserted(
            scene.valid(
                "document-of-a-named-resolver-before-a-newer-one",
                "Another resolver's newer word does not count.",
                &credential,
            ),
            RESOLVER,
        ))
        .trusting(&named),
        asserted(
            scene
                .open(
                    "document-of-a-resolver-that-is-not-named",
                    "The trust list believes another resolver.",
                    &credential,
                )
                .by(CheckId::Proof, Code::ProofKeyAsserted),
            "https://other.example/identifiers",
        )
        .trusting(&named),
        asserted(
            scene
                .open(
                    "document-of-a-resolver-for-another-method",
                    "The trust list believes it for another method.",
                    &credential,
                )
                .by(CheckId::Proof, Code::ProofKeyAsserted),
            RESOLVER,
        )
        .trusting(&of_another),
        scene
            .open(
                "document-to-be-resolved",
                "The report names the document that a resolver is to be asked for.",
                &credential,
            )
            .trusting(&named)
            .missing(LEDGER)
            .by(CheckId::Proof, Code::ProofKeyUnavailable),
    ]
}
