use proptest::prelude::*;

use super::*;

fn hex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0, "{text}");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn in_any_order(bytes: &[u8]) -> Result<Value<'_>, CborError> {
    decode_in_any_order(bytes, 256)
}

/// Both readers refuse it, with the same error.
#[track_caller]
fn refused(bytes: &[u8], error: CborError) {
    assert_eq!(decode(bytes), Err(error.clone()));
    assert_eq!(in_any_order(bytes), Err(error));
}

#[test]
fn indefinite_lengths_are_refused() {
    // Bytes, text, an array, a map; then an array within an array, and within a tag.
    for bytes in ["5f4101ff", "7f6161ff", "9f01ff", "bf0102ff"] {
        refused(&hex(bytes), CborError::Indefinite { position: 0 });
    }
    refused(&hex("829f01ff02"), CborError::Indefinite { position: 1 });
    refused(&hex("d29f01ff"), CborError::Indefinite { position: 1 });
    // As a key.
    refused(&hex("a15f4101ff02"), CborError::Indefinite { position: 1 });
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    refused(&hex("a201020103"), CborError::DuplicateKey { position: 3 });
    refused(&hex("a2616101616102"), CborError::DuplicateKey { position: 4 });
    refused(&hex("a220012002"), CborError::DuplicateKey { position: 3 });
    // The same key once more, behind another.
    assert_eq!(in_any_order(&hex("a3010202030104")), Err(CborError::DuplicateKey { position: 5 }));
    // The same number, written longer.
    assert_eq!(in_any_order(&hex("a2010218010300")), Err(CborError::DuplicateKey { position: 3 }));
    assert_eq!(decode(&hex("a20102180103")), Err(CborError::NotShortest { position: 3 }));
}

#[test]
fn depth_has_a_ceiling() {
    let at = |depth: usize, opening: &str| [hex(opening).repeat(depth - 1), hex("00")].concat();
    for opening in ["81", "d2", "a100"] {
        assert!(decode(&at(limits::CBOR_DEPTH, opening)).is_ok(), "{opening}");
        for depth in [limits::CBOR_DEPTH + 1, 10_000, 400_000] {
            let position = limits::CBOR_DEPTH * (opening.len() / 2);
            refused(&at(depth, opening), CborError::TooDeep { position, limit: limits::CBOR_DEPTH });
        }
    }
}

#[test]
fn announced_lengths_are_not_believed() {
    // 2^63 and 2^64 - 1 bytes, characters, items, entries; and four thousand million.
    for argument in ["1b8000000000000000", "1bffffffffffffffff", "1affffffff"] {
        for major in ["40", "60", "80", "a0"] {
            let mut bytes = hex(argument);
            bytes[0] |= hex(major)[0];
            refused(&bytes, CborError::Truncated { position: 0 });
        }
    }
    refused(&hex("8200"), CborError::Truncated { position: 0 });
    refused(&hex("a10102a201"), CborError::Trailing { position: 3 });
    refused(&hex("81a200"), CborError::Truncated { position: 1 });
    refused(&hex("83004100"), CborError::Truncated { position: 4 });
    refused(&hex("824041"), CborError::Truncated { position: 2 });
}

#[test]
fn what_is_cut_off_anywhere_is_refused() {
    let whole = hex("d28443a10127a104423131581a6161616161616161616161616161616161616161616161616161190100");
    assert!(decode(&whole).is_ok());
    for end in 0..whole.len() {
        assert!(matches!(decode(&whole[..end]), Err(CborError::Truncated { .. })), "{end}");
    }
}

#[test]
fn bytes_after_the_value_are_refused() {
    refused(&hex("0000"), CborError::Trailing { position: 1 });
    refused(&hex("820102f6"), CborError::Trailing { position: 3 });
    refused(&hex("00ff"), CborError::Trailing { position: 1 });
}

#[test]
fn the_number_of_values_has_a_ceiling() {
    let many = |count: u16| [vec![0x99], count.to_be_bytes().to_vec(), vec![0; usize::from(count)]].concat();
    let limit = limits::CBOR_VALUES;
    let most = u16::try_from(limit).unwrap();
    assert!(decode(&many(most - 1)).is_ok());
    assert_eq!(decode(&many(most)), Err(CborError::TooMany { limit }));
    assert_eq!(decode_in_any_order(&many(256), 256), Err(CborError::TooMany { limit: 256 }));
    // Within lists, the small one of which alone is within the ceiling.
    assert_eq!(decode_in_any_order(&hex("8381008100820000"), 7), Err(CborError::TooMany { limit: 7 }));
    assert!(decode_in_any_order(&hex("8381008100820000"), 8).is_ok());
    let large = vec![0; limits::DOCUMENT_BYTES + 1];
    refused(&large, CborError::TooLarge { bytes: large.len(), limit: limits::DOCUMENT_BYTES });
}

