//! Whom a certificate is about.

use attesta::trust::{CertificateError, Chain};

use crate::common::certificates::*;
use crate::{Cast, anchor, chain, key};

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
