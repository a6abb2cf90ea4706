//! Chains of certificates against anchors: every attack is written here byte by byte, beside the sound chain that it
//! was made from.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use attesta::error::Explain;
use attesta::keys::KeyType::{self, Ed25519, P256, P384, P521};
use attesta::limits;
use attesta::time::Timestamp;
use attesta::trust::{Anchor, CertificateError, Chain, Entry, Standing, TrustError, TrustList};
use common::certificates::*;

const TODAY: &str = "2026-06-01T12:00:00Z";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn key(name: &str) -> Key {
    Key::new(name, P256)
}

fn chain(certificates: &[&[u8]]) -> Result<Chain, CertificateError> {
    let texts: Vec<_> = certificates.iter().map(|certificate| base64(certificate)).collect();
    Chain::from_x5c(&texts)
}

fn anchor(certificate: &[u8]) -> Anchor {
    Anchor::from_base64(&base64(certificate)).unwrap()
}

/// The code of what comes out, `valid` where nothing is wrong.
fn judged(certificates: &[&[u8]], anchors: &[&[u8]]) -> &'static str {
    judged_at(TODAY, certificates, anchors)
}

fn judged_at(time: &str, certificates: &[&[u8]], anchors: &[&[u8]]) -> &'static str {
    let anchors: Result<Vec<_>, _> = anchors.iter().map(|one| Anchor::from_base64(&base64(one))).collect();
    let judged = anchors.and_then(|anchors| chain(certificates)?.validate(&anchors, at(time)).map(|_| ()));
    judged.map_or_else(|error| error.code(), |()| "valid")
}

/// An authority over everything, one below it, and who signs: "root", "middle" and "leaf", each free to be changed.
struct Cast {
    root: Blueprint,
    middle: Blueprint,
    leaf: Blueprint,
    keys: [Key; 3],
}

impl Cast {
    fn new() -> Self {
        Self::with([P256; 3])
    }

    fn with(types: [KeyType; 3]) -> Self {
        let [root, middle, leaf] = ["root", "middle", "leaf"].map(common_name);
        let of_authority = || vec![authority(None), key_usage(KEY_CERT_SIGN | CRL_SIGN)];
        let of_leaf = vec![key_usage(DIGITAL_SIGNATURE), alternative_names(&[(DNS, b"bank.example")])];
        Self {
            root: Blueprint::new(root.clone(), root.clone(), of_authority()),
            middle: Blueprint::new(middle.clone(), root, of_authority()),
            leaf: Blueprint::new(leaf, middle, of_leaf),
            keys: [Key::new("root", types[0]), Key::new("middle", types[1]), Key::new("leaf", types[2])],
        }
    }

    /// Leaf, middle, root.
    fn signed(&self) -> [Vec<u8>; 3] {
        let [root, middle, leaf] = &self.keys;
        [self.leaf.sign(leaf, middle), self.middle.sign(middle, root), self.root.sign(root, root)]
    }

    /// The chain without its root, against the root.
    fn judged(&self) -> &'static str {
        let [leaf, middle, root] = self.signed();
        judged(&[&leaf, &middle], &[&root])
    }
}

/// What comes of the sound cast with one thing changed.
fn changed(change: impl FnOnce(&mut Cast)) -> &'static str {
    let mut cast = Cast::new();
    assert_eq!(cast.judged(), "valid", "the cast was not sound before the change");
    change(&mut cast);
    cast.judged()
}

#[test]
fn a_sound_chain_is_valid_however_much_of_it_is_sent() {
    let [leaf, middle, root] = Cast::new().signed();
    let stranger = key("stranger");
    let other = Blueprint::new(common_name("stranger"), common_name("stranger"), vec![authority(None)]);
    let other = other.sign(&stranger, &stranger);
    assert_eq!(judged(&[&leaf, &middle], &[&root]), "valid");
    assert_eq!(judged(&[&leaf, &middle, &root], &[&root]), "valid");
    assert_eq!(judged(&[&leaf, &middle, &root], &[&other, &root]), "valid");
    assert_eq!(judged(&[&leaf], &[&middle]), "valid", "a middle authority may be the anchor");
    assert_eq!(judged(&[&leaf, &middle, &root], &[&middle]), "valid", "what is above the anchor does not matter");
    assert_eq!(judged(&[&leaf], &[&leaf]), "valid", "a signer's own certificate may be the anchor");
    assert_eq!(judged(&[&leaf, &middle, &root], &[&leaf]), "valid");

    assert_eq!(judged(&[&leaf], &[&root]), "certificate.unknown-anchor", "the middle is missing");
    assert_eq!(judged(&[&leaf, &middle, &root], &[&other]), "certificate.unknown-anchor");
    assert_eq!(judged(&[&leaf, &middle, &root], &[]), "certificate.unknown-anchor", "a root that is sent is no anchor");
}

