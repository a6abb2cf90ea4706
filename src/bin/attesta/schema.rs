//! `attesta schema`.

use std::process::ExitCode;

use attesta::credential::kind::Kind;

use crate::output::{self, Misuse};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// proof-of-address, licence or skill.
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: Kind,
}

/// Reads the name of a kind.
pub(crate) fn kind(name: &str) -> Result<Kind, String> {
    Kind::from_name(name).ok_or_else(|| "the kinds are proof-of-address, licence and skill".to_owned())
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    output::print(format_args!("{:#}", arguments.kind.schema()))?;
    Ok(ExitCode::from(output::SUCCESS))
}
