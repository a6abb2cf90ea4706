//! A report in sentences: first the decision, then what to do, then what the credentials say.

use attesta::credential::kind::Kind;
use attesta::did::Did;
use attesta::did::method::webvh::Identifier;
use attesta::time::Timestamp;
use attesta::verify::{Accepted, Check, CheckId, CheckResult, Code, CredentialReport, Outcome, Report, Resource};

use crate::claims;
use crate::output::{self, Style, printable, styled};

/// The whole answer for a person. `all_checks` adds a line for each check.
pub(crate) fn plain(report: &Report, all_checks: bool) -> String {
    let mut lines = decision(report);
    lines.extend(nobody_knows_it(report).map(str::to_owned));
    let accepted = report.accepted();
    let unconfirmed = report.unconfirmed_claims();
    for (position, credential) in accepted.iter().enumerate() {
        lines.extend(heading(report, position));
        lines.extend(about(credential));
        let known = report.credentials().get(position);
        lines.extend(known.into_iter().flat_map(standing).map(|line| format!("  {line}")));
        lines.push("  It says:".to_owned());
        lines.extend(claims::lines(&credential.subject().unwrap_or_default(), 4));
    }
    if let ([credential], false) = (report.credentials(), unconfirmed.is_empty()) {
        lines.extend(credential.issuer().map(|issuer| format!("  Issuer: {}", printable(issuer))));
    }
    for subject in unconfirmed {
        lines.push("  It says, and nothing confirms it yet:".to_owned());
        lines.extend(claims::lines(&subject, 4));
    }
    for missing in report.missing() {
        let what = printable(&in_words(&missing.resource));
        lines.push(format!("  Missing: {what}. {}", missing.resource.reveals()));
    }
    if !report.relaxed().is_empty() {
        let names: Vec<_> = report.relaxed().iter().map(CheckId::name).collect();
        lines.push(format!("  Not required by the policy: {}.", names.join(", ")));
    }
    if all_checks {
        if let Some(presentation) = report.presentation() {
            lines.extend(check_lines("The presentation:", presentation.checks()));
        }
        for (position, credential) in report.credentials().iter().enumerate() {
            lines.extend(check_lines(&format!("Credential {}:", position + 1), credential.checks()));
        }
    }
    lines.join("\n")
}

/// The decision, and what to do: two lines or three.
pub(crate) fn decision(report: &Report) -> Vec<String> {
    let Some(check) = report.reason() else {
        let word = styled(Style::Good, "VALID");
        let advice = handing_over(report).advice();
        return vec![format!("{word}  {}", genuine(report)), format!("  What to do: {advice}")];
    };
    refusal(report.outcome(), check, which(report, check))
}

/// Why something is not valid.
pub(crate) fn refusal(outcome: Outcome, check: &Check, which: Option<usize>) -> Vec<String> {
    let word = match outcome {
        Outcome::Undetermined => styled(Style::Open, "COULD NOT TELL"),
        _ => styled(Style::Bad, "INVALID"),
    };
    let which = which.map(|position| format!("Credential {}: ", position + 1)).unwrap_or_default();
    let code = format!("  Check {}, code {}.", check.id(), check.code().name());
    vec![
        format!("{word}  {which}{}", printable(&check.message())),
        format!("  What to do: {}", output::hint(check.code().name(), check.hint())),
        styled(Style::Faint, &code),
    ]
}

/// That nobody knows the issuer, where another check comes before that: it is why nothing was fetched.
fn nobody_knows_it(report: &Report) -> Option<&'static str> {
    if report.outcome() != Outcome::Undetermined || report.reason()?.id() == CheckId::IssuerTrust {
        return None;
    }
    let codes = report.credentials().iter().map(|credential| credential.check(CheckId::IssuerTrust).code());
    codes.filter(|_| !report.relaxed().contains(CheckId::IssuerTrust)).find_map(|code| match code {
        Code::TrustNoList => {
            Some("  There is no trust list either (--trust FILE). Nothing is fetched for an issuer whom none names.")
        }
        Code::TrustUnknown => {
            Some("  Its issuer is not in your trust list either. Nothing is fetched for such an issuer.")
        }
        _ => None,
    })
}

/// The position of the credential that the check is about, if there are several.
fn which(report: &Report, check: &Check) -> Option<usize> {
    let of = |credential: &CredentialReport| credential.checks().iter().any(|own| std::ptr::eq(own, check));
    report.credentials().iter().position(of).filter(|_| report.credentials().len() > 1)
}

fn genuine(report: &Report) -> String {
    match report.credentials() {
        [credential] => format!("A genuine {}.", name_of(credential)),
        several => format!("{} genuine credentials.", several.len()),
    }
}

