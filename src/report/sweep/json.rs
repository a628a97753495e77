//! `sweep.json`: the sweep for programs. Shares are fractions from 0 to 1 and times are in seconds, unrounded. The types
//! here are the format: a field that changes its meaning or goes away makes a new [`FORMAT`], a further field does not.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::base::figures::Unit;
use crate::gates::check::{Overall, Verdict};
use crate::record::figures::Figure;
use crate::study::sweep::{Difference, Sweep};

/// The version of the format.
pub const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    causerie: &'a str,
    command: &'static str,
    scenario: &'a str,
    scenario_hash: &'a str,
    plan_hash: &'a str,
    seed: u64,
    scale: f64,
    replications: u32,
    host: &'a str,
    machine: &'a str,
    started_unix_ms: u64,
    ended_unix_ms: u64,
    /// Whether some combinations are missing.
    interrupted: bool,
    varied: Vec<Varied<'a>>,
    figures: Vec<Asked<'a>>,
    /// How many times narrower the intervals of the differences are than without common random numbers: the median.
    narrower: Option<f64>,
    cells: Vec<Combination<'a>>,
}

#[derive(Serialize)]
struct Varied<'a> {
    key: &'a str,
    values: &'a [String],
}

#[derive(Serialize)]
struct Asked<'a> {
    name: &'a str,
    unit: Unit,
    definition: &'a str,
}

#[derive(Serialize)]
struct Combination<'a> {
    /// By key; none of the scenario as it stands, where that is no combination.
    values: Option<BTreeMap<&'a str, &'a str>>,
    base: bool,
    plan_hash: &'a str,
    gates: Option<Gates<'a>>,
    figures: BTreeMap<&'a str, Option<Compared>>,
}

#[derive(Serialize)]
struct Gates<'a> {
    overall: Overall,
    verdicts: &'a [Verdict],
}

#[derive(Serialize)]
struct Compared {
    #[serde(flatten)]
    figure: Figure,
    /// From the base; none of the base itself.
    difference: Option<Difference>,
}

/// Writes the sweep, indented, ended by a line feed.
pub fn write(sweep: &Sweep, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(sweep))?;
    out.write_all(b"\n")
}

fn document(sweep: &Sweep) -> Document<'_> {
    let header = &sweep.header;
    Document {
        format: FORMAT,
        causerie: &header.causerie,
        command: "sweep",
        scenario: &header.scenario,
        scenario_hash: &header.scenario_hash,
        plan_hash: &header.plan_hash,
        seed: header.seed,
        scale: header.scale,
        replications: header.setting.replications,
        host: &header.host,
        machine: &header.machine,
        started_unix_ms: header.epoch_unix_ms,
        ended_unix_ms: sweep.ended_unix_ms,
        interrupted: sweep.interrupted,
        varied: sweep
            .grid
            .axes()
            .iter()
            .map(|axis| Varied { key: &axis.key, values: &axis.values })
            .collect(),
        figures: sweep
            .chosen
            .iter()
            .map(|chosen| Asked { name: &chosen.name, unit: chosen.unit, definition: chosen.definition })
            .collect(),
        narrower: sweep.narrower(),
        cells: combinations(sweep),
    }
}

fn combinations(sweep: &Sweep) -> Vec<Combination<'_>> {
    sweep
        .cells
        .iter()
        .map(|cell| Combination {
            values: cell.cell.map(|number| sweep.grid.values(number).collect()),
            base: cell.is_base,
            plan_hash: &cell.plan_hash,
            gates: cell.overall().map(|overall| Gates { overall, verdicts: &cell.verdicts }),
            figures: sweep
                .chosen
                .iter()
                .zip(&cell.values)
                .map(|(chosen, value)| {
                    let compared =
                        value.map(|value| Compared { figure: value.figure, difference: value.difference });
                    (chosen.name.as_str(), compared)
                })
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sweep::sample;

    #[test]
    fn combinations_are_found_by_their_values() {
        let sweep = sample::sweep(&["support.agents.count=8..10", "support.agents.concurrency=1..4"]);
        let mut out = Vec::new();
        write(&sweep, &mut out).unwrap();
        let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(document["varied"][0]["values"], serde_json::json!(["8", "9", "10"]));
        let cells = document["cells"].as_array().unwrap();
        let there = |cell: &&serde_json::Value| {
            cell["values"]
                == serde_json::json!({"support.agents.count": "9", "support.agents.concurrency": "2"})
        };
        let cell = cells.iter().find(there).unwrap();
        let figure = &cell["figures"]["support.abandoned.share"];
        assert!(figure["value"].is_f64() && figure["difference"]["low"].is_f64(), "{figure}");
        assert_eq!(cells.iter().filter(|cell| cell["base"] == true).count(), 1);
        assert_eq!(cell["gates"]["verdicts"].as_array().unwrap().len(), 1);
    }
}
