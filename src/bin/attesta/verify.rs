//! `attesta verify`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use attesta::time::Timestamp;
use attesta::trust::TrustList;
use attesta::verify::{
    At, Check, CheckId, CheckResult, Expected, Material, Materials, Outcome, Policy, Preset, Report, Resource, Source,
    danger, verify,
};
use serde_json::{Value, json};

use crate::files;
use crate::output::{self, Misuse, Style, styled};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The credential or presentation; - for stdin.
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// What is demanded: default, bank-address, licence-check, skill-community, or a JSON file. proof-only checks the
    /// signature alone and decides nothing.
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    policy: String,
    /// A trust list: the issuers that you know, and what they may issue. May be given several times.
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// A key document that you fetched yourself from its own address, such as did:web:ngo.example=did.json.
    #[arg(long, value_name = "ID=FILE", value_parser = document)]
    document: Vec<(String, PathBuf)>,
    /// Use nothing but what is given here. This version never uses the network.
    #[arg(long)]
    offline: bool,
    /// Judge as of this moment instead of now, such as 2026-03-31T09:30:00Z.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Who you are: the audience that the holder was asked to answer.
    #[arg(long, requires = "nonce")]
    audience: Option<String>,
    /// The nonce of your request.
    #[arg(long, requires = "audience")]
    nonce: Option<String>,
    /// Print the whole report as JSON.
    #[arg(long)]
    json: bool,
    /// List every check, also those that passed.
    #[arg(long)]
    checks: bool,
}

