//! `attesta_fuzz::sd_jwt` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::sd_jwt(bytes));