#[test]
fn every_algorithm_that_is_offered_works_and_the_others_leave_it_open() {
    for types in [[P256; 3], [P384; 3], [Ed25519; 3], [Ed25519, P384, P256], [P384, P256, Ed25519]] {
        let cast = Cast::with(types);
        assert_eq!(cast.judged(), "valid", "{types:?}");
        let [leaf, ..] = cast.signed();
        assert_eq!(chain(&[&leaf]).unwrap().key(), Ok(cast.keys[2].public_key()));
    }
    for (key_type, hash) in [(P256, Hash::Sha384), (P384, Hash::Sha256)] {
        let mut cast = Cast::with([key_type; 3]);
        cast.leaf.hash = Some(hash);
        cast.middle.hash = Some(hash);
        assert_eq!(cast.judged(), "valid", "{key_type}");
    }

    let unsupported = CertificateError::UnsupportedAlgorithm;
    assert!(unsupported.is_undetermined());
    assert_eq!(Cast::with([P521, P256, P256]).judged(), unsupported.code());
    assert_eq!(Cast::with([P256, P521, P256]).judged(), unsupported.code());
    for place in 0..2 {
        assert_eq!(changed(|cast| cast.keys[place] = Key::Rsa), unsupported.code());
    }
    let mut cast = Cast::new();
    cast.leaf.hash = Some(Hash::Sha512);
    assert_eq!(cast.judged(), unsupported.code());
    for leaf_key in [Key::Rsa, Key::new("leaf", P521)] {
        let mut cast = Cast::new();
        cast.keys[2] = leaf_key;
        assert_eq!(cast.judged(), "valid", "the path does not use the leaf's key");
        assert_eq!(chain(&[&cast.signed()[0]]).unwrap().key(), Err(unsupported));
    }
}

#[test]
fn times_hold_for_every_certificate_and_for_the_anchor() {
    let expired = |place: usize| {
        changed(|cast| [&mut cast.leaf, &mut cast.middle, &mut cast.root][place].until = "260601115959Z")
    };
    let early =
        |place: usize| changed(|cast| [&mut cast.leaf, &mut cast.middle, &mut cast.root][place].from = "260601120001Z");
    for place in 0..3 {
        assert_eq!(expired(place), "certificate.expired", "{place}");
        assert_eq!(early(place), "certificate.not-yet-valid", "{place}");
    }

    // Both ends belong to the validity, and seconds count whole.
    let [leaf, middle, root] = Cast::new().signed();
    for anchor in [&root, &middle, &leaf] {
        let at = |time| judged_at(time, &[&leaf, &middle], &[anchor]);
        assert_eq!(at("2025-12-31T23:59:59Z"), "certificate.not-yet-valid");
        assert_eq!(at("2026-01-01T00:00:00Z"), "valid");
        assert_eq!(at("2026-12-31T23:59:59.9Z"), "valid");
        assert_eq!(at("2027-01-01T00:00:00Z"), "certificate.expired");
        assert_eq!(at("1960-01-01T00:00:00Z"), "certificate.not-yet-valid");
        assert_eq!(at("9999-12-31T23:59:59Z"), "certificate.expired");
    }
    let error = chain(&[&leaf]).unwrap().validate([&anchor(&middle)], at("2027-01-01T00:00:00Z")).unwrap_err();
    assert_eq!(error, CertificateError::Expired { until: at("2026-12-31T23:59:59Z") });
    assert!(!error.is_undetermined());

    assert_eq!(changed(|cast| cast.leaf.until = "20501231235959Z"), "valid");
    for wrong in ["260230000000Z", "261301000000Z", "260101240000Z", "2601010000Z", "260101000000", "26010100000aZ"] {
        assert_eq!(changed(|cast| cast.leaf.from = wrong), "certificate.malformed", "{wrong}");
    }
    let backwards = changed(|cast| (cast.leaf.from, cast.leaf.until) = ("260601120001Z", "260601115959Z"));
    assert_eq!(backwards, "certificate.malformed");
}

