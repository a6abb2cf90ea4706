//! `attesta did create`.

use std::path::PathBuf;
use std::process::ExitCode;

use attesta::did::Did;
use attesta::did::edit::key_name;
use attesta::did::method::web;
use attesta::did::method::webvh::{self, Change};
use attesta::encoding::json::Map;
use attesta::keys::{PublicKey, Signer as _};
use clap::Subcommand;

use super::folder::Folder;
use super::keys;
use crate::files;
use crate::output::{self, Misuse};

const WEBVH_HELP: &str = "\
From nothing to a DID, by copying (put your own domain in the place of ngo.example):
  attesta key generate --out update-1.jwk   # may change the DID; keep it on a stick in a safe
  attesta key generate --out update-2.jwk   # takes over from it one day; keep it elsewhere
  attesta key generate --out issuing.jwk    # signs credentials every day
  attesta did create webvh --domain ngo.example --portable --dir did-files \\
    --key update-1.jwk --next-key update-2.jwk --signing-key issuing.jwk
The answer says which file to publish where. After that:
  attesta issue licence --example > claims.json
  attesta issue licence --claims claims.json --key issuing.jwk --issuer-log did-files/did.jsonl

A key that --next-key names is committed to and shown to nobody: a thief of update-1.jwk cannot put in a key of his own.
Commit to several, kept in several places, and any one of them can go on when the others are lost.
Witnesses are others, such as sister organisations, of whom enough must agree to each change.";

const WEB_HELP: &str = "\
Example:
  attesta key generate --out issuing.jwk
  attesta did create web --domain ngo.example --key issuing.jwk --dir did-files

A did:web has no history: whoever holds the domain can change it, and nobody sees that it was another. Where a DID must
last, make a did:webvh: attesta did create webvh --help";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a did:webvh: published on your own domain, with a history that nobody can rewrite.
    Webvh(Webvh),
    /// Make a did:web: a document on your own domain.
    Web(Web),
}

#[derive(clap::Args)]
#[command(after_help = WEBVH_HELP)]
pub(crate) struct Webvh {
    /// Where it is published: a domain of yours, and perhaps a path, such as ngo.example or example.org/ngo.
    #[arg(long, value_name = "HOST[/PATH]")]
    domain: String,
    /// The private key that may change the DID, as a JWK.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// A key that signs credentials: its file or its did:key. May be given several times.
    #[arg(long, value_name = "KEY")]
    signing_key: Vec<String>,
    /// A key that takes over from --key at the next change: its file or its did:key. Of several, any one can.
    #[arg(long, value_name = "KEY")]
    next_key: Vec<String>,
    /// Somebody who must agree to changes: their did:key. May be given several times.
    #[arg(long, value_name = "DID")]
    witness: Vec<String>,
    /// How many of the witnesses must agree; more than half otherwise.
    #[arg(long, value_name = "N", requires = "witness", value_parser = keys::at_least_one)]
    threshold: Option<usize>,
    /// Let the DID move to another domain one day. This cannot be decided later.
    #[arg(long)]
    portable: bool,
    /// The folder to write the files to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

#[derive(clap::Args)]
#[command(after_help = WEB_HELP)]
pub(crate) struct Web {
    /// Where it is published: a domain of yours, and perhaps a path, such as ngo.example or example.org/ngo.
    #[arg(long, value_name = "HOST[/PATH]")]
    domain: String,
    /// A key that signs credentials: its file or its did:key. May be given several times.
    #[arg(long, value_name = "KEY", required = true)]
    key: Vec<String>,
    /// The folder to write did.json to.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Misuse> {
    match command {
        Command::Webvh(arguments) => webvh(arguments)?,
        Command::Web(arguments) => web(arguments)?,
    }
    Ok(ExitCode::from(output::SUCCESS))
}

fn webvh(arguments: &Webvh) -> Result<(), Misuse> {
    let location = location(&arguments.domain)?;
    let key = keys::signer(&arguments.key)?;
    let signing = keys::all(&arguments.signing_key)?;
    let mut change = Change::new().document(document_of(&webvh::placeholder_did(&location), &signing));
    let next = keys::of_the_next(&arguments.next_key, &key.public_key())?;
    if !next.is_empty() {
        change = change.next_keys(&next);
    }
    let witnesses = keys::of_witnesses(&arguments.witness)?;
    if !witnesses.is_empty() {
        change = change.witnesses(keys::threshold(arguments.threshold, witnesses.len())?, &witnesses);
    }
    if arguments.portable {
        change = change.portable(true);
    }
    let now = files::now()?;
    let pending =
        webvh::create(&location, &change, &key, now).map_err(|error| keys::refused("make this DID", &error))?;
    let folder = Folder::vacant(&arguments.dir)?;
    let settled = folder.settle(pending, &[], now)?;
    folder.say(&settled)?;
    if signing.is_empty() {
        output::print(format_args!(
            "It has no key that signs credentials yet: attesta did update --dir {} --add-key KEY --key UPDATE-KEY",
            folder.name()
        ))?;
    }
    if next.is_empty() && witnesses.is_empty() {
        output::print(format_args!(
            "It has no next keys, so whoever steals {} can take it over. To commit to one: attesta did rotate --dir {} \
             --next-key KEY --key UPDATE-KEY",
            files::name_of(&arguments.key),
            folder.name()
        ))?;
    }
    Ok(())
}

/// A document with these keys, each under the name that no other key can have.
fn document_of(did: &str, keys: &[PublicKey]) -> Map {
    let names: Vec<_> = keys.iter().map(key_name).collect();
    let named: Vec<_> = names.iter().map(String::as_str).zip(keys).collect();
    webvh::document_of(did, &named)
}

fn web(arguments: &Web) -> Result<(), Misuse> {
    let did = format!("did:web:{}", location(&arguments.domain)?);
    let document = document_of(&did, &keys::all(&arguments.key)?);
    let folder = Folder::vacant(&arguments.dir)?;
    folder.write_document(&document)?;
    folder.say_web(&did)
}

/// A place on the web as DIDs write it: `example.org%3A8443:people:mei` for `example.org:8443/people/mei`.
pub(super) fn location(domain: &str) -> Result<String, Misuse> {
    if domain.starts_with("did:") || domain.starts_with("http:") {
        return Err(Misuse::new(
            format_args!("--domain {domain}: a domain was expected, such as ngo.example or example.org/ngo"),
            "Leave out what stands before the domain.",
        ));
    }
    let place = domain.strip_prefix("https://").unwrap_or(domain);
    let place = place.strip_suffix('/').unwrap_or(place);
    let steps: Vec<_> = place.split('/').map(|step| step.replace(':', "%3A")).collect();
    let location = steps.join(":");
    let refused = |reason: String| {
        Misuse::new(
            format_args!("--domain {domain}: {reason}"),
            "Give a domain of yours, such as ngo.example or example.org/ngo. Letters beyond a to z are written in their \
             ASCII form, which begins with xn--.",
        )
    };
    // What makes no did:web makes no did:webvh either.
    let did = Did::parse(&format!("did:web:{location}")).map_err(|error| refused(error.to_string()))?;
    web::address(&did).map_err(|error| refused(error.to_string()))?;
    Ok(location)
}
