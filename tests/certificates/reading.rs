//! Which bytes are certificates at all.

use attesta::keys::KeyType::Ed25519;
use attesta::limits;
use attesta::trust::{Anchor, CertificateError, Chain};

use crate::common::certificates::*;
use crate::{Cast, TODAY, anchor, at, chain};

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
