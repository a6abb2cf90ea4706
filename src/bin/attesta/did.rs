//! `attesta did`.

use std::process::ExitCode;

use attesta::did::{ResolutionOptions, resolve};
use clap::Subcommand;

use crate::output::{self, Misuse};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Look up a DID's document. Exits with 0 if there is one, 1 if not.
    Resolve {
        /// The DID, such as did:key:z6Mk...
        did: String,
        /// Print the whole result of DID Resolution as JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Misuse> {
    let Command::Resolve { did, json } = command;
    let result = resolve(did, &ResolutionOptions::default());
    if *json {
        output::print(format_args!("{:#}", serde_json::Value::Object(result.to_json())))?;
    } else {
        match &result.document {
            Some(document) => output::print(format_args!("{:#}", serde_json::Value::Object(document.to_json())))?,
            None => output::print(result.error.as_ref().map(ToString::to_string).unwrap_or_default())?,
        }
    }
    let found = result.document.is_some();
    Ok(ExitCode::from(if found { output::SUCCESS } else { output::INVALID }))
}