fn name_of(credential: &CredentialReport) -> String {
    let what = credential.kind().map_or("credential", Kind::in_words);
    let issuer = credential.issuer_name().or(credential.issuer()).unwrap_or_default();
    format!("{what}, issued by {}", printable(issuer))
}

/// What stands above one of several credentials.
fn heading(report: &Report, position: usize) -> Option<String> {
    let credential = report.credentials().get(position).filter(|_| report.credentials().len() > 1)?;
    Some(format!("\n  {}. A {}.", position + 1, name_of(credential)))
}

/// As of when the issuer has not taken it back, where it has a status.
pub(crate) fn standing(credential: &CredentialReport) -> Option<String> {
    let checks = [CheckId::StatusRevocation, CheckId::StatusSuspension].map(|id| credential.check(id));
    let check = checks.into_iter().find(|check| check.result() == CheckResult::Pass)?;
    check.detail().map(output::sentence)
}

/// What is missing, and for a log where it stands, which its DID does not show.
fn in_words(resource: &Resource) -> String {
    let url = resource.url();
    let identifier = || Identifier::parse(&Did::parse(url).ok()?).ok();
    match resource {
        Resource::Document(_) => format!("the key document of {url}"),
        Resource::Log(_) => match identifier() {
            Some(identifier) => format!("the log of {url}, at {}", identifier.log_url()),
            None => format!("the log of {url}"),
        },
        Resource::LogWitnesses(_) => match identifier() {
            Some(identifier) => format!("the witnesses' proofs for {url}, at {}", identifier.witness_url()),
            None => format!("the witnesses' proofs for {url}"),
        },
        Resource::IssuerMetadata(_) => format!("the issuer's metadata at {url}"),
        Resource::KeySet(_) => format!("the issuer's key set at {url}"),
        Resource::TypeMetadata(_) => format!("the description of the type {url}"),
        Resource::Context(_) => format!("the vocabulary (JSON-LD context) at {url}"),
        Resource::StatusList(_) => format!("the status list at {url}"),
        Resource::CompromiseNotices(_) => format!("the issuer's compromise notices at {url}"),
        _ => url.to_owned(),
    }
}

fn about(credential: &Accepted<'_>) -> Vec<String> {
    let validity = match credential.valid_until() {
        None => "It has no end.".to_owned(),
        Some(until) => match last_day(until) {
            Some(day) => format!("Valid through {day}."),
            None => format!("Valid until {until}."),
        },
    };
    let issuer = credential.issuer().map(|issuer| format!("  Issuer: {}", printable(issuer)));
    issuer.into_iter().chain([format!("  {validity}")]).collect()
}

/// The last day of a validity that ends at a midnight, which itself is excluded.
fn last_day(until: Timestamp) -> Option<String> {
    let day = until.date();
    if day.midnight() == until { Some(day.plus_days(-1)?.to_string()) } else { None }
}

/// What is known of whoever handed it over.
enum HandingOver {
    /// The holder answered the verifier's request.
    Answered,
    /// The holder presented it at some time, to somebody.
    Unasked,
    /// Anybody may have handed it over.
    Copy,
}

fn handing_over(report: &Report) -> HandingOver {
    let passed = |check: &Check| check.result() == CheckResult::Pass;
    let bound = report.credentials().iter().all(|credential| passed(credential.check(CheckId::HolderBinding)));
    if !bound {
        return HandingOver::Copy;
    }
    // An SD-JWT answers for itself; every other credential by the presentation around it.
    let answered = |id| match report.presentation() {
        Some(presentation) => passed(presentation.check(id)),
        None => report.credentials().iter().all(|credential| passed(credential.check(id))),
    };
    if answered(CheckId::Audience) && answered(CheckId::Nonce) { HandingOver::Answered } else { HandingOver::Unasked }
}

impl HandingOver {
    fn advice(&self) -> &'static str {
        match self {
            Self::Answered => "Rely on what it says: its holder answered your request.",
            Self::Unasked => {
                "Ask for an answer to a request of your own (--audience, --nonce): this one may be an old one."
            }
            Self::Copy => {
                "Compare the name with an identity paper: nothing shows that it was issued to whoever brought it."
            }
        }
    }
}

fn check_lines(title: &str, checks: &[Check]) -> Vec<String> {
    let made = checks.iter().filter(|check| check.result() != CheckResult::NotApplicable);
    let lines = made.map(|check| {
        let message = printable(&check.message());
        format!("    {:<13} {:<20} {message}", check.result().name(), check.id().name())
    });
    [format!("  {title}")].into_iter().chain(lines).collect()
}
