//! Which chains lead to an anchor.

use attesta::error::Explain;
use attesta::keys::KeyType::{Ed25519, P256, P384, P521};
use attesta::limits;
use attesta::trust::CertificateError;

use crate::common::certificates::*;
use crate::{Cast, anchor, at, chain, changed, judged, judged_at, key};

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
