//! The folder with the files of one DID: what is published, and an entry that waits for its witnesses.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use attesta::did::Did;
use attesta::did::method::web;
use attesta::did::method::webvh::{CreateError, Files, Identifier, Log, Pending, WebvhError, WitnessError};
use attesta::encoding::json::{self, Map, Value};
use attesta::limits;
use attesta::time::Timestamp;
use serde_json::json;

use super::keys;
use crate::files;
use crate::output::{self, Misuse};

const LOG: &str = "did.jsonl";
const WITNESSES: &str = "did-witness.json";
const DOCUMENT: &str = "did.json";
/// An entry that may not be published yet. No resolver looks for a file of this name.
const WAITING: &str = "did-waiting.jsonl";

/// Seconds that are waited for, so that an entry is later than the one before it.
const PATIENCE: i64 = 2;

pub(super) struct Folder {
    path: PathBuf,
    /// Held until the command has ended, so that no two write in one folder at a time.
    _lock: Option<File>,
}

/// What became of an entry.
pub(super) enum Settled {
    /// It is written, and is to be published.
    Written(Box<Log>),
    /// It waits for so many witnesses, of whom so many have agreed.
    Waiting { did: Did, needed: usize, found: usize },
}

impl Folder {
    /// The folder, which nobody else changes until this is dropped.
    pub(super) fn at(path: &Path) -> Result<Self, Misuse> {
        Ok(Self { path: path.to_owned(), _lock: locked(path)? })
    }

