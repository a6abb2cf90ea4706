//! A process that is killed at any moment, and what it had confirmed by then.
//!
//! A test that wants this plays both parts: run by the harness it calls [`rounds`], which runs the same test again in
//! another process, where [`victim`] says so. The victim does its work in a loop and calls [`confirm`] after each piece
//! that must never be lost. It is killed with SIGKILL, which no process can answer.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

const VICTIM: &str = "ATTESTA_TEST_VICTIM";
const CONFIRMED: &str = "confirmed: ";

/// In the process that will be killed: what [`rounds`] was given for it.
pub(crate) fn victim() -> Option<String> {
    std::env::var(VICTIM).ok()
}

/// Says that something is done for good.
pub(crate) fn confirm(what: &str) {
    let mut stdout = std::io::stdout().lock();
    // One call, so that a line is written whole or not at all.
    let line = format!("\n{CONFIRMED}{what}\n");
    stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush()).unwrap_or_else(|error| panic!("{error}"));
}

/// Runs the test of this name as a victim with `argument`, kills it after a random time of up to `longest`, and hands
/// what it confirmed to `check`; so many times.
///
/// # Panics
/// Where a victim ends before it is killed, or where all of them together confirmed nothing.
pub(crate) fn rounds(
    test: &str,
    argument: &str,
    count: usize,
    longest: Duration,
    mut check: impl FnMut(usize, Vec<String>),
) {
    let program = std::env::current_exe().unwrap_or_else(|error| panic!("{error}"));
    let mut all = 0;
    for round in 0..count {
        let mut child = Command::new(&program)
            .args([test, "--exact", "--nocapture", "--test-threads=1"])
            .env(VICTIM, argument)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{error}"));
        let stdout = child.stdout.take().unwrap_or_else(|| panic!("its stdout is piped"));
        // Read while it runs, or a full pipe would hold it still.
        let reader = std::thread::spawn(move || {
            let lines = BufReader::new(stdout).split(b'\n').map_while(Result::ok);
            let lines = lines.filter_map(|line| String::from_utf8(line).ok());
            lines.filter_map(|line| line.strip_prefix(CONFIRMED).map(str::to_owned)).collect::<Vec<_>>()
        });
        std::thread::sleep(random_below(longest));
        assert!(child.try_wait().is_ok_and(|status| status.is_none()), "round {round}: the victim ended by itself");
        child.kill().and_then(|()| child.wait()).unwrap_or_else(|error| panic!("{error}"));
        let confirmed = reader.join().unwrap_or_else(|_| panic!("the reader of its stdout"));
        all += confirmed.len();
        check(round, confirmed);
    }
    assert!(all > count, "{count} victims confirmed {all} things: nothing was tried");
}

fn random_below(longest: Duration) -> Duration {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("{error}"));
    longest.mul_f64(f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX))
}
