//! Credentials of every kind as `dc+sd-jwt` and `vc+sd-jwt`: what one side issues or presents, the other verifies and
//! reads the same; what was forged, we refuse for the right reason.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use attesta::credential::kind::Kind;
use attesta::credential::{Credential, Holder, Salt};
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, Signer};
use attesta::presentation::{Disclose, Request, present};
use attesta::securing::Format;
use attesta::securing::jose::{self, NewHeader};
use attesta::securing::sd_jwt::{self, SdJwt};
use attesta::verify::{At, CheckId, Code, Expected, Materials, Outcome, Preset, Report, verify};
use attesta_interop::dcql::Dice;
use attesta_interop::sd_jwt::{Peer, Places, Terms, around, remaining, some_of};
use attesta_interop::{Party, Tally, claims, day, document, now, trusting};
use serde_json::{Value, json};

const BANK: &str = "https://onboarding.bank.example";
const THIEF: &str = "https://thief.example";
const NONCE: &str = "yBmyQ2VVLCcSJ0PqK2mEaw";

/// A kind in a form, and who takes part.
struct Case {
    peer: Peer,
    format: Format,
    kind: Kind,
    issuer: Party,
    holder: Party,
    stranger: Party,
    dice: Dice,
}

impl Case {
    fn all(peer: Peer) -> impl Iterator<Item = Self> {
        let forms = [Format::SdJwtVc, Format::SdJwt].into_iter();
        let forms = forms.flat_map(|format| Kind::ALL.into_iter().map(move |kind| (format, kind)));
        let holders = peer.holders().iter().cycle();
        let keys = [KeyType::Ed25519, KeyType::P256, KeyType::P384].into_iter().zip(holders);
        let cases = forms.flat_map(move |(format, kind)| keys.clone().map(move |keys| (format, kind, keys)));
        cases.enumerate().map(move |(seed, (format, kind, (issuer, holder)))| Self {
            peer,
            format,
            kind,
            issuer: Party::of_did_key(issuer),
            holder: Party::of_did_jwk(*holder),
            stranger: Party::of_did_jwk(*holder),
            dice: Dice::new(seed as u64),
        })
    }

    fn name(&self, what: &str) -> String {
        format!("{:?} {} {:?} {:?}: {what}", self.peer, self.format.name(), self.kind, self.issuer.key.algorithm())
    }

    fn issued_by_us(&self) -> String {
        let draft = Credential::of(claims(self.kind), &self.issuer.did, day(0), 7, Salt::random().unwrap()).unwrap();
        let holder = Holder::Key(self.holder.key.public_key());
        Issuer::of_did(&self.issuer.did, &self.issuer.key).unwrap().secure(&draft.holder(holder), self.format).unwrap()
    }

    /// What the other side is given to sign.
    fn payload(&self) -> Value {
        if self.format == Format::SdJwt {
            let mut document = document(self.kind, &self.holder);
            document["issuer"] = self.issuer.did.as_str().into();
            return document;
        }
        let mut payload = Value::Object(claims(self.kind).to_claims_file());
        payload["vct"] = self.kind.vct().into();
        payload["iss"] = self.issuer.did.as_str().into();
        payload["iat"] = day(0).midnight().unix().into();
        payload["nbf"] = day(0).midnight().unix().into();
        payload["exp"] = day(7).midnight().unix().into();
        payload
    }

    /// What its holder may hide.
    fn hidden(&self, payload: &Value) -> Places {
        let places = match self.format {
            Format::SdJwt => self.kind.disclosable_subject(payload["credentialSubject"].as_object().unwrap()),
            _ => self.kind.disclosable(payload.as_object().unwrap()),
        };
        places.into_iter().collect()
    }

    fn header(&self) -> Value {
        json!({ "typ": self.format.name(), "kid": self.issuer.method })
    }

    fn issued_by_them(&self, signer: &Party, payload: &Value, hidden: &Places, header: &Value) -> String {
        // The package in Python puts decoys at the root too, among which a status could be hidden.
        let has_decoys = self.peer == Peer::JavaScript || self.format == Format::SdJwtVc;
        self.issued_with(signer, payload, hidden, header, has_decoys)
    }

    fn issued_with(
        &self,
        signer: &Party,
        payload: &Value,
        hidden: &Places,
        header: &Value,
        has_decoys: bool,
    ) -> String {
        let terms = Terms { holder: Some(&self.holder), has_decoys, ..Terms::default() };
        self.peer.issues(signer, payload, hidden, header, terms)
    }

    fn bound(&self, payload: &Value) -> Value {
        let mut bound = payload.clone();
        bound["cnf"] = json!({ "jwk": self.holder.key.public_key().to_jwk() });
        bound
    }

    fn judge(&self, text: &str, expected: &Expected) -> Report {
        let policy = trusting(Preset::Default, &self.issuer, &[self.kind.name()]);
        verify(text.as_bytes(), expected, &Materials::none(), &policy, At::Now(now()))
    }

    fn reveals(&self, issued: &str) -> Value {
        Value::Object(SdJwt::parse(issued).unwrap().reveal().unwrap().payload)
    }
}

