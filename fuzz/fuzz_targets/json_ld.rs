//! `attesta_fuzz::json_ld` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::json_ld(bytes));
