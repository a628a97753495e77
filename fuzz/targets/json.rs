//! Our own protocol, a client's side.
#![no_main]

libfuzzer_sys::fuzz_target!(|play: &[u8]| causerie::wire::fuzz::json(play));
