//! XMPP over a stream.
#![no_main]

libfuzzer_sys::fuzz_target!(|play: &[u8]| causerie::wire::fuzz::xmpp(play));