#[test]
fn what_is_longer_than_needed_is_not_deterministic() {
    for bytes in [
        "1800",
        "1817",
        "1900ff",
        "1a0000ffff",
        "1b00000000ffffffff",
        "3817",
        "580100",
        "780161",
        "980100",
        "b8010000",
        "d81200",
        "b900010000",
    ] {
        assert_eq!(decode(&hex(bytes)), Err(CborError::NotShortest { position: 0 }), "{bytes}");
        assert!(in_any_order(&hex(bytes)).is_ok(), "{bytes}");
    }
}

#[test]
fn keys_out_of_order_are_not_deterministic() {
    for (bytes, position) in [
        ("a202000100", 3), // 2, 1
        ("a220000100", 3), // -1, 1
        ("a2616200616100", 4),
        ("a262616100616200", 5), // the longer one first
        ("a261610041ff00", 4),   // a text before bytes
    ] {
        let bytes = hex(bytes);
        assert_eq!(decode(&bytes), Err(CborError::NotInOrder { position }));
        assert_eq!(in_any_order(&bytes).unwrap().as_map().unwrap().len(), 2);
    }
}

#[test]
fn other_kinds_are_refused() {
    // Half, single and double; undefined, a simple value, one in a byte of its own; a break; reserved ones.
    for bytes in
        ["f93c00", "fa3f800000", "fb3ff0000000000000", "f7", "f0", "f8ff", "f814", "ff", "1c", "1f", "3f", "df"]
    {
        refused(&hex(bytes), CborError::NotRead { position: 0 });
    }
    for bytes in ["a1f600", "a1800000", "a1a00000", "a1c00000"] {
        refused(&hex(bytes), CborError::Key { position: 1 });
    }
    for bytes in ["61ff", "62c328", "63eda080"] {
        refused(&hex(bytes), CborError::Encoding { position: 0 });
    }
}

#[test]
fn known_values() {
    let map = |entries: Vec<(Key<'static>, Value<'static>)>| {
        let mut map = Map::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        Value::Map(map)
    };
    for (value, bytes) in [
        (Value::from(0), "00"),
        (Value::from(23), "17"),
        (Value::from(24), "1818"),
        (Value::from(255), "18ff"),
        (Value::from(256), "190100"),
        (Value::from(1_000_000), "1a000f4240"),
        (Value::from(1_000_000_000_000), "1b000000e8d4a51000"),
        (Value::Unsigned(u64::MAX), "1bffffffffffffffff"),
        (Value::from(-1), "20"),
        (Value::from(-19), "32"),
        (Value::from(-35), "3822"),
        (Value::from(i64::MIN), "3b7fffffffffffffff"),
        (Value::Negative(u64::MAX), "3bffffffffffffffff"),
        (Value::Bytes(&[1, 2, 3, 4]), "4401020304"),
        (Value::Text("\u{fc}"), "62c3bc"),
        (Value::Array(vec![]), "80"),
        (Value::Array(vec![Value::from(1), Value::Array(vec![Value::from(2)])]), "82018102"),
        (map(vec![]), "a0"),
        (map(vec![(Key::Text("b"), Value::from(2)), (Key::Text("a"), Value::from(1))]), "a2616101616202"),
        (Value::Tag(18, Box::new(Value::Bool(true))), "d2f5"),
        (Value::Bool(false), "f4"),
        (Value::Null, "f6"),
    ] {
        assert_eq!(encode(&value), hex(bytes));
        assert_eq!(decode(&hex(bytes)), Ok(value));
    }
}

/// The example of RFC 8949 section 4.2.1, without the keys that no format here has.
#[test]
fn keys_are_written_in_order() {
    let mut map = Map::new();
    for key in [Key::Text("aa"), Key::from(-1), Key::Text("z"), Key::from(100), Key::Bytes(&[0xff; 3]), Key::from(10)] {
        map.insert(key, Value::Null);
    }
    assert_eq!(encode(&Value::Map(map)), hex("a60af61864f620f643fffffff6617af6626161f6"));
}

