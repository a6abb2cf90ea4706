//! Keys as arguments name them: a file, or a did:key of which the file is somebody else's.

use std::path::Path;

use attesta::did::method::key;
use attesta::did::method::webvh::{CreateError, WebvhError};
use attesta::keys::{KeyType, PublicKey, Signer as _, SoftwareKey};

use crate::files;
use crate::output::Misuse;

/// A public key: that of a did:key, or the one in a file.
pub(super) fn public(text: &str) -> Result<PublicKey, Misuse> {
    if text.starts_with("did:") {
        return key::public_key(text).map_err(|error| {
            Misuse::new(
                format_args!("{text}: {error}"),
                "Give the key's did:key, as attesta key show prints it, or the file that holds the key.",
            )
        });
    }
    files::read_public_half(Path::new(text))
}

pub(super) fn all(texts: &[String]) -> Result<Vec<PublicKey>, Misuse> {
    texts.iter().map(|text| public(text)).collect()
}

/// Keys that may change a DID, or will be.
pub(super) fn of_updates(texts: &[String]) -> Result<Vec<PublicKey>, Misuse> {
    let keys = all(texts)?;
    match keys.iter().zip(texts).find(|(key, _)| key.key_type() != KeyType::Ed25519) {
        Some((_, text)) => Err(not_ed25519(text)),
        None => Ok(keys),
    }
}

/// Keys to commit to, none of them the one that signs now: whoever stole that would have the next one too.
pub(super) fn of_the_next(texts: &[String], signer: &PublicKey) -> Result<Vec<PublicKey>, Misuse> {
    let keys = of_updates(texts)?;
    match keys.iter().zip(texts).find(|(key, _)| *key == signer) {
        Some((_, text)) => Err(Misuse::new(
            format_args!("--next-key {text} is the key that signs this change: whoever steals it has the next one too"),
            "Make another (attesta key generate --out FILE), and keep it elsewhere.",
        )),
        None => Ok(keys),
    }
}

/// The key that signs an entry of a log, or agrees to one.
pub(super) fn signer(path: &Path) -> Result<SoftwareKey, Misuse> {
    let key = files::read_key(path)?;
    if key.public_key().key_type() == KeyType::Ed25519 { Ok(key) } else { Err(not_ed25519(&files::name_of(path))) }
}

fn not_ed25519(text: &str) -> Misuse {
    Misuse::new(
        format_args!("{text} is no Ed25519 key, and only those can change or witness a did:webvh"),
        "Make one: attesta key generate --out FILE",
    )
}

/// The public keys of witnesses, by their did:key.
pub(super) fn of_witnesses(dids: &[String]) -> Result<Vec<PublicKey>, Misuse> {
    let witness = |text: &String| {
        let key = key::public_key(text)
            .map_err(|error| Misuse::new(format_args!("--witness {text}: {error}"), WITNESS_HINT))?;
        if key.key_type() == KeyType::Ed25519 { Ok(key) } else { Err(not_ed25519(text)) }
    };
    if let Some(twice) = dids.iter().enumerate().find_map(|(index, did)| dids[..index].contains(did).then_some(did)) {
        return Err(Misuse::new(
            format_args!("--witness {twice} is given twice, and counts once"),
            "Name each witness once.",
        ));
    }
    dids.iter().map(witness).collect()
}

const WITNESS_HINT: &str = "Give the witness's did:key; attesta key show prints it.";

/// How many witnesses must agree: what was said, or more than half.
pub(super) fn threshold(said: Option<usize>, witnesses: usize) -> Result<usize, Misuse> {
    let threshold = said.unwrap_or(witnesses / 2 + 1);
    if threshold <= witnesses {
        return Ok(threshold);
    }
    Err(Misuse::new(
        format_args!("--threshold {threshold} asks for more witnesses than --witness names"),
        "Name more witnesses, or ask for fewer of them.",
    ))
}

/// Why an entry was not written, for whoever wanted to write it.
pub(super) fn refused(what: &str, error: &CreateError) -> Misuse {
    match error {
        CreateError::Log(WebvhError::Entry { source, .. }) => Misuse::new(
            format_args!("cannot {what}: {source}"),
            "Correct what was given. The command's --help says what it takes.",
        ),
        error => Misuse::about(format_args!("cannot {what}"), error),
    }
}

/// A threshold that was given.
pub(super) fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "a number from 1 to that of the witnesses was expected".to_owned())
}
