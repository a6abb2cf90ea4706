//! `attesta demo`: the whole loop with people and papers, without files and network. Everything that is shown is done
//! for real, with fresh keys.

mod attacks;

use std::process::ExitCode;

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::did::method;
use attesta::encoding::base64url;
use attesta::error::Explain;
use attesta::issuer::Issuer;
use attesta::keys::{KeyType, Signer, SoftwareKey};
use attesta::presentation::{Disclose, Request, present};
use attesta::securing::Format;
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Expected, Materials, Outcome, Policy, Preset, Report, verify};
use serde_json::Value;

use crate::output::{self, Misuse, Style, styled, wrapped};
use crate::report::decision;
use crate::{claims, files};

const NGO: &str = "Tai Nan Street Neighbourhood Centre";
const BANK: &str = "https://onboarding.harbourbank.example";
const DAYS: u32 = 90;
/// What a bank needs of the guarantee.
const TOLD: [&str; 9] = [
    "/name",
    "/nameLatin",
    "/address/formatted",
    "/address/formattedLatin",
    "/occupancy",
    "/residentSince",
    "/level",
    "/officer",
    "/whatIsNotGuaranteed",
];
const COLUMNS: usize = 100;

pub(crate) fn run() -> Result<ExitCode, Misuse> {
    let cast = Cast::gather()?;
    output::print(styled(Style::Strong, "A proof of address for somebody who has no lease and no utility bill"))?;
    let guarantee = issue(&cast)?;
    let request = fresh_nonce()?;
    let answer = answer(&cast, &guarantee, &request)?;
    let mut as_told = decide(&cast, &answer, &request)?;

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

/// Everybody who takes part, with keys made for this run.
struct Cast {
    ngo: SoftwareKey,
    tenant: SoftwareKey,
    stranger: SoftwareKey,
    policy: Policy,
    now: Timestamp,
}

impl Cast {
    fn gather() -> Result<Self, Misuse> {
        let ngo = key(KeyType::Ed25519)?;
        let now = files::now()?;
        let mut entry = Entry::new(method::key::from_key(&ngo.public_key()), [Kind::ProofOfAddress.name()]);
        entry.name.insert("en".to_owned(), NGO.to_owned());
        entry.regions = Some(vec!["HK".to_owned()]);
        let list = TrustList::new(now, vec![entry]).map_err(|error| fault(&error))?;
        let policy = Policy::preset(Preset::BankAddress).trusting(list);
        Ok(Self { ngo, tenant: key(KeyType::P256)?, stranger: key(KeyType::P256)?, policy, now })
    }

    fn guarantee(&self, issuer: &Issuer<'_>, from: Date, days: u32) -> Result<String, Misuse> {
        let claims = Claims::from_claims_file(Kind::ProofOfAddress, &Kind::ProofOfAddress.example())
            .map_err(|error| fault(&error))?;
        let salt = Salt::random().map_err(|error| fault(&error))?;
        let draft = Credential::of(claims, issuer.id(), from, days, salt).map_err(|error| fault(&error))?;
        let holder = Holder::Did(method::key::from_key(&self.tenant.public_key()));
        issuer.secure(&draft.holder(holder), Format::Jwt).map_err(|error| fault(&error))
    }

    fn decide(&self, presentation: &str, nonce: &str) -> Report {
        let expected = Expected::answer(BANK, nonce);
        verify(presentation.as_bytes(), &expected, &Materials::none(), &self.policy, At::Now(self.now))
    }
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
    tell(&format!(
        "The guarantee is a text of {} characters, for the key in the tenant's phone alone, valid for {DAYS} days.",
        guarantee.len()
    ))?;
    Ok(guarantee)
}

fn answer(cast: &Cast, guarantee: &str, nonce: &str) -> Result<String, Misuse> {
    output::print(styled(Style::Strong, "\n2. The request"))?;
    tell(&format!(
        "The bank asks: where do you live? With the question go its name, {BANK}, and a random text that it uses \
         once, a nonce: {nonce}"
    ))?;
    tell("The tenant's phone signs an answer for this bank and this nonce. It fits no other question.")?;
    present_as(&cast.tenant, guarantee, nonce)
}

fn decide(cast: &Cast, answer: &str, nonce: &str) -> Result<bool, Misuse> {
    let report = cast.decide(answer, nonce);
    output::print(styled(Style::Strong, "\n3. The bank's decision"))?;
    for line in decision(&report) {
        tell(&line)?;
    }
    for credential in report.accepted() {
        let subject = claims::only(&credential.subject().unwrap_or_default(), &TOLD);
        for line in claims::lines(&subject, 2) {
            tell(&line)?;
        }
    }
    Ok(report.outcome() == Outcome::Valid)
}

/// A paragraph of the story. Spaces at its beginning set it further in.
fn tell(text: &str) -> Result<(), Misuse> {
    let words = text.trim_start();
    output::print(wrapped(words, 3 + text.len() - words.len(), COLUMNS))
}

/// Something that the bank must not accept.
struct Scene {
    title: &'static str,
    presentation: String,
    nonce: String,
    reason: &'static str,
}

impl Scene {
    /// Shows what the bank says; whether it is what must be said.
    fn play(&self, cast: &Cast) -> Result<bool, Misuse> {
        let report = cast.decide(&self.presentation, &self.nonce);
        output::print(format_args!("\n - {}", self.title))?;
        for line in decision(&report).iter().take(2) {
            tell(line)?;
        }
        Ok(report.reason().map(|check| check.code().name()) == Some(self.reason))
    }
}

fn refusals(cast: &Cast, guarantee: &str, answer: &str, nonce: &str) -> Result<Vec<Scene>, Misuse> {
    let ngo = Issuer::of_key(&cast.ngo);
    let today = cast.now.date();
    let long_ago = today.plus_days(-1 - i64::from(DAYS)).unwrap_or(today);
    let other = key(KeyType::Ed25519)?;
    let run_out = cast.guarantee(&ngo, long_ago, DAYS)?;
    let unknown = cast.guarantee(&Issuer::of_key(&other), today, DAYS)?;
    let request = Request { audience: BANK, nonce, now: cast.now };
    let by_tenant = |guarantee: &str| present_as(&cast.tenant, guarantee, nonce);
    let scene = |title, presentation, reason| Scene { title, presentation, nonce: nonce.to_owned(), reason };
    Ok(vec![
        scene(
            "A forged copy: another flat was written into the guarantee.",
            by_tenant(&attacks::change_the_flat(guarantee)?)?,
            "proof.mismatch",
        ),
        scene("One that has run out.", by_tenant(&run_out)?, "valid-until.past"),
        scene("One from an organisation that the bank does not know.", by_tenant(&unknown)?, "issuer.trust.unknown"),
        scene(
            "One in the centre's name, signed with somebody else's key.",
            by_tenant(&attacks::sign_in_its_name(guarantee, &other)?)?,
            "key.binding.other-controller",
        ),
        scene(
            "The tenant's own guarantee, presented by somebody who copied it.",
            attacks::present_as_own(guarantee, &request, &cast.stranger)?,
            "holder.binding.other-key",
        ),
        Scene {
            title: "Yesterday's answer, copied and sent again to a new request.",
            presentation: answer.to_owned(),
            nonce: fresh_nonce()?,
            reason: "nonce.other",
        },
    ])
}

fn present_as(tenant: &SoftwareKey, guarantee: &str, nonce: &str) -> Result<String, Misuse> {
    let request = Request { audience: BANK, nonce, now: files::now()? };
    present(&[guarantee.as_bytes()], Disclose::Everything, &request, tenant).map_err(|error| fault(&error))
}

fn key(key_type: KeyType) -> Result<SoftwareKey, Misuse> {
    SoftwareKey::generate(key_type).map_err(|error| fault(&error))
}

fn fresh_nonce() -> Result<String, Misuse> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Misuse::new(error, "Try again in a moment."))?;
    Ok(base64url::encode(bytes))
}

fn fault(error: &dyn Explain) -> Misuse {
    Misuse::about("the demo cannot go on", error)
}
