//! A key that never leaves its hardware signs through a trait of four functions: `cargo run --example sign_in_hardware`

#![allow(clippy::print_stdout, reason = "an example shows what comes out")]

use attesta::keys::{self, Algorithm, KeyType, PublicKey, SignatureEncoding, Signer, SignerError, SoftwareKey};
use attesta::presentation::{Disclose, Request, present};
use attesta::time::Timestamp;

/// A phone's key store, as the platform's interface shows it. Android's StrongBox and Apple's Secure Enclave sign with
/// P-256 and return DER; here a key in memory stands in for the chip.
struct Chip {
    key: SoftwareKey,
    unlocked: bool,
}

impl Signer for Chip {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Es256
    }

    fn encoding(&self) -> SignatureEncoding {
        SignatureEncoding::Der
    }

    fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignerError> {
        if !self.unlocked {
            return Err(SignerError::Cancelled);
        }
        Ok(der(&keys::sign(&self.key, message)?))
    }
}

/// The two numbers of a raw P-256 signature as ASN.1 `SEQUENCE { r INTEGER, s INTEGER }`.
fn der(raw: &[u8]) -> Vec<u8> {
    let mut numbers = Vec::new();
    for number in raw.chunks(32) {
        let mut digits: Vec<u8> = number.iter().copied().skip_while(|digit| *digit == 0).collect();
        if digits.first().is_none_or(|first| *first >= 0x80) {
            digits.insert(0, 0);
        }
        numbers.extend([0x02, digits.len() as u8]);
        numbers.extend(digits);
    }
    let mut sequence = vec![0x30, numbers.len() as u8];
    sequence.extend(numbers);
    sequence
}

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut chip = Chip { key: SoftwareKey::generate(KeyType::P256)?, unlocked: true };
    let licence = licence_for(&chip)?;
    let request = Request {
        audience: "https://desk.example",
        nonce: "n-0S6_WzA2Mj",
        now: Timestamp::parse("2026-11-20T09:30:00Z")?,
    };
    println!("{}", present(&[licence.as_bytes()], Disclose::Everything, &request, &chip)?);

    chip.unlocked = false;
    match present(&[licence.as_bytes()], Disclose::Everything, &request, &chip) {
        Err(error) => println!("{error}"),
        Ok(_) => return Err("a locked key should not have signed".into()),
    }
    Ok(())
}

/// Something to show: the example of a licence, issued to the chip's key.
fn licence_for(chip: &Chip) -> Result<String, Box<dyn std::error::Error>> {
    use attesta::credential::kind::{Claims, Kind};
    use attesta::credential::{Credential, Holder, Salt};
    use attesta::issuer::Issuer;
    use attesta::securing::Format;
    use attesta::time::Date;

    let authority = SoftwareKey::generate(KeyType::Ed25519)?;
    let issuer = Issuer::of_key(&authority);
    let claims = Claims::from_claims_file(Kind::Licence, &Kind::Licence.example())?;
    let licence = Credential::of(claims, issuer.id(), Date::new(2026, 11, 20)?, 90, Salt::random()?)?;
    Ok(issuer.secure(&licence.holder(Holder::Key(chip.public_key())), Format::Jwt)?)
}