#[test]
fn what_we_issue_they_present_and_both_verify() {
    for peer in Peer::all() {
        let (mut theirs, mut ours) = (Tally::default(), Tally::default());
        for mut case in Case::all(peer) {
            let issued = case.issued_by_us();
            let key = case.issuer.key.public_key();
            let whole = case.reveals(&issued);
            assert_eq!(case.peer.reads(&issued, &key, None), Some(whole.clone()), "{}", case.name("a credential"));
            theirs.accepts(&case.name("a credential"), true);
            let stranger = Party::of_did_key(key.key_type());
            theirs.refuses(
                &case.name("a stranger's signature"),
                case.peer.reads(&signed_by(&case, &stranger, &issued), &key, None).is_some(),
            );

            let hidden: Places = SdJwt::parse(&issued).unwrap().reveal().unwrap().disclosed.into_iter().collect();
            let shown = some_of(&mut case.dice, &hidden);
            let show = |issued: &str, shown: &Places, holder: &Party, to| {
                case.peer.presents(issued, &whole, shown, Some((holder, to)))
            };
            let presented = show(&issued, &shown, &case.holder, (BANK, NONCE));
            let report = case.judge(&presented, &Expected::answer(BANK, NONCE));
            assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", case.name("a presentation"), report.reason());
            let read = Value::Object(report.accepted()[0].document().clone());
            assert_eq!(read, remaining(&whole, &hidden, &shown), "{}", case.name("other claims were read"));
            ours.accepts(&case.name("a presentation"), true);
            assert_eq!(case.peer.reads(&presented, &key, Some((BANK, NONCE))), Some(read));
            theirs.accepts(&case.name("its own presentation"), true);
            theirs.refuses(
                &case.name("another nonce"),
                case.peer.reads(&presented, &key, Some((BANK, "another"))).is_some(),
            );

            let bare = &presented[..=presented.rfind('~').unwrap()];
            let all = format!("{}~", issued.trim_end_matches('~'));
            let answer = &presented[bare.len()..];
            let other = if shown == hidden { format!("{}~", issued.split('~').next().unwrap()) } else { all };
            let as_stranger = signed_by(&case, &stranger, &issued);
            for (what, forged, reason) in [
                ("for another", show(&issued, &shown, &case.holder, (THIEF, NONCE)), "audience.other"),
                ("another nonce", show(&issued, &shown, &case.holder, (BANK, "another")), "nonce.other"),
                (
                    "a stranger's answer",
                    show(&issued, &shown, &case.stranger, (BANK, NONCE)),
                    "holder.binding.other-key",
                ),
                ("no answer", bare.to_owned(), "holder.binding.not-presented"),
                ("other disclosures", [&other, answer].concat(), "holder.binding.other-disclosures"),
                ("another issuer's", show(&as_stranger, &shown, &case.holder, (BANK, NONCE)), "proof.mismatch"),
            ] {
                let report = case.judge(&forged, &Expected::answer(BANK, NONCE));
                assert_eq!(found(&report), Some(reason), "{}", case.name(what));
                assert!(report.accepted().is_empty());
                ours.refuses(&case.name(what), report.outcome() == Outcome::Valid);
            }
        }
        theirs.close(&format!("credentials issued by attesta, at {peer:?}"));
        ours.close(&format!("credentials presented by {peer:?}, at attesta"));
    }
}

#[test]
fn what_they_issue_we_present_and_both_verify() {
    for peer in Peer::all() {
        let (mut theirs, mut ours) = (Tally::default(), Tally::default());
        for mut case in Case::all(peer) {
            let (payload, key) = (case.payload(), case.issuer.key.public_key());
            let hidden = case.hidden(&payload);
            let issued = case.issued_by_them(&case.issuer, &payload, &hidden, &case.header());
            let whole = case.bound(&payload);

            let report = case.judge(&issued, &Expected::nothing());
            assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", case.name("a credential"), report.reason());
            let accepted = &report.accepted()[0];
            assert!(accepted.claims() == Some(&claims(case.kind)), "{}", case.name("other claims were read"));
            assert_eq!(Value::Object(accepted.document().clone()), whole, "{}", case.name("all of it"));
            ours.accepts(&case.name("a credential"), true);

            let wanted = some_of(&mut case.dice, &hidden);
            let shown = around(&hidden, &wanted);
            let pointers: Vec<&str> = wanted.iter().map(String::as_str).collect();
            let request = Request { audience: BANK, nonce: NONCE, now: now() };
            let presented =
                present(&[issued.as_bytes()], Disclose::Only(&pointers), &request, &case.holder.key).unwrap();
            let read = case.peer.reads(&presented, &key, Some((BANK, NONCE)));
            assert_eq!(read, Some(remaining(&whole, &hidden, &shown)), "{}", case.name("a presentation"));
            theirs.accepts(&case.name("a presentation"), true);
            for (what, audience, nonce) in [("another audience", THIEF, NONCE), ("another nonce", BANK, "another")] {
                let read = case.peer.reads(&presented, &key, Some((audience, nonce)));
                theirs.refuses(&case.name(what), read.is_some());
            }
            let report = case.judge(&presented, &Expected::answer(BANK, NONCE));
            assert_eq!(report.outcome(), Outcome::Valid, "{}: {:?}", case.name("our own"), report.reason());

            for (what, forged, reason) in forged_by_them(&case, &payload, &hidden, &issued) {
                let report = case.judge(&forged, &Expected::nothing());
                // With disclosures that do not fit the claims cannot be read either, which stands first.
                let disclosure = report.credentials()[0].check(CheckId::Disclosure).code().name();
                let found = if reason == disclosure { Some(disclosure) } else { found(&report) };
                assert_eq!(found, Some(reason), "{}", case.name(what));
                assert!(report.accepted().is_empty());
                ours.refuses(&case.name(what), report.outcome() == Outcome::Valid);
            }
        }
        theirs.close(&format!("credentials presented by attesta, at {peer:?}"));
        ours.close(&format!("credentials issued by {peer:?}, at attesta"));
    }
}

