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
use attesta::presentation::{Request, present};
use attesta::securing::Format;
use attesta::time::{Date, Timestamp};
use attesta::trust::{Entry, TrustList};
use attesta::verify::{At, Expected, Materials, Outcome, Policy, Preset, Report, verify};
use serde_json::Value;

use crate::files;
use crate::output::{self, Misuse, Style, styled};
use crate::verify::plain;

const NGO: &str = "Tai Nan Street Neighbourhood Centre";
const BANK: &str = "https://onboarding.harbourbank.example";

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
        "\nNothing left this computer. Try it on files of your own: attesta issue proof-of-address --example",
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
    let example = Kind::ProofOfAddress.example();
    let text = |pointer: &str| match Value::Object(example.clone()).pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    output::print(format_args!(
        "\n1. The guarantee\n   {} rents one cubicle of a subdivided flat: {}.\n   The lease and the bills are in \
         somebody else's name, so no bank opens an account.\n   {}, {} at the {NGO}, has known the tenant since {}\n   \
         and vouches for the address. The centre signs with its own key:\n   {}",
        text("/nameLatin"),
        text("/address/formattedLatin"),
        text("/officer/name"),
        text("/officer/role").to_lowercase(),
        text("/knownSince"),
        issuer.id(),
    ))?;
    let guarantee = cast.guarantee(&issuer, cast.now.date(), 90)?;
    output::print(format_args!(
        "   The guarantee is one token of {} characters, bound to the key in the tenant's phone,\n   valid for 90 days.",
        guarantee.len()
    ))?;
    Ok(guarantee)
}

fn answer(cast: &Cast, guarantee: &str, nonce: &str) -> Result<String, Misuse> {
    output::print(format_args!(
        "\n2. The request\n   The bank asks: who lives where? It names itself ({BANK})\n   and a number that it uses once ({nonce}).\n   \
         The tenant's phone signs an answer for this bank and this number alone."
    ))?;
    present_as(&cast.tenant, guarantee, nonce)
}

fn decide(cast: &Cast, answer: &str, nonce: &str) -> Result<bool, Misuse> {
    let report = cast.decide(answer, nonce);
    let text = plain(&report, false).replace('\n', "\n   ");
    output::print(format_args!("\n3. The bank's answer\n   {text}"))?;
    Ok(report.outcome() == Outcome::Valid)
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
        let text = plain(&report, false);
        let told: Vec<&str> = text.lines().take(2).collect();
        output::print(format_args!("\n - {}\n   {}", self.title, told.join("\n   ")))?;
        Ok(report.reason().map(|check| check.code().name()) == Some(self.reason))
    }
}

fn refusals(cast: &Cast, guarantee: &str, answer: &str, nonce: &str) -> Result<Vec<Scene>, Misuse> {
    let ngo = Issuer::of_key(&cast.ngo);
    let today = cast.now.date();
    let long_ago = today.plus_days(-91).unwrap_or(today);
    let other = key(KeyType::Ed25519)?;
    let run_out = cast.guarantee(&ngo, long_ago, 90)?;
    let unknown = cast.guarantee(&Issuer::of_key(&other), today, 90)?;
    let request = Request { audience: BANK, nonce };
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
    let request = Request { audience: BANK, nonce };
    present(&[guarantee.as_bytes()], &request, tenant).map_err(|error| fault(&error))
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
