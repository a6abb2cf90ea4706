//! What a person reads: plain sentences, colour only on a terminal.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

pub(crate) use attesta::encoding::shown::printable;
use attesta::error::Explain;

/// The exit codes of the command line.
pub(crate) const SUCCESS: u8 = 0;
pub(crate) const INVALID: u8 = 1;
pub(crate) const MISUSE: u8 = 2;
pub(crate) const UNDETERMINED: u8 = 3;

/// The command cannot be carried out as it was given.
#[derive(Debug)]
pub(crate) struct Misuse {
    message: String,
    hint: String,
}

impl Misuse {
    pub(crate) fn new(message: impl fmt::Display, hint: impl fmt::Display) -> Self {
        Self { message: message.to_string(), hint: hint.to_string() }
    }

    /// An error of the library, with what it was about in front.
    pub(crate) fn about(what: impl fmt::Display, error: &dyn Explain) -> Self {
        Self::new(format_args!("{what}: {error}"), hint(error.code(), error.hint()))
    }

    pub(crate) fn report(self) -> ExitCode {
        say(&format!("attesta: {}\n  {}", self.message, self.hint));
        ExitCode::from(MISUSE)
    }
}

/// How what a hint of the library asks for is given on the command line, by the code of the error or finding.
const OPTIONS: &[(&str, &str)] = &[
    ("fetch.not-public", "--allow-network CIDR"),
    ("fetch.tls", "--ca-file PEM"),
    ("fetch.no-address", "--document ID=FILE"),
    ("draft.holder-needed", "--holder; attesta key generate makes one"),
    ("proof.key-unavailable", "--document ID=FILE"),
    ("key.binding.unavailable", "--document ID=FILE"),
    ("holder.binding.key-unavailable", "--document ID=FILE"),
    ("status.list.unavailable", "--status URL=FILE"),
    ("status.list.expired", "--status URL=FILE"),
    ("status.list.stale", "--status URL=FILE"),
    ("status.list.key-unavailable", "--document ID=FILE"),
    ("key.validity.notices-missing", "--document notices:URL=FILE"),
    ("holder.binding.no-expectation", "--request, or --audience and --nonce"),
    ("issuer.trust.no-list", "--trust FILE"),
];

/// A hint of the library, with the options by which it can be followed here.
pub(crate) fn hint(code: &str, hint: &str) -> String {
    match OPTIONS.iter().find(|(known, _)| *known == code) {
        Some((_, options)) => format!("{} ({options}).", hint.trim_end_matches('.')),
        None => hint.to_owned(),
    }
}

/// A part of a sentence as a sentence of its own.
pub(crate) fn sentence(part: &str) -> String {
    let mut characters = part.chars();
    let first = characters.next().map(char::to_uppercase);
    format!("{}{}.", first.into_iter().flatten().collect::<String>(), characters.as_str())
}

/// Writes sentences to stderr, what came from outside made harmless.
pub(crate) fn say(text: &str) {
    let lines: Vec<_> = text.lines().map(printable).collect();
    // Nothing is left to be done when even stderr is closed.
    let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
}

/// Writes text to stdout. A reader that went away, such as `head`, is no error.
pub(crate) fn print(text: impl fmt::Display) -> Result<(), Misuse> {
    print_bytes(format!("{text}\n").as_bytes())
}

/// Writes bytes to stdout as they are.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Misuse> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Misuse::new(format_args!("cannot write the answer: {error}"), "Check where the output goes."))
        }
        _ => Ok(()),
    }
}

/// The text broken at spaces into lines of at most `width` columns where it can be, `indent` spaces before each. What
/// has no space in it, such as a DID, stays whole.
pub(crate) fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let columns: usize = word.chars().map(columns).sum();
        if used > 0 && indent + used + 1 + columns > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if used > 0 { " " } else { "" });
            line.push_str(word);
        }
        used += columns + usize::from(used > 0);
    }
    let padding = " ".repeat(indent);
    lines.iter().map(|line| format!("{padding}{line}")).collect::<Vec<_>>().join("\n")
}

/// How wide a terminal shows it: Chinese, Japanese and Korean characters take two columns.
fn columns(c: char) -> usize {
    let wide = matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}');
    1 + usize::from(wide)
}

/// How a piece of text stands out on a terminal.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    Good,
    Bad,
    Open,
    Strong,
    Faint,
}

/// The text in the style, if stdout is a terminal and `NO_COLOR` is not set.
pub(crate) fn styled(style: Style, text: &str) -> String {
    if !io::stdout().is_terminal() || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        return text.to_owned();
    }
    let code = match style {
        Style::Good => "1;32",
        Style::Bad => "1;31",
        Style::Open => "1;33",
        Style::Strong => "1",
        Style::Faint => "2",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_those_of_a_command_and_belong_to_a_code() {
        use clap::CommandFactory as _;
        let command = crate::Arguments::command();
        let is_option = |word: &str| {
            let name = word.trim_start_matches("--");
            command.get_subcommands().any(|command| command.get_arguments().any(|one| one.get_long() == Some(name)))
        };
        for (code, options) in OPTIONS {
            let is_finding = attesta::verify::Code::ALL.iter().any(|known| known.name() == *code);
            let is_error = ["draft.holder-needed", "fetch.not-public", "fetch.tls", "fetch.no-address"].contains(code);
            assert!(is_finding || is_error, "{code}");
            let named = options.split([' ', ',', ';']).filter(|word| word.starts_with("--"));
            assert!(named.clone().count() > 0 && named.clone().all(is_option), "{code}: {options}");
        }
        assert_eq!(hint("issuer.trust.no-list", "Give a list."), "Give a list (--trust FILE).");
        assert_eq!(hint("issuer.trust.unknown", "Add it."), "Add it.");
    }

    #[test]
    fn lines_break_at_spaces_alone() {
        assert_eq!(wrapped("one two three", 2, 9), "  one two\n  three");
        assert_eq!(wrapped("one did:key:z6MkWithoutAnyEnd two", 0, 10), "one\ndid:key:z6MkWithoutAnyEnd\ntwo");
        assert_eq!(wrapped("香港 九龍 深水埗", 0, 10), "香港 九龍\n深水埗", "two columns a character");
        assert_eq!(wrapped("", 2, 10), "  ");
    }
}
