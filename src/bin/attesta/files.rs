//! Files: read with a ceiling, private keys for their owner alone and never written over.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use attesta::encoding::json::{self, Map};
use attesta::jsonld::GivenContexts;
use attesta::keys::{KeyError, PublicKey, SoftwareKey};
use attesta::limits;
use attesta::securing::{Shape, sniff};
use attesta::time::Timestamp;
use attesta::verify::Seen;

use crate::output::{self, Misuse};

const MADE_BY_GENERATE: &str = "Give the file that attesta key generate wrote.";

/// Reads a file, `-` for stdin; one byte more than any document may have, so that the library can say that it is too
/// large.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Misuse> {
    read_up_to(path, limits::DOCUMENT_BYTES)
}

/// The same, of a file that may have so many bytes.
pub(crate) fn read_up_to(path: &Path, limit: usize) -> Result<Vec<u8>, Misuse> {
    static STDIN_IS_READ: AtomicBool = AtomicBool::new(false);
    let mut bytes = Vec::new();
    let limit = limit as u64 + 1;
    let outcome = if path != Path::new("-") {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    } else if STDIN_IS_READ.swap(true, Ordering::Relaxed) {
        return Err(Misuse::new("stdin (-) can stand for one file alone", "Put the other into a file."));
    } else {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    };
    match outcome {
        Ok(_) => Ok(bytes),
        Err(_) if is_content(path) => Err(Misuse::new(
            "the name of a file was expected, and this is what would stand in one",
            "Put it into a file and give the file's name.",
        )),
        Err(error) => {
            let hint = match error.kind() {
                io::ErrorKind::IsADirectory => "Give the name of a file in it.",
                _ => "Check the name of the file and whether you may read it.",
            };
            Err(Misuse::new(format_args!("cannot read {}: {}", name_of(path), plain(&error)), hint))
        }
    }
}

/// The contexts that the user gives, each for its URL: giving them is the user's word for them.
pub(crate) fn read_contexts(given: &[(String, PathBuf)]) -> Result<GivenContexts, Misuse> {
    let mut contexts = GivenContexts::none();
    for (url, path) in given {
        contexts.add(url, &read(path)?).map_err(|error| Misuse::about(name_of(path), &error))?;
    }
    Ok(contexts)
}

/// Whether a token or JSON was given where a file's name belongs. It must not be repeated: it may be a private key.
fn is_content(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains('{') || (text.starts_with("eyJ") && text.contains('.'))
}

/// Reads a file that holds a JSON object.
pub(crate) fn read_object(path: &Path) -> Result<Map, Misuse> {
    let bytes = read(path)?;
    if bytes.trim_ascii().is_empty() {
        return Err(Misuse::new(format_args!("{} is empty", name_of(path)), "Check that it was written, and whole."));
    }
    json::parse_object(&bytes).map_err(|error| Misuse::about(name_of(path), &error))
}

/// Reads a private key.
pub(crate) fn read_key(path: &Path) -> Result<SoftwareKey, Misuse> {
    SoftwareKey::from_jwk(&read_jwk(path)?).map_err(|error| match error {
        KeyError::Member { name: "d" } => Misuse::new(
            format_args!("{} holds a public key, and a private one is needed", name_of(path)),
            MADE_BY_GENERATE,
        ),
        error => Misuse::about(name_of(path), &error),
    })
}

/// Reads a public key, or the public half of a private one.
pub(crate) fn read_public_half(path: &Path) -> Result<PublicKey, Misuse> {
    let mut jwk = read_jwk(path)?;
    jwk.remove("d");
    PublicKey::from_jwk(&jwk).map_err(|error| Misuse::about(name_of(path), &error))
}

/// Reads a key in its JSON form, not yet looked into.
pub(crate) fn read_jwk(path: &Path) -> Result<Map, Misuse> {
    let no_key = |what: &dyn fmt::Display| Misuse::new(format_args!("{} {what}", name_of(path)), MADE_BY_GENERATE);
    let bytes = read(path)?;
    if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
        return Err(no_key(&"is a PEM file, and a key as a JWK is needed"));
    }
    match json::parse_object(&bytes) {
        Ok(jwk) if jwk.contains_key("kty") => Ok(jwk),
        Ok(_) => Err(no_key(&"holds no key: it has no \"kty\"")),
        Err(error) => Err(no_key(&format_args!("holds no key: {error}"))),
    }
}

