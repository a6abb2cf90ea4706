//! `attesta verify`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::error::Explain;
use attesta::limits;
use attesta::presentation::request::UnverifiedRequest;
use attesta::time::Timestamp;
use attesta::trust::{PinnedContext, TrustList};
use attesta::verify::{At, Check, Expected, Material, Materials, Outcome, Policy, Preset, Resource, Source, danger};
use serde_json::json;

use crate::files;
use crate::online;
use crate::output::{self, Misuse};
use crate::report::{plain, refusal};

/// What the help ends with: the policies, and the two files that a newcomer may have to write.
const AFTER_HELP: &str = "\
Policies:
  default          any credential of an issuer in your trust list
  bank-address     a proof of address, presented by its holder, at most 92 days old
  licence-check    a licence
  skill-community  a skill certification
  proof-only       the signature alone, for work on conformance: it decides nothing

A trust list names the issuers that you know:
  {\"type\": \"TrustList\", \"version\": 1, \"issued\": \"2026-11-01T00:00:00Z\", \"entries\": [
    {\"id\": \"did:key:z6Mk...\", \"name\": {\"en\": \"Tai Nan Street Centre\"},
     \"issues\": [\"proof-of-address\"], \"regions\": [\"HK\"]}]}
\"issues\" takes kinds, credential types, or \"*\"; \"regions\", \"from\" and \"until\" limit it.

A policy of your own says what you demand:
  {\"type\": \"Policy\", \"version\": 1, \"accepts\": [\"proof-of-address\"],
   \"holderBinding\": \"required\", \"maxCredentialAge\": \"92d\"}

Exit codes: 0 valid, 1 invalid, 3 undetermined, 2 the command itself is wrong.";

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The credential or presentation; - for stdin.
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// What you demand: the name of a policy, or a JSON file.
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    policy: String,
    /// The issuers that you know, and what they may issue. May be given several times.
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// What you fetched from its own address: a key document (did:web:ngo.example=did.json), the log of a did:webvh
    /// (did:webvh:...=did.jsonl) and its witnesses' proofs (witnesses:did:webvh:...=did-witness.json), an issuer's metadata
    /// (https://ngo.example/.well-known/jwt-vc-issuer=FILE), its key set (keys:URL=FILE), a type's metadata
    /// (type:VCT=FILE), an issuer's compromise notices (notices:URL=FILE).
    #[arg(long, value_name = "ID=FILE", value_parser = document)]
    document: Vec<(String, PathBuf)>,
    /// A checkpoint of a did:webvh that you made yourself (attesta did verify-log --checkpoint), in the place of its log.
    /// Not one that somebody sent you: it would be believed.
    #[arg(long, value_name = "DID=FILE", value_parser = document)]
    checkpoint: Vec<(String, PathBuf)>,
    /// A status list that you fetched from the address that the credential names. The whole list: fetching it tells its
    /// host nothing of whom you check.
    #[arg(long, value_name = "URL=FILE", value_parser = status_list)]
    status: Vec<(String, PathBuf)>,
    /// A vocabulary (JSON-LD context) that the document names: the file that you know to be the one at that address. That
    /// you give it is your word for it.
    #[arg(long, value_name = "URL=FILE", value_parser = context)]
    context: Vec<(String, PathBuf)>,
    /// Where you keep what was seen before, so that a log that was cut off or an older list is noticed. Written anew.
    #[arg(long, value_name = "FILE")]
    seen: Option<PathBuf>,
    #[command(flatten)]
    online: online::Reach,
    /// Judge as of this moment instead of now, such as 2026-03-31T09:30:00Z.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Timestamp>,
    /// Who you are: the audience that the holder was asked to answer.
    #[arg(long, requires = "nonce")]
    audience: Option<String>,
    /// The nonce of your request.
    #[arg(long, requires = "audience")]
    nonce: Option<String>,
    /// Your own request, as attesta request wrote it: what came is compared with all that it asks for.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["audience", "nonce"])]
    request: Option<PathBuf>,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
    /// List every check, also those that passed.
    #[arg(long)]
    checks: bool,
}

fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| format!("{error}. {}", error.hint()))
}

