//! `attesta_fuzz::ecdsa_sd` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::ecdsa_sd(bytes));
