//! One Node.js process that answers for all oracles.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::{Value, json};

static PROCESS: LazyLock<Mutex<Process>> = LazyLock::new(|| Mutex::new(Process::start()));

/// The answer of an oracle.
///
/// # Panics
/// Where there is no oracle to ask, or it was asked wrongly.
pub(crate) fn ask(oracle: &str, command: &str, input: &Value) -> Value {
    // A test that failed while it held the lock has left no half-written line.
    let mut process = PROCESS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut reply = process.exchange(&json!({ "oracle": oracle, "command": command, "input": input }));
    match reply.get_mut("answer") {
        Some(answer) => answer.take(),
        None => panic!("{oracle} {command}: {}", reply["fault"].as_str().unwrap_or("no answer")),
    }
}

/// It ends by itself when this process does: its input is closed then.
struct Process {
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
        assert!(
            folder.join("node_modules").is_dir(),
            "the oracles are not installed: run `make interop`, or `npm ci --prefix tests/interop/node`"
        );
        let started = Command::new("node")
            .arg("serve.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = started.unwrap_or_else(|error| {
            panic!("node cannot be started ({error}): install Node.js 20 or newer, on Debian the package nodejs")
        });
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            panic!("node has no pipes")
        };
        Self { _child: child, input, output: BufReader::new(output) }
    }

    fn exchange(&mut self, question: &Value) -> Value {
        writeln!(self.input, "{question}").expect("node ended: its complaint stands above");
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "node ended: its complaint stands above");
        serde_json::from_str(&line).unwrap()
    }
}
