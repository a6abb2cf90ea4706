//! `attesta did verify-log`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::did::Did;
use attesta::did::method::webvh::{Checkpoint, Log, Version, WebvhError};
use attesta::error::Explain;
use attesta::limits;
use attesta::time::Timestamp;
use serde_json::{Value, json};

use crate::files;
use crate::output::{self, Misuse, Style, styled};

const AFTER_HELP: &str = "\
Example:
  attesta did verify-log --did did:webvh:Qm...:ngo.example --log did.jsonl --witness did-witness.json

A checkpoint spares loading a long log again:
  attesta did verify-log --did DID --log did.jsonl --checkpoint ngo.checkpoint
  curl --range BYTES- https://ngo.example/.well-known/did.jsonl > rest.jsonl     # BYTES as it was printed
  attesta did verify-log --did DID --after ngo.checkpoint --log rest.jsonl --checkpoint ngo.checkpoint
  attesta verify FILE --checkpoint DID=ngo.checkpoint
Nothing in it is signed: keep it where nobody else can write, and use none that somebody sends you.

Exit codes: 0 the log holds, 1 it does not, 2 the command itself is wrong.";

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The DID, such as did:webvh:Qm...:ngo.example.
    #[arg(long, value_parser = did)]
    did: Did,
    /// Its log, did.jsonl.
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// The proofs of its witnesses, did-witness.json, if it has any.
    #[arg(long, value_name = "FILE")]
    witness: Option<PathBuf>,
    /// A checkpoint that you made yourself, in the place of the log's first entries: --log then has those that follow.
    #[arg(long, value_name = "FILE")]
    after: Option<PathBuf>,
    /// Write a checkpoint of the newest entry, if the log holds.
    #[arg(long, value_name = "FILE", conflicts_with = "at")]
    checkpoint: Option<PathBuf>,
    /// Say what the log held at this moment, such as 2026-03-31T09:30:00Z.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Timestamp>,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| format!("{error}. {}", error.hint()))
}

fn did(text: &str) -> Result<Did, String> {
    Did::parse(text).map_err(|error| format!("{error}. {}", error.hint()))
}

/// Why a log does not hold, or did not.
enum Refusal {
    Log(WebvhError),
    NotYet,
}

impl Refusal {
    fn said(&self) -> (&'static str, String, &'static str) {
        match self {
            Self::Log(error) => (error.code(), error.to_string(), error.hint()),
            Self::NotYet => (
                "webvh.not-yet",
                "the DID did not exist yet at that moment".to_owned(),
                "Name a later moment, or leave --at out.",
            ),
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    let log = files::read_up_to(&arguments.log, limits::LOG_BYTES)?;
    let witnesses = match &arguments.witness {
        Some(path) => Some(files::read_up_to(path, limits::WITNESS_FILE_BYTES)?),
        None => None,
    };
    // The whole log is checked as it is found now; what came after the moment is then left aside.
    let now = arguments.at.map_or(files::now()?, |at| files::now().map_or(at, |now| now.max(at)));
    let found = match &arguments.after {
        Some(path) => Log::resume(&arguments.did, &checkpoint(path)?, &log, witnesses.as_deref(), now),
        None => Log::verify(&arguments.did, &log, witnesses.as_deref(), now),
    };
    let found = found.map_err(Refusal::Log);
    let found = match arguments.at {
        Some(at) => found.and_then(|log| log.as_of(at).ok_or(Refusal::NotYet)),
        None => found,
    };
    if let (Some(path), Ok(log)) = (&arguments.checkpoint, &found) {
        files::replace(path, &log.checkpoint().to_line())?;
    }
    if arguments.json {
        output::print(format_args!("{:#}", in_json(&arguments.did, &found)))?;
    } else {
        output::print(in_words(&found, arguments.after.is_some()))?;
        if let (Some(path), Ok(log)) = (&arguments.checkpoint, &found) {
            let (name, bytes) = (files::name_of(path), log.checkpoint().bytes());
            output::print(format_args!("  {name} stands for the first {bytes} bytes of the log from now on."))?;
        }
    }
    Ok(ExitCode::from(if found.is_ok() { output::SUCCESS } else { output::INVALID }))
}

fn checkpoint(path: &Path) -> Result<Checkpoint, Misuse> {
    let bytes = files::read_up_to(path, limits::CHECKPOINT_BYTES)?;
    Checkpoint::parse(&bytes).map_err(|error| Misuse::about(files::name_of(path), &error))
}

fn in_json(did: &Did, found: &Result<Log, Refusal>) -> Value {
    let log = match found {
        Ok(log) => log,
        Err(refusal) => {
            let (code, message, hint) = refusal.said();
            return json!({ "outcome": "invalid", "did": did.as_str(), "code": code, "message": message, "hint": hint });
        }
    };
    let version = |version: &Version| {
        json!({
            "versionNumber": version.number(),
            "versionId": version.id(),
            "versionTime": version.time().to_string(),
            "did": version.document().id(),
            "updateKeys": version.parameters().update_keys(),
            "nextKeyHashes": version.parameters().next_key_hashes(),
            "deactivated": version.parameters().deactivated(),
        })
    };
    let witness = log.current().parameters().witness();
    json!({
        "outcome": "valid",
        "did": did.as_str(),
        "canonicalId": log.did(),
        "scid": log.scid(),
        "portable": log.portable(),
        "deactivated": log.deactivated().map(|at| at.to_string()),
        "witness": witness.map(|witness| json!({ "threshold": witness.threshold(), "witnesses": witness.ids() })),
        "versions": log.versions().iter().map(version).collect::<Vec<_>>(),
    })
}

fn in_words(found: &Result<Log, Refusal>, is_resumed: bool) -> String {
    let log = match found {
        Ok(log) => log,
        Err(refusal) => {
            let (_, message, hint) = refusal.said();
            let title = styled(Style::Bad, "THE LOG DOES NOT HOLD");
            return format!("{title}  {}\n  What to do: {hint}", output::sentence(&message));
        }
    };
    let current = log.current();
    let title = styled(Style::Good, "THE LOG HOLDS");
    let (first, last) = (log.created().in_words(), current.time().in_words());
    let mut lines = vec![match log.versions().len() {
        _ if is_resumed => {
            let oldest = log.versions().first().map_or(1, Version::number);
            format!(
                "{title}  From the checkpoint of version {oldest} on, up to version {} of {last}.",
                current.number()
            )
        }
        1 => format!("{title}  1 version, of {first}."),
        number => format!("{title}  {number} versions, from {first} to {last}."),
    }];
    lines.push(format!("  The DID is {}.", log.did()));
    match log.deactivated() {
        Some(at) => lines.push(format!("  Its owner ended it at {}. Nothing can follow.", at.in_words())),
        None => lines.push(format!("  The newest version is {}.", current.id())),
    }
    if let Some(witness) = current.parameters().witness() {
        let (needed, all) = (witness.threshold(), witness.ids().len());
        lines.push(format!("  Of its witnesses, {needed} of {all} must agree to what comes next."));
    }
    if !current.parameters().next_key_hashes().is_empty() {
        lines.push("  The next keys are committed to in advance.".to_owned());
    }
    lines.join("\n")
}
