use std::sync::LazyLock;

use attesta::keys::{KeyType, Signer as _};
use attesta::trust::certificate::{Anchor, Chain};
use data_encoding::BASE64;

use crate::answers::{assert_explained, assert_plain};
use crate::people::{Person, known};
use crate::scene::now;

/// Chains of certificates: what is read can be written, names nobody whom it should not, and leads to an anchor only if
/// the anchor's key signed it.
///
/// An input is a file in PEM, or certificates in DER one after the other.
pub fn certificate(bytes: &[u8]) {
    let read = match bytes.first() {
        Some(0x30) => Chain::from_x5c(&split(bytes)),
        _ => Chain::from_pem(bytes),
    };
    let chain = match read {
        Ok(chain) => chain,
        Err(error) => return assert_explained(&error),
    };
    assert_eq!(Chain::from_x5c(&chain.to_x5c()).as_ref(), Ok(&chain));
    assert_plain(&chain.subject());
    for name in [chain.organisation(), chain.common_name()].into_iter().flatten() {
        assert_plain(&name);
    }
    assert_eq!(chain.thumbprint().len(), 43);
    for name in chain.dns_names() {
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte)));
        assert!(chain.is_named(name) && chain.is_named(&format!("https://{name}/path")), "{name}");
        let others =
            [format!("https://{name}.other.example"), format!("https://{name}@other.example/"), format!("x{name}")];
        for other in others.iter().filter(|other| !names_whole(&chain, other)) {
            assert!(!chain.is_named(other), "{other}");
        }
    }
    for nobody in ["", "did:key:z6MkmDDrV9sae53r2mXgLz4dcShEh9aQWUijRtms7CwEzAdq", "https://", "*"] {
        assert!(!chain.is_named(nobody), "{nobody:?}");
    }
    if let Err(error) = chain.key() {
        assert_explained(&error);
    }
    match chain.validate([&ANCHORS.root, &ANCHORS.other], now()) {
        Ok(_) => {
            let key = chain.key().map(|key| key.thumbprint());
            let names = chain.dns_names().to_vec();
            let is_known = ANCHORS.leaves.iter().any(|leaf| {
                leaf.subject() == chain.subject()
                    && leaf.key().map(|key| key.thumbprint()) == key
                    && leaf.dns_names() == names
            });
            assert!(is_known, "{} leads to an anchor that never signed it", chain.subject());
        }
        Err(error) => assert_explained(&error),
    }
}

/// Whether this text, or the host in it, stands in the leaf itself.
fn names_whole(chain: &Chain, text: &str) -> bool {
    let host = text.strip_prefix("https://").unwrap_or(text);
    let leaf = chain.to_x5c().first().and_then(|leaf| BASE64.decode(leaf.as_bytes()).ok()).unwrap_or_default();
    leaf.to_ascii_lowercase().windows(host.len()).any(|part| part == host.as_bytes())
}

/// Certificates in base64, by the length that each begins with.
fn split(mut bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    while !bytes.is_empty() {
        let length = match bytes {
            [_, short @ 0..=0x7f, ..] => 2 + usize::from(*short),
            [_, 0x81, length, ..] => 3 + usize::from(*length),
            [_, 0x82, high, low, ..] => 4 + (usize::from(*high) << 8 | usize::from(*low)),
            _ => bytes.len(),
        };
        let (one, rest) = bytes.split_at(length.min(bytes.len()));
        texts.push(BASE64.encode(one));
        bytes = rest;
    }
    texts
}

struct Anchors {
    root: Anchor,
    /// Nobody's issuer: a leaf that the list itself pins.
    other: Anchor,
    /// Every leaf that the anchors stand behind.
    leaves: Vec<Chain>,
}

static ANCHORS: LazyLock<Anchors> = LazyLock::new(|| {
    let anchor = |der: &[u8]| Anchor::from_base64(&BASE64.encode(der)).expect("a certificate");
    let chain = |der: &[u8]| Chain::from_x5c(&[BASE64.encode(der)]).expect("a certificate");
    let made = made();
    Anchors {
        root: anchor(&made.root),
        other: anchor(&made.pinned),
        leaves: [&made.leaf, &made.direct, &made.pinned, &made.authority].into_iter().map(|der| chain(der)).collect(),
    }
});

/// Certificates in DER that were made for this test.
pub(crate) struct Made {
    pub(crate) root: Vec<u8>,
    pub(crate) authority: Vec<u8>,
    /// Issued by the authority.
    pub(crate) leaf: Vec<u8>,
    /// Issued by the root.
    pub(crate) direct: Vec<u8>,
    /// Issued by itself, and pinned.
    pub(crate) pinned: Vec<u8>,
}

