//! What the person is told, and what becomes of the connection with that.

use serde_json::Value;

use super::super::Output;
use super::super::messenger::{Event, LONGEST_NAME};
use super::memory::{Missing, Scene};
use super::{Dialect, MOST_EVENTS, State};
use crate::base::time::{NANOS, RealMoment, RealSpan};
use crate::scenario::plan::dialect::template::Template;
use crate::scenario::plan::dialect::{ActKind, EventKind, EventPlan, Lasting};

/// Bytes of a reason at the most.
const LONGEST_REASON: usize = 300;
/// No server's word for how long to wait is taken beyond that.
const LONGEST_WAIT: RealSpan = RealSpan::from_whole_secs(600);

impl Dialect {
    /// Tells the person, as far as the connection is such that there is something to tell.
    pub(super) fn tell(&mut self, event: Event, out: &mut Vec<Output<Event>>) {
        let fits = match self.state {
            State::Up => true,
            State::Connecting(_) => {
                matches!(
                    event,
                    Event::Welcome { .. }
                        | Event::Refused { .. }
                        | Event::Throttled { .. }
                        | Event::Broken { .. }
                        | Event::Gone(_)
                )
            }
            // What still comes concerns messages alone.
            State::Leaving(_) | State::Parting(_) => {
                matches!(
                    event,
                    Event::Told { .. }
                        | Event::Posted { .. }
                        | Event::TakenIn { .. }
                        | Event::Failed { .. }
                        | Event::Throttled { .. }
                        | Event::PutOff { .. }
                        | Event::Withheld { .. }
                )
            }
            State::Down => {
                matches!(
                    event,
                    Event::Told { .. }
                        | Event::Posted { .. }
                        | Event::Refused { .. }
                        | Event::Broken { .. }
                        | Event::Gone(_)
                )
            }
        };
        if fits {
            self.told += 1;
            out.push(Output::Event(event));
        }
    }

    /// Closes everything, and says why.
    pub(super) fn break_off(&mut self, event: Event, out: &mut Vec<Output<Event>>) {
        let hung_up = matches!(self.state, State::Leaving(_) | State::Parting(_) | State::Down);
        self.hang_up(out);
        if !hung_up {
            self.tell(event, out);
        }
    }

    /// Tells what a dialect says is to be told. `false`, where the connection is over with that.
    pub(super) fn announce(&mut self, event: Event, now: RealMoment, out: &mut Vec<Output<Event>>) -> bool {
        if self.told >= MOST_EVENTS {
            let why = format!("a frame that comes to more than {MOST_EVENTS} events");
            self.break_off(Event::Broken { why }, out);
            return false;
        }
        match event {
            Event::Welcome { address, .. } if matches!(self.state, State::Connecting(_)) => {
                let composes = self.script(ActKind::Compose);
                let typing = composes.is_some_and(|script| !script.steps.is_empty());
                self.tell(Event::Welcome { address, typing }, out);
                self.state = State::Up;
                let timers = self.plan().roles[self.role as usize].timers.clone();
                self.timers = timers.iter().map(|timer| now + self.rings_after(timer, now)).collect();
                true
            }
            // Only once.
            Event::Welcome { .. } => true,
            Event::Refused { .. } if matches!(self.state, State::Connecting(_)) => {
                self.break_off(event, out);
                false
            }
            Event::Broken { .. } => {
                self.break_off(event, out);
                false
            }
            event => {
                self.tell(event, out);
                true
            }
        }
    }
}

