//! An NGO guarantees where somebody lives, and signs it: `cargo run --example issue_a_guarantee`

#![allow(clippy::print_stdout, reason = "an example shows what comes out")]

use attesta::credential::kind::{
    Address, Claims, Consent, Guarantee, KnownBy, Occupancy, Officer, Organisation, ProofOfAddress,
};
use attesta::credential::{Credential, Holder, Salt};
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, SoftwareKey};
use attesta::securing::Format;
use attesta::time::Date;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What the case worker knows. A member that is missing or wrong is named when it is built.
    let guarantee = ProofOfAddress::builder()
        .name("陳大文")
        .name_latin("CHAN Tai Man")
        .address(
            Address::builder()
                .formatted("九龍深水埗大南街123號4樓B室3號劏房")
                .formatted_latin("Room 3, Flat B, 4/F, 123 Tai Nan Street, Sham Shui Po, Kowloon, Hong Kong")
                .country("HK")
                .district("Sham Shui Po")
                .street("大南街"),
        )
        .occupancy(Occupancy::Tenant)
        .resident_since(Date::new(2024, 9, 1)?)
        .known_since(Date::new(2023, 5, 20)?)
        .known_by([KnownBy::Caseworker])
        .level(Guarantee::Vouched)
        .organisation(
            Organisation::builder()
                .legal_name("Tai Nan Street Neighbourhood Centre Limited")
                .registration_number("0000001")
                .register("Companies Registry, Hong Kong"),
        )
        .officer(Officer::builder().name("Lee Mei Ling").role("Social worker"))
        .consent(Consent::builder().given(true).given_on(Date::new(2026, 11, 2)?))
        .build()?;

    // The centre's key: here in memory, elsewhere in a file or in hardware (see sign_in_hardware).
    let key = SoftwareKey::generate(KeyType::Ed25519)?;
    let issuer = Issuer::of_key(&key);

    // The DID that the tenant's phone showed: the guarantee is of use to its key alone.
    let tenant = Holder::Did("did:key:zDnaeUQd9upx2TzVhrXzqKuNZPChLVWP5qxBqgsLt9UhzcH78".to_owned());
    let first_day = Date::new(2026, 11, 20)?;
    let credential =
        Credential::of(Claims::from(guarantee), issuer.id(), first_day, 7, Salt::random()?)?.holder(tenant);

    println!("{} guarantees:", issuer.id());
    println!("{}", issuer.secure(&credential, Format::Jwt)?);
    Ok(())
}
