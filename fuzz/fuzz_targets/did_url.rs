//! `attesta_fuzz::did_url` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::did_url(bytes));
