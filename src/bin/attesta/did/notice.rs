//! `attesta did notice`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::did::Document;
use attesta::did::edit::key_name;
use attesta::encoding::base64url;
use attesta::keys::{PublicKey, Signer as _, SoftwareKey};
use attesta::time::Timestamp;
use attesta::trust::notice::{self, CompromiseNotice, CompromiseNotices, Digest};

use super::own_key::{self, Published};
use super::{keys, verify_log};
use crate::files;
use crate::output::{self, Misuse};

const AFTER_HELP: &str = "\
When a key that signed credentials is in somebody else's hands: what it signed counts from now on only if it is listed
here, whatever date stands in it. The register knows the digests of what you issued with attesta issue --store:
  attesta status digests --store register --signed-by DID#NAME > digests.txt
  attesta did notice --issuer-log did-files/did.jsonl --stolen issuing-1.jwk --since 2026-11-18T00:00:00Z \\
    --accepted digests.txt --key issuing-2.jwk --out notices.jwt
Verifiers find the file by a service of the DID. Publish it at that address, and again whenever it changes:
  attesta did update --dir did-files --add-service notices=CompromiseNotices=https://ngo.example/notices.jwt ...
One file holds all the keys that you ever lost: give --before with the one that is published.";

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The DID's did.jsonl (did:webvh) or did.json (did:web).
    #[arg(long, value_name = "FILE")]
    issuer_log: PathBuf,
    /// The key that others may have: its file or its did:key.
    #[arg(long, value_name = "KEY")]
    stolen: String,
    /// Its name in the DID's document, what stands after the #, where the file does not have it any more.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Since when others may have it, such as 2026-11-18T00:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = verify_log::moment)]
    since: Timestamp,
    /// The digests of what the key signed that stands, a line each, as attesta status digests prints them. May be given
    /// several times.
    #[arg(long, value_name = "FILE", required_unless_present = "nothing_accepted")]
    accepted: Vec<PathBuf>,
    /// Let nothing stand that the key ever signed.
    #[arg(long, conflicts_with = "accepted")]
    nothing_accepted: bool,
    /// The notices that are published until now. What they say of other keys stays.
    #[arg(long, value_name = "FILE")]
    before: Option<PathBuf>,
    /// A private key that may issue for the DID today, as a JWK.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where to write the notices; stdout otherwise.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    let now = files::now()?;
    if arguments.since > now {
        return Err(Misuse::new("--since lies in the future", "Give the day on which you last were sure of the key."));
    }
    let signer = files::read_key(&arguments.key)?;
    let stolen = keys::public(&arguments.stolen)?;
    if signer.public_key() == stolen {
        return Err(Misuse::new(
            "the notice would be signed with the very key that it is about, and whoever has that could do the same",
            "Sign with another key of the DID. If it has none, add one: attesta did update --add-key KEY",
        ));
    }
    let published = own_key::published(&arguments.issuer_log, now)?;
    let method = own_key::of_issuer(&arguments.issuer_log, None, &signer.public_key())?;
    let name = name(&published, &stolen, arguments)?;
    let mut notices = match &arguments.before {
        Some(path) => before(path, &published)?,
        None => Vec::new(),
    };
    notices.retain(|notice| notice.public_key != stolen);
    notices.push(CompromiseNotice::new(name, stolen, arguments.since, accepted(&arguments.accepted)?));
    let notices = CompromiseNotices::new(published.document.id(), now, notices)
        .map_err(|error| Misuse::about("cannot write the notices", &error))?;
    write(arguments, &notices, &method, &signer)?;
    // The file itself may go to stdout.
    output::say(&advice(&published.document));
    Ok(ExitCode::from(output::SUCCESS))
}

fn write(arguments: &Arguments, notices: &CompromiseNotices, method: &str, signer: &SoftwareKey) -> Result<(), Misuse> {
    let token = notices.sign(method, signer).map_err(|error| Misuse::about(files::name_of(&arguments.key), &error))?;
    match &arguments.out {
        Some(path) => files::replace(path, &format!("{token}\n")),
        None => output::print(token),
    }
}

/// The stolen key's URL: the newest under which the DID has or had it.
fn name(published: &Published, stolen: &PublicKey, arguments: &Arguments) -> Result<String, Misuse> {
    let did = published.document.id();
    if let Some(name) = &arguments.name {
        return Ok(format!("{did}#{}", name.trim_start_matches('#')));
    }
    if let Some(name) = published.names_of(stolen).last() {
        return Ok(name.clone());
    }
    // A document without a history may have lost the key already, which then had the name that every key has here.
    if published.log.is_none() {
        return Ok(format!("{did}#{}", key_name(stolen)));
    }
    Err(Misuse::new(
        format_args!("{did} never had the key {}", arguments.stolen),
        "Give the key that was stolen. If the DID's history does not hold it, give its name too: --name.",
    ))
}

/// What was published before, if a key of the DID signed it.
fn before(path: &Path, published: &Published) -> Result<Vec<CompromiseNotice>, Misuse> {
    let text = files::read(path)?;
    let refused = |error| Misuse::about(files::name_of(path), &error);
    let notices = CompromiseNotices::open(&String::from_utf8_lossy(&text), published.keys()).map_err(refused)?;
    if notices.issuer() != published.document.id() && !published.names().any(|name| name == notices.issuer()) {
        return Err(Misuse::new(
            format_args!("{} is about the keys of {}", files::name_of(path), notices.issuer()),
            "Give the notices of the same DID.",
        ));
    }
    let did = published.document.id();
    // A DID that has moved speaks of its keys by its new name.
    let renamed = |notice: &CompromiseNotice| {
        let key = notice.key.replacen(notices.issuer(), did, 1);
        CompromiseNotice::new(key, notice.public_key.clone(), notice.since, notice.accepted.iter().copied())
    };
    Ok(notices.notices().iter().map(renamed).collect())
}

fn accepted(paths: &[PathBuf]) -> Result<Vec<Digest>, Misuse> {
    let mut digests = Vec::new();
    for path in paths {
        let bytes = files::read(path)?;
        let text = String::from_utf8_lossy(&bytes);
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let digest = base64url::decode(line.trim()).ok().and_then(|bytes| Digest::try_from(bytes).ok());
            digests.push(digest.ok_or_else(|| {
                Misuse::new(
                    format_args!("{}: line {} is no digest", files::name_of(path), number + 1),
                    "Give what attesta status digests printed, unchanged.",
                )
            })?);
        }
    }
    Ok(digests)
}

fn advice(document: &Document) -> String {
    match notice::address(document) {
        Ok(Some(url)) => format!(
            "Publish it at {url}, as application/jwt.\nVerifiers that fetched your notices before need the new ones to \
             know."
        ),
        _ => "Nothing leads verifiers to it yet. Publish it, and name its address in the DID:\n  attesta did update \
              --add-service notices=CompromiseNotices=https://..."
            .to_owned(),
    }
}