/// What somebody with the same tools can make, and why it must be refused.
fn forged_by_them<'a>(
    case: &Case,
    payload: &Value,
    hidden: &Places,
    issued: &str,
) -> Vec<(&'a str, String, &'static str)> {
    let stranger = Party::of_did_key(case.issuer.key.public_key().key_type());
    let is_vc = case.format == Format::SdJwtVc;
    let changed = |name: &str, value: Value| {
        let mut changed = payload.clone();
        changed[name] = value;
        changed
    };
    let moment = |member: &str, days: i64| match is_vc {
        true => changed(member, day(days).midnight().unix().into()),
        false => {
            changed(if member == "exp" { "validUntil" } else { "validFrom" }, day(days).midnight().to_string().into())
        }
    };
    let over = {
        let mut over = moment("nbf", -7);
        let (name, value) = match is_vc {
            true => ("exp", day(0).midnight().unix().into()),
            false => ("validUntil", day(0).midnight().to_string().into()),
        };
        over[name] = value;
        over
    };
    let mut header = case.header();
    let issues = |signer: &Party, payload: &Value, hidden: &Places, header: &Value| {
        case.issued_by_them(signer, payload, hidden, header)
    };
    let issuer = &case.issuer;
    let sd_jwt = SdJwt::parse(issued).unwrap();
    let first = sd_jwt.disclosures()[0];
    let mut forged = vec![
        ("key B named A", issues(&stranger, payload, hidden, &header), "proof.mismatch"),
        ("one that has run out", issues(issuer, &over, hidden, &header), "valid-until.past"),
        ("one of tomorrow", issues(issuer, &moment("nbf", 1), hidden, &header), "valid-from.future"),
        ("a disclosure twice", format!("{issued}{first}~"), "disclosure.broken"),
        ("a disclosure changed", issued.replacen(first, &swapped(first), 1), "disclosure.broken"),
        ("a disclosure of its own", format!("{issued}WyJhIiwiYWRtaW4iLHRydWVd~"), "disclosure.broken"),
    ];
    if case.peer == Peer::Python && !is_vc {
        let decoys = case.issued_with(issuer, payload, hidden, &header, true);
        forged.push(("decoys that may hide its end and its status", decoys, "proof-expiry.may-be-hidden"));
    }
    header["kid"] = stranger.method.as_str().into();
    forged.push(("issuer A, key B", issues(&stranger, payload, hidden, &header), "key.binding.other-controller"));
    let own = changed(if is_vc { "iss" } else { "issuer" }, stranger.did.as_str().into());
    forged.push(("a stranger's own", issues(&stranger, &own, hidden, &header), "issuer.trust.unknown"));
    header = case.header();
    header["typ"] = "JWT".into();
    forged.push(("another type of token", issues(issuer, payload, hidden, &header), "media-type.other"));
    let mut more = hidden.clone();
    more.insert(if is_vc { "/exp" } else { "/validUntil" }.to_owned());
    header["typ"] = format!("application/{}", case.format.name()).into();
    forged.push(("its end can be hidden", issues(issuer, payload, &more, &header), "disclosure.fixed"));
    forged
}

/// The same bytes, signed by somebody else in the issuer's name.
fn signed_by(case: &Case, signer: &Party, issued: &str) -> String {
    let (token, disclosures) = issued.split_once('~').unwrap();
    let jws = jose::Jws::parse(token).unwrap();
    let header = NewHeader {
        media_type: case.format.name(),
        content_type: jws.header.content_type.as_deref(),
        key_id: Some(&case.issuer.method),
        certificates: &[],
    };
    let concealed = sd_jwt::Concealed {
        payload: jws.payload,
        disclosures: disclosures.split_terminator('~').map(str::to_owned).collect(),
    };
    sd_jwt::issue(&concealed, &header, &signer.key).unwrap()
}

/// The same text but for the case of its first letter: another salt.
fn swapped(disclosure: &str) -> String {
    let content = attesta::encoding::base64url::decode(disclosure).unwrap();
    let text = String::from_utf8(content).unwrap();
    attesta::encoding::base64url::encode(text.replacen("[\"", "[\"_", 1))
}

fn found(report: &Report) -> Option<&'static str> {
    report.reason().map(|check| check.code()).map(Code::name)
}