#[test]
fn only_authorities_sign_certificates() {
    let usage = |bits| key_usage(bits);
    // A leaf that signs another leaf.
    let not_an_authority = "certificate.not-an-authority";
    assert_eq!(changed(|cast| cast.middle.extensions = vec![usage(DIGITAL_SIGNATURE)]), not_an_authority);
    assert_eq!(changed(|cast| cast.middle.extensions = vec![]), not_an_authority);
    assert_eq!(changed(|cast| cast.root.extensions = vec![]), not_an_authority);
    let false_flag = || vec![extension(19, true, sequence(&[]))];
    assert_eq!(changed(|cast| cast.middle.extensions = false_flag()), not_an_authority);
    assert_eq!(changed(|cast| cast.root.extensions = false_flag()), not_an_authority);
    // Names and numbers of a version without extensions: nothing says that it is an authority.
    let first_version = |blueprint: &mut Blueprint| (blueprint.version, blueprint.extensions) = (None, vec![]);
    assert_eq!(changed(|cast| first_version(&mut cast.root)), not_an_authority);
    assert_eq!(changed(|cast| first_version(&mut cast.middle)), "certificate.malformed");
    assert_eq!(changed(|cast| first_version(&mut cast.leaf)), "certificate.malformed");

    for place in 0..2 {
        let judged = |bits| {
            changed(|cast| {
                [&mut cast.root, &mut cast.middle][place].extensions = vec![authority(None), usage(bits)];
            })
        };
        assert_eq!(judged(CRL_SIGN | DIGITAL_SIGNATURE), "certificate.key-usage");
        assert_eq!(judged(KEY_CERT_SIGN), "valid");
        let silent = changed(|cast| [&mut cast.root, &mut cast.middle][place].extensions = vec![authority(None)]);
        assert_eq!(silent, "valid", "an absent key usage allows everything");
    }
}

#[test]
fn a_leaf_is_for_signing() {
    let of_leaf = |extensions| changed(|cast| cast.leaf.extensions = extensions);
    assert_eq!(of_leaf(vec![]), "valid", "neither a name nor a usage is needed");
    assert_eq!(of_leaf(vec![key_usage(CONTENT_COMMITMENT)]), "valid", "as seals have it");
    assert_eq!(of_leaf(vec![key_usage(KEY_ENCIPHERMENT)]), "certificate.key-usage");
    assert_eq!(of_leaf(vec![key_usage(KEY_CERT_SIGN)]), "certificate.key-usage");
    assert_eq!(of_leaf(vec![extension(15, true, der(BIT_STRING, [0]))]), "certificate.key-usage");
    assert_eq!(of_leaf(vec![authority(None)]), "certificate.authority-as-leaf");
    // Extended key usages, for servers and for something private, do not matter; an empty list of them is no list.
    let purposes = sequence(&[der(OID, [0x2b, 6, 1, 5, 5, 7, 3, 1]), der(OID, [0x2a, 3])]);
    assert_eq!(of_leaf(vec![extension(37, true, purposes)]), "valid");
    assert_eq!(of_leaf(vec![extension(37, true, sequence(&[]))]), "certificate.malformed");

    // The anchor itself as a leaf: pinned by its bytes, whatever it says of authorities, and for signing alone.
    let lone = |extensions| {
        let own = key("lone");
        let certificate = Blueprint::new(common_name("lone"), common_name("lone"), extensions).sign(&own, &own);
        judged(&[&certificate], &[&certificate])
    };
    assert_eq!(lone(vec![]), "valid");
    assert_eq!(lone(vec![authority(None)]), "valid");
    assert_eq!(lone(vec![key_usage(KEY_CERT_SIGN)]), "certificate.key-usage");
    assert_eq!(lone(vec![extension_of(&[0x2a, 3], true, vec![5, 0])]), "certificate.critical-extension");
}

