//! `junit.xml`: gates as test cases, for CI. What could not be judged is skipped; that the record is not to
//! be relied on is a case of its own that errs.

use std::io::{self, Write};

use super::verdicts::{Judged, Mark};
use super::xml::escape;
use super::{Report, Standing};

/// Writes the one test suite.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let cases = report.judged();
    let count = |of: &[Mark]| cases.iter().filter(|case| of.contains(&case.mark)).count();
    let standing = report.standing();
    let unreliable = standing != Standing::Valid;
    let name = escape(&report.title());
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3}\"",
        cases.len() + usize::from(unreliable),
        count(&[Mark::Failed, Mark::JustFailed]),
        count(&[Mark::TooFew]) + usize::from(unreliable),
        count(&[Mark::NotJudged]),
        report.took_secs().unwrap_or(0.0)
    );
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites {counts}>")?;
    writeln!(out, "  <testsuite name=\"{name}\" {counts}>")?;
    for case in &cases {
        write_case(case, &name, out)?;
    }
    if unreliable {
        let why = escape(&report.objections().join(" "));
        writeln!(out, "    <testcase classname=\"{name}\" name=\"the record can be relied on\">")?;
        writeln!(out, "      <error type=\"{}\" message=\"{why}\"/>", standing.name())?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")?;
    writeln!(out, "</testsuites>")
}

fn write_case(case: &Judged, class: &str, out: &mut dyn Write) -> io::Result<()> {
    let found = match (case.value.as_str(), case.remark.as_str()) {
        ("", remark) => escape(remark),
        (value, "") => escape(value),
        (value, remark) => escape(&format!("{value}; {remark}")),
    };
    writeln!(out, "    <testcase classname=\"{class}\" name=\"{}\">", escape(&case.gate))?;
    match case.mark {
        Mark::Passed | Mark::JustPassed => writeln!(out, "      <system-out>{found}</system-out>")?,
        Mark::Failed | Mark::JustFailed => {
            writeln!(out, "      <failure type=\"gate\" message=\"{found}\"/>")?;
        }
        Mark::TooFew => writeln!(out, "      <error type=\"too few samples\" message=\"{found}\"/>")?,
        Mark::NotJudged => writeln!(out, "      <skipped message=\"{found}\"/>")?,
    }
    writeln!(out, "    </testcase>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::report::sample;

    fn text(record: &Record) -> String {
        let mut out = Vec::new();
        write(&Report::of(record), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn gates_are_test_cases() {
        insta::assert_snapshot!(text(&sample::run()));
    }

    #[test]
    fn what_a_simulation_cannot_judge_is_skipped() {
        insta::assert_snapshot!(text(&sample::simulation(1)));
    }

    #[test]
    fn a_hostile_name_stays_a_name_and_a_broken_record_errs() {
        let mut record = sample::run();
        record.header.scenario = "\"/><script>".to_owned();
        record.trailer = None;
        let text = text(&record);
        assert!(!text.contains("<script>") && text.contains("type=\"incomplete\""), "{text}");
    }
}
