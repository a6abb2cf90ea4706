//! `attesta did resolve`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::did::method::webvh::Identifier;
use attesta::did::method::{MethodError, web};
use attesta::did::{
    Content, DereferencingOptions, Did, DidUrl, Document, Record, ResolutionError, ResolutionOptions, dereference,
    resolve_from,
};
use attesta::encoding::json::Map;
use attesta::error::Explain;
use attesta::fetch::{self, Cache, Fetch, InMemory, Trace, dereference_online, resolve_online};
use attesta::limits;
use attesta::time::Timestamp;
use serde_json::Value;

use super::online::Online;
use crate::files;
use crate::output::{self, Misuse};

const AFTER_HELP: &str = "\
Examples:
  attesta did resolve did:key:z6Mk...
  attesta did resolve did:web:ngo.example                        # fetched from ngo.example over https
  attesta did resolve did:web:ngo.example --document did.json    # from a file, without a network
  attesta did resolve did:webvh:Qm...:ngo.example --log did.jsonl --witness did-witness.json --version-number 2
  attesta did resolve 'did:web:ngo.example#key-1' --relationship assertionMethod

Exit codes: 0 found, 1 not found or not to be relied on, 2 the command itself is wrong.";

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The DID, such as did:key:z6Mk..., or a DID URL, such as did:web:ngo.example#key-1.
    #[arg(value_name = "DID")]
    did: String,
    /// Print the whole result of DID Resolution, or of dereferencing, as JSON.
    #[arg(long)]
    json: bool,
    /// The log of a did:webvh, did.jsonl, instead of fetching it.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// The proofs of its witnesses, did-witness.json.
    #[arg(long, value_name = "FILE", requires = "log")]
    witness: Option<PathBuf>,
    /// The document of a did:web, did.json, instead of fetching it; or that of a did:peer:4 in its short form.
    #[arg(long, value_name = "FILE", conflicts_with = "log")]
    document: Option<PathBuf>,
    /// That version, by its id.
    #[arg(long, value_name = "V", group = "version")]
    version_id: Option<String>,
    /// That version, by its number, from 1.
    #[arg(long, value_name = "N", group = "version")]
    version_number: Option<u64>,
    /// The version that was current then, such as 2026-03-31T09:30:00Z.
    #[arg(long, value_name = "TIME", value_parser = super::verify_log::moment, group = "version")]
    version_time: Option<Timestamp>,
    /// The key that the DID URL names must be listed for this, such as assertionMethod, which issues.
    #[arg(long, value_name = "NAME")]
    relationship: Option<String>,
    /// The media types that are accepted: application/did, or text/uri-list for the addresses of services.
    #[arg(long, value_name = "TYPE")]
    accept: Option<String>,
    /// Where you keep what was seen before, so that a log that was cut off or rewritten is noticed. Written anew.
    #[arg(long, value_name = "FILE")]
    seen: Option<PathBuf>,
    /// Ask for everything anew, also for what was fetched just before.
    #[arg(long)]
    no_cache: bool,
    #[command(flatten)]
    online: Online,
}

/// What either function answers.
struct Answer {
    json: Map,
    found: Option<String>,
    error: Option<ResolutionError>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    let options = ResolutionOptions {
        accept: arguments.accept.clone(),
        version_id: arguments.version_id.clone(),
        version_number: arguments.version_number,
        version_time: arguments.version_time,
        no_cache: arguments.no_cache,
        ..ResolutionOptions::default()
    };
    let answer = answer(arguments, options)?;
    if arguments.json {
        output::print(format_args!("{:#}", Value::Object(answer.json)))?;
    } else if let Some(found) = &answer.found {
        output::print(found)?;
    } else {
        not_found(arguments, answer.error.as_ref());
    }
    Ok(ExitCode::from(if answer.found.is_some() { output::SUCCESS } else { output::INVALID }))
}

fn answer(arguments: &Arguments, options: ResolutionOptions) -> Result<Answer, Misuse> {
    let now = files::now()?;
    let clock = move || now;
    let given = given(arguments)?;
    let document = given_document(arguments)?;
    let http = match (&given, &document) {
        (None, None) if needs_network(&arguments.did) => arguments.online.fetch()?,
        _ => None,
    };
    let fetch = match (&given, &http) {
        (Some(files), _) => Some(files as &dyn Fetch),
        (None, Some(http)) => Some(http as &dyn Fetch),
        (None, None) => None,
    };
    // What files say in the place of the network is not what is published.
    let cache = if http.is_some() { crate::online::cache() } else { None };
    let mut seen = files::read_seen(arguments.seen.as_deref())?;
    let online = fetch.map(|fetch| {
        let online = fetch::Online::new(fetch, &clock).resolvers(arguments.online.resolvers()).remembering(&seen);
        match &cache {
            Some(cache) => online.cache(cache as &dyn Cache),
            None => online,
        }
    });
    let record = document.as_ref().map(Record::Document);
    let (answer, trace) = if is_url(arguments) {
        let options =
            DereferencingOptions { resolution: options, verification_relationship: arguments.relationship.clone() };
        let (result, trace) = match &online {
            Some(online) => dereference_online(&arguments.did, &options, online),
            None => (dereference(&arguments.did, record, &options), Trace::default()),
        };
        let found = result.content.as_ref().map(|content| match content {
            Content::Urls(urls) => urls.iter().map(|url| output::printable(url)).collect::<Vec<_>>().join("\n"),
            Content::Document(map) | Content::Part(map) => in_lines(map),
            _ => String::new(),
        });
        (Answer { json: result.to_json(), found, error: result.error }, trace)
    } else {
        let (result, trace) = match &online {
            Some(online) => resolve_online(&arguments.did, &options, online),
            None => (resolve_from(&arguments.did, record, &options), Trace::default()),
        };
        let found = result.document.as_ref().map(|document| in_lines(&document.to_json()));
        (Answer { json: result.to_json(), found, error: result.error }, trace)
    };
    if let Some(error) = trace.cache_error() {
        output::say(&format!("attesta: {error}\n  {}", error.hint()));
    }
    if let Some(path) = &arguments.seen {
        seen.merge(trace.seen());
        files::write_seen(path, &seen)?;
    }
    Ok(answer)
}