/// An anchor, an authority beneath it, and leaves.
pub(crate) fn made() -> Made {
    let (root, authority, leaf) = (known("marine"), known("hostel"), known("programme-p256"));
    let names: &[&str] = &["timevoucher.example.org", "www.timevoucher.example.org"];
    Made {
        root: certify("Root", root, "Root", root, &authority_extensions(2)),
        authority: certify("Authority", authority, "Root", root, &authority_extensions(0)),
        leaf: certify("Time Voucher", leaf, "Authority", authority, &leaf_extensions(names)),
        direct: certify("Licences", known("transport"), "Root", root, &leaf_extensions(&["transport.example"])),
        pinned: certify("Pinned", known("academy"), "Pinned", known("academy"), &leaf_extensions(&[])),
    }
}

/// RFC 5280 section 4.1, with what these certificates need and no more.
fn certify(subject: &str, key: &Person, issuer: &str, signer: &Person, extensions: &[u8]) -> Vec<u8> {
    let name = |name: &str| {
        let attribute = |id: u8, tag: u8, text: &str| {
            der(0x31, &[&der(0x30, &[&der(6, &[&[0x55, 4, id]]), &der(tag, &[text.as_bytes()])])])
        };
        der(0x30, &[&attribute(6, 0x13, "HK"), &attribute(10, 0x0c, "Ex\u{e4}mple"), &attribute(3, 0x0c, name)])
    };
    let signature_algorithm = match signer.key.algorithm().key_type() {
        KeyType::Ed25519 => der(0x30, &[&der(6, &[&[0x2b, 0x65, 0x70]])]),
        _ => der(0x30, &[&der(6, &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]])]),
    };
    let validity = der(0x30, &[&der(0x17, &[b"260101000000Z"]), &der(0x18, &[b"20990101000000Z"])]);
    let signed = der(
        0x30,
        &[
            &der(0xa0, &[&der(2, &[&[2]])]),
            &der(2, &[&[1]]),
            &signature_algorithm,
            &name(issuer),
            &validity,
            &name(subject),
            &key_info(key),
            &der(0xa3, &[&der(0x30, &[extensions])]),
        ],
    );
    let raw = attesta::keys::sign(&signer.key, &signed).expect("a signature");
    let signature = match signer.key.algorithm().key_type() {
        KeyType::Ed25519 => raw,
        _ => der(0x30, &[&integer(&raw[..raw.len() / 2]), &integer(&raw[raw.len() / 2..])]),
    };
    der(0x30, &[&signed, &signature_algorithm, &der(3, &[&[0], &signature])])
}

fn key_info(person: &Person) -> Vec<u8> {
    let key = person.key.public_key();
    let curve: &[u8] = match key.key_type() {
        KeyType::Ed25519 => {
            let algorithm = der(0x30, &[&der(6, &[&[0x2b, 0x65, 0x70]])]);
            return der(0x30, &[&algorithm, &der(3, &[&[0], &key.to_bytes()])]);
        }
        KeyType::P384 => &[0x2b, 0x81, 4, 0, 0x22],
        _ => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7],
    };
    let algorithm = der(0x30, &[&der(6, &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]]), &der(6, &[curve])]);
    der(0x30, &[&algorithm, &der(3, &[&[0], &key.to_bytes()])])
}

fn authority_extensions(length: u8) -> Vec<u8> {
    let constraints = der(0x30, &[&der(1, &[&[0xff]]), &der(2, &[&[length]])]);
    [extension(19, true, &constraints), extension(15, true, &der(3, &[&[1, 0x06]]))].concat()
}

fn leaf_extensions(names: &[&str]) -> Vec<u8> {
    let mut extensions = extension(15, true, &der(3, &[&[7, 0x80]]));
    if !names.is_empty() {
        let names: Vec<Vec<u8>> = names.iter().map(|name| der(0x82, &[name.as_bytes()])).collect();
        let uri = der(0x86, &[b"https://timevoucher.example.org/issuer"]);
        extensions.extend(extension(17, false, &der(0x30, &[&names.concat(), &uri])));
    }
    extensions
}

fn extension(id: u8, is_critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if is_critical { der(1, &[&[0xff]]) } else { Vec::new() };
    der(0x30, &[&der(6, &[&[0x55, 0x1d, id]]), &critical, &der(4, &[value])])
}

/// A positive number.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
    let bytes = &bytes[start..];
    if bytes[0] & 0x80 == 0 { der(2, &[bytes]) } else { der(2, &[&[0], bytes]) }
}

/// A tag, a length and these parts.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len();
    let mut bytes = vec![tag];
    match length {
        0..=0x7f => bytes.push(length as u8),
        0x80..=0xff => bytes.extend([0x81, length as u8]),
        _ => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    bytes.extend(content);
    bytes
}
