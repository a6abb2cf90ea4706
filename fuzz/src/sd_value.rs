//! A `proofValue` of `ecdsa-sd-2023` taken apart and put together, by hand: what is compared with the library's own
//! reader and writer.

use attesta::encoding::cbor::{self, Key, Value};
use data_encoding::BASE64URL_NOPAD;

const BASE: [u8; 3] = [0xd9, 0x5d, 0x00];
const DERIVED: [u8; 3] = [0xd9, 0x5d, 0x01];

/// Values of one proof that are read.
const VALUES: usize = 4096;

/// The order of P-256's group (SEC 2, section 2.4.2).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7,
    0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// Between the groups of pieces.
const END: u8 = 0xff;

/// Set in a signature's position: its other form.
const OTHER_FORM: u8 = 0x80;

pub(crate) type Signature = [u8; 64];

/// The parts of either proof (VC-DI-ECDSA 1.0, sections 3.5.2 and 3.5.7).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parts {
    pub(crate) base_signature: Signature,
    pub(crate) key: [u8; 35],
    pub(crate) signatures: Vec<Signature>,
    pub(crate) rest: Rest,
}

/// The parts that only one of them has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Rest {
    Base { label_key: [u8; 32], mandatory: Vec<String> },
    Derived { labels: Vec<(u64, [u8; 32])>, mandatory: Vec<u64> },
}

impl Parts {
    pub(crate) fn read(value: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(value.strip_prefix('u')?.as_bytes()).ok()?;
        let (header, content) = bytes.split_first_chunk::<3>()?;
        let content = cbor::decode_in_any_order(content, VALUES).ok()?;
        let [base_signature, key, third, fourth, fifth] = content.as_array()? else { return None };
        let (signatures, rest) = match *header {
            BASE => {
                let mandatory = all(fifth, |value| value.as_text().map(str::to_owned))?;
                (fourth, Rest::Base { label_key: fixed(third)?, mandatory })
            }
            DERIVED => {
                let label = |(key, value): (Key<'_>, &Value<'_>)| match key {
                    Key::Unsigned(number) => Some((number, fixed(value)?)),
                    _ => None,
                };
                let labels = fourth.as_map()?.iter().map(label).collect::<Option<_>>()?;
                (third, Rest::Derived { labels, mandatory: all(fifth, Value::as_u64)? })
            }
            _ => return None,
        };
        let signatures = all(signatures, fixed)?;
        Some(Self { base_signature: fixed(base_signature)?, key: fixed(key)?, signatures, rest })
    }

    pub(crate) fn write(&self) -> String {
        let mut out = Vec::new();
        out.extend(if matches!(self.rest, Rest::Base { .. }) { BASE } else { DERIVED });
        head(&mut out, ARRAY, 5);
        string(&mut out, BYTES, &self.base_signature);
        string(&mut out, BYTES, &self.key);
        if let Rest::Base { label_key, .. } = &self.rest {
            string(&mut out, BYTES, label_key);
        }
        head(&mut out, ARRAY, self.signatures.len() as u64);
        self.signatures.iter().for_each(|signature| string(&mut out, BYTES, signature));
        match &self.rest {
            Rest::Base { mandatory, .. } => {
                head(&mut out, ARRAY, mandatory.len() as u64);
                mandatory.iter().for_each(|pointer| string(&mut out, TEXT, pointer.as_bytes()));
            }
            Rest::Derived { labels, mandatory } => {
                head(&mut out, MAP, labels.len() as u64);
                for (number, label) in labels {
                    head(&mut out, NUMBER, *number);
                    string(&mut out, BYTES, label);
                }
                head(&mut out, ARRAY, mandatory.len() as u64);
                mandatory.iter().for_each(|position| head(&mut out, NUMBER, *position));
            }
        }
        format!("u{}", BASE64URL_NOPAD.encode(&out))
    }

