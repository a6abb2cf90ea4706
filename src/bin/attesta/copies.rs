//! `attesta issue --store`: credentials that the issuer remembers, one or many copies that nobody can link.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::credential::{Credential, Holder, model};
use attesta::encoding::json;
use attesta::issuer::Issuer;
use attesta::securing::{Format, cose};

use crate::files;
use crate::output::{self, Misuse};
use crate::store::Opened;

pub(crate) fn issue(
    issuer: &Issuer<'_>,
    draft: Credential,
    holders: Vec<Holder>,
    format: Format,
    store: &Path,
    out: Option<&Path>,
) -> Result<ExitCode, Misuse> {
    let (credentials, record) = Opened::open(store)?.issue(issuer, draft, holders, format)?;
    let is_only = credentials.len() == 1;
    for (position, credential) in credentials.iter().enumerate() {
        let path = out.map(|out| if is_only { out.to_owned() } else { numbered(out, position + 1) });
        files::write_secured(path.as_deref(), &in_a_file(credential))?;
    }
    let what = match credentials.len() {
        1 => "One credential.".to_owned(),
        count => format!("{count} copies."),
    };
    let (store, reference) = (files::name_of(store), record.reference);
    output::say(&format!(
        "{what} {store} knows this by one reference: {reference}\nTo revoke: attesta revoke {reference} --store {store}"
    ));
    Ok(ExitCode::from(output::SUCCESS))
}

/// The bytes of a file of its format: a COSE message stands there without its envelope.
fn in_a_file(credential: &str) -> Vec<u8> {
    let message = json::parse_object(credential.as_bytes())
        .ok()
        .and_then(|object| cose::from_enveloped(&object, model::ENVELOPED_CREDENTIAL_TYPE)?.ok());
    message.unwrap_or_else(|| credential.as_bytes().to_vec())
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
