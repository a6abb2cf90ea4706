//! What is wrong with a command line, and where to read how it should be.

use std::error::Error as _;
use std::process::ExitCode;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::output::{self, Misuse};

/// How much of a value that was given stands in a message.
const SHOWN_CHARACTERS: usize = 60;

/// Prints the help that was asked for, or says what is wrong.
pub(crate) fn answer(error: &Error, command: &Command) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A reader that went away, such as `head`, is no error.
            let _ = error.print();
            ExitCode::from(output::SUCCESS)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(output::MISUSE)
        }
        _ => explain(error, command).report(),
    }
}

fn explain(error: &Error, command: &Command) -> Misuse {
    let name = full_name(command);
    let see = format!("{name} --help says what it takes.");
    let argument = first(error, ContextKind::InvalidArg);
    let flag = argument.split_whitespace().next().unwrap_or_default();
    match error.kind() {
        ErrorKind::MissingRequiredArgument => {
            let missing = all(error, ContextKind::InvalidArg);
            let verb = if missing.len() > 1 { "are" } else { "is" };
            Misuse::new(format_args!("{} {verb} missing", missing.join(", ")), see)
        }
        ErrorKind::UnknownArgument if !argument.starts_with('-') => {
            Misuse::new(format_args!("\"{}\" is one argument too many", short(&argument)), see)
        }
        ErrorKind::UnknownArgument => {
            Misuse::new(format_args!("{argument} is no option of {name} in this version"), similar(error, &see))
        }
        ErrorKind::InvalidSubcommand => {
            let given = short(&first(error, ContextKind::InvalidSubcommand));
            Misuse::new(format_args!("\"{given}\" is no command of {name} in this version"), similar(error, &see))
        }
        ErrorKind::ArgumentConflict => {
            let other = all(error, ContextKind::PriorArg);
            if other.contains(&argument) {
                return Misuse::new(format_args!("{flag} may be given once"), see);
            }
            Misuse::new(format_args!("{flag} cannot be given together with {}", other.join(", ")), see)
        }
        ErrorKind::InvalidValue if first(error, ContextKind::InvalidValue).is_empty() => {
            Misuse::new(format_args!("{flag} needs a value"), see)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = short(&first(error, ContextKind::InvalidValue));
            let values = all(error, ContextKind::ValidValue);
            let reason = match error.source() {
                Some(reason) => reason.to_string(),
                None => format!("one of {} was expected", values.join(", ")),
            };
            let place = if flag.starts_with('-') { format!("{flag} ") } else { String::new() };
            Misuse::new(format_args!("{place}\"{value}\": {reason}"), see)
        }
        ErrorKind::InvalidUtf8 => Misuse::new("an argument is not written in UTF-8", see),
        _ => {
            let rendered = error.render().to_string();
            let line = rendered.lines().next().unwrap_or_default();
            Misuse::new(line.trim_start_matches("error: "), see)
        }
    }
}

/// The command that was meant, as far as the arguments name one.
fn full_name(command: &Command) -> String {
    let (mut command, mut name) = (command, command.get_name().to_owned());
    for word in std::env::args_os().skip(1) {
        let Some(next) = command.find_subcommand(&word) else { break };
        name = format!("{name} {}", next.get_name());
        command = next;
    }
    name
}

fn all(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn first(error: &Error, kind: ContextKind) -> String {
    all(error, kind).into_iter().next().unwrap_or_default()
}

fn similar(error: &Error, otherwise: &str) -> String {
    let names = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand].map(|kind| first(error, kind));
    match names.into_iter().find(|name| !name.is_empty()) {
        Some(name) => format!("Did you mean {name}? {otherwise}"),
        None => otherwise.to_owned(),
    }
}

fn short(value: &str) -> String {
    match value.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
