//! The serial forms of what other floors compute with. They belong to the log's format: a change here is a new version.

pub(super) mod guests;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::id::{DeskId, PopulationId, TopicId, VisitId};
use crate::base::time::Moment;
use crate::base::words::{Channel, Ending, Outcome, Sale};
use crate::metrics::tally::ending_index;

/// A visit as written: desk, population, index, attempt, topic, channel, start, delayed, assigned, callback from, ended,
/// ending, responded, sale. Instants in nanoseconds; the flags are 1 (delayed), 2 (asked for a callback outright), 4 (cannot
/// call); the channel is 0 (chat), 1 (call) or 2 + the tries of a callback; the ending is its place in
/// [`Ending::ALL`].
#[derive(Serialize, Deserialize)]
pub(super) struct OutcomeRow(
    u16,
    u16,
    u64,
    u8,
    u16,
    u16,
    u64,
    u8,
    Option<u64>,
    Option<u64>,
    u64,
    u8,
    Option<u64>,
    u8,
);

impl From<&Outcome> for OutcomeRow {
    fn from(outcome: &Outcome) -> Self {
        let channel = match outcome.channel {
            Channel::Chat => 0,
            Channel::Call => 1,
            Channel::Callback { tried } => 2 + u16::from(tried),
        };
        Self(
            outcome.desk.0,
            outcome.visit.population.0,
            outcome.visit.index,
            outcome.visit.attempt,
            outcome.topic.0,
            channel,
            outcome.start.nanos(),
            u8::from(outcome.delayed) | u8::from(outcome.outright) << 1 | u8::from(outcome.cannot_call) << 2,
            outcome.assigned.map(Moment::nanos),
            outcome.callback_from.map(Moment::nanos),
            outcome.ended.nanos(),
            ending_index(outcome.ending) as u8,
            outcome.responded.map(Moment::nanos),
            outcome.sale as u8,
        )
    }
}

impl TryFrom<&OutcomeRow> for Outcome {
    type Error = &'static str;

    fn try_from(row: &OutcomeRow) -> Result<Self, Self::Error> {
        let &OutcomeRow(
            desk,
            population,
            index,
            attempt,
            topic,
            channel,
            start,
            flags,
            assigned,
            from,
            ended,
            ending,
            responded,
            sale,
        ) = row;
        Ok(Self {
            desk: DeskId(desk),
            visit: VisitId { population: PopulationId(population), index, attempt },
            topic: TopicId(topic),
            channel: match channel {
                0 => Channel::Chat,
                1 => Channel::Call,
                callback => Channel::Callback {
                    tried: u8::try_from(callback - 2).map_err(|_| "an outcome on no known channel")?,
                },
            },
            start: Moment::from_nanos(start),
            delayed: flags & 1 != 0,
            assigned: assigned.map(Moment::from_nanos),
            callback_from: from.map(Moment::from_nanos),
            outright: flags & 2 != 0,
            responded: responded.map(Moment::from_nanos),
            cannot_call: flags & 4 != 0,
            sale: *Sale::ALL.get(usize::from(sale)).ok_or("an outcome with no known sale")?,
            ended: Moment::from_nanos(ended),
            ending: *Ending::ALL.get(usize::from(ending)).ok_or("an outcome with no known ending")?,
        })
    }
}

/// Gates as written: as typed, figure, comparison, limit, scope.
pub(super) mod gates {
    use super::{Deserialize, Deserializer, Serialize, Serializer};
    use crate::base::time::Span;
    use crate::scenario::gate::{Comparison, Gate, Scope};
    use serde::de::Error;

    #[derive(Serialize, Deserialize)]
    struct Written(String, String, String, f64, WrittenScope);

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum WrittenScope {
        Whole,
        EveryNanos(u64),
        Days(f64),
    }

    impl From<Scope> for WrittenScope {
        fn from(scope: Scope) -> Self {
            match scope {
                Scope::Whole => Self::Whole,
                Scope::Every(width) => Self::EveryNanos(width.nanos()),
                Scope::Days(share) => Self::Days(share),
            }
        }
    }

    impl From<WrittenScope> for Scope {
        fn from(scope: WrittenScope) -> Self {
            match scope {
                WrittenScope::Whole => Self::Whole,
                WrittenScope::EveryNanos(nanos) => Self::Every(Span::from_nanos(nanos)),
                WrittenScope::Days(share) => Self::Days(share),
            }
        }
    }

    const SIGNS: [(Comparison, &str); 5] = [
        (Comparison::Below, "<"),
        (Comparison::AtMost, "<="),
        (Comparison::Above, ">"),
        (Comparison::AtLeast, ">="),
        (Comparison::Equal, "=="),
    ];

    pub(in crate::record) fn serialize<S: Serializer>(
        gates: &[Gate],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(gates.iter().map(|gate| {
            let sign =
                SIGNS.iter().find(|(comparison, _)| *comparison == gate.comparison).map_or("", |sign| sign.1);
            Written(gate.text.clone(), gate.figure.clone(), sign.to_owned(), gate.limit, gate.scope.into())
        }))
    }

    pub(in crate::record) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Gate>, D::Error> {
        let written = Vec::<Written>::deserialize(deserializer)?;
        written
            .into_iter()
            .map(|Written(text, figure, sign, limit, scope)| {
                let known = SIGNS.iter().find(|(_, of)| *of == sign);
                let &(comparison, _) =
                    known.ok_or_else(|| D::Error::custom("a gate with no known comparison"))?;
                Ok(Gate { text, figure, comparison, limit, scope: scope.into() })
            })
            .collect()
    }
}