#[test]
fn paths_are_as_long_as_authorities_allow() {
    let of_root = |longest| changed(|cast| cast.root.extensions = vec![authority(Some(longest))]);
    assert_eq!(of_root(0), "certificate.path-too-long");
    assert_eq!(of_root(1), "valid");
    assert_eq!(changed(|cast| cast.middle.extensions = vec![authority(Some(0))]), "valid");

    // root, then so many authorities, then a leaf; the first authority allows `longest` more.
    let judge = |between: usize, longest: Option<u8>, with_root: bool| {
        let own = key("same key for all");
        let names: Vec<_> = (0..=between).map(|number| common_name(&format!("authority {number}"))).collect();
        let root = Blueprint::new(names[0].clone(), names[0].clone(), vec![authority(None)]).sign(&own, &own);
        let mut sent = Vec::new();
        for number in 1..=between {
            let extensions = vec![authority(if number == 1 { longest } else { None })];
            let issued = Blueprint::new(names[number].clone(), names[number - 1].clone(), extensions);
            sent.insert(0, issued.sign(&own, &own));
        }
        sent.insert(0, Blueprint::new(common_name("leaf"), names[between].clone(), vec![]).sign(&own, &own));
        if with_root {
            sent.push(root.clone());
        }
        let sent: Vec<_> = sent.iter().map(Vec::as_slice).collect();
        judged(&sent, &[&root])
    };
    assert_eq!(judge(3, Some(2), false), "valid");
    assert_eq!(judge(3, Some(1), false), "certificate.path-too-long");
    assert_eq!(judge(6, None, true), "valid", "eight certificates");
    assert_eq!(judge(7, None, false), "certificate.path-too-long", "eight certificates without their root");
    assert_eq!(judge(7, None, true), "certificate.count", "nine certificates");
}

#[test]
fn authorities_give_only_the_names_that_they_may() {
    let constrained = |constraints: Vec<u8>, names: &[(u8, &[u8])]| {
        let names = alternative_names(names);
        let by_middle = changed(|cast| {
            cast.middle.extensions = vec![authority(None), constraints.clone()];
            cast.leaf.extensions = vec![names.clone()];
        });
        let by_root = changed(|cast| {
            cast.root.extensions = vec![authority(None), constraints.clone()];
            cast.leaf.extensions = vec![names];
        });
        assert_eq!(by_middle, by_root);
        by_root
    };
    let refused = "certificate.name-not-allowed";
    let ngo = || name_constraints(&[(DNS, b"ngo.example")], &[]);
    assert_eq!(constrained(ngo(), &[(DNS, b"ngo.example")]), "valid");
    assert_eq!(constrained(ngo(), &[(DNS, b"a.ngo.example")]), "valid");
    assert_eq!(constrained(ngo(), &[(DNS, b"bank.example")]), refused);
    assert_eq!(constrained(ngo(), &[(DNS, b"evil-ngo.example")]), refused);
    assert_eq!(constrained(ngo(), &[(DNS, b"ngo.example"), (DNS, b"bank.example")]), refused);
    let no_bank = || name_constraints(&[], &[(DNS, b"bank.example")]);
    assert_eq!(constrained(no_bank(), &[(DNS, b"ngo.example")]), "valid");
    assert_eq!(constrained(no_bank(), &[(DNS, b"a.bank.example")]), refused);
    // What is not implemented is refused, not passed over.
    assert_eq!(constrained(name_constraints(&[(URI, b".example")], &[]), &[(URI, b"https://ngo.example")]), refused);
    let directory = der(SEQUENCE, common_name("leaf"));
    assert_eq!(constrained(name_constraints(&[(0xa4, &directory)], &[]), &[(DNS, b"ngo.example")]), refused);
}

#[test]
fn a_condition_that_is_not_understood_is_not_passed_over() {
    // Certificate policies, and something private.
    let policies = |critical| extension(32, critical, sequence(&[sequence(&[der(OID, [0x2a, 3, 4])])]));
    let private = |critical| extension_of(&[0x2a, 3, 4], critical, vec![5, 0]);
    for place in 0..3 {
        let with = |extension: Vec<u8>| {
            changed(|cast| [&mut cast.leaf, &mut cast.middle, &mut cast.root][place].extensions.push(extension))
        };
        assert_eq!(with(policies(false)), "valid");
        assert_eq!(with(private(false)), "valid");
        assert_eq!(with(policies(true)), "certificate.critical-extension");
        assert_eq!(with(private(true)), "certificate.critical-extension");
        let twice = extension(17, false, sequence(&[der(DNS, b"other.example")]));
        assert_eq!(with([twice.clone(), twice].concat()), "certificate.malformed", "the same extension twice");
    }
    let many: Vec<_> = (0..=limits::CERTIFICATE_EXTENSIONS)
        .map(|number| extension_of(&[0x2a, u8::try_from(number).unwrap()], false, vec![5, 0]))
        .collect();
    let of_leaf = |extensions: &[Vec<u8>]| changed(|cast| cast.leaf.extensions = extensions.to_vec());
    assert_eq!(of_leaf(&many[1..]), "valid");
    assert_eq!(of_leaf(&many), "certificate.malformed");
}

