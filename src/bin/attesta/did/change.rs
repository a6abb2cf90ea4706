//! `attesta did update`, `rotate`, `port` and `deactivate`: each writes the next entry of a log.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::did::edit::{EditError, add_key, add_service, remove_key, remove_service};
use attesta::did::method::webvh::{self, Change, CreateError, EntryError, Log, WebvhError};
use attesta::encoding::json::Map;
use attesta::keys::{PublicKey, Signer as _, SoftwareKey};

use super::create::location;
use super::folder::{Folder, Settled, did_of, now_after};
use super::keys;
use crate::files;
use crate::output::{self, Misuse};

const UPDATE_HELP: &str = "\
Examples:
  attesta did update --dir did-files --add-key issuing-2.jwk --key update-1.jwk
  attesta did update --dir did-files --remove-key '#z6Mk...' --key update-1.jwk
  attesta did update --dir did-files --add-service site=LinkedDomains=https://ngo.example --key update-1.jwk

If the next keys were committed to in advance, every change is made with one of those, and commits to new ones:
  attesta did update --dir did-files --add-key issuing-2.jwk --key update-2.jwk --next-key update-3.jwk

A did:web (a folder with did.json alone) needs no --key: publish the changed file.";

const ROTATE_HELP: &str = "\
Examples:
  attesta key generate --out update-3.jwk
  attesta did rotate --dir did-files --key update-2.jwk --next-key update-3.jwk
      if update-2.jwk was committed to (--next-key) in the change before
  attesta did rotate --dir did-files --key update-1.jwk --update-key update-2.jwk
      if nothing was committed to";

#[derive(clap::Args)]
struct Place {
    /// The folder with the DID's files.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

#[derive(clap::Args)]
struct Keys {
    /// A key that may change the DID from now on, instead of today's: its file or its did:key.
    #[arg(long, value_name = "KEY")]
    update_key: Vec<String>,
    /// A key that takes over at the next change: its file or its did:key. Of several, any one can.
    #[arg(long, value_name = "KEY")]
    next_key: Vec<String>,
    /// Commit to no next keys any more.
    #[arg(long, conflicts_with = "next_key")]
    no_next_keys: bool,
}

#[derive(clap::Args)]
#[command(after_help = UPDATE_HELP)]
pub(crate) struct Update {
    #[command(flatten)]
    place: Place,
    /// The private key that may change the DID, or was committed to, as a JWK.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The whole new document.
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// Let this key sign credentials too: its file or its did:key.
    #[arg(long, value_name = "KEY")]
    add_key: Vec<String>,
    /// Let this key sign nothing any more: what stands after the # of its id.
    #[arg(long, value_name = "NAME")]
    remove_key: Vec<String>,
    /// Add a service, such as site=LinkedDomains=https://ngo.example
    #[arg(long, value_name = "NAME=TYPE=URL", value_parser = service)]
    add_service: Vec<Service>,
    /// Take a service out.
    #[arg(long, value_name = "NAME")]
    remove_service: Vec<String>,
    /// Somebody who must agree to later changes, instead of today's witnesses: their did:key.
    #[arg(long, value_name = "DID")]
    witness: Vec<String>,
    /// How many of the witnesses must agree; more than half otherwise.
    #[arg(long, value_name = "N", requires = "witness", value_parser = keys::at_least_one)]
    threshold: Option<usize>,
    /// Need no witnesses any more. Today's must agree to that.
    #[arg(long, conflicts_with = "witness")]
    no_witnesses: bool,
    #[command(flatten)]
    keys: Keys,
}

#[derive(clap::Args)]
#[command(after_help = ROTATE_HELP)]
pub(crate) struct Rotate {
    #[command(flatten)]
    place: Place,
    /// The private key that was committed to, or else one that may change the DID today, as a JWK.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    keys: Keys,
}

#[derive(clap::Args)]
pub(crate) struct Port {
    #[command(flatten)]
    place: Place,
    /// Where it is published from now on: a domain of yours, and perhaps a path.
    #[arg(long, value_name = "HOST[/PATH]")]
    domain: String,
    /// The private key that may change the DID, or was committed to, as a JWK.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    keys: Keys,
}

#[derive(clap::Args)]
pub(crate) struct Deactivate {
    #[command(flatten)]
    place: Place,
    /// The private key that may change the DID, or was committed to, as a JWK.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

#[derive(Clone)]
struct Service {
    name: String,
    service_type: String,
    endpoint: String,
}

fn service(text: &str) -> Result<Service, String> {
    let mut parts = text.splitn(3, '=').map(str::to_owned);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(name), Some(service_type), Some(endpoint)) if !name.is_empty() && !service_type.is_empty() => {
            Ok(Service { name, service_type, endpoint })
        }
        _ => Err("NAME=TYPE=URL was expected, such as site=LinkedDomains=https://ngo.example".to_owned()),
    }
}

