//! Scenarios: a plan or problems, and problems that can be shown.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(problems) =
        causerie::scenario::parse("fuzz.yaml", text.to_owned(), std::path::Path::new("/nonexistent"))
    {
        assert!(!problems.to_string().is_empty());
    }
});
