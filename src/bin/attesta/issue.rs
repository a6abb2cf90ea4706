//! `attesta issue`.

use std::path::PathBuf;
use std::process::ExitCode;

use attesta::credential::kind::{Claims, KeyBoundTo, Kind, LegalCategory, Scheme};
use attesta::credential::{Credential, Holder, Salt};
use attesta::did::{ResolutionError, ResolutionOptions, resolve};
use attesta::encoding::json::Map;
use attesta::error::Explain;
use attesta::issuer::{IssueError, Issuer};
use attesta::keys::{KeyError, PublicKey, Signer as _, SoftwareKey};
use attesta::securing::Format;
use attesta::time::{Date, Timestamp};
use attesta::trust::certificate::Chain;
use attesta::verify::Days;

use crate::did::own_key;
use crate::output::{self, Misuse};
use crate::{copies, files};

/// How long a credential is valid unless somebody says otherwise.
const DEFAULT_DAYS: u32 = 90;
/// What has no status cannot be revoked, and counts for a week at most.
const DAYS_WITHOUT_STATUS: u32 = 7;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// proof-of-address, licence or skill; or credential, for any credential of VC Data Model 2.0.
    #[arg(value_name = "KIND", value_parser = what)]
    what: What,
    /// Print a filled claims file to begin with, and do nothing else.
    #[arg(long, conflicts_with_all = ["claims", "key"])]
    example: bool,
    /// The claims, as JSON; for credential, the whole document.
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    /// The issuer's private key, as a JWK.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The issuer's DID, such as did:web:ngo.example#key-1; the key's own did:key otherwise.
    #[arg(long, value_name = "DID")]
    issuer: Option<String>,
    /// The issuer's did.jsonl (did:webvh) or did.json (did:web), to find the key's name in it. --issuer can then be the
    /// DID alone, or be left out.
    #[arg(long, value_name = "FILE", conflicts_with = "certificate")]
    issuer_log: Option<PathBuf>,
    /// The issuer's certificate as PEM, with those above it; then it issues dc+sd-jwt in the certificate's name.
    #[arg(long, value_name = "PEM-FILE", conflicts_with = "issuer")]
    certificate: Option<PathBuf>,
    /// Whom it is issued to: a DID, or a file with a public key as a JWK. Given several times, so many copies are issued
    /// that nobody can link, each to its own key.
    #[arg(long, value_name = "DID|JWK-FILE")]
    holder: Vec<String>,
    /// The folder with the issuer's status lists (attesta status create): each credential gets a place in them, and all
    /// copies are remembered by one reference, so that they can be revoked together.
    #[arg(long, value_name = "DIR", conflicts_with = "status")]
    store: Option<PathBuf>,
    /// How it is secured: vc+jwt, vc+sd-jwt, dc+sd-jwt, vc+cose, eddsa-jcs-2022, ecdsa-jcs-2019, eddsa-rdfc-2022,
    /// ecdsa-rdfc-2019 or ecdsa-sd-2023. With the two sd-jwt formats and the last one the holder can show parts.
    #[arg(long, value_parser = format, default_value = "vc+jwt")]
    format: Format,
    /// Issue it in the words of a scheme of others: certificate-of-residence or verified-skill. Only as dc+sd-jwt.
    #[arg(long, value_parser = scheme)]
    scheme: Option<Scheme>,
    /// What every verifier sees whatever its holder chooses, as a JSON pointer into the document, such as
    /// /credentialSubject/name. May be given several times. Only as ecdsa-sd-2023.
    #[arg(long, value_name = "POINTER", value_parser = crate::present::pointer)]
    mandatory: Vec<String>,
    /// For how many days it is valid, such as 90d; without this 90 with a status, and 7 without, which is as long as
    /// verifiers take one that nobody could revoke.
    #[arg(long, value_name = "DAYS", value_parser = days)]
    valid_for: Option<Days>,
    /// The first day on which it is valid; today otherwise.
    #[arg(long, value_name = "DATE", value_parser = day)]
    valid_from: Option<Date>,
    /// A file with a status entry, as attesta status allocate prints it.
    #[arg(long, value_name = "FILE")]
    status: Vec<PathBuf>,
    /// A vocabulary (JSON-LD context) that the document names, for formats that sign RDF: the file that you know to be the
    /// one at that address. What no vocabulary defines is not signed.
    #[arg(long, value_name = "URL=FILE", value_parser = crate::verify::context)]
    context: Vec<(String, PathBuf)>,
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
        _ => Err("the kinds are proof-of-address, licence and skill, and credential for anything else".to_owned()),
    }
}

fn format(name: &str) -> Result<Format, String> {
    Format::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("this version issues {}", names.join(", "))
    })
}

fn scheme(name: &str) -> Result<Scheme, String> {
    Scheme::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Scheme::ALL.iter().map(|scheme| scheme.name()).collect();
        format!("the schemes are {}", names.join(" and "))
    })
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).map_err(|error| format!("{error}. {}", error.hint()))
}