#[test]
fn every_signature_counts() {
    let [leaf, middle, root] = Cast::new().signed();
    for (place, certificate) in [&leaf, &middle].into_iter().enumerate() {
        // The last bytes are of the signature's s, the hundredth is in the middle of what is signed.
        for position in [certificate.len() - 1, certificate.len() - 20] {
            let mut flipped = certificate.clone();
            flipped[position] ^= 1;
            let sent = if place == 0 { [&flipped, &middle] } else { [&leaf, &flipped] };
            assert_eq!(judged(&sent.map(Vec::as_slice), &[&root]), "certificate.signature");
        }
    }
    // Another name in what was signed, of the same length.
    let mut forged = leaf.clone();
    let place = forged.windows(12).position(|window| window == b"bank.example").unwrap();
    forged[place..place + 4].copy_from_slice(b"evil");
    assert_eq!(chain(&[&forged]).unwrap().dns_names(), ["evil.example"]);
    assert_eq!(judged(&[&forged, &middle], &[&root]), "certificate.signature");

    // Somebody else's key under the same names, at each place.
    for place in 0..2 {
        let mut cast = Cast::new();
        let [_, genuine_middle, genuine_root] = cast.signed();
        cast.keys[place] = key("mallory");
        let [leaf, middle, _] = cast.signed();
        let sent = if place == 0 { [&leaf, &middle] } else { [&leaf, &genuine_middle] };
        assert_eq!(judged(&sent.map(Vec::as_slice), &[&genuine_root]), "certificate.signature");
    }

    // A leaf that signs itself in the anchor's name.
    let mallory = key("mallory");
    let own = Blueprint::new(common_name("root"), common_name("root"), vec![]).sign(&mallory, &mallory);
    assert_eq!(judged(&[&own], &[&root]), "certificate.signature");
    let claimed = Blueprint::new(common_name("leaf"), common_name("root"), vec![]).sign(&mallory, &mallory);
    let false_root = Blueprint::new(common_name("root"), common_name("root"), vec![authority(None)]);
    let false_root = false_root.sign(&mallory, &mallory);
    assert_eq!(judged(&[&claimed, &false_root], &[&root]), "certificate.signature");
    assert_eq!(judged(&[&claimed, &false_root], &[&root, &false_root]), "valid", "a second anchor of that name");
    assert_eq!(judged_at("2027-01-01T00:00:00Z", &[&claimed], &[&root, &false_root]), "certificate.expired");

    // Two algorithms named, one inside what is signed and one outside.
    let mut two = leaf.clone();
    let sha256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let outer = two.windows(8).rposition(|window| window == sha256).unwrap();
    two[outer + 7] = 3;
    assert_eq!(judged(&[&two, &middle], &[&root]), "certificate.malformed");
}

trait LastPosition {
    fn rposition(self, test: impl Fn(&[u8]) -> bool) -> Option<usize>;
}

impl LastPosition for std::slice::Windows<'_, u8> {
    fn rposition(self, test: impl Fn(&[u8]) -> bool) -> Option<usize> {
        self.enumerate().filter(|(_, window)| test(window)).map(|(position, _)| position).last()
    }
}

#[test]
fn a_chain_is_in_order_and_has_nothing_twice() {
    let [leaf, middle, root] = Cast::new().signed();
    let code = |sent: &[&[u8]]| chain(sent).map_or_else(|error| error.code(), |_| "read");
    assert_eq!(code(&[&leaf, &middle, &root]), "read");
    assert_eq!(code(&[&leaf, &root, &middle]), "certificate.order");
    assert_eq!(code(&[&middle, &leaf, &root]), "certificate.order");
    assert_eq!(code(&[&root, &middle, &leaf]), "certificate.order");
    assert_eq!(code(&[&leaf, &root]), "certificate.order");
    assert_eq!(code(&[&leaf, &leaf]), "certificate.order");
    assert_eq!(code(&[&leaf, &middle, &middle]), "certificate.order");
    assert_eq!(code(&[&leaf, &middle, &root, &root]), "certificate.repeated");
    assert_eq!(chain(&[&root, &root]), Err(CertificateError::Repeated { position: 1 }));
    assert_eq!(chain(&[&leaf, &middle, &leaf]), Err(CertificateError::Order { position: 1 }));
    // Seven authorities of one name, of which a search would have to try every order.
    let same: Vec<_> = (0..7)
        .map(|number| {
            let own = key(&number.to_string());
            Blueprint::new(common_name("same"), common_name("same"), vec![authority(None)]).sign(&own, &own)
        })
        .collect();
    let leaf = Blueprint::new(common_name("leaf"), common_name("same"), vec![]).sign(&key("leaf"), &key("0"));
    let mut sent = vec![leaf.as_slice()];
    sent.extend(same.iter().map(Vec::as_slice));
    assert_eq!(code(&sent), "certificate.repeated");
}