    /// What somebody might try who has genuine proofs, and no key.
    pub(crate) fn attacks(&self, pools: &Pools) -> Vec<(&'static str, Self)> {
        let another = |own: &Signature| *unlike(&pools.signatures, own);
        let every = |change: &dyn Fn(&Signature) -> Signature| self.signatures.iter().map(change).collect();
        let with_base = |base_signature| Self { base_signature, ..self.clone() };
        let with_all = |signatures| Self { signatures, ..self.clone() };
        let but_one = self.signatures.iter().skip(1).copied().collect();
        let mut attacks = vec![
            ("another-base-signature", with_base(another(&self.base_signature))),
            ("base-signature-in-its-other-form", with_base(other_form(&self.base_signature))),
            ("key-of-another", Self { key: *unlike(&pools.keys, &self.key), ..self.clone() }),
            ("signature-left-out", with_all(but_one)),
            ("signatures-of-others", with_all(every(&another))),
            ("signatures-turned", with_all(self.signatures.iter().rev().copied().collect())),
            ("signatures-in-their-other-form", with_all(every(&other_form))),
        ];
        let rests = match &self.rest {
            Rest::Base { label_key, mandatory } => {
                let base = |label_key, mandatory| Rest::Base { label_key, mandatory };
                let all = [&mandatory[..], &[String::new()]].concat();
                [
                    ("label-key-of-another", base(*unlike(&pools.label_keys, label_key), mandatory.clone())),
                    ("mandatory-all", base(*label_key, all)),
                    ("mandatory-none", base(*label_key, Vec::new())),
                    ("mandatory-twice", base(*label_key, [&mandatory[..], mandatory].concat())),
                ]
            }
            Rest::Derived { labels, mandatory } => {
                let derived = |labels, mandatory| Rest::Derived { labels, mandatory };
                let turned = labels.iter().rev().map(|(_, label)| *label);
                let first = labels.iter().map(|(number, _)| (*number, labels[0].1));
                let backwards = mandatory.iter().rev().copied().collect();
                [
                    ("label-twice", derived(first.collect(), mandatory.clone())),
                    ("labels-turned", derived((0..).zip(turned).collect(), mandatory.clone())),
                    ("mandatory-turned", derived(labels.clone(), backwards)),
                    ("mandatory-twice", derived(labels.clone(), mandatory.repeat(2))),
                ]
            }
        };
        attacks.extend(rests.map(|(name, rest)| (name, Self { rest, ..self.clone() })));
        attacks
    }
}

/// The pieces of genuine proofs.
#[derive(Default)]
pub(crate) struct Pools {
    keys: Vec<[u8; 35]>,
    label_keys: Vec<[u8; 32]>,
    signatures: Vec<Signature>,
    labels: Vec<[u8; 32]>,
    pointers: Vec<String>,
}

impl Pools {
    pub(crate) fn of(proofs: impl Iterator<Item = Parts>) -> Self {
        let mut pools =
            Self { pointers: vec![String::new(), "/credentialSubject/child/0".to_owned()], ..Self::default() };
        for Parts { base_signature, key, signatures, rest } in proofs {
            put(&mut pools.keys, [key]);
            put(&mut pools.signatures, [base_signature]);
            put(&mut pools.signatures, signatures);
            match rest {
                Rest::Base { label_key, mandatory } => {
                    put(&mut pools.label_keys, [label_key]);
                    put(&mut pools.pointers, mandatory);
                }
                Rest::Derived { labels, .. } => put(&mut pools.labels, labels.into_iter().map(|(_, label)| label)),
            }
        }
        assert!(pools.signatures.len() < usize::from(OTHER_FORM), "more than a byte counts");
        pools
    }

    /// A proof of these pieces, each a byte that says where it stands in its pool. The first byte says which proof it is;
    /// then come, with [`END`] between them, the issuer's signature, the key and the key of the labels; the other
    /// signatures; the labels, numbers before them; what is mandatory, by its position or as a pointer.
    pub(crate) fn assemble(&self, pieces: &[u8]) -> String {
        let (is_base, pieces) = pieces.split_first().map_or((false, pieces), |(first, rest)| (first % 2 == 1, rest));
        let mut groups = pieces.split(|byte| *byte == END);
        let mut next = || groups.next().unwrap_or_default();
        let (keys, signatures, labels, mandatory) = (next(), next(), next(), next());
        let key = |place: usize| keys.get(place).copied().unwrap_or_default();
        let parts = Parts {
            base_signature: self.signature(key(0)),
            key: *pick(&self.keys, key(1)),
            signatures: signatures.iter().map(|place| self.signature(*place)).collect(),
            rest: if is_base {
                let mandatory = mandatory.iter().map(|place| pick(&self.pointers, *place).clone()).collect();
                Rest::Base { label_key: *pick(&self.label_keys, key(2)), mandatory }
            } else {
                let labels = labels.as_chunks::<2>().0.iter();
                let labels = labels.map(|[number, place]| (u64::from(*number), *pick(&self.labels, *place)));
                Rest::Derived {
                    labels: labels.collect(),
                    mandatory: mandatory.iter().copied().map(u64::from).collect(),
                }
            },
        };
        parts.write()
    }

