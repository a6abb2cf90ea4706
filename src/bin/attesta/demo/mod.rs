//! `attesta demo`: the whole loop with people and papers, without files and network. Everything that is shown is done
//! for real, with fresh keys.

mod attacks;
mod cast;

use std::process::ExitCode;

use attesta::credential::kind::Kind;
use attesta::encoding::json::Map;
use attesta::error::Explain;
use attesta::issuer::Issuer;
use attesta::presentation::dcql::{CredentialQuery, Query};
use attesta::presentation::request::RequestObject;
use attesta::presentation::{Disclose, Request};
use attesta::verify::{At, Materials, Outcome};
use attesta::wallet::{self, Asker, Consent, Held, Warning};
use serde_json::Value;

use crate::claims;
use crate::output::{self, Misuse, Style, styled, wrapped};
use crate::report::decision;
use cast::{Cast, DAYS, NGO};

/// What the bank asks for, and what its rule about the centre needs to know: the country.
const ASKED: [&str; 3] = ["/address/country", "/address/district", "/residentSince"];
const COLUMNS: usize = 100;

pub(crate) fn run() -> Result<ExitCode, Misuse> {
    let cast = Cast::gather()?;
    output::print(styled(Style::Strong, "A proof of address for somebody who has no lease and no utility bill"))?;
    let guarantee = issue(&cast)?;
    let request = cast.request(query()?)?;
    let held = [Held::read(guarantee.as_bytes()).map_err(|error| fault(&error))?];
    let (answer, mut as_told) = answer(&cast, &request, &held)?;
    as_told &= decide(&cast, &answer, &request)?;
    as_told &= unknown(&cast, &held)?;

    output::print(styled(Style::Strong, "\nWhat the bank refuses, and why"))?;
    for scene in refusals(&cast, &guarantee, &answer, &request)? {
        as_told &= scene.play(&cast)?;
    }
    if !as_told {
        return Err(Misuse::new("the demo did not go as it should", "This is a fault in attesta: please report it."));
    }
    output::print(
        "\nNothing left this computer. Now with files of your own: attesta issue proof-of-address --example",
    )?;
    Ok(ExitCode::from(output::SUCCESS))
}

fn query() -> Result<Query, Misuse> {
    let asked = CredentialQuery::of_kind("address", "dc+sd-jwt", Kind::ProofOfAddress, &ASKED);
    asked.map(Query::one).map_err(|error| fault(&error))
}

fn issue(cast: &Cast) -> Result<String, Misuse> {
    let issuer = Issuer::of_key(&cast.ngo);
    let example = Value::Object(Kind::ProofOfAddress.example());
    let text = |pointer: &str| example.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let guarantee = cast.guarantee(&issuer, cast.now.date(), DAYS)?;
    output::print(styled(Style::Strong, "\n1. The guarantee"))?;
    tell(&format!("{} rents one room of a subdivided flat:", text("/nameLatin")))?;
    tell(text("/address/formattedLatin"))?;
    tell("The lease and the bills are in somebody else's name, so no bank opens an account.")?;
    tell(&format!(
        "{}, {} at the {NGO}, has known the tenant since {} and vouches for the address. The centre signs with a key \
         that it alone has. Its public half, by which everybody knows the centre:",
        text("/officer/name"),
        text("/officer/role").to_lowercase(),
        text("/knownSince"),
    ))?;
    tell(issuer.id())?;
    let parts = guarantee.matches('~').count() - 1;
    tell(&format!(
        "The guarantee is for the key in the tenant's phone alone and valid for {DAYS} days. It says {parts} things, \
         and the tenant can show each of them without the others.",
    ))?;
    Ok(guarantee)
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
    let asker = Asker::known(signed.as_bytes(), &cast.phones_list, &Materials::none(), At::Now(cast.now))
        .map_err(|error| fault(&error))?;
    let consent = Consent::new(&asker, held, cast.now).map_err(|error| fault(&error))?;
    tell("The tenant's phone knows the bank's key from its own list, and shows on its screen:")?;
    let as_told = on_screen(&consent)? == 3;
    tell("The tenant agrees. The phone signs an answer for this bank and this nonce. It fits no other question.")?;
    let answer = wallet::answer(&consent, &|key| cast.tenants_signer(key), cast.now).map_err(|error| fault(&error))?;
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

fn decide(cast: &Cast, answer: &str, request: &RequestObject) -> Result<bool, Misuse> {
    let report = cast.decide(answer, request);
    output::print(styled(Style::Strong, "\n3. The bank's decision"))?;
    for line in decision(&report) {
        tell(&line)?;
    }
    for credential in report.accepted() {
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
    let asker = Asker::unauthenticated(request.as_bytes(), At::Now(cast.now)).map_err(|error| fault(&error))?;
    let consent = Consent::new(&asker, held, cast.now).map_err(|error| fault(&error))?;
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

impl Scene {
    /// Shows what the bank says; whether it is what must be said.
    fn play(&self, cast: &Cast) -> Result<bool, Misuse> {
        let report = cast.decide(&self.answer, &self.request);
        output::print(format_args!("\n - {}", self.title))?;
        for line in decision(&report).iter().take(2) {
            tell(line)?;
        }
        Ok(report.reason().map(|check| check.code().name()) == Some(self.reason))
    }
}

fn refusals(cast: &Cast, guarantee: &str, answer: &str, request: &RequestObject) -> Result<Vec<Scene>, Misuse> {
    let ngo = Issuer::of_key(&cast.ngo);
    let today = cast.now.date();
    let long_ago = today.plus_days(-1 - i64::from(DAYS)).unwrap_or(today);
    let other = cast::key(attesta::keys::KeyType::Ed25519)?;
    let run_out = cast.guarantee(&ngo, long_ago, DAYS)?;
    let unknown = cast.guarantee(&Issuer::of_key(&other), today, DAYS)?;
    let asked = Request { audience: request.client_id.as_str(), nonce: &request.nonce, now: cast.now };
    let by_tenant = |guarantee: &str| cast.present(guarantee, &ASKED, &asked);
    let scene = |title, answer, reason| Scene { title, answer, request: request.clone(), reason };
    let shown = by_tenant(guarantee)?;
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
            cast.present(guarantee, &ASKED[..1], &asked)?,
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

fn fault(error: &dyn Explain) -> Misuse {
    Misuse::about("the demo cannot go on", error)
}