#[test]
fn sizes_and_texts_have_their_limits() {
    let [leaf, middle, root] = Cast::new().signed();
    let texts = [&leaf, &middle, &root].map(|certificate| base64(certificate));
    let read = Chain::from_x5c(&texts).unwrap();
    assert_eq!(read.to_x5c(), texts);
    assert_eq!(Chain::from_x5c(&Vec::<String>::new()), Err(CertificateError::Count { found: 0 }));
    assert_eq!(Chain::from_x5c(&vec![texts[0].clone(); 9]), Err(CertificateError::Count { found: 9 }));

    // Up to the limit and one byte above it; and one that is larger than its limit before it is decoded.
    let own = Key::new("leaf", Ed25519);
    let of_size = |filling: usize| {
        let filling = extension_of(&[0x2a, 3, 4], false, vec![0; filling]);
        Blueprint::new(common_name("leaf"), common_name("leaf"), vec![filling]).sign(&own, &own)
    };
    let frame = of_size(10_000).len() - 10_000;
    let filled = |bytes: usize| of_size(bytes - frame);
    assert_eq!(filled(limits::CERTIFICATE_BYTES).len(), limits::CERTIFICATE_BYTES);
    assert!(chain(&[&filled(limits::CERTIFICATE_BYTES)]).is_ok());
    let too_large = |position| CertificateError::TooLarge { position, limit: limits::CERTIFICATE_BYTES };
    for bytes in [limits::CERTIFICATE_BYTES + 1, 17 * 1024] {
        assert_eq!(chain(&[&filled(bytes)]), Err(too_large(0)));
        assert_eq!(chain(&[&leaf, &filled(bytes)]), Err(too_large(1)));
    }
    assert_eq!(Anchor::from_base64(&"*".repeat(17 * 1024 * 2)), Err(too_large(0)));

    let wrong = |text: String| Chain::from_x5c(&[text]);
    assert_eq!(wrong(texts[0][1..].to_owned()), Err(CertificateError::Base64 { position: 0 }));
    assert_eq!(wrong(format!("{}\n", texts[0])), Err(CertificateError::Base64 { position: 0 }));
    let url = data_encoding::BASE64URL_NOPAD.encode(&[0xfb, 0xff, 0xfe, 0xff]);
    assert_eq!(wrong(url), Err(CertificateError::Base64 { position: 0 }));
    assert_eq!(wrong(String::new()), Err(CertificateError::Malformed));
}

#[test]
fn bytes_that_are_no_certificate_are_refused() {
    let [leaf, middle, root] = Cast::new().signed();
    for length in 0..leaf.len() {
        assert_eq!(chain(&[&leaf[..length]]), Err(CertificateError::Malformed), "{length} bytes");
    }
    assert_eq!(chain(&[&[leaf.as_slice(), &[0]].concat()]), Err(CertificateError::Malformed));
    // Whatever one byte is changed to, the chain is refused: nearly everything in it is signed, and the rest is the
    // signature.
    let anchors = [anchor(&root)];
    for position in 0..leaf.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = leaf.clone();
            changed[position] ^= change;
            let judged = chain(&[&changed, &middle]).and_then(|chain| {
                let _ = (chain.key(), chain.subject(), chain.organisation(), chain.common_name());
                chain.validate(&anchors, at(TODAY)).map(|_| ())
            });
            assert!(judged.is_err(), "byte {position} changed by {change:02x}");
        }
    }
    let other_form = [0x30, 0x80, 0, 0].as_slice();
    for bytes in [other_form, &[0x30, 0], &[0x30, 0x84, 0, 0, 0, 0], &[0x1f, 0x81, 0, 0], &[0xff; 64], b"-----BEGIN"] {
        assert_eq!(chain(&[bytes]), Err(CertificateError::Malformed));
    }
}

