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
        let length = time(setting.length_nanos);
        let (played, each) = if self.is_replicated() {
            let done = self.record.body.sections.len() as u64;
            (format!("{} of {length}", number::of(done, "replication")), " of each")
        } else {
            (format!("{length} of scenario time"), "")
        };
        let mut all = vec![format!("{played}{took}{against}.")];
        if header.unverified {
            all.push("Its certificate was not checked: anybody could have answered in its place.".to_owned());
        }
        let counted = self.counted().join(", ");
        let from = time(setting.warm_up_nanos);
        all.push(format!("Counted: {counted}, meant to start from {from} to {length}{each}."));
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

    /// What a reader should know of this run besides, each in a sentence or a few.
    pub(super) fn remarks(&self) -> impl Iterator<Item = String> {
        self.record.trailer.iter().flat_map(|trailer| &trailer.remarks).map(|remark| number::plain(remark))
    }

    /// How many visits each desk, calls the phone pool, and callbacks there were; of replications, in each too.
    fn counted(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (desk, tally) in self.record.header.setting.desks.iter().zip(&self.totals.desks) {
            let offered = tally.visits().offered;
            let what = if desk.phone {
                number::of(offered, "call")
            } else {
                format!("{} to {}", number::of(offered, "visit"), number::plain(&desk.name))
            };
            let mean = self.figure(&format!("{}.offered", desk.name)).filter(|_| self.is_replicated());
            let each = mean.map(|mean| format!(" ({} a replication)", number::value(mean.value, mean.unit)));
            all.push(format!("{what}{}", each.unwrap_or_default()));
        }
        for (venue, tally) in self.record.header.setting.venues.iter().zip(&self.totals.venues) {
            let name = number::plain(&venue.name);
            let mean = self.figure(&format!("{}.visits", venue.prefix())).filter(|_| self.is_replicated());
            let each = mean.map(|mean| format!(" ({} a replication)", number::value(mean.value, mean.unit)));
            all.push(format!("{} to {name}{}", number::of(tally.visits, "visit"), each.unwrap_or_default()));
        }
        let callbacks: u64 = self.totals.desks.iter().map(|desk| desk.callbacks.accepted).sum();
        if callbacks > 0 {
            all.push(number::of(callbacks, "callback"));
        }
        all
    }

    /// What visits offered are called in a table: of replications, how many there are in each.
    pub(super) fn offered_label(&self) -> &'static str {
        if self.is_replicated() { "offered a replication" } else { "offered" }
    }
}
