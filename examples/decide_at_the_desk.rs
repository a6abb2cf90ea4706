//! A bank decides about a proof of address, and says why: `cargo run --example decide_at_the_desk`

#![allow(clippy::print_stdout, reason = "an example shows what comes out")]

use attesta::credential::kind::Claims;
use attesta::time::Timestamp;
use attesta::trust::TrustList;
use attesta::verify::{At, Expected, Materials, Outcome, Policy, Preset, Report, verify};

/// What the tenant's phone answered.
const ANSWER: &[u8] = include_bytes!("files/answer.jwt");
/// The NGOs that the bank knows.
const TRUST_LIST: &[u8] = include_bytes!("files/trust-list.json");

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What the bank demands: a proof of address, presented by its holder, by an issuer that it knows.
    let policy = Policy::preset(Preset::BankAddress).trusting(TrustList::parse(TRUST_LIST)?);
    // What it asked for. A host gives `At::Now` with its own clock; this answer is judged as of that day.
    let at = At::AsOf(Timestamp::parse("2026-11-15T09:00:00Z")?);

    let expected = Expected::answer("https://bank.example", "n-0S6_WzA2Mj");
    let report = verify(ANSWER, &expected, &Materials::none(), &policy, at);
    tell(&report);
    if report.outcome() != Outcome::Valid {
        return Err("the answer should have been accepted".into());
    }

    // The same answer to another request: somebody may have copied it.
    let expected = Expected::answer("https://bank.example", "another nonce");
    let report = verify(ANSWER, &expected, &Materials::none(), &policy, at);
    tell(&report);
    if report.outcome() != Outcome::Invalid {
        return Err("the copied answer should have been refused".into());
    }
    Ok(())
}

fn tell(report: &Report) {
    println!("{}", report.outcome());
    if let Some(check) = report.reason() {
        println!("  {} {}", check.message(), check.hint());
    }
    // Claims are there only behind a valid outcome.
    for credential in report.accepted() {
        if let Some(Claims::ProofOfAddress(proof)) = credential.claims() {
            let address = proof.address.as_ref().and_then(|address| address.formatted.as_ref());
            println!("  lives at {}", address.map(|address| address.as_str()).unwrap_or_default());
        }
    }
}