pub(crate) fn document(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((id, path)) if !id.is_empty() && !path.is_empty() => Ok((id.to_owned(), PathBuf::from(path))),
        _ => Err("ID=FILE was expected, such as did:web:ngo.example=did.json".to_owned()),
    }
}

fn status_list(text: &str) -> Result<(String, PathBuf), String> {
    at_url(text).ok_or_else(|| "URL=FILE was expected, such as https://ngo.example/status/1=list".to_owned())
}

pub(crate) fn context(text: &str) -> Result<(String, PathBuf), String> {
    at_url(text)
        .ok_or_else(|| "URL=FILE was expected, such as https://ngo.example/context/v1=context.jsonld".to_owned())
}

fn at_url(text: &str) -> Option<(String, PathBuf)> {
    // A URL can have a query with `=` in it.
    let (url, path) = text.rsplit_once('=')?;
    (url.contains("://") && !path.is_empty()).then(|| (url.to_owned(), PathBuf::from(path)))
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    let presented = files::read(&arguments.file)?;
    let now = files::now()?;
    let mut materials = documents(&arguments.document, now)?;
    for (url, path) in &arguments.status {
        add(&mut materials, Resource::StatusList(url.clone()), path, now)?;
    }
    let mut pins = Vec::new();
    for (url, path) in &arguments.context {
        let bytes = files::read(path)?;
        pins.push((PinnedContext::of(url, &bytes), path));
        add_bytes(&mut materials, Resource::Context(url.clone()), bytes, path, now)?;
    }
    for (did, path) in &arguments.checkpoint {
        let bytes = files::read_up_to(path, limits::LOG_BYTES)?;
        // It says what was published when it was made, which may be long ago.
        let obtained = files::written(path).map_or(now, |written| written.min(now));
        let material = Material { resource: Resource::Log(did.clone()), bytes, obtained, source: Source::Own };
        materials.add(&material).map_err(|error| Misuse::about(files::name_of(path), &error))?;
    }
    let mut seen = files::read_seen(arguments.seen.as_deref())?;
    materials.remember(&seen);
    if arguments.policy == "proof-only" {
        return proof_only(&presented, &materials, arguments.json);
    }
    let mut policy = policy(&arguments.policy)?;
    for path in &arguments.trust {
        let list =
            TrustList::parse(&files::read(path)?).map_err(|error| Misuse::about(files::name_of(path), &error))?;
        policy = policy.trusting(list);
        if let Some(error) = policy.unreadable_archives().first() {
            return Err(Misuse::about(files::name_of(path), error));
        }
    }
    for (pin, path) in pins {
        policy = policy.pinning(pin).map_err(|error| Misuse::about(files::name_of(path), &error))?;
    }
    let expected = match (&arguments.audience, &arguments.nonce, &arguments.request) {
        (Some(audience), Some(nonce), _) => Expected::answer(audience, nonce),
        (_, _, Some(path)) => expected_by(path)?,
        _ => Expected::nothing(),
    };
    let at = arguments.at.map_or(At::Now(now), At::AsOf);
    let (report, trace) = arguments.online.verify(&presented, &expected, &mut materials, &policy, at)?;
    if let Some(path) = &arguments.seen {
        seen.merge(report.seen());
        files::write_seen(path, &seen)?;
    }
    if arguments.json {
        let mut answer = report.to_json();
        if !trace.steps().is_empty() {
            answer["fetched"] = trace.to_json();
        }
        output::print(format_args!("{answer:#}"))?;
    } else {
        output::print(plain(&report, arguments.checks))?;
        for line in online::lines(&trace) {
            output::print(line)?;
        }
        if let Some(at) = arguments.at {
            output::print(format_args!("  Judged as of {}, not of today.", at.in_words()))?;
        }
    }
    Ok(ExitCode::from(match report.outcome() {
        Outcome::Valid => output::SUCCESS,
        Outcome::Invalid => output::INVALID,
        Outcome::Undetermined => output::UNDETERMINED,
    }))
}