pub(crate) fn update(arguments: &Update) -> Result<ExitCode, Misuse> {
    let folder = Folder::at(&arguments.place.dir)?;
    if let Some(mut document) = folder.web_document()? {
        return update_web(arguments, &folder, &mut document);
    }
    let Some(key) = &arguments.key else {
        return Err(Misuse::new(
            "--key is missing: the file with a private key that may change the DID",
            "Give the key that was given to attesta did create webvh, or one that was committed to since.",
        ));
    };
    let witnesses = keys::of_witnesses(&arguments.witness)?;
    next_entry(&folder, key, |log, signer| {
        let mut change = arguments.keys.apply(Change::new(), log, signer)?;
        if arguments.changes_document() {
            let mut document = log.current().document().to_json();
            arguments.edit(&mut document, log.did())?;
            change = change.document(document);
        } else if witnesses.is_empty() && !arguments.no_witnesses {
            return Err(nothing_to_change());
        }
        if arguments.no_witnesses {
            change = change.no_witnesses();
        }
        if !witnesses.is_empty() {
            change = change.witnesses(keys::threshold(arguments.threshold, witnesses.len())?, &witnesses);
        }
        Ok(change)
    })
}

fn update_web(arguments: &Update, folder: &Folder, document: &mut Map) -> Result<ExitCode, Misuse> {
    if !arguments.changes_document() {
        return Err(nothing_to_change());
    }
    let did = document.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
    arguments.edit(document, &did)?;
    folder.write_document(document)?;
    folder.say_web(&did)?;
    Ok(ExitCode::from(output::SUCCESS))
}

impl Update {
    fn changes_document(&self) -> bool {
        let counts = [self.add_key.len(), self.remove_key.len(), self.add_service.len(), self.remove_service.len()];
        self.document.is_some() || counts.into_iter().any(|count| count > 0)
    }

    fn edit(&self, document: &mut Map, did: &str) -> Result<(), Misuse> {
        if let Some(path) = &self.document {
            *document = files::read_object(path)?;
            document.entry("id").or_insert_with(|| did.into());
            if document.get("id").and_then(|id| id.as_str()) != Some(did) {
                return Err(Misuse::new(
                    format_args!("{} is the document of another DID than {did}", files::name_of(path)),
                    "Leave its id out, or let it be this DID.",
                ));
            }
        }
        let of = |what: &str, name: &str| format!("{what} {name}");
        let refused = |what: String| move |error: EditError| Misuse::about(what, &error);
        for name in &self.remove_key {
            remove_key(document, name).map_err(refused(of("--remove-key", name)))?;
        }
        for text in &self.add_key {
            add_key(document, &keys::public(text)?).map_err(refused(of("--add-key", text)))?;
        }
        for name in &self.remove_service {
            remove_service(document, name).map_err(refused(of("--remove-service", name)))?;
        }
        for Service { name, service_type, endpoint } in &self.add_service {
            add_service(document, name, service_type, endpoint).map_err(refused(of("--add-service", name)))?;
        }
        Ok(())
    }
}

fn nothing_to_change() -> Misuse {
    Misuse::new("nothing to change is named", "attesta did update --help says what can be changed.")
}

pub(crate) fn rotate(arguments: &Rotate) -> Result<ExitCode, Misuse> {
    next_entry(&Folder::at(&arguments.place.dir)?, &arguments.key, |log, signer| {
        if !is_committed(log) && arguments.keys.update_key.is_empty() && arguments.keys.next_key.is_empty() {
            return Err(Misuse::new(
                "no new key is named",
                "Give --update-key with the key that replaces today's, or --next-key with one to commit to.",
            ));
        }
        arguments.keys.apply(Change::new(), log, signer)
    })
}

