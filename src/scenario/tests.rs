//! The format from outside: what is shipped resolves, and what is wrong is told with its place and a hint.

use super::*;

fn shipped() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}

#[test]
fn every_shipped_scenario_resolves_without_a_warning() {
    let files = shipped();
    assert!(files.len() >= 3);
    for file in files {
        let scenario = load(&file).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(scenario.warnings, Vec::<String>::new(), "{}", file.display());
        for row in &scenario.rows {
            println!("{:60} {:40} {:?}", row.path, row.value, row.origin);
        }
    }
}