fn document(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((id, path)) if !id.is_empty() && !path.is_empty() => Ok((id.to_owned(), PathBuf::from(path))),
        _ => Err("ID=FILE was expected, such as did:web:ngo.example=did.json".to_owned()),
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Misuse> {
    let presented = files::read(&arguments.file)?;
    let now = files::now()?;
    let materials = materials(arguments, now)?;
    if arguments.policy == "proof-only" {
        return proof_only(&presented, &materials, arguments.json);
    }
    let mut policy = policy(&arguments.policy)?;
    for path in &arguments.trust {
        let list = TrustList::parse(&files::read(path)?).map_err(|error| Misuse::about(path.display(), &error))?;
        policy = policy.trusting(list);
    }
    let expected = match (&arguments.audience, &arguments.nonce) {
        (Some(audience), Some(nonce)) => Expected::answer(audience, nonce),
        _ => Expected::nothing(),
    };
    let at = arguments.at.map_or(At::Now(now), At::AsOf);
    let report = verify(&presented, &expected, &materials, &policy, at);
    if arguments.json {
        output::print(format_args!("{:#}", report.to_json()))?;
    } else {
        output::print(plain(&report, arguments.checks))?;
    }
    Ok(ExitCode::from(match report.outcome() {
        Outcome::Valid => output::SUCCESS,
        Outcome::Invalid => output::INVALID,
        Outcome::Undetermined => output::UNDETERMINED,
    }))
}

fn policy(name: &str) -> Result<Policy, Misuse> {
    if let Some(preset) = Preset::from_name(name) {
        return Ok(Policy::preset(preset));
    }
    let path = Path::new(name);
    if !path.exists() {
        let names: Vec<_> = Preset::ALL.iter().map(|preset| preset.name()).collect();
        return Err(Misuse::new(
            format_args!("there is no policy and no file \"{name}\""),
            format_args!("The policies are {}, proof-only, or a JSON file.", names.join(", ")),
        ));
    }
    Policy::parse(&files::read(path)?).map_err(|error| Misuse::about(path.display(), &error))
}

fn materials(arguments: &Arguments, now: Timestamp) -> Result<Materials, Misuse> {
    let mut materials = Materials::none();
    for (id, path) in &arguments.document {
        let material = Material {
            resource: Resource::Document(id.clone()),
            bytes: files::read(path)?,
            obtained: now,
            source: Source::Fetched,
        };
        materials.add(&material).map_err(|error| Misuse::about(path.display(), &error))?;
    }
    Ok(materials)
}

/// The report in sentences.
pub(crate) fn plain(report: &Report, all_checks: bool) -> String {
    let mut lines = Vec::new();
    let (style, word) = match report.outcome() {
        Outcome::Valid => (Style::Good, "VALID"),
        Outcome::Invalid => (Style::Bad, "INVALID"),
        Outcome::Undetermined => (Style::Open, "COULD NOT TELL"),
    };
    let word = styled(style, word);
    match report.reason() {
        None => lines.push(format!("{word}  {}", summary(report))),
        Some(check) => {
            lines.push(format!("{word}  {}", check.message()));
            lines.push(format!("  What to do: {}", check.hint()));
            lines.push(styled(Style::Faint, &format!("  Check {}, code {}.", check.id(), check.code().name())));
        }
    }
    for credential in report.accepted() {
        lines.extend(credential.valid_until().map(|until| format!("  Valid until {until}.")));
        lines.extend(credential.subject().map(|subject| claims("It says:", subject)));
    }
    for subject in report.unconfirmed_claims() {
        lines.push(claims("Not confirmed, but signed by the key that it names:", subject));
    }
    for missing in report.missing() {
        lines.push(format!("  Missing: {}. {}", missing.resource, missing.resource.reveals()));
    }
    if !report.relaxed().is_empty() {
        let names: Vec<_> = report.relaxed().iter().map(CheckId::name).collect();
        lines.push(format!("  Not required by the policy: {}.", names.join(", ")));
    }
    if all_checks {
        if let Some(presentation) = report.presentation() {
            lines.push(check_lines("The presentation:", presentation.checks()));
        }
        for (position, credential) in report.credentials().iter().enumerate() {
            lines.push(check_lines(&format!("Credential {}:", position + 1), credential.checks()));
        }
    }
    lines.join("\n")
}

fn summary(report: &Report) -> String {
    let described: Vec<_> = report
        .credentials()
        .iter()
        .map(|credential| {
            let what = credential.kind().map_or("credential", attesta::credential::kind::Kind::name);
            let issuer = credential.issuer().unwrap_or_default();
            match credential.issuer_name() {
                Some(name) => format!("{what}, issued by {name} ({issuer})"),
                None => format!("{what}, issued by {issuer}"),
            }
        })
        .collect();
    described.join("; ")
}

fn check_lines(title: &str, checks: &[Check]) -> String {
    let mut lines = vec![format!("  {title}")];
    for check in checks.iter().filter(|check| check.result() != CheckResult::NotApplicable) {
        lines.push(format!("    {:<13} {:<20} {}", check.result().name(), check.id().name(), check.message()));
    }
    lines.join("\n")
}

/// Claims as indented lines. Control characters are replaced: what is shown comes from outside.
fn claims(title: &str, subject: &Value) -> String {
    let mut lines = vec![format!("  {title}")];
    write_members(subject, 4, &mut lines);
    lines.join("\n")
}

fn write_members(value: &Value, indent: usize, lines: &mut Vec<String>) {
    let padding = " ".repeat(indent);
    let mut write = |label: String, value: &Value| match value {
        Value::Object(_) | Value::Array(_) => {
            lines.push(format!("{padding}{label}"));
            write_members(value, indent + 2, lines);
        }
        Value::String(text) => lines.push(format!("{padding}{label} {}", printable(text))),
        other => lines.push(format!("{padding}{label} {other}")),
    };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| write(format!("{}:", printable(name)), value))
        }
        Value::Array(items) => items.iter().for_each(|item| write("-".to_owned(), item)),
        other => write("-".to_owned(), other),
    }
}

fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_bidi_control(c) { '\u{fffd}' } else { c }).collect()
}

/// Characters that reorder what is printed around them.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn proof_only(presented: &[u8], materials: &Materials, as_json: bool) -> Result<ExitCode, Misuse> {
    let report = danger::check_proof(presented, materials);
    if as_json {
        let checks = report.checks().iter().map(Check::to_json).collect::<Vec<_>>();
        let outcome = if report.fits() { "proof-only" } else { "invalid" };
        output::print(format_args!("{:#}", json!({ "outcome": outcome, "checks": checks })))?;
    } else if report.fits() {
        output::print("The proof fits the key it names. This says nothing about who issued it.")?;
    } else if let Some(check) = report.reason() {
        output::print(format_args!(
            "{}  {}\n  What to do: {}",
            styled(Style::Bad, "INVALID"),
            check.message(),
            check.hint()
        ))?;
    }
    Ok(ExitCode::from(if report.fits() { output::SUCCESS } else { output::INVALID }))
}
