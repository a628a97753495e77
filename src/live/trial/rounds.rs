//! Polls that go round in a circle: asked the same, and told the same, again and again.

use std::collections::BTreeMap;

use crate::base::http::{Answer, Question};

/// So many rounds are no chance.
const CIRCLE: u32 = 20;

/// What each poll asks and is answered, by its transport.
#[derive(Debug, Default)]
pub(super) struct Rounds(BTreeMap<usize, Round>);

/// The last question, and the last answer.
#[derive(Debug, Default)]
struct Round {
    asks: String,
    asked: String,
    answer: Vec<u8>,
    /// Whether that answer was news when it came first.
    was_news: bool,
    times: u32,
    most: u32,
}

impl Rounds {
    /// A poll asks.
    pub(super) fn asked(&mut self, at: usize, question: &Question) {
        let body = question.body.as_deref().unwrap_or_default();
        self.0.entry(at).or_default().asks = format!("{} {body}", question.path);
    }

    /// What was asked last is answered; whether somebody was told something with that.
    pub(super) fn answered(&mut self, at: usize, asks: &str, answer: &Answer, is_news: bool) {
        let Some(round) = self.0.get_mut(&at) else { return };
        if round.asked == asks && round.answer == answer.body {
            round.times += 1;
            if round.was_news {
                round.most = round.most.max(round.times);
            }
            return;
        }
        (round.asked, round.answer) = (asks.to_owned(), answer.body.clone());
        (round.was_news, round.times) = (is_news, 1);
    }

    /// What was asked last over this transport.
    pub(super) fn question(&self, at: usize) -> String {
        self.0.get(&at).map(|round| round.asks.clone()).unwrap_or_default()
    }

    /// The transports whose polls went round in a circle, and how often.
    pub(super) fn circles(&self) -> impl Iterator<Item = (usize, u32)> {
        self.0.iter().map(|(at, round)| (*at, round.most)).filter(|(_, times)| *times >= CIRCLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(path: &str) -> Question {
        Question { method: "GET".into(), path: path.into(), headers: Vec::new(), body: None }
    }

    fn answer(body: &str) -> Answer {
        Answer { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    /// How often one poll went round: asked for these paths, and answered so, of which only the first time is news.
    fn circle(rounds: impl Iterator<Item = (String, &'static str)>) -> Vec<(usize, u32)> {
        let mut known = Rounds::default();
        let mut told = Vec::new();
        for (path, body) in rounds {
            known.asked(3, &question(&path));
            let asks = known.question(3);
            let is_news = !body.is_empty() && !told.contains(&body);
            told.push(body);
            known.answered(3, &asks, &answer(body), is_news);
        }
        known.circles().collect()
    }

    #[test]
    fn a_cursor_that_does_not_move_goes_round_in_a_circle() {
        assert_eq!(circle((0..30).map(|_| ("/events".to_owned(), "hello"))), [(3, 30)]);
        assert_eq!(circle((0..CIRCLE - 1).map(|_| ("/events".to_owned(), "hello"))), []);
        assert_eq!(circle((0..30).map(|n| (format!("/events?after={n}"), "hello"))), [], "it moves");
        assert_eq!(circle((0..30).map(|_| ("/events".to_owned(), ""))), [], "nothing is said");
    }
}
