//! `attesta issue` to several keys of one person: copies that nobody can link.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::credential::{Credential, Holder, Salt};
use attesta::encoding::json::Map;
use attesta::issuer::{CopyFor, Issuer, Record};
use attesta::securing::Format;

use crate::files;
use crate::output::{self, Misuse};

/// What was asked for on the command line.
pub(crate) struct Request<'a> {
    pub(crate) holders: Vec<Holder>,
    pub(crate) status: Vec<Map>,
    pub(crate) format: Format,
    pub(crate) register: Option<&'a Path>,
    pub(crate) out: Option<&'a Path>,
}

pub(crate) fn issue(issuer: &Issuer<'_>, draft: &Credential, request: Request<'_>) -> Result<ExitCode, Misuse> {
    let Some(register) = request.register else {
        return Err(Misuse::new(
            "--register is missing: the file that remembers which copies belong together",
            "Give --register register.jsonl, and keep that file: by it all copies are revoked together.",
        ));
    };
    if !request.status.is_empty() && request.status.len() != request.holders.len() {
        return Err(Misuse::new(
            format_args!("there are {} status entries for {} holders", request.status.len(), request.holders.len()),
            "Give one --status for each --holder: copies that share a slot could be linked by it.",
        ));
    }
    let mut slots = request.status.into_iter();
    let recipients = request
        .holders
        .into_iter()
        .map(|holder| {
            let salt = Salt::random().map_err(|error| Misuse::about("cannot issue this", &error))?;
            Ok(CopyFor { holder, salt, status: slots.next() })
        })
        .collect::<Result<Vec<_>, Misuse>>()?;
    let mut reference = [0; 16];
    getrandom::fill(&mut reference).map_err(|error| Misuse::new(error, "Try again in a moment."))?;
    let copies = issuer
        .secure_copies(draft, &recipients, reference, request.format)
        .map_err(|error| Misuse::about("cannot issue this", &error))?;
    // The register first: a copy that nobody can revoke must not get out.
    append(register, &copies.record)?;
    for (position, credential) in copies.credentials.iter().enumerate() {
        let path = request.out.map(|out| numbered(out, position + 1));
        files::write(path.as_deref(), credential)?;
    }
    output::say(&format!(
        "{} copies. {} knows them by one reference: {}",
        copies.credentials.len(),
        files::name_of(register),
        copies.record.reference
    ));
    Ok(ExitCode::from(output::SUCCESS))
}

/// `guarantee.sd-jwt` becomes `guarantee-1.sd-jwt`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = match path.extension() {
        Some(extension) => format!("{stem}-{number}.{}", extension.to_string_lossy()),
        None => format!("{stem}-{number}"),
    };
    path.with_file_name(name)
}

/// Adds a line to the register, which is made if it is not there.
fn append(register: &Path, record: &Record) -> Result<(), Misuse> {
    let fault = |error: &dyn std::fmt::Display| {
        Misuse::new(
            format_args!("cannot write {}: {error}", files::name_of(register)),
            "Name a file in a folder that exists and that you may write to.",
        )
    };
    let line = serde_json::to_string(record).map_err(|error| fault(&error))?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(register).map_err(|error| fault(&error))?;
    writeln!(file, "{line}").and_then(|()| file.sync_all()).map_err(|error| fault(&error))
}
