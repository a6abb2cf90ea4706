//! `attesta issue`.

use std::path::PathBuf;
use std::process::ExitCode;

use attesta::credential::kind::{Claims, Kind};
use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::json::Map;
use attesta::issuer::Issuer;
use attesta::keys::{PublicKey, SoftwareKey};
use attesta::securing::Format;
use attesta::time::Date;
use attesta::verify::Days;
use serde_json::Value;

use crate::files;
use crate::output::{self, Misuse};

/// How long a credential is valid unless somebody says otherwise.
const DEFAULT_DAYS: u32 = 90;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// proof-of-address, licence or skill; or credential, for any credential of VC Data Model 2.0.
    #[arg(value_name = "KIND", value_parser = what)]
    what: What,
    /// Print a filled claims file to begin with, and do nothing else.
    #[arg(long, conflicts_with_all = ["claims", "key"])]
    example: bool,
    /// The claims, as JSON; for credential, the whole document.
    #[arg(long, value_name = "FILE", required_unless_present = "example")]
    claims: Option<PathBuf>,
    /// The issuer's private key, as a JWK.
    #[arg(long, value_name = "FILE", required_unless_present = "example")]
    key: Option<PathBuf>,
    /// The issuer's DID, with the key's fragment unless it is a did:key or did:jwk. The key's did:key otherwise.
    #[arg(long, value_name = "DID")]
    issuer: Option<String>,
    /// Whom it is issued to: a DID, or a file with a public key as a JWK.
    #[arg(long, value_name = "DID|JWK-FILE")]
    holder: Option<String>,
    /// How it is secured: vc+jwt, eddsa-jcs-2022 or ecdsa-jcs-2019.
    #[arg(long, value_parser = format, default_value = "vc+jwt")]
    format: Format,
    /// For how many days it is valid, such as 90d.
    #[arg(long, value_name = "DAYS", value_parser = days)]
    valid_for: Option<Days>,
    /// The first day on which it is valid; today otherwise.
    #[arg(long, value_name = "DATE")]
    valid_from: Option<Date>,
    /// A file with the credentialStatus entry.
    #[arg(long, value_name = "FILE")]
    status: Option<PathBuf>,
    /// Where to write the credential; stdout otherwise.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy)]
enum What {
    Kind(Kind),
    Document,
}

fn what(name: &str) -> Result<What, String> {
    match (Kind::from_name(name), name) {
        (Some(kind), _) => Ok(What::Kind(kind)),
        (None, "credential") => Ok(What::Document),
        _ => Err("the kinds are proof-of-address, licence, skill, and credential for anything else".to_owned()),
    }
}

fn format(name: &str) -> Result<Format, String> {
    Format::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("this version issues {}", names.join(", "))
    })
}

fn days(text: &str) -> Result<Days, String> {
    Days::parse(text).filter(|days| days.0 > 0).ok_or_else(|| "a number of days such as 90d was expected".to_owned())
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    if arguments.example {
        return example(arguments.what);
    }
    let (Some(claims), Some(key)) = (&arguments.claims, &arguments.key) else {
        return Err(Misuse::new("--claims and --key are needed", "Begin with: attesta issue KIND --example"));
    };
    let key = files::read_key(key)?;
    let file = files::read_object(claims)?;
    let issuer = issuer(arguments, &file, &key)?;
    let draft = draft(arguments, file, &issuer, claims)?;
    let secured =
        issuer.secure(&draft, arguments.format).map_err(|error| Misuse::about("cannot issue this", &error))?;
    files::write(arguments.out.as_deref(), &secured)?;
    Ok(ExitCode::from(output::SUCCESS))
}

fn example(what: What) -> Result<ExitCode, Misuse> {
    let What::Kind(kind) = what else {
        return Err(Misuse::new(
            "there is no example of any credential at all",
            "Begin with one of the kinds: attesta issue proof-of-address --example",
        ));
    };
    output::print(format_args!("{:#}", Value::Object(kind.example())))?;
    Ok(ExitCode::from(output::SUCCESS))
}

