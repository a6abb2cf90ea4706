//! `attesta_fuzz::cose` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::cose(bytes));
