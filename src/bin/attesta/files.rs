//! Files: read with a ceiling, written whole, private keys for their owner alone.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use attesta::encoding::json::{self, Map};
use attesta::keys::SoftwareKey;
use attesta::limits;
use attesta::time::Timestamp;

use crate::output::{self, Misuse};

/// Reads a file, `-` for stdin; one byte more than any document may have, so that the library can say that it is too
/// large.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Misuse> {
    let mut bytes = Vec::new();
    let limit = limits::DOCUMENT_BYTES as u64 + 1;
    let outcome = if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    match outcome {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Misuse::new(
            format_args!("cannot read {}: {}", path.display(), plain(&error)),
            "Check the name of the file and whether you may read it.",
        )),
    }
}

/// Reads a file that holds a JSON object.
pub(crate) fn read_object(path: &Path) -> Result<Map, Misuse> {
    json::parse_object(&read(path)?).map_err(|error| Misuse::about(path.display(), &error))
}

/// Reads a private key.
pub(crate) fn read_key(path: &Path) -> Result<SoftwareKey, Misuse> {
    SoftwareKey::from_jwk(&read_object(path)?).map_err(|error| Misuse::about(path.display(), &error))
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
            format_args!("{} exists already, and may hold the only copy of a key", path.display()),
            "Choose another name.",
        ),
        _ => cannot_write(path, &error),
    })
}

/// Writes a result to the file, or to stdout.
pub(crate) fn write(path: Option<&Path>, text: &str) -> Result<(), Misuse> {
    match path {
        None => output::print(text),
        Some(path) => std::fs::write(path, format!("{text}\n")).map_err(|error| cannot_write(path, &error)),
    }
}

/// The moment by this computer's clock.
pub(crate) fn now() -> Result<Timestamp, Misuse> {
    let seconds =
        SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_secs()).ok());
    seconds
        .and_then(|seconds| Timestamp::from_unix(seconds).ok())
        .ok_or_else(|| Misuse::new("this computer's clock shows no usable time", "Set the clock."))
}

fn cannot_write(path: &Path, error: &io::Error) -> Misuse {
    Misuse::new(
        format_args!("cannot write {}: {}", path.display(), plain(error)),
        "Check that the folder exists and that you may write there.",
    )
}

fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it is not allowed".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}
