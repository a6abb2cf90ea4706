//! `attesta key`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::did::method;
use attesta::keys::{KeyType, PublicKey, Signer, SoftwareKey};
use clap::{Subcommand, ValueEnum};
use serde_json::Value;

use crate::files;
use crate::output::{self, Misuse};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a key pair, keep it in a file, and print its did:key and its did:jwk.
    Generate {
        /// What kind of key: Ed25519 for issuers, P-256 for holders whose phones keep such keys in hardware.
        #[arg(long, value_name = "ALG", default_value = "Ed25519")]
        alg: KeyAlgorithm,
        /// The file to write the private key to, as a JWK.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Print the did:key and the did:jwk of a key, and never its private half.
    Show {
        /// The file that holds the key, as a JWK.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Print the public key as a JWK instead, for others to issue to.
        #[arg(long)]
        jwk: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum KeyAlgorithm {
    #[value(name = "Ed25519")]
    Ed25519,
    #[value(name = "P-256")]
    P256,
    #[value(name = "P-384")]
    P384,
    #[value(name = "P-521")]
    P521,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Misuse> {
    match command {
        Command::Generate { alg, out } => generate(*alg, out)?,
        Command::Show { file, jwk: true } => {
            let jwk = Value::Object(files::read_public_half(file)?.to_jwk());
            output::print(jwk)?;
        }
        Command::Show { file, jwk: false } => print_dids(&files::read_public_half(file)?)?,
    }
    Ok(ExitCode::from(output::SUCCESS))
}

fn generate(alg: KeyAlgorithm, out: &Path) -> Result<(), Misuse> {
    let key_type = match alg {
        KeyAlgorithm::Ed25519 => KeyType::Ed25519,
        KeyAlgorithm::P256 => KeyType::P256,
        KeyAlgorithm::P384 => KeyType::P384,
        KeyAlgorithm::P521 => KeyType::P521,
    };
    let key = SoftwareKey::generate(key_type).map_err(|error| Misuse::about("cannot make a key", &error))?;
    files::write_secret(out, &key.to_private_jwk())?;
    print_dids(&key.public_key())
}

fn print_dids(key: &PublicKey) -> Result<(), Misuse> {
    output::print(method::key::from_key(key))?;
    output::print(method::jwk::from_key(key))
}
