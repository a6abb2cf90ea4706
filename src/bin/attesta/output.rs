//! What a person reads: plain sentences, colour only on a terminal.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

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
        Self::new(format_args!("{what}: {error}"), error.hint())
    }

    pub(crate) fn report(self) -> ExitCode {
        // Nothing is left to be done when even stderr is closed.
        let _ = writeln!(io::stderr(), "attesta: {}\n  {}", self.message, self.hint);
        ExitCode::from(MISUSE)
    }
}

/// Writes text to stdout. A reader that went away, such as `head`, is no error.
pub(crate) fn print(text: impl fmt::Display) -> Result<(), Misuse> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Misuse::new(format_args!("cannot write the answer: {error}"), "Check where the output goes."))
        }
        _ => Ok(()),
    }
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