#[test]
fn pem_files_hold_certificates_and_nothing_else() {
    let [leaf, middle, _] = Cast::new().signed();
    let block = |label: &str, bytes: &[u8]| {
        let lines: Vec<_> = base64(bytes).as_bytes().chunks(64).map(<[u8]>::to_vec).collect();
        let body = String::from_utf8(lines.join(&b'\n')).unwrap();
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    };
    let file = format!("subject=CN = leaf\n{}\n{}", block("CERTIFICATE", &leaf), block("CERTIFICATE", &middle));
    let read = Chain::from_pem(file.as_bytes()).unwrap();
    assert_eq!(read, chain(&[&leaf, &middle]).unwrap());
    assert_eq!(Chain::from_pem(file.replace('\n', "\r\n").as_bytes()), Ok(read));

    let refused = |text: String| Chain::from_pem(text.as_bytes()).unwrap_err();
    assert_eq!(refused(String::new()), CertificateError::Count { found: 0 });
    assert_eq!(refused(file.clone() + &block("PRIVATE KEY", &leaf)), CertificateError::Pem);
    assert_eq!(refused(block("CERTIFICATE", &leaf).replace("-----END CERTIFICATE-----", "")), CertificateError::Pem);
    assert_eq!(refused(file.replacen("-----END CERTIFICATE-----\n", "", 1)), CertificateError::Pem);
    assert_eq!(refused(block("CERTIFICATE", &leaf).repeat(9)), CertificateError::Count { found: 9 });
    assert_eq!(refused(block("CERTIFICATE", &leaf).replacen('M', "*", 1)), CertificateError::Base64 { position: 0 });
    let limit = limits::PEM_BYTES;
    assert_eq!(refused(" ".repeat(limit + 1)), CertificateError::TooLarge { position: 0, limit });
    assert_eq!(Chain::from_pem(&[0xff, 0xfe]), Err(CertificateError::Pem));
}

/// A chain of one leaf with these alternative names.
fn named(names: &[(u8, &[u8])]) -> Chain {
    let own = key("leaf");
    let extensions = vec![alternative_names(names)];
    chain(&[&Blueprint::new(common_name("bank.example"), common_name("root"), extensions).sign(&own, &own)]).unwrap()
}

#[test]
fn an_issuer_is_named_by_its_alternative_names_alone() {
    let bank = named(&[(DNS, b"Bank.example"), (URI, b"https://id.example/issuer?a=1"), (URI, b"urn:example:1")]);
    for issuer in [
        "https://bank.example",
        "https://BANK.example/tenants/1",
        "bank.example",
        "https://id.example/issuer?a=1",
        "urn:example:1",
    ] {
        assert!(bank.is_named(issuer), "{issuer}");
    }
    for issuer in [
        "",
        "https://evil.example",
        "https://evil-bank.example",
        "https://bank.example.evil.example",
        "https://sub.bank.example",
        "https://example",
        "https://bank.example@evil.example",
        "https://user@bank.example",
        "https://bank.example:8443",
        "https://bank.example:443",
        "https://bank.example\0",
        "https://bank.example%2eevil.example",
        "http://bank.example",
        "https://id.example/issuer",
        "https://id.example/issuer?a=2",
        "https://ID.example/issuer?a=1",
        "id.example",
        "urn:example:2",
        "did:web:bank.example",
    ] {
        assert!(!bank.is_named(issuer), "{issuer:?}");
    }

    assert!(!named(&[]).is_named("https://bank.example"), "the common name does not count");
    let wildcard = named(&[(DNS, b"*.bank.example"), (DNS, b"*")]);
    assert!(wildcard.dns_names().is_empty());
    for issuer in ["https://a.bank.example", "https://bank.example", "*.bank.example", "https://*.bank.example"] {
        assert!(!wildcard.is_named(issuer), "{issuer}");
    }
    let with_nul = named(&[(DNS, b"bank.example\0.evil.example"), (URI, b"https://bank.example\0.evil.example")]);
    assert!(with_nul.dns_names().is_empty());
    for issuer in ["https://bank.example", "bank.example", "https://bank.example\0.evil.example"] {
        assert!(!with_nul.is_named(issuer), "{issuer:?}");
    }
    assert!(!named(&[(0x87, &[192, 0, 2, 1]), (DNS, b"192.0.2.1")]).is_named("https://192.0.2.1"));
    assert!(!named(&[(URI, b"did:web:bank.example")]).is_named("did:web:bank.example"), "a DID has its own document");
    // Mail addresses, and the directory name of the common name.
    assert!(!named(&[(0x81, b"bank.example")]).is_named("bank.example"));
}

/// The subject of a lone leaf with this name.
fn subject(name: Vec<u8>) -> Chain {
    let own = key("leaf");
    chain(&[&Blueprint::new(name, common_name("root"), vec![]).sign(&own, &own)]).unwrap()
}

