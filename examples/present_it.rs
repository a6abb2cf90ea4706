//! A tenant shows the guarantee to one bank, for one request: `cargo run --example present_it`

#![allow(clippy::print_stdout, reason = "an example shows what comes out")]

use std::time::{SystemTime, UNIX_EPOCH};

use attesta::encoding::json;
use attesta::keys::SoftwareKey;
use attesta::presentation::{Disclose, Request, present};
use attesta::time::Timestamp;

/// What the NGO gave the tenant.
const GUARANTEE: &[u8] = include_bytes!("files/guarantee.jwt");
/// The tenant's key, which everybody can read here. A phone keeps it in its hardware (see sign_in_hardware).
const KEY: &[u8] = include_bytes!("files/holder.jwk");

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = SoftwareKey::from_jwk(&json::parse_object(KEY)?)?;

    let now = Timestamp::from_unix(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs().try_into()?)?;

    // The bank's name and its nonce, from the bank's request. The answer fits no other.
    let request = Request { audience: "https://bank.example", nonce: "n-0S6_WzA2Mj", now };

    println!("{}", present(&[GUARANTEE], Disclose::Everything, &request, &key)?);
    Ok(())
}
