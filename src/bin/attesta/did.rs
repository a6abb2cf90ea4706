//! `attesta did`.

use std::process::ExitCode;

use attesta::did::{ResolutionError, ResolutionOptions, resolve};
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
            None => not_found(did, result.error.as_ref()),
        }
    }
    let found = result.document.is_some();
    Ok(ExitCode::from(if found { output::SUCCESS } else { output::INVALID }))
}

fn not_found(did: &str, error: Option<&ResolutionError>) {
    let hint = match error {
        Some(ResolutionError::MethodNotSupported) => {
            "Fetch its document from its own address, and give it to attesta verify (--document ID=FILE)."
        }
        _ => "Copy the DID again, whole: it begins with did: and has no spaces.",
    };
    let reason = error.map(ToString::to_string).unwrap_or_default();
    output::say(&format!("attesta: {did}: {reason}\n  {hint}"));
}
