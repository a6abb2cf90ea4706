//! `attesta present --request`: who asks, what would be shown, and the answer if the holder agrees.

use std::path::PathBuf;
use std::process::ExitCode;

use attesta::credential::kind::Kind;
use attesta::encoding::json::{Map, Value};
use attesta::error::Explain;
use attesta::jsonld::GivenContexts;
use attesta::keys::{PublicKey, Signer, SoftwareKey};
use attesta::trust::TrustList;
use attesta::verify::{At, Materials};
use attesta::wallet::{self, Asker, Consent, Held, Warning};

use crate::claims;
use crate::files;
use crate::output::{self, Misuse, printable};

/// What was asked for on the command line.
pub(crate) struct Request<'a> {
    pub(crate) request: &'a PathBuf,
    pub(crate) trust: Option<&'a PathBuf>,
    pub(crate) materials: Materials,
    pub(crate) contexts: GivenContexts,
    pub(crate) credentials: &'a [&'a [u8]],
    pub(crate) keys: Vec<SoftwareKey>,
    pub(crate) agree: bool,
    pub(crate) out: Option<&'a PathBuf>,
}

pub(crate) fn run(asked: &Request<'_>) -> Result<ExitCode, Misuse> {
    let about = |error: &dyn Explain| Misuse::about(files::name_of(asked.request), error);
    let bytes = files::read(asked.request)?;
    let now = files::now()?;
    let asker = match asked.trust {
        Some(path) => {
            let list =
                TrustList::parse(&files::read(path)?).map_err(|error| Misuse::about(files::name_of(path), &error))?;
            Asker::known(&bytes, &list, &asked.materials, At::Now(now)).map_err(|error| about(&error))?
        }
        None => Asker::unauthenticated(&bytes, At::Now(now)).map_err(|error| about(&error))?,
    };
    let asker = asker.with_contexts(&asked.contexts);
    let held = Held::read_all(asked.credentials).map_err(|error| Misuse::about("cannot present this", &error))?;
    let consent = Consent::new(&asker, &held, now).map_err(|error| about(&error))?;
    if !asked.agree {
        output::print(screen(&consent).join("\n"))?;
        return Ok(ExitCode::from(output::SUCCESS));
    }
    let find =
        |wanted: &PublicKey| asked.keys.iter().find(|key| key.public_key() == *wanted).map(|key| key as &dyn Signer);
    let answer = wallet::answer(&consent, &find, now).map_err(|error| Misuse::about("cannot answer this", &error))?;
    files::write(asked.out.map(PathBuf::as_path), &Value::Object(answer.to_json()).to_string())?;
    Ok(ExitCode::from(output::SUCCESS))
}

/// What a wallet shows before its owner agrees.
fn screen(consent: &Consent<'_>) -> Vec<String> {
    let mut lines = vec![printable(&consent.asker().in_words())];
    lines.extend(consent.warnings().iter().filter(|it| **it != Warning::Unauthenticated).map(|it| format!("  {it}")));
    for shown in consent.shown() {
        let what = shown.kind().map_or("credential", Kind::in_words);
        lines.push(format!("It would see of your {what} (credential {}):", shown.position() + 1));
        let mut said = Map::new();
        for claim in shown.claims() {
            claims::put(&mut said, claim.pointer(), claim.value().clone());
        }
        lines.extend(claims::lines(&Value::Object(said), 2));
        lines.push(format!("  and that {} issued it, with its dates.", printable(shown.issuer())));
    }
    if consent.shown().is_empty() {
        lines.push("Nothing would be shown.".to_owned());
    }
    for unanswered in consent.unanswered() {
        lines.push(format!(
            "Not answered: {}. {}",
            printable(&unanswered.reason.to_string()),
            unanswered.reason.hint()
        ));
    }
    lines.push("Nothing was signed or sent. If you agree, give the same command with --agree.".to_owned());
    lines
}
