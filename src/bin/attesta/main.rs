//! The command line of attesta.

mod claims;
mod consent;
mod copies;
mod demo;
mod did;
mod files;
mod issue;
mod key;
mod online;
mod output;
mod present;
mod report;
mod request;
mod schema;
mod status;
mod store;
mod usage;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use output::Misuse;

/// Issue, present and verify credentials: proofs of address that an NGO vouches for, licences, and certified skills.
#[derive(Parser)]
#[command(name = "attesta", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play the whole loop, from an NGO's guarantee to a bank's answer, without files and network.
    Demo,
    /// Make keys.
    #[command(subcommand)]
    Key(key::Command),
    /// Look up decentralized identifiers, and make ones that last.
    #[command(subcommand)]
    Did(did::Command),
    /// Print the JSON Schema of a kind's claims.
    Schema(schema::Arguments),
    /// Issue a credential.
    Issue(issue::Arguments),
    /// Keep the lists that say which credentials were revoked.
    #[command(subcommand)]
    Status(status::Command),
    /// Revoke a credential, with all its copies, by its reference.
    Revoke(status::Revoke),
    /// Ask holders for credentials, as a verifier whom they can recognise.
    Request(request::Arguments),
    /// Present credentials to one verifier, for one request.
    Present(present::Arguments),
    /// Decide about a credential or presentation, and say why.
    Verify(verify::Arguments),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::answer(&error, &Arguments::command()),
    };
    let result = match arguments.command {
        Command::Demo => demo::run(),
        Command::Key(command) => key::run(&command),
        Command::Did(command) => did::run(&command),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Issue(arguments) => issue::run(&arguments),
        Command::Status(command) => status::run(&command),
        Command::Revoke(arguments) => status::revoke(&arguments),
        Command::Request(arguments) => request::run(&arguments),
        Command::Present(arguments) => present::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
    };
    result.unwrap_or_else(|misuse: Misuse| misuse.report())
}