fn default_days(arguments: &Arguments) -> u32 {
    let has_status = !arguments.status.is_empty() || arguments.store.is_some();
    if has_status { DEFAULT_DAYS } else { DAYS_WITHOUT_STATUS }
}

pub(crate) fn days(text: &str) -> Result<Days, String> {
    Days::parse(text).filter(|days| days.0 > 0).ok_or_else(|| "a number of days such as 90d was expected".to_owned())
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    if arguments.example {
        return example(arguments.what);
    }
    let Some(claims) = &arguments.claims else {
        return Err(Misuse::new(
            "--claims is missing: the file that says what is issued",
            "Print one to begin with: attesta issue proof-of-address --example > claims.json",
        ));
    };
    let Some(key) = &arguments.key else {
        return Err(Misuse::new(
            "--key is missing: the file with the issuer's private key",
            "Make one: attesta key generate --out issuer.jwk",
        ));
    };
    let key = files::read_key(key)?;
    let file = files::read_object(claims)?;
    let contexts = files::read_contexts(&arguments.context)?;
    let issuer = issuer(arguments, &file, &key)?.with_contexts(&contexts);
    let holders = arguments.holder.iter().map(|text| holder(text)).collect::<Result<Vec<_>, _>>()?;
    let status = arguments.status.iter().map(|path| files::read_object(path)).collect::<Result<Vec<_>, _>>()?;
    let draft = draft(arguments, file, &issuer, claims, holders.len())?;
    if let Some(store) = &arguments.store {
        return copies::issue(&issuer, draft, holders, arguments.format, store, arguments.out.as_deref());
    }
    if holders.len() > 1 {
        return Err(Misuse::new(
            "--store is missing: it gives each copy a place in the status lists, and remembers which belong together",
            "Give --store DIR, and keep that folder: by it all copies are revoked together.",
        ));
    }
    let draft = holders.into_iter().fold(draft, Credential::holder);
    let draft = status.into_iter().fold(draft, Credential::status);
    let secured =
        issuer.secure_bytes(&draft, arguments.format).map_err(|error| Misuse::about("cannot issue this", &error))?;
    files::write_secured(arguments.out.as_deref(), &secured)?;
    let is_long = arguments.valid_for.is_some_and(|days| days.0 > DAYS_WITHOUT_STATUS);
    if matches!(arguments.what, What::Kind(_)) && arguments.status.is_empty() && is_long {
        output::say(
            "Verifiers will refuse it: what is valid for more than 7 days must have a status, by which it can be \
             revoked.\n  Give --store with lists that attesta status create begins, or leave out --valid-for.",
        );
    }
    Ok(ExitCode::from(output::SUCCESS))
}

fn example(what: What) -> Result<ExitCode, Misuse> {
    let What::Kind(kind) = what else {
        return Err(Misuse::new(
            "there is an example of each kind, and none of other credentials",
            "Begin with one of the kinds: attesta issue proof-of-address --example",
        ));
    };
    output::print(kind.example_text().trim_end())?;
    Ok(ExitCode::from(output::SUCCESS))
}

/// The issuer that the flag names, or else the document, or else the key itself.
fn issuer<'a>(arguments: &Arguments, file: &Map, key: &'a SoftwareKey) -> Result<Issuer<'a>, Misuse> {
    let named = match arguments.what {
        What::Document => file.get("issuer").and_then(|issuer| issuer.as_str().or_else(|| issuer.get("id")?.as_str())),
        What::Kind(_) => None,
    };
    if let Some(path) = &arguments.certificate {
        let about = |error: &dyn Explain| Misuse::about(files::name_of(path), error);
        let chain = Chain::from_pem(&files::read(path)?).map_err(|error| about(&error))?;
        return Issuer::of_certificates(&chain, key).map_err(|error| about(&error));
    }
    let asked = arguments.issuer.as_deref().or(named);
    let found = match &arguments.issuer_log {
        Some(path) => Some(own_key::of_issuer(path, asked, &key.public_key())?),
        None => None,
    };
    let issuer = in_name_of(found.as_deref().or(asked), key)?;
    match named {
        Some(named) if named != issuer.id() => Err(contradiction("issuer", "--issuer")),
        _ => Ok(issuer),
    }
}

/// The issuer of that DID, or else the key itself.
pub(crate) fn in_name_of<'a>(did: Option<&str>, key: &'a SoftwareKey) -> Result<Issuer<'a>, Misuse> {
    let Some(did) = did else { return Ok(Issuer::of_key(key)) };
    Issuer::of_did(did, key).map_err(|error| match error {
        IssueError::MethodNeeded { .. } => Misuse::new(
            format_args!("cannot issue in this name: {error}"),
            "Give --issuer-log with its did.jsonl or did.json, or the DID with the key's fragment, such as \
             did:web:ngo.example#key-1.",
        ),
        error => Misuse::about("cannot issue in this name", &error),
    })
}

