//! Writes attesta's Kotlin and Swift bindings from a built library:
//!
//! ```sh
//! cargo build -p attesta-ffi
//! cargo run -p attesta-bindgen -- generate --language kotlin --no-format --out-dir OUT target/debug/libattesta_ffi.so
//! ```
//!
//! UniFFI asks the library how a record is printed, which needs the whole record there. What these records print is
//! always their name, `Licence(..)`: here that is written into the bindings, and the library that ships lacks the
//! functions (`scripts/phone-linker.sh`).

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

fn main() -> ExitCode {
    uniffi::uniffi_bindgen_main();
    let mut arguments = env::args().skip_while(|argument| argument != "--out-dir");
    let Some(folder) = arguments.nth(1) else { return ExitCode::SUCCESS };
    match print_by_name(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[allow(clippy::print_stderr, reason = "this is a program for the command line")]
            {
                eprintln!("{folder}: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Rewrites every Kotlin and Swift file below the folder.
fn print_by_name(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            print_by_name(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "kt" || extension == "swift") {
            let text = printing_by_name(&fs::read_to_string(&path)?).map_err(io::Error::other)?;
            fs::write(&path, text)?;
        }
    }
    Ok(())
}

/// What every call of a function that prints has in its name.
const PRINTS: &str = "_uniffi_trait_display(";

/// How the expression around such a call ends.
const END: &str = "\n}\n    )\n";

/// The same code, in which no record is printed by the library.
fn printing_by_name(code: &str) -> Result<String, &'static str> {
    const WRITTEN_OTHERWISE: &str = "UniFFI writes otherwise now how a record is printed";
    let mut rest = code;
    let mut rewritten = String::with_capacity(code.len());
    while let Some(found) = rest.find(PRINTS) {
        let (before, after) = rest.split_at(found);
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        if before[line..].trim_start().starts_with("external fun ") {
            // Kotlin's declaration, of two lines.
            let end = after.match_indices('\n').nth(1).ok_or(WRITTEN_OTHERWISE)?.0 + 1;
            rewritten.push_str(&before[..line]);
            rest = &after[end..];
            continue;
        }
        let start = before.rfind("return ").ok_or(WRITTEN_OTHERWISE)?;
        let end = after.find(END).ok_or(WRITTEN_OTHERWISE)?;
        let converter = after[..end].split("FfiConverterType").nth(1).ok_or(WRITTEN_OTHERWISE)?;
        let is_letter = |letter: char| letter.is_ascii_alphanumeric();
        let name = converter.split(|letter| !is_letter(letter)).next().filter(|name| !name.is_empty());
        rewritten.push_str(&before[..start]);
        rewritten.push_str(&format!("return \"{}(..)\"\n", name.ok_or(WRITTEN_OTHERWISE)?));
        rest = &after[end + END.len()..];
    }
    rewritten.push_str(rest);
    Ok(rewritten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kotlin_prints_the_name() {
        let code = "A\n    external fun uniffi_x_fn_method_claims_uniffi_trait_display(`ptr`: RustBuffer.ByValue,s: S, \n    ): \
                    RustBuffer.ByValue\nB\n    override fun toString(): String {\n        return \
                    FfiConverterString.lift(\n    uniffiRustCall() { _status ->\n    \
                    UniffiLib.uniffi_x_fn_method_claims_uniffi_trait_display(FfiConverterTypeClaims.lower(this),\n        \
                    _status)\n}\n    )\n    }\nC\n";
        let expected = "A\nB\n    override fun toString(): String {\n        return \"Claims(..)\"\n    }\nC\n";
        assert_eq!(printing_by_name(code), Ok(expected.to_owned()));
    }

    #[test]
    fn swift_prints_the_name() {
        let code = "public var description: String {\n    return try!  FfiConverterString.lift(\n        try! rustCall() {\n        \
                    s in\n    uniffi_x_fn_method_address_uniffi_trait_display(\n            \
                    FfiConverterTypeAddress_lower(self),s\n    )\n}\n    )\n}\n";
        let expected = "public var description: String {\n    return \"Address(..)\"\n}\n";
        assert_eq!(printing_by_name(code), Ok(expected.to_owned()));
    }

    #[test]
    fn what_is_written_otherwise_is_told() {
        for code in [
            "x_uniffi_trait_display(",
            "return x_uniffi_trait_display(self)\n    )\n",
            "external fun x_uniffi_trait_display(\n",
        ] {
            assert!(printing_by_name(code).is_err(), "{code}");
        }
    }
}
