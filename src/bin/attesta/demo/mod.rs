//! `attesta demo`: the whole loop with people and papers, and what comes after it, without files and network. Everything
//! that is shown is done for real, with fresh keys; days pass because the moment that is judged is an argument.

mod afterwards;
mod attacks;
mod cast;
mod centre;

use std::process::ExitCode;

use attesta::credential::kind::Kind;
use attesta::encoding::json::Map;
use attesta::error::Explain;
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, PublicKey, Signer};
use attesta::presentation::dcql::{CredentialQuery, Query};
use attesta::presentation::request::RequestObject;
use attesta::presentation::{Disclose, Request};
use attesta::verify::{At, Materials, Outcome, Report};
use attesta::wallet::{self, Asker, Consent, Held, Warning};
use serde_json::Value;

use crate::claims;
use crate::output::{self, Misuse, Style, styled, wrapped};
use crate::report::{decision, standing};
use afterwards::Issued;
use cast::{Cast, NGO, days_before};
use centre::DAYS;

/// What the bank asks for, and what its rule about the centre needs to know: the country.
const ASKED: [&str; 3] = ["/address/country", "/address/district", "/residentSince"];
const COLUMNS: usize = 100;
/// For how many days something may be valid that nobody can revoke.
const WEEK: u32 = 7;

pub(crate) fn run() -> Result<ExitCode, Misuse> {
    let mut cast = Cast::gather()?;
    output::print(styled(Style::Strong, "A proof of address for somebody who has no lease and no utility bill"))?;
    let issued = issue(&cast)?;
    let known = afterwards::fetch(&mut cast, 3)?;
    let guarantee = &issued.copies[0];
    let request = cast.request(query()?)?;
    let held = [need(Held::read(guarantee.as_bytes()))?];
    let (answer, mut as_told) = answer(&cast, &request, &held)?;
    as_told &= decide(&mut cast, &answer, &request)?;
    as_told &= unknown(&cast, &held)?;

    output::print(styled(Style::Strong, "\n5. What the bank refuses, and why"))?;
    for scene in refusals(&cast, guarantee, &answer, &request)? {
        as_told &= play(scene.title, &cast.decide(&scene.answer, &scene.request), Some(scene.reason))?;
    }
    as_told &= afterwards::moves_out(&mut cast, &issued, &known)?;
    let (neighbours, is_as_told) = afterwards::changes_its_key(&mut cast)?;
    as_told &= is_as_told;
    as_told &= afterwards::is_robbed(&mut cast, &neighbours)?;
    if !as_told {
        output::say("attesta: the demo did not go as it should\n  This is a fault in attesta: please report it.");
        return Ok(ExitCode::from(output::INVALID));
    }
    output::print(
        "\nNothing left this computer. Now with files of your own: attesta issue proof-of-address --example",
    )?;
    Ok(ExitCode::from(output::SUCCESS))
}

fn query() -> Result<Query, Misuse> {
    need(CredentialQuery::of_kind("address", "dc+sd-jwt", Kind::ProofOfAddress, &ASKED)).map(Query::one)
}

fn issue(cast: &Cast) -> Result<Issued, Misuse> {
    let example = Value::Object(Kind::ProofOfAddress.example());
    let text = |pointer: &str| example.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let keys: Vec<PublicKey> = cast.tenant.iter().map(Signer::public_key).collect();
    let (copies, reference) = cast.centre.issue(&keys, days_before(cast.now, 1).date())?;
    output::print(styled(Style::Strong, "\n1. The guarantee"))?;
    tell(&format!("{} rents one room of a subdivided flat:", text("/nameLatin")))?;
    tell(text("/address/formattedLatin"))?;
    tell("The lease and the bills are in somebody else's name, so no bank opens an account.")?;
    tell(&format!(
        "{}, {} at the {NGO}, has known the tenant since {} and vouches for the address. Everybody knows the centre by \
         an identity that outlasts its keys. Its history stands on the centre's web site, and nobody can rewrite it:",
        text("/officer/name"),
        text("/officer/role").to_lowercase(),
        text("/knownSince"),
    ))?;
    tell(cast.centre.did())?;
    let parts = copies[0].matches('~').count() - 1;
    tell(&format!(
        "The tenant gets {} copies, each for another key in their phone and for nobody else's, so that two offices \
         cannot tell by their copies that they met the same person. Each is valid for {DAYS} days unless the centre takes it back, \
         and says {parts} things, of which the tenant can show each without the others.",
        copies.len()
    ))?;
    Ok(Issued { copies, reference })
}

