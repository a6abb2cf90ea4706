//! Writes attesta's Kotlin and Swift bindings from a built library:
//!
//! ```sh
//! cargo build -p attesta-ffi
//! cargo run -p attesta-bindgen -- generate --language kotlin --no-format --out-dir OUT target/debug/libattesta_ffi.so
//! ```

fn main() {
    uniffi::uniffi_bindgen_main();
}
