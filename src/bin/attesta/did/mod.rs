//! `attesta did`.

mod change;
mod create;
mod folder;
mod keys;
mod notice;
mod online;
pub(crate) mod own_key;
mod resolve;
mod verify_log;
mod witness;

use std::process::ExitCode;

use clap::Subcommand;

use crate::output::Misuse;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Look up a DID's document, or what a DID URL names. Exits with 0 if it is found, 1 if not.
    Resolve(resolve::Arguments),
    /// Make a DID that lasts: write the files to publish.
    #[command(subcommand)]
    Create(create::Command),
    /// Change a DID's document: its keys and services.
    Update(change::Update),
    /// Replace the keys that may change a did:webvh.
    Rotate(change::Rotate),
    /// Move a did:webvh to another domain. Its history goes with it.
    Port(change::Port),
    /// End a did:webvh for ever.
    Deactivate(change::Deactivate),
    /// Agree, as a witness, to the entry that waits in a folder.
    Witness(witness::Arguments),
    /// Say that a key was stolen, and what it signed that still stands.
    Notice(notice::Arguments),
    /// Check a did:webvh log, entry by entry. Exits with 0 if it holds, 1 if not.
    VerifyLog(verify_log::Arguments),
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Misuse> {
    match command {
        Command::Resolve(arguments) => resolve::run(arguments),
        Command::Create(command) => create::run(command),
        Command::Update(arguments) => change::update(arguments),
        Command::Rotate(arguments) => change::rotate(arguments),
        Command::Port(arguments) => change::port(arguments),
        Command::Deactivate(arguments) => change::deactivate(arguments),
        Command::Witness(arguments) => witness::run(arguments),
        Command::Notice(arguments) => notice::run(arguments),
        Command::VerifyLog(arguments) => verify_log::run(arguments),
    }
}
