//! Takes the symbol table out of the shared library of an optimised build. `strip = true` would do it, but beside a
//! static library Cargo strips debug information alone.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let says = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if says("PROFILE", "release") && says("CARGO_CFG_UNIX", "") && !says("CARGO_CFG_TARGET_VENDOR", "apple") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,--strip-all");
    }
}
