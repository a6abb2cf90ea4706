//! SD-JWTs that must be rejected by RFC 9901, each signed by its issuer with a fresh key. We refuse every one; what another
//! implementation accepts is listed here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use attesta::encoding::base64url;
use attesta::keys::{KeyType, Signer};
use attesta::securing::jose::{self, NewHeader};
use attesta_interop::sd_jwt::{Peer, we_read};
use attesta_interop::{Party, Tally, now};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384};

const BANK: &str = "https://onboarding.bank.example";
const NONCE: &str = "yBmyQ2VVLCcSJ0PqK2mEaw";

/// What an implementation accepts all the same. Each is a departure from RFC 9901, by the section above it.
fn departures(peer: Peer) -> BTreeSet<&'static str> {
    let listed: &[&[&str]] = match peer {
        Peer::JavaScript => &[
            // 7.1, step 5: "If any Disclosure was not referenced by digest value", and step 4 for digests. It asks
            // nothing of a digest or a disclosure beyond those that fit each other; the claims that do not are left out.
            &UNREFERENCED,
            &["a digest twice among items", "a digest twice among members", "a digest twice beside itself"],
            &["a digest twice of nothing", "a disclosure twice"],
            // 7.1, step 3.3.2: the form of a disclosure, the names that are reserved, and the name that is taken. A
            // disclosure then overwrites what the issuer signed.
            &["a name that is taken", "a name twice", "a member named ...", "a member named _sd"],
            &["a name that is a number", "a salt that is a number", "a disclosure that is no list"],
            &["an item among the members", "a member among the items"],
            // 4.1, 4.2.4.1 and 4.2.4.2: what stands where digests do.
            &["... among members", "an item with a member more", "an item that is a number"],
            &["_sd that is a text", "a digest that is a number"],
            // 4.1.1 and 7.1, step 2.5. Its caller brings the hash, and this one knows SHA-1 too.
            &["a hash that is a number", "a weak hash"],
            // 4: it is not an SD-JWT without the last "~".
            &["no ~ at the end"],
            // 2: base64url is without padding.
            &["a disclosure with padding"],
        ],
        Peer::Python => &[
            // 7.1, steps 5 and 4, of which it has the second for members alone.
            &UNREFERENCED,
            &["a digest twice among items"],
            // 7.1, step 3.3.2: the names that are reserved, the form of salt and name.
            &["a member named ...", "a member named _sd", "a name that is a number", "a salt that is a number"],
            // 4.1, 4.2.4.1 and 4.2.4.2: what stands where digests do.
            &["... among members", "an item with a member more", "an item that is a number"],
            &["a digest that is a number"],
            // 2: base64url is without padding.
            &["a disclosure with padding"],
            // 4.3: a key binding token has its time.
            &["an answer without its time"],
        ],
    };
    listed.concat().into_iter().collect()
}

/// Disclosures that no digest is of.
const UNREFERENCED: [&str; 3] =
    ["a disclosure that no digest is of", "an inner one without the outer", "digests of another hash"];

#[test]
fn what_must_be_rejected_is() {
    let issuer = Party::of_did_jwk(KeyType::P256);
    let key = issuer.key.public_key();
    let attacks = Attacks::of(&issuer).made;
    let mut ours = Tally::default();
    for (name, text, has_binding, is_sound) in &attacks {
        let read = we_read(text, &key, has_binding.then_some((BANK, NONCE)));
        match is_sound {
            true => ours.accepts(name, read.is_ok()),
            false => ours.refuses(name, read.is_ok()),
        }
    }
    ours.close("by the rules of RFC 9901, attesta");
    for peer in Peer::all() {
        let (mut theirs, mut accepted) = (Tally::default(), BTreeSet::new());
        for (name, text, has_binding, is_sound) in &attacks {
            let is_read = peer.reads(text, &key, has_binding.then_some((BANK, NONCE))).is_some();
            match is_sound {
                true => theirs.accepts(name, is_read),
                false if is_read => {
                    accepted.insert(*name);
                }
                false => theirs.refuses(name, is_read),
            }
        }
        assert_eq!(accepted, departures(peer), "{peer:?}");
        theirs.close(&format!("by the rules of RFC 9901, {peer:?}"));
        println!("by the rules of RFC 9901, {peer:?}: {} accepted that must be rejected", accepted.len());
    }
}

struct Attacks<'a> {
    issuer: &'a Party,
    holder: Party,
    /// Name, text, whether it answers a request, whether it is sound.
    made: Vec<(&'static str, String, bool, bool)>,
}

