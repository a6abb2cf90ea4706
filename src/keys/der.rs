//! ECDSA signatures as ASN.1 writes them, which is what phones' key stores return.

use super::Algorithm;
use crate::error::Explain;

/// Why bytes are no DER signature of an algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DerError {
    /// Not exactly `SEQUENCE { r INTEGER, s INTEGER }` in distinguished encoding.
    #[error("not a DER sequence of two integers")]
    Form,
    /// A number that is negative, zero or longer than the curve's.
    #[error("a number of the signature is out of range")]
    Range,
    /// The algorithm's signatures have no DER form.
    #[error("{algorithm} signatures have no DER form")]
    Algorithm {
        /// The algorithm.
        algorithm: Algorithm,
    },
}

impl Explain for DerError {
    fn code(&self) -> &'static str {
        match self {
            Self::Form => "der.form",
            Self::Range => "der.range",
            Self::Algorithm { .. } => "der.algorithm",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Form | Self::Range => "Pass on the bytes exactly as the key store returned them.",
            Self::Algorithm { .. } => "Declare the signer's encoding as raw.",
        }
    }
}

/// The raw form (r and s, each of the curve's length) of a DER `ECDSA-Sig-Value` (RFC 3279 section 2.2.3, X.690
/// section 10): one encoding a signature, nothing after it.
///
/// # Errors
/// [`DerError`]. That r and s are below the order is for verification to check.
pub fn signature_from_der(algorithm: Algorithm, der: &[u8]) -> Result<Vec<u8>, DerError> {
    if algorithm == Algorithm::Ed25519 {
        return Err(DerError::Algorithm { algorithm });
    }
    let length = algorithm.key_type().coordinate_length();
    let (sequence, rest) = element(0x30, der)?;
    let (r, after_r) = element(0x02, sequence)?;
    let (s, after_s) = element(0x02, after_r)?;
    if !rest.is_empty() || !after_s.is_empty() {
        return Err(DerError::Form);
    }
    let mut raw = vec![0; 2 * length];
    let (raw_r, raw_s) = raw.split_at_mut(length);
    for (integer, place) in [(r, raw_r), (s, raw_s)] {
        let magnitude = magnitude(integer)?;
        let start = length.checked_sub(magnitude.len()).ok_or(DerError::Range)?;
        place[start..].copy_from_slice(magnitude);
    }
    Ok(raw)
}

/// The content of the element with that tag, and what follows it.
fn element(tag: u8, bytes: &[u8]) -> Result<(&[u8], &[u8]), DerError> {
    let (length, content) = match bytes {
        [found, ..] if *found != tag => return Err(DerError::Form),
        [_, length @ 0..=0x7f, content @ ..] => (*length, content),
        // The longest signature, of P-521, has 139 bytes: one byte of length is all that is ever needed.
        [_, 0x81, length @ 0x80..=0xff, content @ ..] => (*length, content),
        _ => return Err(DerError::Form),
    };
    content.split_at_checked(usize::from(length)).ok_or(DerError::Form)
}

/// The digits of a positive integer without the zero that keeps it positive.
fn magnitude(integer: &[u8]) -> Result<&[u8], DerError> {
    match integer {
        [] | [0, 0..=0x7f, ..] => Err(DerError::Form),
        [0] | [0x80..=0xff, ..] => Err(DerError::Range),
        [0, digits @ ..] | digits => Ok(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: &[u8] = &[0x30, 6, 2, 1, 1, 2, 1, 2];

    #[test]
    fn numbers_are_filled_up_to_the_curves_length() {
        let raw = signature_from_der(Algorithm::Es256, SHORT).unwrap();
        assert_eq!((raw.len(), raw[31], raw[63]), (64, 1, 2));
        assert_eq!(raw.iter().map(|byte| u32::from(*byte)).sum::<u32>(), 3);
        let high = signature_from_der(Algorithm::Es384, &[0x30, 7, 2, 2, 0, 0x80, 2, 1, 2]).unwrap();
        assert_eq!((high.len(), high[47], high[95]), (96, 0x80, 2));
    }

    #[test]
    fn a_long_length_is_read_only_where_it_is_needed() {
        let mut long = vec![0x30, 0x81, 136, 2, 66, 1];
        long.extend([7; 65]);
        long.extend([2, 66, 1]);
        long.extend([9; 65]);
        let raw = signature_from_der(Algorithm::Es512, &long).unwrap();
        assert_eq!((raw.len(), raw[0], raw[65], raw[66], raw[131]), (132, 1, 7, 1, 9));
        assert_eq!(
            signature_from_der(Algorithm::Es256, &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 2]),
            Err(DerError::Form),
            "a long form of a short length"
        );
    }

    #[test]
    fn what_is_not_distinguished_encoding_is_refused() {
        let form: [&[u8]; 13] = [
            &[],
            &[0x30],
            &[0x30, 0],
            &[0x31, 6, 2, 1, 1, 2, 1, 2],
            &[0x30, 6, 2, 1, 1, 2, 1],
            &[0x30, 6, 2, 1, 1, 2, 1, 2, 0],
            &[0x30, 7, 2, 1, 1, 2, 1, 2, 0],
            &[0x30, 0x80, 2, 1, 1, 2, 1, 2, 0, 0],
            &[0x30, 0x82, 0, 6, 2, 1, 1, 2, 1, 2],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 2],
            &[0x30, 5, 2, 0, 2, 1, 2],
            &[0x30, 6, 2, 1, 1, 3, 1, 2],
            &[0x30, 3, 2, 1, 1],
        ];
        for der in form {
            assert_eq!(signature_from_der(Algorithm::Es256, der), Err(DerError::Form), "{der:?}");
        }
        let range: [&[u8]; 3] =
            [&[0x30, 6, 2, 1, 0, 2, 1, 2], &[0x30, 6, 2, 1, 0x80, 2, 1, 2], &[0x30, 6, 2, 1, 1, 2, 1, 0xff]];
        for der in range {
            assert_eq!(signature_from_der(Algorithm::Es256, der), Err(DerError::Range), "{der:?}");
        }
        let mut too_long = vec![0x30, 38, 2, 33, 1];
        too_long.extend([0; 32]);
        too_long.extend([2, 1, 1]);
        assert_eq!(signature_from_der(Algorithm::Es256, &too_long), Err(DerError::Range));
        assert_eq!(
            signature_from_der(Algorithm::Ed25519, SHORT),
            Err(DerError::Algorithm { algorithm: Algorithm::Ed25519 })
        );
    }
}
