//! `attesta request`: what a verifier asks holders for, signed.

use std::path::PathBuf;
use std::process::ExitCode;

use attesta::credential::kind::Kind;
use attesta::did::method;
use attesta::error::Explain;
use attesta::issuer::Issuer;
use attesta::keys::{Signer, SoftwareKey};
use attesta::presentation::dcql::{CredentialQuery, Query};
use attesta::presentation::ledger::fresh_nonce;
use attesta::presentation::request::{ClientId, Identity, RequestObject};
use attesta::securing::Format;

use crate::files;
use crate::output::{self, Misuse};

/// What the help ends with.
const AFTER_HELP: &str = "\
Keep the request: the answer is checked against it, once.
  attesta request proof-of-address --claim /address/district --claim /address/country --key bank.jwk --out request.jwt
  attesta verify answer.json --request request.jwt --policy bank-address --trust trust.json

A wallet answers it if its own list lets you ask:
  {\"type\": \"TrustList\", \"version\": 1, \"issued\": \"2026-11-01T00:00:00Z\", \"entries\": [
    {\"id\": \"did:key:z6Mk...\", \"name\": {\"en\": \"Harbour Bank\"}, \"verifies\": [\"proof-of-address\"]}]}";

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// proof-of-address, licence or skill.
    #[arg(value_name = "KIND", value_parser = kind, required_unless_present = "query")]
    kind: Option<Kind>,
    /// A claim that you need, as a JSON pointer into the claims file. May be given several times.
    #[arg(long, value_name = "POINTER")]
    claim: Vec<String>,
    /// The format that you take.
    #[arg(long, value_parser = format, default_value = "dc+sd-jwt")]
    format: Format,
    /// A DCQL query of your own, as JSON (OpenID4VP 1.0, section 6), instead of a kind.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kind", "claim"])]
    query: Option<PathBuf>,
    /// Your private key, as a JWK.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Your DID with the key's fragment, such as did:web:bank.example#key-1; the key's own did:key otherwise.
    #[arg(long, value_name = "DID")]
    verifier: Option<String>,
    /// The https URL where the answer goes; handed over by hand otherwise.
    #[arg(long, value_name = "URL")]
    post_to: Option<String>,
    /// For how many minutes it may be answered.
    #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(i64).range(1..=10_080))]
    minutes: i64,
    /// Where to write the request; stdout otherwise.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::from_name(name).ok_or_else(|| "the kinds are proof-of-address, licence and skill".to_owned())
}

fn format(name: &str) -> Result<Format, String> {
    Format::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("the formats are {}", names.join(", "))
    })
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    let about = |error: &dyn Explain| Misuse::about("cannot ask for this", error);
    let key = files::read_key(&arguments.key)?;
    let query = query(arguments)?;
    let (did, method) = identity(arguments, &key)?;
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| Misuse::new(error, "Try again in a moment."))?;
    let now = files::now()?;
    let client_id = ClientId::of_did(&did).map_err(|error| about(&error))?;
    let until = now.plus_seconds(arguments.minutes * 60);
    let mut request = RequestObject::new(client_id, query, fresh_nonce(random), now, until);
    if let Some(url) = &arguments.post_to {
        request = request.posted_to(url);
    }
    let signed = request.to_signed(&key, Identity::Method(&method)).map_err(|error| about(&error))?;
    files::write(arguments.out.as_deref(), &signed)?;
    Ok(ExitCode::from(output::SUCCESS))
}

fn query(arguments: &Arguments) -> Result<Query, Misuse> {
    if let Some(path) = &arguments.query {
        return Query::parse(&files::read_object(path)?).map_err(|error| Misuse::about(files::name_of(path), &error));
    }
    let Some(kind) = arguments.kind else {
        return Err(Misuse::new("what do you ask for?", "Name a kind, or give --query with a file."));
    };
    if arguments.claim.is_empty() {
        return Err(Misuse::new(
            "--claim is missing: what of it you need",
            "Name each claim, such as --claim /address/district. attesta schema KIND lists them.",
        ));
    }
    let places = kind.places();
    let is_place = |claim: &String| {
        let steps = claim.split('/').map(|step| if step.parse::<u32>().is_ok() { "0" } else { step });
        places.contains(&steps.collect::<Vec<_>>().join("/"))
    };
    if let Some(claim) = arguments.claim.iter().find(|claim| !is_place(claim)) {
        return Err(Misuse::new(
            format_args!("a {} has no {claim}", kind.in_words()),
            format_args!("attesta schema {} lists what it has.", kind.name()),
        ));
    }
    let pointers: Vec<&str> = arguments.claim.iter().map(String::as_str).collect();
    let asked = CredentialQuery::of_kind(kind.name(), arguments.format.name(), kind, &pointers)
        .map_err(|error| Misuse::about("cannot ask for this", &error))?;
    Ok(Query::one(asked))
}

/// The verifier's DID and the method that signs.
fn identity(arguments: &Arguments, key: &SoftwareKey) -> Result<(String, String), Misuse> {
    match &arguments.verifier {
        None => {
            let did = method::key::from_key(&key.public_key());
            let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
            Ok((did, method))
        }
        Some(named) => {
            let issuer =
                Issuer::of_did(named, key).map_err(|error| Misuse::about("cannot ask in this name", &error))?;
            Ok((issuer.id().to_owned(), issuer.method().to_owned()))
        }
    }
}