    /// A folder in which no DID is yet; made if it is not there.
    pub(super) fn vacant(path: &Path) -> Result<Self, Misuse> {
        fs::create_dir_all(path).map_err(|error| files::cannot_write(path, &error))?;
        let folder = Self::at(path)?;
        for name in [LOG, DOCUMENT, WITNESSES, WAITING] {
            let file = folder.file(name);
            if file.exists() {
                return Err(Misuse::new(
                    format_args!("{} exists already: another DID lives in this folder", files::name_of(&file)),
                    "Give --dir with another folder, or change that DID: attesta did update --help",
                ));
            }
        }
        Ok(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(super) fn name(&self) -> String {
        files::name_of(&self.path)
    }

    fn text(&self, name: &str, limit: usize) -> Result<Option<String>, Misuse> {
        let path = self.file(name);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = files::read_up_to(&path, limit)?;
        String::from_utf8(bytes).map(Some).map_err(|_| {
            Misuse::new(
                format_args!("{} is no text", files::name_of(&path)),
                "Load it again from where it is published.",
            )
        })
    }

    /// The log and its witnesses as they are published; none before the first entry is.
    pub(super) fn published(&self) -> Result<Option<Files>, Misuse> {
        let Some(log) = self.text(LOG, limits::LOG_BYTES)? else { return Ok(None) };
        Ok(Some(Files { log, witnesses: self.text(WITNESSES, limits::WITNESS_FILE_BYTES)? }))
    }

    /// The log that the folder must have.
    pub(super) fn log(&self) -> Result<Files, Misuse> {
        let is_web = self.file(DOCUMENT).exists();
        self.published()?.ok_or_else(|| {
            if is_web {
                return Misuse::new(
                    format_args!("{} holds a did:web, which has no history and no keys that change it", self.name()),
                    "Change its document with attesta did update; to end it, take did.json down.",
                );
            }
            Misuse::new(
                format_args!("there is no {LOG} in {}", self.name()),
                "Give --dir with the folder that attesta did create webvh wrote to.",
            )
        })
    }

    /// The document of a did:web, if the folder has no log.
    pub(super) fn web_document(&self) -> Result<Option<Map>, Misuse> {
        if self.file(LOG).exists() || !self.file(DOCUMENT).exists() {
            return Ok(None);
        }
        files::read_object(&self.file(DOCUMENT)).map(Some)
    }

    /// The entry that waits for its witnesses. If it stands in the log already, the last writing was broken off, and is
    /// brought to its end.
    pub(super) fn waiting(&self) -> Result<Option<String>, Misuse> {
        let Some(entry) = self.text(WAITING, limits::LOG_ENTRY_BYTES)? else { return Ok(None) };
        let entry = entry.trim_end().to_owned();
        let published = self.published()?.filter(|files| last_line(&files.log) == entry);
        let Some(published) = published else { return Ok(Some(entry)) };
        let did = did_of(&published.log, LOG)?;
        self.publish(&did, &published, files::now()?)?;
        Ok(None)
    }

    /// # Errors
    /// If an entry waits, which another one would contradict.
    pub(super) fn nothing_waits(&self) -> Result<(), Misuse> {
        if self.waiting()?.is_none() {
            return Ok(());
        }
        Err(Misuse::new(
            format_args!("an entry waits for its witnesses in {}", self.name()),
            format_args!(
                "Let them agree: attesta did witness --dir {} --key WITNESS-KEY. Or give it up, if none of them has \
                 agreed yet: delete {}.",
                self.name(),
                files::name_of(&self.file(WAITING))
            ),
        ))
    }

    /// Writes an entry: to be published if enough witnesses agreed, and else to wait for them.
    pub(super) fn settle(&self, pending: Pending, approvals: &[Map], at: Timestamp) -> Result<Settled, Misuse> {
        let (did, entry) = (pending.did().clone(), pending.entry().to_owned());
        let version_id = pending.version_id().to_owned();
        let threshold = pending.witnesses().map(|witnesses| witnesses.threshold());
        let (needed, found) = match (pending.finish(approvals), threshold) {
            (Ok(files), _) => return self.publish(&did, &files, at),
            (Err(CreateError::Log(WebvhError::Witness(WitnessError::Missing))), Some(needed)) => (needed, 0),
            (Err(CreateError::Log(WebvhError::Witness(WitnessError::TooFew { needed, found, .. }))), Some(_)) => {
                (needed, found)
            }
            (Err(error), _) => return Err(keys::refused("write the entry", &error)),
        };
        if !approvals.is_empty() {
            self.keep_approvals(&version_id, approvals)?;
        }
        files::replace(&self.file(WAITING), &format!("{entry}\n"))?;
        Ok(Settled::Waiting { did, needed, found })
    }

    /// The files in the order in which they are published: the proofs of the witnesses before what they agreed to.
    fn publish(&self, did: &Did, written: &Files, at: Timestamp) -> Result<Settled, Misuse> {
        let log = written.verify(did, at).map_err(|error| Misuse::about("cannot write the entry", &error))?;
        let parallel = log.web_document().map_err(|error| Misuse::about("cannot write did.json", &error))?;
        if let Some(witnesses) = &written.witnesses {
            files::replace(&self.file(WITNESSES), witnesses)?;
        }
        files::replace(&self.file(LOG), &written.log)?;
        match parallel {
            Some(document) => self.write_document(&document)?,
            None => self.remove(DOCUMENT)?,
        }
        self.remove(WAITING)?;
        Ok(Settled::Written(Box::new(log)))
    }

    pub(super) fn write_document(&self, document: &Map) -> Result<(), Misuse> {
        files::replace(&self.file(DOCUMENT), &format!("{:#}\n", Value::Object(document.clone())))
    }

    fn remove(&self, name: &str) -> Result<(), Misuse> {
        let path = self.file(name);
        match fs::remove_file(&path) {
            Err(error) if path.exists() => Err(files::cannot_write(&path, &error)),
            _ => Ok(()),
        }
    }

    /// Proofs for an entry among those in the folder. They may be published ahead of it: "Non-matching entries,
    /// including those for future entries, MUST be discarded" (did:webvh 1.0).
    fn keep_approvals(&self, version_id: &str, approvals: &[Map]) -> Result<(), Misuse> {
        let text = self.text(WITNESSES, limits::WITNESS_FILE_BYTES)?;
        let mut items = match &text {
            Some(text) => items_of(text.as_bytes(), &self.file(WITNESSES))?,
            None => Vec::new(),
        };
        items.retain(|item| item.get("versionId").and_then(Value::as_str) != Some(version_id));
        items.push(json!({ "versionId": version_id, "proof": approvals }));
        files::replace(&self.file(WITNESSES), &Value::Array(items).to_string())
    }

    /// Proofs for an entry that are in the folder.
    pub(super) fn approvals(&self, version_id: &str) -> Result<Vec<Map>, Misuse> {
        let path = self.file(WITNESSES);
        if path.exists() { approvals_in(&path, version_id) } else { Ok(Vec::new()) }
    }

    /// Says what was written, and what is to be published where.
    pub(super) fn say(&self, settled: &Settled) -> Result<(), Misuse> {
        match settled {
            Settled::Written(log) => self.say_written(log),
            Settled::Waiting { did, needed, found } => output::print(format_args!(
                "{}\n\n{found} of the {needed} witnesses that are needed {} agreed. Publish nothing yet.\n\
                 Each of them runs: attesta did witness --dir {} --key WITNESS-KEY",
                did.as_str(),
                if *found == 1 { "has" } else { "have" },
                self.name()
            )),
        }
    }

    /// Says where the document of a did:web is to be published.
    pub(super) fn say_web(&self, did: &str) -> Result<(), Misuse> {
        let url = Did::parse(did).ok().and_then(|did| web::address(&did).ok());
        let url =
            url.ok_or_else(|| Misuse::new(format_args!("\"{did}\" is no did:web"), "Correct the id in did.json."))?;
        output::print(format_args!(
            "{did}\n\nPublish:\n  {}  at  {url}\nThen see whether it is found: attesta did resolve {did} --no-cache",
            files::name_of(&self.file(DOCUMENT))
        ))
    }

    fn say_written(&self, log: &Log) -> Result<(), Misuse> {
        let did = Did::parse(log.did()).map_err(|error| Misuse::about("the DID", &error))?;
        let at = Identifier::parse(&did).map_err(|error| Misuse::about("the DID", &error))?;
        let web_url = at.log_url().replace(LOG, DOCUMENT);
        let mut lines = vec![did.as_str().to_owned(), String::new(), "Publish, in this order:".to_owned()];
        let mut publish = |name: &str, url: String| {
            lines.push(format!("  {}  at  {url}", files::name_of(&self.file(name))));
        };
        if self.file(WITNESSES).exists() {
            publish(WITNESSES, at.witness_url());
        }
        publish(LOG, at.log_url());
        match log.deactivated() {
            None => {
                publish(DOCUMENT, web_url.clone());
                lines.push(format!("{DOCUMENT} is the same document as {}, for older software.", at.web_did()));
                lines.push(format!("Then see whether it is found: attesta did resolve {} --no-cache", did.as_str()));
            }
            Some(_) => {
                lines.push(format!("Take {web_url} down. Leave the other files where they are: they prove the end."));
            }
        }
        output::print(lines.join("\n"))
    }
}

/// A lock on the folder; none where there is no such folder, which is for others to say. The system frees it however
/// the command ends.
#[allow(clippy::incompatible_msrv, reason = "the command line needs Rust 1.89, as its TLS does")]
fn locked(path: &Path) -> Result<Option<File>, Misuse> {
    // Where folders cannot be opened, a file in it is locked in their place.
    #[cfg(unix)]
    let opened = File::open(path);
    #[cfg(not(unix))]
    let opened = File::options().create(true).write(true).truncate(false).open(path.join("did.lock"));
    let Ok(file) = opened else { return Ok(None) };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Misuse::new(
            format_args!("another command of attesta is at work in {}", files::name_of(path)),
            "Wait until it has ended, then look at what it did before you go on.",
        )),
        // Not every file system has locks.
        Err(TryLockError::Error(_)) => Ok(None),
        Ok(()) => Ok(Some(file)),
    }
}

