//! One Node.js process that answers for its oracles, and one Python process for the one written in that.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::{Value, json};

static NODE: LazyLock<Mutex<Process>> = LazyLock::new(|| {
    assert!(
        folder("node").join("node_modules").is_dir(),
        "the oracles are not installed: run `make interop`, or `npm ci --prefix tests/interop/node`"
    );
    let hint = "install Node.js 20 or newer, on Debian the package nodejs";
    Mutex::new(Process::start("node", "node", "serve.mjs", hint))
});

static PYTHON: LazyLock<Mutex<Process>> = LazyLock::new(|| {
    Mutex::new(Process::start(python(), "python", "oracle.py", "remove its folder, and run `make interop` again"))
});

/// The answer of an oracle in Node.js.
///
/// # Panics
/// Where there is no oracle to ask, or it was asked wrongly.
pub(crate) fn ask(oracle: &str, command: &str, input: &Value) -> Value {
    answer(&NODE, oracle, &json!({ "oracle": oracle, "command": command, "input": input }))
}

/// What didwebvh-ts writes (`live`) or says of a log (`resolve`).
///
/// # Panics
/// Where there is no oracle to ask, or it was asked wrongly.
pub fn webvh(command: &str, input: &Value) -> Value {
    ask("webvh", command, input)
}

/// The answer of the oracle in Python.
///
/// # Panics
/// Like [`ask`].
pub(crate) fn ask_python(command: &str, input: &Value) -> Value {
    answer(&PYTHON, "python", &json!({ "command": command, "input": input }))
}

/// Whether there is an oracle in Python; what is missing is printed.
///
/// # Panics
/// Where there is none, and there must be: in continuous integration.
pub fn has_python() -> bool {
    let is_there = python().exists();
    if !is_there {
        let missing = "The oracle in Python is not installed and was not asked: \
            run `make interop`, or tests/interop/python/setup.sh.";
        assert!(env::var("CI").as_deref() != Ok("true"), "{missing}");
        eprintln!("{missing}");
    }
    is_there
}

/// Where setup.sh puts it.
fn python() -> PathBuf {
    let cache = env::var_os("ATTESTA_CACHE").filter(|cache| !cache.is_empty()).map_or_else(
        || PathBuf::from(env::var_os("HOME").expect("HOME or ATTESTA_CACHE must be set")).join(".cache/attesta"),
        PathBuf::from,
    );
    cache.join("interop-python/bin/python3")
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn answer(process: &Mutex<Process>, oracle: &str, question: &Value) -> Value {
    // A test that failed while it held the lock has left no half-written line.
    let mut process = process.lock().unwrap_or_else(PoisonError::into_inner);
    let mut reply = process.exchange(question);
    match reply.get_mut("answer") {
        Some(answer) => answer.take(),
        None => panic!("{oracle} {}: {}", question["command"], reply["fault"].as_str().unwrap_or("no answer")),
    }
}

/// It ends by itself when this process does: its input is closed then.
struct Process {
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(program: impl AsRef<OsStr>, home: &str, script: &str, hint: &str) -> Self {
        let program = program.as_ref();
        let started = Command::new(program)
            .arg(script)
            .current_dir(folder(home))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child =
            started.unwrap_or_else(|error| panic!("{} cannot be started ({error}): {hint}", program.display()));
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            panic!("{} has no pipes", program.display())
        };
        Self { _child: child, input, output: BufReader::new(output) }
    }

    fn exchange(&mut self, question: &Value) -> Value {
        const ENDED: &str = "the oracles ended: their complaint stands above";
        writeln!(self.input, "{question}").expect(ENDED);
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "{ENDED}");
        serde_json::from_str(&line).unwrap()
    }
}
