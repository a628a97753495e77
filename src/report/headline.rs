//! What every summary opens with: what was played, by which clock, at which speed, who is counted, and
//! whether it can be relied on.

use crate::base::figures::Command;
use crate::base::time::NANOS;

use super::{Report, number};

impl Report<'_> {
    /// `run of peak support`, as one harmless line.
    pub(super) fn title(&self) -> String {
        let header = &self.record.header;
        let what = match header.command {
            Command::Run => "run",
            Command::Simulate => "simulation",
        };
        format!("{what} of {}", number::plain(&header.scenario))
    }

    /// Seed, speed, scale and size, short.
    pub(super) fn terms(&self) -> Vec<String> {
        let header = &self.record.header;
        let mut terms = vec![format!("seed {}", header.seed)];
        if self.is_run() {
            terms.push(format!("speed {}", number::number(header.speed)));
        } else {
            let done = self.record.body.sections.len() as u64;
            let planned = u64::from(header.setting.replications);
            let of = if done < planned { format!(" of {}", number::count(planned)) } else { String::new() };
            let plural = if done == 1 && of.is_empty() { "" } else { "s" };
            terms.push(format!("{}{of} replication{plural}", number::count(done)));
        }
        if header.scale != 1.0 {
            terms.push(format!("{} times the arrivals", number::number(header.scale)));
        }
        if header.stripe.1 > 1 {
            terms.push(format!("stripe {} of {}", header.stripe.0 + 1, header.stripe.1));
        }
        terms
    }

    /// Against what, how long, and who is counted, in sentences.
    pub(super) fn circumstances(&self) -> Vec<String> {
        let header = &self.record.header;
        let setting = &header.setting;
        let time = |nanos: u64| number::bound(nanos as f64 / NANOS as f64);
        let took = self.took_secs().map_or(String::new(), |secs| format!(" in {}", number::time(secs)));
        let against =
            header.target.as_deref().map_or(String::new(), |t| format!(" against {}", number::plain(t)));
        let mut all = vec![format!("{} of scenario time{took}{against}.", time(setting.length_nanos))];
        let counted: u64 = self.totals.desks.iter().map(|desk| desk.visits().offered).sum();
        all.push(format!(
            "Counted: {} meant to start from {} to {}.",
            number::of(counted, "visit"),
            time(setting.warm_up_nanos),
            time(setting.length_nanos)
        ));
        if self.is_run() && header.speed != 1.0 {
            all.push(format!(
                "At speed {} a second of the network is {} of waiting: people wait in scenario time, messages \
                 travel in real time.",
                number::number(header.speed),
                number::bound(header.speed)
            ));
        }
        all
    }
}