fn policy(name: &str) -> Result<Policy, Misuse> {
    if let Some(preset) = Preset::from_name(name) {
        return Ok(Policy::preset(preset));
    }
    let path = Path::new(name);
    if !path.exists() {
        let names: Vec<_> = Preset::ALL.iter().map(|preset| preset.name()).collect();
        return Err(Misuse::new(
            format_args!("there is no policy and no file \"{name}\""),
            format_args!("The policies are {}, proof-only, or a JSON file.", names.join(", ")),
        ));
    }
    Policy::parse(&files::read(path)?).map_err(|error| Misuse::about(files::name_of(path), &error))
}

fn expected_by(path: &Path) -> Result<Expected, Misuse> {
    let bytes = files::read(path)?;
    let request =
        UnverifiedRequest::parse(bytes.trim_ascii()).map_err(|error| Misuse::about(files::name_of(path), &error))?;
    Ok(Expected::of(&request.into_unchecked()))
}

/// What somebody fetched, by what each address is for.
pub(crate) fn documents(given: &[(String, PathBuf)], now: Timestamp) -> Result<Materials, Misuse> {
    let mut materials = Materials::none();
    for (id, path) in given {
        add(&mut materials, resource(id), path, now)?;
    }
    Ok(materials)
}

fn add(materials: &mut Materials, resource: Resource, path: &Path, now: Timestamp) -> Result<(), Misuse> {
    let limit = if matches!(resource, Resource::Log(_)) { limits::LOG_BYTES } else { limits::DOCUMENT_BYTES };
    add_bytes(materials, resource, files::read_up_to(path, limit)?, path, now)
}

fn add_bytes(
    materials: &mut Materials,
    resource: Resource,
    bytes: Vec<u8>,
    path: &Path,
    now: Timestamp,
) -> Result<(), Misuse> {
    let material = Material { resource, bytes, obtained: now, source: Source::Fetched };
    materials.add(&material).map_err(|error| Misuse::about(files::name_of(path), &error))
}

/// An issuer's metadata is told by its address, a log by its DID; what else stands at a URL by a word before it.
fn resource(id: &str) -> Resource {
    match id.split_once(':') {
        Some(("keys", url)) => Resource::KeySet(url.to_owned()),
        Some(("type", vct)) => Resource::TypeMetadata(vct.to_owned()),
        Some(("witnesses", did)) => Resource::LogWitnesses(did.to_owned()),
        Some(("notices", url)) => Resource::CompromiseNotices(url.to_owned()),
        _ if id.starts_with("did:webvh:") => Resource::Log(id.to_owned()),
        _ if id.contains("/.well-known/jwt-vc-issuer") => Resource::IssuerMetadata(id.to_owned()),
        _ => Resource::Document(id.to_owned()),
    }
}

fn proof_only(presented: &[u8], materials: &Materials, as_json: bool) -> Result<ExitCode, Misuse> {
    let report = danger::check_proof(presented, materials);
    if as_json {
        let checks = report.checks().iter().map(Check::to_json).collect::<Vec<_>>();
        let outcome = if report.fits() { "proof-only" } else { "invalid" };
        output::print(format_args!("{:#}", json!({ "outcome": outcome, "checks": checks })))?;
    } else if report.fits() {
        output::print("The proof fits the key it names. This says nothing about who issued it.")?;
    } else if let Some(check) = report.reason() {
        output::print(refusal(Outcome::Invalid, check, None).join("\n"))?;
    }
    Ok(ExitCode::from(if report.fits() { output::SUCCESS } else { output::INVALID }))
}
