//! `attesta did verify-log`.

use std::path::PathBuf;
use std::process::ExitCode;

use attesta::did::Did;
use attesta::did::method::webvh::{Log, Version, WebvhError};
use attesta::error::Explain;
use attesta::limits;
use attesta::time::Timestamp;
use serde_json::{Value, json};

use crate::files;
use crate::output::{self, Misuse, Style, styled};

const AFTER_HELP: &str = "\
Example:
  attesta did verify-log --did did:webvh:Qm...:ngo.example --log did.jsonl --witness did-witness.json

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
    let found = Log::verify(&arguments.did, &log, witnesses.as_deref(), now).map_err(Refusal::Log);
    let found = match arguments.at {
        Some(at) => found.and_then(|log| log.as_of(at).ok_or(Refusal::NotYet)),
        None => found,
    };
    if arguments.json {
        output::print(format_args!("{:#}", in_json(&arguments.did, &found)))?;
    } else {
        output::print(in_words(&found))?;
    }
    Ok(ExitCode::from(if found.is_ok() { output::SUCCESS } else { output::INVALID }))
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

fn in_words(found: &Result<Log, Refusal>) -> String {
    let log = match found {
        Ok(log) => log,
        Err(refusal) => {
            let (_, message, hint) = refusal.said();
            let title = styled(Style::Bad, "THE LOG DOES NOT HOLD");
            return format!("{title}  {message}.\n  What to do: {hint}");
        }
    };
    let current = log.current();
    let title = styled(Style::Good, "THE LOG HOLDS");
    let (first, last) = (log.created().in_words(), current.time().in_words());
    let mut lines = vec![match log.versions().len() {
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