/// Writes a new file with a private key, readable by its owner alone. An existing file is never replaced: it may be the
/// only copy of a key.
pub(crate) fn write_secret(path: &Path, text: &str) -> Result<(), Misuse> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| writeln!(file, "{text}"));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Misuse::new(
            format_args!("{} exists already, and may hold the only copy of a key", name_of(path)),
            "Choose another name.",
        ),
        _ => cannot_write(path, &error),
    })
}

/// Writes a result to the file, or to stdout. A file that holds a private key is never replaced.
pub(crate) fn write(path: Option<&Path>, text: &str) -> Result<(), Misuse> {
    let Some(path) = path else { return output::print(text) };
    write_bytes(path, format!("{text}\n").as_bytes())
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), Misuse> {
    if holds_private_key(path) {
        return Err(Misuse::new(
            format_args!("{} holds a private key, which would be lost", name_of(path)),
            "Choose another name for --out.",
        ));
    }
    std::fs::write(path, bytes).map_err(|error| cannot_write(path, &error))
}

/// Writes a credential or presentation to the file, or to stdout: text with a line break, a COSE message as its bytes.
pub(crate) fn write_secured(path: Option<&Path>, secured: &[u8]) -> Result<(), Misuse> {
    match (sniff(secured), path) {
        (Ok(Shape::Cose(message)), None) if io::stdout().is_terminal() => Err(Misuse::new(
            format_args!("it has {} bytes that are no text, which a terminal cannot show", message.len()),
            "Give --out with the name of a file.",
        )),
        (Ok(Shape::Cose(message)), None) => output::print_bytes(message),
        (Ok(Shape::Cose(message)), Some(path)) => write_bytes(path, message),
        _ => write(path, &String::from_utf8_lossy(secured)),
    }
}

/// Writes a file whole or not at all: beside its place first, then into it. Whoever reads it meanwhile finds the old one.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Misuse> {
    if holds_private_key(path) {
        return Err(Misuse::new(
            format_args!("{} holds a private key, which would be lost", name_of(path)),
            "Move the key to another folder.",
        ));
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    let written = File::create(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        // What is left beside it disturbs nobody, and may be all that could be written.
        let _ = std::fs::remove_file(&beside);
        cannot_write(path, &error)
    })
}

/// What was seen before; nothing the first time.
pub(crate) fn read_seen(path: Option<&Path>) -> Result<Seen, Misuse> {
    match path.filter(|path| path.exists()) {
        Some(path) => Seen::parse(&read(path)?).map_err(|error| Misuse::about(name_of(path), &error)),
        None => Ok(Seen::nothing()),
    }
}

/// Writes what was seen, whole or not at all: without it nothing is noticed.
pub(crate) fn write_seen(path: &Path, seen: &Seen) -> Result<(), Misuse> {
    let text = format!("{:#}", seen.to_json());
    // A device is written to, never replaced.
    if path.exists() && !path.is_file() { write(Some(path), &text) } else { replace(path, &format!("{text}\n")) }
}

fn holds_private_key(path: &Path) -> bool {
    // Devices and pipes are written to, never read.
    if !path.is_file() {
        return false;
    }
    let bytes = File::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(limits::JOSE_HEADER_BYTES as u64).read_to_end(&mut bytes).map(|_| bytes)
    });
    bytes.is_ok_and(|bytes| json::parse_object(&bytes).is_ok_and(|object| object.contains_key("d")))
}

/// The moment by this computer's clock.
pub(crate) fn now() -> Result<Timestamp, Misuse> {
    moment(SystemTime::now()).ok_or_else(|| Misuse::new("this computer's clock shows no usable time", "Set the clock."))
}

/// When the file was written last, where the system says so.
pub(crate) fn written(path: &Path) -> Option<Timestamp> {
    moment(path.metadata().ok()?.modified().ok()?)
}

fn moment(time: SystemTime) -> Option<Timestamp> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    Timestamp::from_unix(i64::try_from(seconds).ok()?).ok()
}

pub(crate) fn cannot_write(path: &Path, error: &io::Error) -> Misuse {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        _ => plain(error),
    };
    Misuse::new(
        format_args!("cannot write {}: {reason}", name_of(path)),
        "Name a file in a folder that exists and that you may write to.",
    )
}

/// The file as messages name it.
pub(crate) fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() }
}

fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "what stands before the last / is no folder".to_owned(),
        _ => error.to_string(),
    }
}
