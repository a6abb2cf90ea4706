//! `attesta_fuzz::status` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::status(bytes));
