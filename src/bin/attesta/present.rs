//! `attesta present`.

use std::path::PathBuf;
use std::process::ExitCode;

use attesta::presentation::{Disclose, Request, can_hide, derive_with, present_bytes};

use crate::output::{self, Misuse};
use crate::{consent, files};

/// What the help ends with.
const AFTER_HELP: &str = "\
Of a dc+sd-jwt, a vc+sd-jwt or ecdsa-sd-2023 only what --disclose names is shown; of every other format all of it is.
  --disclose /address/district    the district alone, of a dc+sd-jwt
  --disclose /credentialSubject/address/district    the same of a vc+sd-jwt or ecdsa-sd-2023
  --disclose \"\"                   all of it

Without --key the copy is bound to nobody: whoever gets it can show it on.";

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The credential as the issuer gave it. May be given several times.
    #[arg(long, value_name = "FILE", required = true)]
    credential: Vec<PathBuf>,
    /// The holder's private key, as a JWK. With --request it may be given several times: each credential's own.
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,
    /// Who asks, as the verifier names itself.
    #[arg(long, requires_all = ["key", "nonce"])]
    audience: Option<String>,
    /// The nonce of the verifier's request.
    #[arg(long, requires_all = ["key", "audience"])]
    nonce: Option<String>,
    /// The verifier's signed request: says who asks and what would be shown, and with --agree answers it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["audience", "nonce", "disclose"])]
    request: Option<PathBuf>,
    /// Those who may ask you, and for what. Without it nobody is known, and only what is public is shown.
    #[arg(long, value_name = "FILE", requires = "request")]
    trust: Option<PathBuf>,
    /// A key document that you fetched from its own address: did:web:bank.example=did.json.
    #[arg(long, value_name = "ID=FILE", value_parser = crate::verify::document, requires = "request")]
    document: Vec<(String, PathBuf)>,
    /// Answer the request: you have seen what is shown, and agree.
    #[arg(long, requires_all = ["request", "key"])]
    agree: bool,
    /// What to show, as a JSON pointer, with all that stands below it. May be given several times.
    #[arg(long, value_name = "POINTER", value_parser = pointer)]
    disclose: Vec<String>,
    /// A vocabulary (JSON-LD context) that a credential names, where its proof signs RDF: the file that you know to be the
    /// one at that address.
    #[arg(long, value_name = "URL=FILE", value_parser = crate::verify::context)]
    context: Vec<(String, PathBuf)>,
    /// Where to write the presentation; stdout otherwise.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn pointer(text: &str) -> Result<String, String> {
    if text.is_empty() || text.starts_with('/') {
        return Ok(text.to_owned());
    }
    Err(format!("a JSON pointer begins with a slash: /{text}"))
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    let credentials = arguments.credential.iter().map(|path| files::read(path)).collect::<Result<Vec<_>, _>>()?;
    let credentials: Vec<&[u8]> = credentials.iter().map(Vec::as_slice).collect();
    if let Some(request) = &arguments.request {
        let keys = arguments.key.iter().map(|path| files::read_key(path)).collect::<Result<Vec<_>, _>>()?;
        return consent::run(&consent::Request {
            request,
            trust: arguments.trust.as_ref(),
            materials: crate::verify::documents(&arguments.document, files::now()?)?,
            contexts: files::read_contexts(&arguments.context)?,
            credentials: &credentials,
            keys,
            agree: arguments.agree,
            out: arguments.out.as_ref(),
        });
    }
    let pointers: Vec<&str> = arguments.disclose.iter().map(String::as_str).collect();
    let hides = credentials.iter().any(|credential| can_hide(credential));
    let disclose = match pointers.as_slice() {
        [] if !hides => Disclose::Everything,
        pointers if pointers.contains(&"") => Disclose::Everything,
        pointers => Disclose::Only(pointers),
    };
    let presentation = match (arguments.key.as_slice(), &arguments.audience, &arguments.nonce) {
        ([key], Some(audience), Some(nonce)) => {
            let key = files::read_key(key)?;
            let contexts = files::read_contexts(&arguments.context)?;
            present_bytes(&credentials, disclose, &Request { audience, nonce, now: files::now()? }, &contexts, &key)
        }
        ([_, ..], _, _) => {
            return Err(Misuse::new(
                "a key signs an answer to one request",
                "Give one --key with --audience and --nonce, or --request with the verifier's request.",
            ));
        }
        ([], _, _) => match credentials.as_slice() {
            [credential] => {
                let contexts = files::read_contexts(&arguments.context)?;
                derive_with(credential, disclose, &contexts).map(String::into_bytes)
            }
            _ => {
                return Err(Misuse::new(
                    "copies that are bound to nobody are made one by one",
                    "Give one --credential, or --key, --audience and --nonce to answer a request.",
                ));
            }
        },
    };
    let presentation = presentation.map_err(|error| Misuse::about("cannot present this", &error))?;
    files::write_secured(arguments.out.as_deref(), &presentation)?;
    Ok(ExitCode::from(output::SUCCESS))
}