/// The event that a dialect describes; `said`: when that was said which the server has taken in.
pub(super) fn event(plan: &EventPlan, scene: &mut Scene<'_>, said: RealMoment) -> Result<Event, Missing> {
    let mut takes = plan.takes.iter();
    let mut name = |scene: &mut Scene<'_>| -> Result<String, Missing> { name(scene, takes.next()) };
    Ok(match plan.kind {
        EventKind::Welcome => Event::Welcome { address: name(scene)?, typing: false },
        EventKind::Refused => Event::Refused { why: reason(&free(scene, plan.takes.first())?) },
        EventKind::Broken => Event::Broken { why: reason(&free(scene, plan.takes.first())?) },
        EventKind::Throttled => Event::Throttled {
            why: reason(&free(scene, plan.takes.first())?),
            retry_after: plan.takes.get(1).and_then(|wait| said_span(scene, wait.as_ref()?)),
        },
        EventKind::Queued => {
            let waiting = plan.takes.first().and_then(Option::as_ref);
            Event::Queued { waiting: waiting.and_then(|waiting| number(&scene.worth(waiting).ok()?)) }
        }
        EventKind::Assigned => Event::Assigned { peer: name(scene)? },
        EventKind::Given => Event::Given { peer: name(scene)? },
        EventKind::Left => Event::Left { peer: name(scene)? },
        EventKind::Closed => Event::Closed { peer: name(scene)? },
        EventKind::OnDuty => Event::OnDuty,
        EventKind::Typing => Event::Typing { peer: name(scene)? },
        EventKind::Told => Event::Told { peer: name(scene)?, text: free(scene, plan.takes.get(1))? },
        EventKind::Entered => {
            let others = plan.takes.first().and_then(Option::as_ref);
            let value = others.map(|others| scene.worth(others)).transpose()?.unwrap_or_default();
            let others = number(&value).ok_or_else(|| Missing::odd("others is no number"))?;
            Event::Entered { others }
        }
        EventKind::Joined => Event::Joined,
        EventKind::Parted => Event::Parted,
        EventKind::Posted => Event::Posted { text: free(scene, plan.takes.first())? },
        EventKind::TakenIn => Event::TakenIn { sent: said },
    })
}

fn free(scene: &mut Scene<'_>, template: Option<&Option<Template>>) -> Result<String, Missing> {
    let template = template.and_then(Option::as_ref);
    template.map_or_else(|| Ok(String::new()), |template| scene.render(template))
}

/// A name, no longer than names may be.
fn name(scene: &mut Scene<'_>, template: Option<&Option<Template>>) -> Result<String, Missing> {
    let name = free(scene, template)?;
    if name.len() > LONGEST_NAME {
        return Err(Missing::odd(format!("a name of {} bytes", name.len())));
    }
    Ok(name)
}

fn number(value: &Value) -> Option<u32> {
    let number = match value {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    u32::try_from(number).ok()
}

/// A reason in the server's words, on one line and short enough to be kept.
pub(super) fn reason(why: &str) -> String {
    let mut end = why.len().min(LONGEST_REASON);
    while !why.is_char_boundary(end) {
        end -= 1;
    }
    one_line(&why[..end])
}

/// Without characters that steer a terminal.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A length of time; nothing, where what is said of it makes no sense.
pub(super) fn span(scene: &mut Scene<'_>, lasting: &Lasting) -> Option<RealSpan> {
    match lasting {
        Lasting::Fixed(span) => Some(*span),
        Lasting::Said(template) => said_span(scene, template),
    }
}

fn said_span(scene: &mut Scene<'_>, template: &Template) -> Option<RealSpan> {
    duration(&scene.render(template).ok()?)
}

/// `1500ms`, `2s`, `0.5 s`, `1m`; a number alone is seconds.
fn duration(text: &str) -> Option<RealSpan> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let amount: f64 = text[..end].parse().ok()?;
    let unit = match text[end..].trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let nanos = amount * unit * NANOS as f64;
    (nanos.is_finite() && nanos >= 0.0).then(|| RealSpan::from_nanos(nanos as u64).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_how_long_to_wait() {
        let nanos = |text| duration(text).map(RealSpan::nanos);
        assert_eq!(nanos("1500ms"), Some(1_500_000_000));
        assert_eq!(nanos(" 2 "), Some(2_000_000_000));
        assert_eq!(nanos("0.5 s"), Some(500_000_000));
        assert_eq!(nanos("99h"), Some(LONGEST_WAIT.nanos()));
        for text in ["", "soon", "-1s", "1.2.3s", "5 weeks", "ms"] {
            assert_eq!(nanos(text), None, "{text}");
        }
        assert_eq!(nanos(&"9".repeat(400)), None, "endless");
    }

    #[test]
    fn a_reason_is_cut_between_characters() {
        let long = "é".repeat(400);
        assert!(reason(&long).len() <= LONGEST_REASON);
        assert_eq!(reason("short"), "short");
        assert_eq!(reason("\u{1b}]0;mine\u{7}\n"), " ]0;mine  ");
    }
}
