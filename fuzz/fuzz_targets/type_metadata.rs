//! `attesta_fuzz::type_metadata` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::type_metadata(bytes));