fn in_lines(map: &Map) -> String {
    format!("{:#}", Value::Object(map.clone()))
}

/// Whether a part or a service of the document is asked for, rather than the document.
fn is_url(arguments: &Arguments) -> bool {
    let wants_urls = arguments.accept.as_ref().is_some_and(|accept| accept.contains("text/uri-list"));
    arguments.did.contains(['/', '?', '#']) || arguments.relationship.is_some() || wants_urls
}

/// A DID that carries its own key needs no network, and what is no DID leads nowhere.
fn needs_network(did_url: &str) -> bool {
    DidUrl::parse(did_url).is_ok_and(|url| !matches!(url.did().method(), "key" | "jwk"))
}

/// The given files in the place of what is published at the DID's own addresses, so that they are read just as that
/// would be.
fn given(arguments: &Arguments) -> Result<Option<InMemory>, Misuse> {
    let Ok(url) = DidUrl::parse(&arguments.did) else { return Ok(None) };
    let published = |url: String, path: &Path, limit: usize, network: InMemory| {
        Ok::<_, Misuse>(network.publish(url, "application/json", files::read_up_to(path, limit)?))
    };
    if let Some(path) = &arguments.log {
        let identifier = Identifier::parse(url.did()).map_err(|error| misplaced(url.did(), "--log", &error))?;
        let mut network = published(identifier.log_url(), path, limits::LOG_BYTES, InMemory::new())?;
        if let Some(path) = &arguments.witness {
            network = published(identifier.witness_url(), path, limits::WITNESS_FILE_BYTES, network)?;
        }
        return Ok(Some(network));
    }
    match &arguments.document {
        Some(path) if url.did().method() == "web" => {
            let address = web::address(url.did()).map_err(|error| misplaced(url.did(), "--document", &error))?;
            published(address, path, limits::MATERIAL_BYTES, InMemory::new()).map(Some)
        }
        _ => Ok(None),
    }
}

/// A document that the other party told, for a did:peer in its short form.
fn given_document(arguments: &Arguments) -> Result<Option<Document>, Misuse> {
    let Some(path) = &arguments.document else { return Ok(None) };
    let Ok(url) = DidUrl::parse(&arguments.did) else { return Ok(None) };
    match url.did().method() {
        "web" => Ok(None),
        "peer" => {
            Document::parse(&files::read(path)?).map(Some).map_err(|error| Misuse::about(files::name_of(path), &error))
        }
        method => Err(Misuse::new(
            format_args!("--document is for did:web and did:peer, and this is a did:{method}"),
            if method == "webvh" { "Give its log: --log did.jsonl" } else { "Leave it out." },
        )),
    }
}

fn misplaced(did: &Did, flag: &str, error: &dyn Explain) -> Misuse {
    Misuse::about(format_args!("{flag} does not belong to {did}", did = did.as_str()), error)
}

fn not_found(arguments: &Arguments, error: Option<&ResolutionError>) {
    let did = &arguments.did;
    let (reason, hint) = match error {
        Some(ResolutionError::MethodNotSupported) => (
            "nothing is at hand to resolve it from".to_owned(),
            match did.split(':').nth(1) {
                Some("web") => "Give its document (--document did.json), or leave --offline out.",
                Some("webvh") => "Give its log (--log did.jsonl), or leave --offline out.",
                _ => "Name a resolver for this method: --resolver METHOD=URL",
            },
        ),
        Some(
            error @ (ResolutionError::InvalidDid(_)
            | ResolutionError::UnsupportedKey(_)
            | ResolutionError::InvalidMethodId(
                MethodError::Multibase(_) | MethodError::Key(_) | MethodError::Json(_),
            )),
        ) => (error.to_string(), "Copy the DID again, whole: it begins with did: and has no spaces."),
        Some(ResolutionError::NotFound) if is_url(arguments) => (
            "its document has nothing of that name, or there is no such DID or version".to_owned(),
            "attesta did resolve with the DID alone shows what its document has.",
        ),
        Some(error) => (error.to_string(), error.hint()),
        None => (
            "the DID was ended by its owner".to_owned(),
            "Ask its owner for another; --version-number shows what it was.",
        ),
    };
    output::say(&format!("attesta: {did}: {reason}\n  {hint}"));
}
