//! Writes what the targets begin with into the folder that is named.

use std::path::Path;
use std::process::ExitCode;

// What watches the other targets is compiled into everything here, and has its functions in there.
use libfuzzer_sys as _;

fn main() -> ExitCode {
    let Some(root) = std::env::args_os().nth(1) else {
        eprintln!("usage: seeds FOLDER");
        return ExitCode::from(2);
    };
    match attesta_fuzz::seeds::write(Path::new(&root)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The seeds cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}