/// The phone reads the request, says what would be shown, and answers. And whether just that was to be shown.
fn answer(cast: &Cast, request: &RequestObject, held: &[Held]) -> Result<(String, bool), Misuse> {
    output::print(styled(Style::Strong, "\n2. The request"))?;
    tell(&format!(
        "The bank asks for the district and since when. It signs the question, and puts a random text into it that it \
         uses once, a nonce: {}",
        request.nonce
    ))?;
    let signed = cast.sign(request)?;
    let at = At::Now(cast.now);
    let asker = need(Asker::known(signed.as_bytes(), &cast.phones_list, &Materials::none(), at))?;
    let consent = need(Consent::new(&asker, held, cast.now))?;
    tell("The tenant's phone knows the bank's key from its own list, and shows on its screen:")?;
    let as_told = on_screen(&consent)? == 3;
    tell("The tenant agrees. The phone signs an answer for this bank and this nonce. It fits no other question.")?;
    let answer = need(wallet::answer(&consent, &|key| cast.tenants_signer(key), cast.now))?;
    Ok((Value::Object(answer.to_json()).to_string(), as_told))
}

/// What the phone asks its owner; how many claims would be shown.
fn on_screen(consent: &Consent<'_>) -> Result<usize, Misuse> {
    tell(&format!("  {}", consent.asker().in_words()))?;
    for warning in consent.warnings().iter().filter(|warning| **warning != Warning::Unauthenticated) {
        tell(&format!("  {warning}"))?;
    }
    let mut count = 0;
    for shown in consent.shown() {
        tell(&format!("  It would see of your {}:", shown.kind().map_or("credential", Kind::in_words)))?;
        let mut said = Map::new();
        for claim in shown.claims() {
            count += 1;
            claims::put(&mut said, claim.pointer(), claim.value().clone());
        }
        for line in claims::lines(&Value::Object(said), 4) {
            tell(&line)?;
        }
        tell("  and that the centre issued it, and until when it is valid.")?;
    }
    if consent.shown().is_empty() {
        tell("  Nothing would be shown.")?;
    }
    Ok(count)
}

fn decide(cast: &mut Cast, answer: &str, request: &RequestObject) -> Result<bool, Misuse> {
    let report = cast.decide(answer, request);
    cast.remember(&report);
    output::print(styled(Style::Strong, "\n3. The bank's decision"))?;
    for line in decision(&report) {
        tell(&line)?;
    }
    for (credential, known) in report.accepted().iter().zip(report.credentials()) {
        if let Some(line) = standing(known) {
            tell(&format!("  {line}"))?;
        }
        for line in claims::lines(&credential.subject().unwrap_or_default(), 2) {
            tell(&line)?;
        }
    }
    tell("The bank never learns the name, the street, or the door.")?;
    Ok(report.outcome() == Outcome::Valid)
}

/// Somebody who does not say who they are asks the same.
fn unknown(cast: &Cast, held: &[Held]) -> Result<bool, Misuse> {
    output::print(styled(Style::Strong, "\n4. Somebody else asks"))?;
    tell("A page on the web asks the same question. Nobody signed it, and the phone says:")?;
    let request = cast.unsigned_request(query()?)?;
    let asker = need(Asker::unauthenticated(request.as_bytes(), At::Now(cast.now)))?;
    let consent = need(Consent::new(&asker, held, cast.now))?;
    let count = on_screen(&consent)?;
    let answered = wallet::answer(&consent, &|key| cast.tenants_signer(key), cast.now).is_ok();
    Ok(count == 0 && !answered)
}