fn draft(
    arguments: &Arguments,
    mut file: Map,
    issuer: &Issuer<'_>,
    path: &std::path::Path,
    holders: usize,
) -> Result<Credential, Misuse> {
    let salt = Salt::random().map_err(|error| Misuse::about("cannot issue this", &error))?;
    let from = match arguments.valid_from {
        Some(date) => date,
        None => files::now()?.date(),
    };
    let draft = match arguments.what {
        What::Kind(kind) => {
            let claims =
                Claims::from_claims_file(kind, &file).map_err(|error| Misuse::about(files::name_of(path), &error))?;
            if kind == Kind::ProofOfAddress && holders == 0 {
                return Err(Misuse::new(
                    "a proof of address must be issued to somebody's key, or anybody could present it",
                    "Give --holder with the DID that the tenant's wallet shows, or a file with the tenant's public key.",
                ));
            }
            let days = arguments.valid_for.unwrap_or(Days(default_days(arguments))).0;
            Credential::of(claims, issuer.id(), from, days, salt)
        }
        What::Document => {
            if !file.contains_key("credentialSubject") {
                return Err(Misuse::new(
                    format_args!("{} is no credential document: it has no credentialSubject", files::name_of(path)),
                    "Write the whole document, or name the kind of the claims: attesta issue proof-of-address ...",
                ));
            }
            if (!arguments.status.is_empty() || arguments.store.is_some()) && file.contains_key("credentialStatus") {
                return Err(contradiction(
                    "credentialStatus",
                    if arguments.store.is_some() { "--store" } else { "--status" },
                ));
            }
            set_date(&mut file, "validFrom", "--valid-from", arguments.valid_from)?;
            let begins = own_date(&file, "validFrom").unwrap_or(from);
            let until = arguments.valid_for.and_then(|days| begins.plus_days(i64::from(days.0)));
            set_date(&mut file, "validUntil", "--valid-for", until)?;
            Credential::of_document(file, issuer.id(), from, salt)
        }
    };
    let draft = draft.map_err(|error| Misuse::about(files::name_of(path), &error))?;
    let draft = arguments.mandatory.iter().fold(draft, |draft, pointer| draft.mandatory(pointer));
    match arguments.scheme {
        None => Ok(draft),
        Some(scheme) => draft
            .under(scheme, LegalCategory::NonQualified, KeyBoundTo::Holder)
            .map_err(|error| Misuse::about(files::name_of(path), &error)),
    }
}

/// A DID, or the public key in a file.
fn holder(text: &str) -> Result<Holder, Misuse> {
    if text.starts_with("did:") {
        // What is issued to a DID without a usable key could never be presented.
        return match resolve(text, &ResolutionOptions::default()).error {
            None | Some(ResolutionError::MethodNotSupported) => Ok(Holder::Did(text.to_owned())),
            Some(error) => Err(Misuse::new(
                format_args!("--holder {text}: {error}"),
                "Copy the DID again, whole, from where the holder's wallet shows it.",
            )),
        };
    }
    let path = std::path::Path::new(text);
    if !path.exists() && !text.contains('{') {
        return Err(Misuse::new(
            format_args!("--holder {text}: this is no DID, and there is no such file"),
            "Give the holder's DID, or a file with the holder's public key as a JWK.",
        ));
    }
    PublicKey::from_jwk(&files::read_jwk(path)?).map(Holder::Key).map_err(|error| match error {
        KeyError::PrivateKey => Misuse::new(
            format_args!("{text} holds a private key, which belongs to its holder alone"),
            "Give the holder's DID instead; attesta key show prints it. Whoever got this file from somebody else: \
             tell them to make a new key.",
        ),
        error => Misuse::about(text, &error),
    })
}

/// The document's own dates win; a flag that says something else is an error.
fn set_date(file: &mut Map, member: &str, flag: &str, date: Option<Date>) -> Result<(), Misuse> {
    let Some(date) = date else { return Ok(()) };
    let moment = date.midnight();
    match file.get(member) {
        None => {
            file.insert(member.to_owned(), moment.to_string().into());
            Ok(())
        }
        Some(own) if own.as_str().is_some_and(|own| Timestamp::parse(own) == Ok(moment)) => Ok(()),
        Some(_) => Err(contradiction(member, flag)),
    }
}

/// The day of a moment that the document names itself.
fn own_date(file: &Map, member: &str) -> Option<Date> {
    Timestamp::parse(file.get(member)?.as_str()?).ok().map(Timestamp::date)
}

fn contradiction(member: &str, flag: &str) -> Misuse {
    Misuse::new(
        format_args!("the document's {member} and {flag} contradict each other"),
        format_args!("Leave out {flag}, or take {member} out of the document."),
    )
}