    /// The pieces of a proof that has no others.
    pub(crate) fn take_apart(&self, parts: &Parts) -> Vec<u8> {
        let signature = |signature: &Signature| match place(&self.signatures, signature) {
            Some(place) => place,
            None => OTHER_FORM | place(&self.signatures, &other_form(signature)).expect("a signature of the pool"),
        };
        let key = place(&self.keys, &parts.key).expect("a key of the pool");
        let mut pieces = vec![0, signature(&parts.base_signature), key];
        let (labels, mandatory): (Vec<u8>, Vec<u8>) = match &parts.rest {
            Rest::Base { label_key, mandatory } => {
                pieces[0] = 1;
                pieces.extend(place(&self.label_keys, label_key));
                (Vec::new(), mandatory.iter().filter_map(|pointer| place(&self.pointers, pointer)).collect())
            }
            Rest::Derived { labels, mandatory } => {
                let label = |(number, label): &(u64, [u8; 32])| Some([*number as u8, place(&self.labels, label)?]);
                let labels = labels.iter().filter_map(label).flatten().collect();
                (labels, mandatory.iter().map(|position| *position as u8).collect())
            }
        };
        pieces.push(END);
        pieces.extend(parts.signatures.iter().map(signature));
        pieces.push(END);
        pieces.extend(labels);
        pieces.push(END);
        pieces.extend(mandatory);
        pieces
    }

    fn signature(&self, place: u8) -> Signature {
        let signature = pick(&self.signatures, place & !OTHER_FORM);
        if place & OTHER_FORM == 0 { *signature } else { other_form(signature) }
    }
}

fn put<T: PartialEq>(pool: &mut Vec<T>, pieces: impl IntoIterator<Item = T>) {
    for piece in pieces {
        if !pool.contains(&piece) {
            pool.push(piece);
        }
    }
}

fn pick<T>(pool: &[T], place: u8) -> &T {
    &pool[usize::from(place) % pool.len()]
}

fn unlike<'p, T: PartialEq>(pool: &'p [T], own: &T) -> &'p T {
    pool.iter().find(|other| *other != own).expect("there are two at least")
}

fn place<T: PartialEq>(pool: &[T], piece: &T) -> Option<u8> {
    pool.iter().position(|other| other == piece).and_then(|place| u8::try_from(place).ok())
}

/// Where a signature of ECDSA has s, one with the group's order less s holds too.
fn other_form(signature: &Signature) -> Signature {
    let mut other = *signature;
    let mut borrow = 0;
    for place in (0..32).rev() {
        let difference = i16::from(ORDER[place]) - i16::from(signature[32 + place]) - borrow;
        borrow = i16::from(difference < 0);
        other[32 + place] = difference.rem_euclid(256) as u8;
    }
    other
}

fn fixed<const N: usize>(value: &Value<'_>) -> Option<[u8; N]> {
    value.as_bytes()?.try_into().ok()
}

fn all<'a, T>(value: &Value<'a>, read: impl Fn(&Value<'a>) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(read).collect()
}

const NUMBER: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

/// The shortest head of a value (RFC 8949, section 3).
fn head(out: &mut Vec<u8>, major: u8, argument: u64) {
    let bytes = argument.to_be_bytes();
    let (additional, length) = match argument {
        0..=23 => return out.push(major << 5 | bytes[7]),
        24..=0xff => (24, 1),
        0x100..=0xffff => (25, 2),
        0x1_0000..=0xffff_ffff => (26, 4),
        _ => (27, 8),
    };
    out.push(major << 5 | additional);
    out.extend(&bytes[8 - length..]);
}

fn string(out: &mut Vec<u8>, major: u8, bytes: &[u8]) {
    head(out, major, bytes.len() as u64);
    out.extend(bytes);
}