#[test]
fn an_entry_takes_the_place_of_one_with_its_key() {
    let mut map = Map::new();
    for (key, value) in [(4, 1), (1, 2), (4, 3)] {
        map.insert(Key::from(key), Value::from(value));
    }
    assert_eq!(map.len(), 2);
    assert_eq!(map.get(Key::from(4)), Some(&Value::from(3)));
    assert_eq!(map.get(Key::from(1)).and_then(Value::as_i64), Some(2));
    assert_eq!(map.get(Key::from(2)), None);
}

#[test]
fn integers_have_the_value_that_they_say() {
    for number in [0, 1, -1, 23, 24, -24, -25, -256, -257, i64::MAX, i64::MIN] {
        assert_eq!(Value::from(number).as_i64(), Some(number));
    }
    assert_eq!(Value::Unsigned(u64::MAX).as_i64(), None);
    assert_eq!(Value::Negative(u64::MAX).as_i64(), None);
    assert_eq!(Value::from(-1).as_u64(), None);
}

/// A value with strings of its own, which lends them to the one under test.
#[derive(Debug, Clone)]
enum Owned {
    Unsigned(u64),
    Negative(u64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Owned>),
    Map(Vec<(Owned, Owned)>),
    Tag(u64, Box<Owned>),
    Bool(bool),
    Null,
}

impl Owned {
    fn lend(&self) -> Value<'_> {
        match self {
            Self::Unsigned(number) => Value::Unsigned(*number),
            Self::Negative(number) => Value::Negative(*number),
            Self::Bytes(bytes) => Value::Bytes(bytes),
            Self::Text(text) => Value::Text(text),
            Self::Array(items) => Value::Array(items.iter().map(Self::lend).collect()),
            Self::Map(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    map.insert(key.key(), value.lend());
                }
                Value::Map(map)
            }
            Self::Tag(tag, value) => Value::Tag(*tag, Box::new(value.lend())),
            Self::Bool(value) => Value::Bool(*value),
            Self::Null => Value::Null,
        }
    }

    fn key(&self) -> Key<'_> {
        match self {
            Self::Unsigned(number) => Key::Unsigned(*number),
            Self::Negative(number) => Key::Negative(*number),
            Self::Bytes(bytes) => Key::Bytes(bytes),
            Self::Text(text) => Key::Text(text),
            other => panic!("{other:?} is no key"),
        }
    }
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0u64..30, 200u64..300, 65_500u64..65_600, any::<u32>().prop_map(u64::from), any::<u64>()]
}

fn string() -> impl Strategy<Value = Owned> {
    prop_oneof![
        number().prop_map(Owned::Unsigned),
        number().prop_map(Owned::Negative),
        proptest::collection::vec(any::<u8>(), 0..30).prop_map(Owned::Bytes),
        ".{0,10}".prop_map(Owned::Text),
    ]
}

fn value() -> impl Strategy<Value = Owned> {
    let leaf = prop_oneof![4 => string(), 1 => any::<bool>().prop_map(Owned::Bool), 1 => Just(Owned::Null)];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Owned::Array),
            proptest::collection::vec((string(), inner.clone()), 0..6).prop_map(Owned::Map),
            (number(), inner).prop_map(|(tag, value)| Owned::Tag(tag, Box::new(value))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in value()) {
        let bytes = encode(&value.lend());
        prop_assert_eq!(decode(&bytes), Ok(value.lend()));
        prop_assert_eq!(in_any_order(&bytes), Ok(value.lend()));
    }

    #[test]
    fn what_is_read_has_only_these_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
        if let Ok(value) = decode(&bytes) {
            prop_assert_eq!(encode(&value), bytes.clone());
            prop_assert_eq!(in_any_order(&bytes), Ok(value));
        }
        if let Ok(value) = in_any_order(&bytes) {
            let written = encode(&value);
            prop_assert_eq!(decode(&written), Ok(value));
        }
    }

    #[test]
    fn keys_compare_as_their_encodings(one in string(), other in string()) {
        let (one, other) = (one.lend(), other.lend());
        let key = |value: &Value<'_>| encode(value);
        prop_assert_eq!(as_key(&one).cmp(&as_key(&other)), key(&one).cmp(&key(&other)));
    }
}

fn as_key<'a>(value: &Value<'a>) -> Key<'a> {
    match value {
        Value::Unsigned(number) => Key::Unsigned(*number),
        Value::Negative(number) => Key::Negative(*number),
        Value::Bytes(bytes) => Key::Bytes(bytes),
        Value::Text(text) => Key::Text(text),
        other => panic!("{other:?} is no key"),
    }
}
