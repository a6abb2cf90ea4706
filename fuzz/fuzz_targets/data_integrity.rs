//! `attesta_fuzz::data_integrity` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::data_integrity(bytes));
