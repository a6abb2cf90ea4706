//! `attesta did witness`.

use std::path::PathBuf;
use std::process::ExitCode;

use attesta::did::method::key;
use attesta::did::method::webvh::{self, CreateError, Pending, WebvhError, WitnessError};
use attesta::encoding::json::Map;
use attesta::keys::Signer as _;

use super::folder::{Folder, approvals_in, did_of};
use super::keys;
use crate::files;
use crate::output::{self, Misuse};

const AFTER_HELP: &str = "\
Look at the entry before you agree: it stands in did-waiting.jsonl. You must never agree to two entries with the same
number.

When enough witnesses have agreed, the files are written that are to be published. A witness elsewhere gets a copy of
the folder and sends back its did-witness.json, which the owner takes in:
  attesta did witness --dir did-files --proofs FILE";

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The folder with the DID's files.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// The witness's private key, as a JWK.
    #[arg(long, value_name = "FILE", required_unless_present = "proofs")]
    key: Option<PathBuf>,
    /// Proofs that a witness elsewhere has made, instead of making one.
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    proofs: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    let folder = Folder::at(&arguments.dir)?;
    let Some(entry) = folder.waiting()? else {
        return Err(Misuse::new(
            format_args!("no entry waits for a witness in {}", folder.name()),
            "Give --dir with the folder that its owner made or changed last.",
        ));
    };
    let published = folder.published()?;
    let did = match &published {
        Some(files) => did_of(&files.log, "did.jsonl")?,
        None => did_of(&entry, "did-waiting.jsonl")?,
    };
    let now = files::now()?;
    let pending = Pending::resume(&did, published.as_ref(), &entry, now)
        .map_err(|error| Misuse::about("the entry that waits", &error))?;
    let mut approvals = folder.approvals(pending.version_id())?;
    approvals.retain(|proof| counts(&pending, proof));
    if pending.clone().finish(&approvals).is_ok() {
        // Enough agreed already: the last writing was broken off.
        folder.say(&folder.settle(pending, &approvals, now)?)?;
        return Ok(ExitCode::from(output::SUCCESS));
    }
    if let Some(path) = &arguments.key {
        let key = keys::signer(path)?;
        let proof =
            webvh::witness(&did, published.as_ref(), &entry, &key, now).map_err(|error| refused(&error, &pending))?;
        add(&mut approvals, proof, &key::from_key(&key.public_key()))?;
    }
    if let Some(path) = &arguments.proofs {
        let proofs: Vec<_> =
            approvals_in(path, pending.version_id())?.into_iter().filter(|proof| counts(&pending, proof)).collect();
        if proofs.is_empty() {
            return Err(Misuse::new(
                format_args!("{} holds no proof of a witness for the entry that waits", files::name_of(path)),
                "Ask the witness for the did-witness.json that came of this entry.",
            ));
        }
        for proof in proofs {
            if !approvals.iter().any(|known| method_of(known) == method_of(&proof)) {
                approvals.push(proof);
            }
        }
    }
    let settled = folder.settle(pending, &approvals, now)?;
    folder.say(&settled)?;
    Ok(ExitCode::from(output::SUCCESS))
}

/// Whether the proof is one of a witness for this entry, and holds: whether it counts if it is alone.
fn counts(pending: &Pending, proof: &Map) -> bool {
    match pending.clone().finish(std::slice::from_ref(proof)) {
        Ok(_) => true,
        Err(CreateError::Log(WebvhError::Witness(WitnessError::TooFew { found, .. }))) => found > 0,
        Err(_) => false,
    }
}

fn method_of(proof: &Map) -> Option<&str> {
    proof.get("verificationMethod")?.as_str()
}

/// Each witness agrees once.
fn add(approvals: &mut Vec<Map>, proof: Map, witness: &str) -> Result<(), Misuse> {
    if approvals.iter().any(|known| method_of(known) == method_of(&proof)) {
        return Err(Misuse::new(
            format_args!("the witness {witness} has agreed to this entry already"),
            "Another witness must agree now.",
        ));
    }
    approvals.push(proof);
    Ok(())
}

fn refused(error: &CreateError, pending: &Pending) -> Misuse {
    match (error, pending.witnesses()) {
        (CreateError::NotAWitness, Some(witnesses)) => Misuse::new(
            "this key is none of the DID's witnesses",
            format_args!("The witnesses are {}.", witnesses.ids().join(", ")),
        ),
        _ => Misuse::about("cannot agree to this entry", error),
    }
}
