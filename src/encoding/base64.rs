//! base64 in both its alphabets (RFC 4648 sections 4 and 5), one text for one value.

/// Stands in [`Alphabet::values`] for a byte that is no symbol.
const NONE: u8 = 0xff;

/// RFC 4648 section 4, with padding: certificates and integrity metadata are written so.
static STANDARD: Alphabet = Alphabet::new(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

/// RFC 4648 section 5.
pub(super) static URL: Alphabet = Alphabet::new(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

/// The text for `bytes`, with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = STANDARD.encode(bytes);
    // Section 4: the last group is padded to four characters.
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// How many characters [`encode`] writes for so many bytes.
pub(crate) const fn encoded_length(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

/// The bytes for `text`, `None` for anything that [`encode`] would not have written.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let text = text.strip_suffix("==").or(text.strip_suffix('=')).unwrap_or(text);
    STANDARD.decode(text.as_bytes()).ok()
}

/// 64 symbols, and which number each of them stands for.
pub(super) struct Alphabet {
    symbols: [u8; 64],
    values: [u8; 256],
}

impl Alphabet {
    const fn new(symbols: &[u8; 64]) -> Self {
        let mut values = [NONE; 256];
        let mut value = 0;
        while value < symbols.len() {
            values[symbols[value] as usize] = value as u8;
            value += 1;
        }
        Self { symbols: *symbols, values }
    }

    fn value(&self, symbol: u8) -> u8 {
        self.values[usize::from(symbol)]
    }

    /// The text for `bytes`, without padding.
    pub(super) fn encode(&self, bytes: &[u8]) -> String {
        let mut text = vec![0; Self::length(bytes.len())];
        self.encode_into(bytes, &mut text);
        // Symbols are ASCII.
        String::from_utf8(text).unwrap_or_default()
    }

    /// Writes the text for `bytes`, without padding, to the beginning of `text`, and returns how long it is; `None` if
    /// it does not fit.
    pub(super) fn encode_into(&self, bytes: &[u8], text: &mut [u8]) -> Option<usize> {
        let length = Self::length(bytes.len());
        let (groups, rest) = bytes.as_chunks::<3>();
        let (texts, last) = text.get_mut(..length)?.as_chunks_mut::<4>();
        for (group, text) in groups.iter().zip(texts) {
            *text = self.symbols(*group);
        }
        let mut padded = [0; 3];
        padded.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        last.iter_mut().zip(self.symbols(padded)).for_each(|(to, from)| *to = from);
        Some(length)
    }

    /// How long the text for so many bytes is, without padding.
    const fn length(bytes: usize) -> usize {
        bytes / 3 * 4 + [0, 2, 3][bytes % 3]
    }

    fn symbols(&self, [a, b, c]: [u8; 3]) -> [u8; 4] {
        [a >> 2, a << 4 | b >> 4, b << 2 | c >> 6, c].map(|bits| self.symbols[usize::from(bits & 63)])
    }

    /// The bytes for a text without padding; where it is wrong, if it is.
    pub(super) fn decode(&self, text: &[u8]) -> Result<Vec<u8>, usize> {
        let mut bytes = Vec::new();
        self.decode_into(text, &mut bytes).map(|()| bytes)
    }

    /// As [`decode`](Self::decode), into a buffer that is used again; what was in it is gone.
    pub(super) fn decode_into(&self, text: &[u8], bytes: &mut Vec<u8>) -> Result<(), usize> {
        let (groups, rest) = text.as_chunks::<4>();
        bytes.clear();
        bytes.reserve_exact(groups.len() * 3 + rest.len());
        bytes.resize(groups.len() * 3, 0);
        for (at, (group, bytes)) in groups.iter().zip(bytes.as_chunks_mut::<3>().0).enumerate() {
            let [a, b, c, d] = group.map(|symbol| self.value(symbol));
            // A number has six bits; only what is no symbol has more.
            if (a | b | c | d) > 63 {
                return Err(4 * at + self.first_wrong(group));
            }
            *bytes = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
        }
        let start = text.len() - rest.len();
        let wrong = self.first_wrong(rest);
        if wrong < rest.len() {
            return Err(start + wrong);
        }
        // Section 3.5: "decoders MAY chose to reject an encoding if the pad bits have not been set to zero". This one
        // does: else one value would have several texts.
        match *rest {
            [] => Ok(()),
            [a, b] if self.value(b) & 0b1111 == 0 => {
                bytes.push(self.value(a) << 2 | self.value(b) >> 4);
                Ok(())
            }
            [a, b, c] if self.value(c) & 0b11 == 0 => {
                let [a, b, c] = [a, b, c].map(|symbol| self.value(symbol));
                bytes.extend([a << 2 | b >> 4, b << 4 | c >> 2]);
                Ok(())
            }
            // Six bits are no byte.
            [_] => Err(start),
            _ => Err(text.len() - 1),
        }
    }

    fn first_wrong(&self, group: &[u8]) -> usize {
        group.iter().position(|symbol| self.value(*symbol) == NONE).unwrap_or(group.len())
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::{BASE64, BASE64URL_NOPAD};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_encode_writes_is_read() {
        for (bytes, text) in
            [(&b""[..], ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v"), (&[0xfb, 0xff, 0xbf], "+/+/")]
        {
            assert_eq!(encode(bytes), text);
            assert_eq!(encoded_length(bytes.len()), text.len());
            assert_eq!(decode(text).unwrap(), bytes);
        }
        for text in [
            "=",
            "==",
            "====",
            "Z===",
            "Zg",
            "Zg=",
            "Zg===",
            "Zh==",
            "Zm9=",
            "Zm8",
            "Zm9v=",
            "Zm9v==",
            "Zm9v====",
            "Zg==Zg==",
            "Zg==Zm9v",
            "Zg=v",
            "=Zg=",
            "-_-_",
            "Zm 8",
            "Zm8\n",
            "Zm9\u{e9}",
            "Zm9\0",
        ] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }

    #[test]
    fn each_byte_is_the_symbol_of_one_number_or_of_none() {
        for alphabet in [&STANDARD, &URL] {
            let known: Vec<u8> = (0..=255).filter(|byte| alphabet.value(*byte) != NONE).collect();
            assert_eq!(known.len(), 64);
            for (value, symbol) in alphabet.symbols.iter().enumerate() {
                assert_eq!(usize::from(alphabet.value(*symbol)), value);
            }
        }
    }

    proptest! {
        #[test]
        fn another_implementation_writes_the_same(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(encode(&bytes), BASE64.encode(&bytes));
            prop_assert_eq!(URL.encode(&bytes), BASE64URL_NOPAD.encode(&bytes));
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes.clone()));
            prop_assert_eq!(URL.decode(URL.encode(&bytes).as_bytes()), Ok(bytes));
        }

        #[test]
        fn another_implementation_refuses_the_same(text in "[AEQgwz8_/+=-]{0,9}|[A-Za-z0-9_-]{0,9}|.{0,9}") {
            prop_assert_eq!(URL.decode(text.as_bytes()).ok(), BASE64URL_NOPAD.decode(text.as_bytes()).ok());
            // The other one also reads several padded texts in a row, which this one does not.
            let padding_within = text.trim_end_matches('=').contains('=');
            let expected = if padding_within { None } else { BASE64.decode(text.as_bytes()).ok() };
            prop_assert_eq!(decode(&text), expected);
        }

        #[test]
        fn where_it_is_wrong_lies_within_the_text(text in ".{0,20}") {
            if let Err(position) = URL.decode(text.as_bytes()) {
                prop_assert!(position < text.len());
            }
        }
    }
}