impl<'a> Attacks<'a> {
    fn of(issuer: &'a Party) -> Self {
        let mut attacks = Self { issuer, holder: Party::of_did_jwk(KeyType::P256), made: Vec::new() };
        attacks.of_disclosures();
        attacks.of_digests();
        attacks.of_bindings();
        attacks
    }

    fn issued(&self, payload: &Value, disclosures: &[&str]) -> String {
        let mut payload = payload.as_object().unwrap().clone();
        payload.insert("cnf".to_owned(), json!({ "jwk": self.holder.key.public_key().to_jwk() }));
        let mut text = signed(&payload, "example+sd-jwt", self.issuer);
        for part in std::iter::once(&"").chain(disclosures) {
            text.push_str(part);
            text.push('~');
        }
        text
    }

    fn sound(&mut self, name: &'static str, payload: &Value, disclosures: &[&str]) {
        self.made.push((name, self.issued(payload, disclosures), false, true));
    }

    fn attack(&mut self, name: &'static str, payload: &Value, disclosures: &[&str]) {
        self.made.push((name, self.issued(payload, disclosures), false, false));
    }

    fn of_disclosures(&mut self) {
        let name = disclosure(&json!(["salt1", "name", "A"]));
        let item = disclosure(&json!(["salt2", "one"]));
        let hiding = json!({ "_sd": [digest(&name)] });
        let listing = json!({ "list": [{ "...": digest(&item) }] });
        self.sound("a member", &hiding, &[&name]);
        self.sound("an item", &listing, &[&item]);
        self.sound("both hidden", &json!({ "_sd": [digest(&name)], "list": [{ "...": digest(&item) }] }), &[]);

        // Section 7.1, steps 3.3.2.2, 4 and 5.
        self.attack("a disclosure that no digest is of", &hiding, &[&name, &item]);
        self.attack("a disclosure twice", &hiding, &[&name, &name]);
        self.attack("an empty disclosure", &hiding, &[&name, ""]);
        let bare = self.issued(&hiding, &[]);
        self.made.push(("no ~ at the end", bare.trim_end_matches('~').to_owned(), false, false));

        for (what, content) in [
            ("a member named _sd", json!(["salt", "_sd", ["a"]])),
            ("a member named ...", json!(["salt", "...", "a"])),
            ("an item among the members", json!(["salt", "a"])),
            ("four elements among the members", json!(["salt", "a", "b", "c"])),
            ("a salt that is a number", json!([1, "a", "b"])),
            ("a name that is a number", json!(["salt", 1, "b"])),
            ("a disclosure that is no list", json!({ "0": "salt", "1": "a", "2": "b", "length": 3 })),
            ("a name that is taken", json!(["salt", "iss", "https://somebody.else.example"])),
        ] {
            let disclosure = disclosure(&content);
            let payload = json!({ "iss": "https://issuer.example", "_sd": [digest(&disclosure)] });
            self.attack(what, &payload, &[&disclosure]);
        }
        for (what, content) in
            [("a member among the items", json!(["salt", "a", "b"])), ("one element among the items", json!(["salt"]))]
        {
            let disclosure = disclosure(&content);
            self.attack(what, &json!({ "list": [{ "...": digest(&disclosure) }] }), &[&disclosure]);
        }
        let cut = base64url::encode(r#"["salt", "a", "b""#);
        self.attack("a disclosure that is no JSON", &json!({ "_sd": [digest(&cut)] }), &[&cut]);
        let padded = format!("{}==", disclosure(&json!(["salt", "abc", "b"])));
        self.attack("a disclosure with padding", &json!({ "_sd": [digest(&padded)] }), &[&padded]);
        let again = disclosure(&json!(["salt3", "name", "B"]));
        let payload = json!({ "_sd": [digest(&name), digest(&again)] });
        self.attack("a name twice", &payload, &[&name, &again]);

        let inner = disclosure(&json!(["salt4", "inner", 1]));
        let outer = disclosure(&json!(["salt5", "outer", { "_sd": [digest(&inner)] }]));
        let payload = json!({ "_sd": [digest(&outer)] });
        self.sound("one within another", &payload, &[&outer, &inner]);
        self.attack("an inner one without the outer", &payload, &[&inner]);
    }

    fn of_digests(&mut self) {
        let name = disclosure(&json!(["salt1", "name", "A"]));
        let item = disclosure(&json!(["salt2", "one"]));
        let (of_name, of_item) = (digest(&name), digest(&item));
        // Section 7.1, step 4.
        self.attack("a digest twice beside itself", &json!({ "_sd": [of_name, of_name] }), &[&name]);
        let payload = json!({ "_sd": [of_name], "other": { "_sd": [of_name] } });
        self.attack("a digest twice among members", &payload, &[&name]);
        let payload = json!({ "list": [{ "...": of_item }, { "...": of_item }] });
        self.attack("a digest twice among items", &payload, &[&item]);
        self.attack("a digest twice of nothing", &json!({ "_sd": [of_name, of_name] }), &[]);

        self.attack("_sd that is a text", &json!({ "_sd": of_name }), &[]);
        self.attack("a digest that is a number", &json!({ "_sd": [1] }), &[]);
        self.attack("an item that is a number", &json!({ "list": [{ "...": 1 }] }), &[]);
        self.attack("an item with a member more", &json!({ "list": [{ "...": of_item, "a": 1 }] }), &[]);
        self.attack("... among members", &json!({ "a": { "...": of_item } }), &[]);

        // Section 7.1, steps 2.5 and 3.1.
        self.sound("sha-256 by name", &json!({ "_sd_alg": "sha-256", "_sd": [of_name] }), &[&name]);
        self.attack("an unknown hash", &json!({ "_sd_alg": "sha-257", "_sd": [of_name] }), &[&name]);
        let sha1 = json!({ "_sd_alg": "sha-1", "_sd": ["qZk-NkcGgWq6PiVxeFDCbJzQ2J0"] });
        self.attack("a weak hash", &sha1, &[]);
        self.attack("a hash that is a number", &json!({ "_sd_alg": 1, "_sd": [of_name] }), &[&name]);
        let other = base64url::encode(Sha384::digest(name.as_bytes()));
        self.attack("digests of another hash", &json!({ "_sd_alg": "sha-256", "_sd": [other] }), &[&name]);
    }

    /// Section 7.3, step 5.
    fn of_bindings(&mut self) {
        let name = disclosure(&json!(["salt1", "name", "A"]));
        let item = disclosure(&json!(["salt2", "one"]));
        let payload = json!({ "_sd": [digest(&name)], "list": [{ "...": digest(&item) }] });
        let issued = self.issued(&payload, &[&name]);
        let answer = json!({
            "aud": BANK, "nonce": NONCE, "iat": now().unix(), "sd_hash": digest(&issued),
        });
        let stranger = Party::of_did_jwk(KeyType::P256);
        let holder = &self.holder;
        let with = |member: &str, value: Value| {
            let mut changed = answer.clone();
            changed[member] = value;
            changed
        };
        let without = |member: &str| {
            let mut changed = answer.clone();
            changed.as_object_mut().unwrap().remove(member);
            changed
        };
        let bound = |answer: &Value, typ: &str, by: &Party| {
            [issued.as_str(), &signed(answer.as_object().unwrap(), typ, by)].concat()
        };
        let sound = bound(&answer, "kb+jwt", holder);
        let key_binding = &sound[issued.len()..];
        let unsigned = &sound[..=sound.rfind('.').unwrap()];
        let mut made = vec![
            ("an answer by somebody else", bound(&answer, "kb+jwt", &stranger)),
            ("an answer by the issuer", bound(&answer, "kb+jwt", self.issuer)),
            ("an answer of another type", bound(&answer, "jwt", holder)),
            ("an answer for another", bound(&with("aud", "https://thief.example".into()), "kb+jwt", holder)),
            ("an answer for nobody", bound(&without("aud"), "kb+jwt", holder)),
            ("an answer to another nonce", bound(&with("nonce", "another".into()), "kb+jwt", holder)),
            ("an answer to no nonce", bound(&without("nonce"), "kb+jwt", holder)),
            ("an answer without its time", bound(&without("iat"), "kb+jwt", holder)),
            ("an answer to other disclosures", bound(&with("sd_hash", digest("other").into()), "kb+jwt", holder)),
            ("an answer to no disclosures", bound(&without("sd_hash"), "kb+jwt", holder)),
            ("an answer with no signature", unsigned.to_owned()),
            ("no answer", issued.clone()),
        ];
        made.push(("an answer to fewer disclosures", [&issued, &item, "~", key_binding].concat()));
        let token = &issued[..=issued.find('~').unwrap()];
        made.push(("an answer to more disclosures", [token, key_binding].concat()));
        self.made.push(("an answer", sound, true, true));
        self.made.extend(made.into_iter().map(|(name, text)| (name, text, true, false)));
    }
}

fn signed(payload: &attesta::encoding::json::Map, typ: &str, by: &Party) -> String {
    let header = NewHeader { media_type: typ, content_type: None, key_id: None, certificates: &[] };
    jose::sign(payload, &header, &by.key).unwrap()
}

fn disclosure(content: &Value) -> String {
    base64url::encode(content.to_string())
}

fn digest(text: &str) -> String {
    base64url::encode(Sha256::digest(text.as_bytes()))
}