/// The proofs for an entry in a file of proofs.
pub(super) fn approvals_in(path: &Path, version_id: &str) -> Result<Vec<Map>, Misuse> {
    let items = items_of(&files::read_up_to(path, limits::WITNESS_FILE_BYTES)?, path)?;
    let is_it = |item: &&Value| item.get("versionId").and_then(Value::as_str) == Some(version_id);
    let proofs = items.iter().filter(is_it).filter_map(|item| match item.get("proof") {
        Some(Value::Array(proofs)) => Some(proofs.clone()),
        Some(proof) => Some(vec![proof.clone()]),
        None => None,
    });
    Ok(proofs.flatten().filter_map(|proof| proof.as_object().cloned()).collect())
}

fn items_of(bytes: &[u8], path: &Path) -> Result<Vec<Value>, Misuse> {
    match json::parse(bytes) {
        Ok(Value::Array(items)) => Ok(items),
        Ok(_) => Err(Misuse::new(
            format_args!("{} holds no proofs of witnesses", files::name_of(path)),
            "Give a file that attesta did witness wrote.",
        )),
        Err(error) => Err(Misuse::about(files::name_of(path), &error)),
    }
}

fn last_line(log: &str) -> &str {
    log.trim_end().rsplit('\n').next().unwrap_or_default()
}

/// The DID in an entry, which may be the newest of a log.
pub(super) fn did_of(text: &str, name: &str) -> Result<Did, Misuse> {
    let entry = json::parse_object(last_line(text).as_bytes()).map_err(|error| Misuse::about(name, &error))?;
    let id = entry.get("state").and_then(|state| state.get("id")).and_then(Value::as_str).unwrap_or_default();
    Did::parse(id).map_err(|error| Misuse::about(format_args!("the DID in {name}"), &error))
}

/// Now, but after that moment, for which a second or two are waited.
pub(super) fn now_after(moment: Timestamp) -> Result<Timestamp, Misuse> {
    loop {
        let now = files::now()?;
        let left = moment.seconds_since(now);
        if !(0..=PATIENCE).contains(&left) {
            return Ok(now);
        }
        thread::sleep(Duration::from_millis(100));
    }
}