#[test]
fn subjects_are_written_so_that_nothing_hides_in_them() {
    let bank = subject(name(&[
        (COUNTRY, PRINTABLE, b"HK"),
        (ORGANISATION, UTF8, "Kwai Chung Gemeinschaft \u{4e2d}".as_bytes()),
        (ORGANISATION_ID, UTF8, b"HK-1"),
        (COMMON_NAME, IA5, b"desk@bank"),
    ]));
    assert_eq!(bank.subject(), "CN=desk@bank,2.5.4.97=#0c04484b2d31,O=Kwai Chung Gemeinschaft \u{4e2d},C=HK");
    assert_eq!(bank.organisation().as_deref(), Some("Kwai Chung Gemeinschaft \u{4e2d}"));
    assert_eq!(bank.common_name().as_deref(), Some("desk@bank"));

    let of = |tag: u8, value: &[u8]| subject(name(&[(COMMON_NAME, tag, value)])).subject();
    for (value, text) in [
        ("a,O=Bank", r"CN=a\,O=Bank"),
        ("a+b;c<d>e\"f\\g=h", r#"CN=a\+b\;c\<d\>e\"f\\g=h"#),
        ("#0c", r"CN=\#0c"),
        ("a#", "CN=a#"),
        (" a  b ", r"CN=\ a  b\ "),
        (" ", r"CN=\ "),
        ("", "CN="),
        ("a\0b", r"CN=a\00b"),
        ("a\nb\u{7f}\u{85}", r"CN=a\0ab\7f\c2\85"),
        ("a\u{202e}b\u{200b}", r"CN=a\e2\80\aeb\e2\80\8b"),
        ("\u{1f3e6}", "CN=\u{1f3e6}"),
    ] {
        assert_eq!(of(UTF8, value.as_bytes()), text, "{value:?}");
    }
    // Types without a text of their own, and bytes that are not what their type says, stay bytes.
    assert_eq!(of(BMP, &[0, 0x61]), "CN=#1e020061");
    assert_eq!(of(UTF8, &[0xff]), "CN=#0c01ff");
    assert_eq!(of(PRINTABLE, b"a;b"), "CN=#1303613b62");
    assert_eq!(of(IA5, "\u{e4}".as_bytes()), "CN=#1602c3a4");
    assert_eq!(of(UTF8, b"#0c01ff"), r"CN=\#0c01ff", "a text that looks like bytes");

    let hidden = subject(name(&[(ORGANISATION, UTF8, b"Bank\0"), (COMMON_NAME, BMP, &[0, 0x61])]));
    assert_eq!((hidden.organisation(), hidden.common_name()), (None, None));
    assert_eq!(subject(Vec::new()).subject(), "");
    let several = der(
        SET,
        [sequence(&[der(OID, COMMON_NAME), der(UTF8, "a")]), sequence(&[der(OID, ORGANISATION), der(UTF8, "b")])]
            .concat(),
    );
    assert_eq!(subject(several).subject(), "CN=a+O=b");
    let domain: &[u8] = &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25];
    assert_eq!(subject(name(&[(domain, IA5, b"example"), (domain, IA5, b"bank")])).subject(), "DC=bank,DC=example");

    let refused = |name: Vec<u8>| {
        let own = key("leaf");
        chain(&[&Blueprint::new(name, common_name("root"), vec![]).sign(&own, &own)]).unwrap_err()
    };
    for wrong in [
        der(SET, []),
        der(SEQUENCE, []),
        name(&[(&[], UTF8, b"a")]),
        name(&[(&[0x80, 1], UTF8, b"a")]),
        name(&[(&[0x55, 0x84], UTF8, b"a")]),
        name(&[(&[0x90, 0x80, 0x80, 0x80, 0x80, 0], UTF8, b"a")]),
    ] {
        assert_eq!(refused(wrong), CertificateError::Malformed);
    }
}

#[test]
fn thumbprints_are_of_the_whole_certificate() {
    use sha2::{Digest, Sha256};
    let [leaf, middle, root] = Cast::new().signed();
    let expected = data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(&leaf));
    assert_eq!(chain(&[&leaf, &middle, &root]).unwrap().thumbprint(), expected);
    assert_eq!(anchor(&leaf).id(), format!("x509_hash:{expected}"));
    assert_eq!(anchor(&root).subject(), "CN=root");
    let shown = format!("{:?}", chain(&[&leaf]).unwrap());
    assert!(shown.contains(&expected) && !shown.contains("bank"), "{shown}");
}

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
