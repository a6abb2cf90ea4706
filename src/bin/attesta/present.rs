//! `attesta present`.

use std::path::PathBuf;
use std::process::ExitCode;

use attesta::presentation::{Request, present};

use crate::files;
use crate::output::{self, Misuse};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The credential as the issuer gave it. May be given several times.
    #[arg(long, value_name = "FILE", required = true)]
    credential: Vec<PathBuf>,
    /// The holder's private key, as a JWK.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Who asks, as the verifier names itself.
    #[arg(long)]
    audience: String,
    /// The nonce of the verifier's request.
    #[arg(long)]
    nonce: String,
    /// Where to write the presentation; stdout otherwise.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    let key = files::read_key(&arguments.key)?;
    let credentials = arguments.credential.iter().map(|path| files::read(path)).collect::<Result<Vec<_>, _>>()?;
    let credentials: Vec<&[u8]> = credentials.iter().map(Vec::as_slice).collect();
    let request = Request { audience: &arguments.audience, nonce: &arguments.nonce };
    let presentation =
        present(&credentials, &request, &key).map_err(|error| Misuse::about("cannot present this", &error))?;
    files::write(arguments.out.as_deref(), &presentation)?;
    Ok(ExitCode::from(output::SUCCESS))
}