/// The issuer that the flag names, or else the document, or else the key itself.
fn issuer<'a>(arguments: &Arguments, file: &Map, key: &'a SoftwareKey) -> Result<Issuer<'a>, Misuse> {
    let named = match arguments.what {
        What::Document => file.get("issuer").and_then(|issuer| issuer.as_str().or_else(|| issuer.get("id")?.as_str())),
        What::Kind(_) => None,
    };
    let issuer = match arguments.issuer.as_deref().or(named) {
        Some(did) => Issuer::of_did(did, key).map_err(|error| Misuse::about("cannot issue in this name", &error))?,
        None => Issuer::of_key(key),
    };
    match named {
        Some(named) if named != issuer.id() => Err(contradiction("issuer", "--issuer")),
        _ => Ok(issuer),
    }
}

fn draft(
    arguments: &Arguments,
    mut file: Map,
    issuer: &Issuer<'_>,
    path: &std::path::Path,
) -> Result<Credential, Misuse> {
    let salt = Salt::random().map_err(|error| Misuse::about("cannot issue this", &error))?;
    let from = match arguments.valid_from {
        Some(date) => date,
        None => files::now()?.date(),
    };
    let status = arguments.status.as_deref().map(files::read_object).transpose()?;
    let holder = arguments.holder.as_deref().map(holder).transpose()?;
    let draft = match arguments.what {
        What::Kind(kind) => {
            let claims =
                Claims::from_claims_file(kind, &file).map_err(|error| Misuse::about(path.display(), &error))?;
            let days = arguments.valid_for.unwrap_or(Days(DEFAULT_DAYS)).0;
            Credential::of(claims, issuer.id(), from, days, salt)
        }
        What::Document => {
            if status.is_some() && file.contains_key("credentialStatus") {
                return Err(contradiction("credentialStatus", "--status"));
            }
            set_date(&mut file, "validFrom", "--valid-from", arguments.valid_from)?;
            let until = arguments.valid_for.and_then(|days| from.plus_days(i64::from(days.0)));
            set_date(&mut file, "validUntil", "--valid-for", until)?;
            if let Some(Holder::Did(did)) = &holder
                && let Some(id) = file.get("credentialSubject").and_then(|subject| subject.get("id"))
                && id != did
            {
                return Err(contradiction("credentialSubject.id", "--holder"));
            }
            Credential::of_document(file, issuer.id(), from, salt)
        }
    };
    let mut draft = draft.map_err(|error| Misuse::about(path.display(), &error))?;
    if let Some(holder) = holder {
        draft = draft.holder(holder);
    }
    Ok(match status {
        Some(entry) => draft.status(entry),
        None => draft,
    })
}

/// A DID, or the public key in a file.
fn holder(text: &str) -> Result<Holder, Misuse> {
    if text.starts_with("did:") {
        return match attesta::did::Did::parse(text) {
            Ok(did) => Ok(Holder::Did(did.as_str().to_owned())),
            Err(error) => Err(Misuse::about("--holder", &error)),
        };
    }
    let jwk = files::read_object(std::path::Path::new(text))?;
    PublicKey::from_jwk(&jwk).map(Holder::Key).map_err(|error| Misuse::about(text, &error))
}

/// The document's own dates win; a flag that says something else is an error.
fn set_date(file: &mut Map, member: &str, flag: &str, date: Option<Date>) -> Result<(), Misuse> {
    let Some(date) = date else { return Ok(()) };
    let moment = Value::from(date.midnight().to_string());
    match file.get(member) {
        None => {
            file.insert(member.to_owned(), moment);
            Ok(())
        }
        Some(own) if *own == moment => Ok(()),
        Some(_) => Err(contradiction(member, flag)),
    }
}

fn contradiction(member: &str, flag: &str) -> Misuse {
    Misuse::new(
        format_args!("the document's {member} and {flag} contradict each other"),
        format_args!("Leave out {flag}, or take {member} out of the document."),
    )
}
