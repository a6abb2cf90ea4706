//! `attesta_fuzz::http_response` under libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attesta_fuzz::http_response(bytes));
