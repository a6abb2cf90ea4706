//! base58 in Bitcoin's alphabet (draft-msporny-base58-03): a number in base 58, with a `1` for each leading zero byte.
//!
//! Both directions take time that grows with the square of the length. Whoever decodes what a stranger wrote names a
//! ceiling first.

const SYMBOLS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// What no symbol is worth.
const NONE: u8 = u8::MAX;

/// What each byte is worth as a symbol.
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < SYMBOLS.len() {
        values[SYMBOLS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// Five digits are taken at a time: 58^5 is the largest power whose products with a `u32` stay far within a `u64`.
const DIGITS: usize = 5;
const POWER: u64 = 58u64.pow(DIGITS as u32);

/// The text for `bytes`.
pub(super) fn encode(bytes: &[u8]) -> String {
    let number = without_zeros(bytes);
    // Numbers below POWER, the least significant first.
    let mut limbs: Vec<u32> = Vec::with_capacity(number.len() / 3 + 1);
    let (first, rest) = number.split_at(number.len() % 4);
    for word in std::iter::once(first).chain(rest.chunks(4)) {
        let word = word.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        shift_in(&mut limbs, word);
    }
    let mut digits = Vec::with_capacity(limbs.len() * DIGITS);
    for limb in limbs {
        let mut limb = limb;
        for _ in 0..DIGITS {
            digits.push(SYMBOLS[limb as usize % 58]);
            limb /= 58;
        }
    }
    while digits.last() == Some(&SYMBOLS[0]) {
        digits.pop();
    }
    let zeros = std::iter::repeat_n(SYMBOLS[0], bytes.len() - number.len());
    zeros.chain(digits.into_iter().rev()).map(char::from).collect()
}

/// The bytes for `text`, `None` if a character is not among the 58.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    /// 58^10 is the largest power of 58 below 2^64.
    const TAKEN: usize = 10;
    let digits = text.trim_start_matches('1');
    // The least significant first; the last is never zero.
    let mut words: Vec<u64> = Vec::with_capacity(digits.len() / TAKEN + 1);
    for chunk in digits.as_bytes().chunks(TAKEN) {
        let (mut power, mut carry) = (1_u64, 0);
        for symbol in chunk {
            power *= 58;
            carry = carry * 58 + value(*symbol)?;
        }
        for word in &mut words {
            let product = u128::from(*word) * u128::from(power) + u128::from(carry);
            (*word, carry) = (product as u64, (product >> 64) as u64);
        }
        if carry > 0 {
            words.push(carry);
        }
    }
    let zeros = text.len() - digits.len();
    let mut bytes = Vec::with_capacity(zeros + words.len() * 8);
    bytes.resize(zeros, 0);
    let mut words = words.iter().rev().map(|word| word.to_be_bytes());
    if let Some(first) = words.next() {
        bytes.extend_from_slice(without_zeros(&first));
    }
    words.for_each(|word| bytes.extend_from_slice(&word));
    Some(bytes)
}

/// `number * 2^32 + word`, where `number` has the base [`POWER`] and its least significant digit first. Nothing overflows.
fn shift_in(number: &mut Vec<u32>, word: u64) {
    let mut carry = word;
    for limb in number.iter_mut() {
        carry += u64::from(*limb) << 32;
        *limb = (carry % POWER) as u32;
        carry /= POWER;
    }
    while carry > 0 {
        number.push((carry % POWER) as u32);
        carry /= POWER;
    }
}

fn value(symbol: u8) -> Option<u64> {
    match VALUES[usize::from(symbol)] {
        NONE => None,
        value => Some(u64::from(value)),
    }
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One digit at a time, as one would on paper.
    fn on_paper(text: &str) -> Option<Vec<u8>> {
        let mut number: Vec<u8> = Vec::new();
        for symbol in text.bytes() {
            let mut carry = value(symbol)? as u32;
            for byte in number.iter_mut().rev() {
                carry += u32::from(*byte) * 58;
                *byte = carry as u8;
                carry >>= 8;
            }
            if carry > 0 {
                number.insert(0, carry as u8);
            }
        }
        let zeros = text.bytes().take_while(|symbol| *symbol == b'1').count();
        Some([vec![0; zeros], number].concat())
    }

    #[test]
    fn known_values() {
        for (bytes, text) in [
            (&b"Hello World!"[..], "2NEpo7TZRRrLZSi2U"),
            (&[0x00, 0x00, 0x28, 0x7f, 0xb4, 0xcd], "11233QC4"),
            (b"", ""),
            (&[0], "1"),
            (&[57], "z"),
            (&[58], "21"),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text).unwrap(), bytes);
        }
    }

    #[test]
    fn characters_outside_the_alphabet_are_refused() {
        for text in ["0", "O", "I", "l", "2NEpo7TZRRrLZSi2U ", " 2", "2\n", "+", "/", "-", "=", "1é", "22222ab0", "\0"]
        {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(zeros in 0usize..4, bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let bytes = [vec![0; zeros], bytes].concat();
            let text = encode(&bytes);
            prop_assert_eq!(on_paper(&text), Some(bytes.clone()));
            prop_assert_eq!(decode(&text), Some(bytes));
        }

        #[test]
        fn each_value_has_one_text(text in "1{0,3}[1-9A-HJ-NP-Za-km-z]{0,60}") {
            let bytes = decode(&text).unwrap();
            prop_assert_eq!(on_paper(&text), Some(bytes.clone()));
            prop_assert_eq!(encode(&bytes), text);
        }

        #[test]
        fn strangers_text_is_read_as_on_paper(text in ".{0,12}|[0-9A-Za-z]{0,30}") {
            prop_assert_eq!(decode(&text), on_paper(&text));
        }
    }
}