pub(crate) fn port(arguments: &Port) -> Result<ExitCode, Misuse> {
    let location = location(&arguments.domain)?;
    next_entry(&Folder::at(&arguments.place.dir)?, &arguments.key, |log, signer| {
        if log.identifier().location() == location {
            return Err(Misuse::new("the DID is there already", "Give --domain with the new place."));
        }
        Ok(arguments.keys.apply(Change::new(), log, signer)?.moved_to(&location))
    })
}

pub(crate) fn deactivate(arguments: &Deactivate) -> Result<ExitCode, Misuse> {
    next_entry(&Folder::at(&arguments.place.dir)?, &arguments.key, |_, _| Ok(Change::new().deactivated()))
}

/// Whether the next keys were committed to in advance.
fn is_committed(log: &Log) -> bool {
    !log.current().parameters().next_key_hashes().is_empty()
}

impl Keys {
    /// The keys of the next entry. Under pre-rotation whoever signs is one of them, and new ones must be committed to.
    fn apply(&self, change: Change, log: &Log, signer: &PublicKey) -> Result<Change, Misuse> {
        let mut update = keys::of_updates(&self.update_key)?;
        let next = keys::of_the_next(&self.next_key, signer)?;
        if is_committed(log) {
            if next.is_empty() && !self.no_next_keys {
                return Err(Misuse::new(
                    "this DID commits to its next keys in advance, and --next-key is missing",
                    "Make a key that takes over next time (attesta key generate --out FILE) and give --next-key FILE.",
                ));
            }
            if !update.contains(signer) {
                update.insert(0, signer.clone());
            }
        }
        let change = if update.is_empty() { change } else { change.update_keys(&update) };
        Ok(if next.is_empty() && !self.no_next_keys { change } else { change.next_keys(&next) })
    }
}

/// Writes the next entry of the folder's log, which `change` makes out of what the log says now.
fn next_entry(
    folder: &Folder,
    key: &Path,
    change: impl FnOnce(&Log, &PublicKey) -> Result<Change, Misuse>,
) -> Result<ExitCode, Misuse> {
    folder.nothing_waits()?;
    let published = folder.log()?;
    let name = format!("did.jsonl in {}", folder.name());
    let did = did_of(&published.log, &name)?;
    let key: SoftwareKey = keys::signer(key)?;
    let log = published.verify(&did, files::now()?).map_err(|error| Misuse::about(&name, &error))?;
    if let Some(at) = log.deactivated() {
        return Err(Misuse::new(
            format_args!("{} was ended at {}, for ever", log.did(), at.in_words()),
            "Make another DID: attesta did create webvh --help",
        ));
    }
    let change = change(&log, &key.public_key())?;
    let now = now_after(log.current().time())?;
    let pending =
        webvh::update(&did, &published, &change, &key, now).map_err(|error| refused(&error, is_committed(&log)))?;
    let settled = folder.settle(pending, &[], now)?;
    folder.say(&settled)?;
    if let Settled::Written(moved) = &settled
        && moved.did() != log.did()
    {
        output::print(format_args!(
            "Publish did.jsonl at {} too, for as long as you can: it leads those who know the old name here.",
            log.identifier().log_url()
        ))?;
    }
    Ok(ExitCode::from(output::SUCCESS))
}

/// What the library says, in the words of the options.
fn refused(error: &CreateError, is_committed: bool) -> Misuse {
    let source = match error {
        CreateError::Log(WebvhError::Entry { source, .. }) => Some(source),
        _ => None,
    };
    match source {
        Some(EntryError::NotCommitted) => Misuse::new(
            "this key, or one that --update-key names, is none of those that the change before committed to",
            "Sign with a key that --next-key named then.",
        ),
        Some(EntryError::NotAuthorized) if !is_committed => Misuse::new(
            "this key may not change the DID",
            "Sign with the key that was given to attesta did create webvh, or with one that replaced it since.",
        ),
        Some(EntryError::NotPortable) => Misuse::new(
            "this DID cannot move: it was made without --portable",
            "Make another DID at the new place, and let the old document say so in alsoKnownAs.",
        ),
        _ => keys::refused("write the next entry", error),
    }
}
