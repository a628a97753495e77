//! A dialect that has everything.
#![no_main]

libfuzzer_sys::fuzz_target!(|play: &[u8]| causerie::wire::fuzz::dialect(play));