/// A paragraph of the story. Spaces at its beginning set it further in.
fn tell(text: &str) -> Result<(), Misuse> {
    let words = text.trim_start();
    output::print(wrapped(words, 3 + text.len() - words.len(), COLUMNS))
}

/// Something that the bank must not accept.
struct Scene {
    title: &'static str,
    answer: String,
    request: RequestObject,
    reason: &'static str,
}

/// Shows what the bank says of something; whether it is what must be said: the code that refuses it, or `None` where it
/// is valid.
fn play(title: &str, report: &Report, reason: Option<&str>) -> Result<bool, Misuse> {
    output::print(format_args!("\n{}", wrapped(&format!("- {title}"), 1, COLUMNS)))?;
    let lines = decision(report);
    let is_valid = report.outcome() == Outcome::Valid;
    for line in lines.iter().take(if is_valid { 1 } else { 2 }) {
        tell(line)?;
    }
    for line in report.credentials().iter().filter(|_| is_valid).flat_map(standing) {
        tell(&line)?;
    }
    Ok(is(report, reason))
}

fn is(report: &Report, reason: Option<&str>) -> bool {
    let is_valid = report.outcome() == Outcome::Valid;
    is_valid == reason.is_none() && report.reason().map(|check| check.code().name()) == reason
}

fn refusals(cast: &Cast, guarantee: &str, answer: &str, request: &RequestObject) -> Result<Vec<Scene>, Misuse> {
    let today = cast.now.date();
    let long_ago = days_before(cast.now, i64::from(WEEK) + 1).date();
    let other = cast::key(KeyType::Ed25519)?;
    let run_out = cast.guarantee(&cast.centre.issuer()?, long_ago, WEEK)?;
    let unknown = cast.guarantee(&Issuer::of_key(&other), today, WEEK)?;
    let by_tenant = |guarantee: &str| cast.present(guarantee, &cast.tenant[0], &ASKED, request);
    let scene = |title, answer, reason| Scene { title, answer, request: request.clone(), reason };
    let shown = by_tenant(guarantee)?;
    let asked = Request { audience: request.client_id.as_str(), nonce: &request.nonce, now: cast.now };
    Ok(vec![
        scene(
            "A forged answer: another district was written into it.",
            attacks::change_the_district(&shown)?,
            "disclosure.broken",
        ),
        scene("A guarantee that has run out.", by_tenant(&run_out)?, "valid-until.past"),
        scene("One from an organisation that the bank does not know.", by_tenant(&unknown)?, "issuer.trust.unknown"),
        scene(
            "One in the centre's name, signed with somebody else's key.",
            by_tenant(&attacks::sign_in_its_name(guarantee, &other)?)?,
            "key.binding.other-controller",
        ),
        scene(
            "The tenant's own guarantee, presented by somebody who copied it.",
            attacks::present_as_own(guarantee, Disclose::Only(&ASKED), &asked, &cast.stranger)?,
            "holder.binding.other-key",
        ),
        scene(
            "An answer that keeps the district back.",
            cast.present(guarantee, &cast.tenant[0], &ASKED[..1], request)?,
            "disclosure.not-answered",
        ),
        Scene {
            title: "Yesterday's answer, copied and sent again to a new request.",
            answer: answer.to_owned(),
            request: cast.request(query()?)?,
            reason: "nonce.other",
        },
    ])
}

/// What goes without saying in the demo.
fn need<T, E: Explain>(result: Result<T, E>) -> Result<T, Misuse> {
    result.map_err(|error| fault(&error))
}

fn fault(error: &dyn Explain) -> Misuse {
    Misuse::about("the demo cannot go on", error)
}
