//! `attesta_fuzz::cbor` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::cbor(bytes));
