//! Who ends up needing the phone, and where they go: rates, and the hazards that are solved for them.

use super::Findings;
use super::conversation::{BESIDE_WORK, Inherited, ONE_KIND, inherited_share};
use super::fatigue::{self, Wear};
use super::phone::Pool;
use super::section::{Field, Section, join};
use crate::scenario::defaults::{self as default, Origin};
use crate::scenario::plan::{Content, EscalationPlan, FatiguePlan, TopicPlan};
use crate::scenario::problem::Place;
use crate::scenario::quantity::{Misfit, plain, share_text};

/// What a desk says of escalation.
pub(super) struct Escalation {
    /// Of topics that do not say otherwise: of each, or of all together where they are played message by message.
    pub(super) rate: Inherited<f64>,
    rate_field: Field,
    to: EscalationPlan,
    section: Section,
}

/// A topic whose hazard is not settled.
pub(super) struct Draft {
    pub(super) plan: TopicPlan,
    pub(super) rate: Rate,
    pub(super) complexity: f64,
    /// Its key, from the top; that of the desk where the topic has no name.
    pub(super) path: String,
    /// Where its skills were typed.
    pub(super) skills_at: Place,
}

/// How often a topic ends on the phone.
pub(super) enum Rate {
    /// As it says itself, and where.
    Own(f64, Field),
    /// Like the others that do not say.
    Shared,
}

/// Topics with their hazards.
pub(super) struct Settled {
    pub(super) topics: Vec<TopicPlan>,
    /// How many exchanges are played of each on average; empty where none are.
    pub(super) played: Vec<f64>,
    pub(super) cannot_call: f64,
    pub(super) to: EscalationPlan,
}

/// How the hazard grows.
struct Growth {
    per_word: f64,
    per_complexity: f64,
    cannot_call: f64,
}

impl Growth {
    /// What complexity multiplies the hazard by.
    fn of_complexity(&self, complexity: f64) -> f64 {
        libm::exp((self.per_complexity * complexity).min(MOST_LOG))
    }
}

/// The logarithm of the greatest factor of complexity: beyond it a hazard is certain, and numbers end.
const MOST_LOG: f64 = 600.0;

/// The hazards of a what-if: those that were solved for the scenario as it stands. `None` unless there is one for every
/// topic that escalates.
fn hold(
    findings: &Findings<'_>,
    drafts: &[Draft],
    wears: &[Option<Wear>],
    growth: &Growth,
) -> Option<Vec<f64>> {
    let held = |(draft, wear): (&Draft, &Option<Wear>)| match wear {
        None => Some(0.0),
        Some(_) => {
            let hazard = findings.source.held.hazards.get(&draft.path)?;
            Some(hazard * growth.of_complexity(draft.complexity))
        }
    };
    drafts.iter().zip(wears).map(held).collect()
}

/// A desk's key `escalation`. `talks`: whether conversations are played message by message.
pub(super) fn escalation(
    findings: &mut Findings<'_>,
    desk: &mut Section,
    pool: Option<Pool>,
    talks: bool,
) -> Option<Escalation> {
    let mut section = findings.section(desk, "escalation")?;
    let rate_field = match section.take_where(findings, "rate", talks && pool.is_some()) {
        Some(field) => field,
        None => section.take_or(findings, "rate", &default::NOBODY),
    };
    let rate = inherited_share(findings, &rate_field);
    let to = match pool {
        Some(pool) => destinations(findings, &mut section, pool),
        None => {
            let why = "where there is no `phone`: the escalated are only counted";
            section.without(findings, &["to"], why, "remove it");
            Some(EscalationPlan { toll_free: 0.0, callback: 0.0, give_up: 1.0 })
        }
    };
    Some(Escalation { rate: rate?, rate_field, to: to?, section })
}

fn destinations(findings: &mut Findings<'_>, section: &mut Section, pool: Pool) -> Option<EscalationPlan> {
    if !pool.calls_back && !section.has("to") {
        return Some(without_callbacks(findings, section));
    }
    let mut to = findings.section(section, "to")?;
    let mut share = |name| to.take(findings, name).and_then(|field| findings.share(&field));
    let (toll_free, callback, give_up) = (share("toll_free"), share("callback"), share("give_up"));
    let (toll_free, callback, give_up) = (toll_free?, callback?, give_up?);
    if !findings.adds_up(section, "to", &[toll_free, callback, give_up]) {
        return None;
    }
    if callback > 0.0 && !pool.calls_back {
        let found = "callbacks asked of a phone pool with `callback: none`".to_owned();
        let expected = "callback: 0%, or a phone pool that calls back".to_owned();
        let hint = Some("to: {toll_free: 80%, give_up: 20%}".to_owned());
        findings.problem(section.place("to"), &join(section.path(), "to"), found, expected, hint);
        return None;
    }
    let sum = toll_free + callback + give_up;
    Some(EscalationPlan { toll_free: toll_free / sum, callback: callback / sum, give_up: give_up / sum })
}

/// Where the escalated go by default when nobody is called back: those who would ask for it call.
fn without_callbacks(findings: &mut Findings<'_>, section: &Section) -> EscalationPlan {
    let path = join(section.path(), "to");
    for (name, share) in [("toll_free", 0.8), ("callback", 0.0), ("give_up", 0.2)] {
        findings.row(&join(&path, name), share_text(share), Origin::Assumed);
    }
    EscalationPlan { toll_free: 0.8, callback: 0.0, give_up: 0.2 }
}

impl Escalation {
    /// What is left of the drafts when rates have become hazards; conversations with a handling time have none.
    pub(super) fn settle(
        mut self,
        findings: &mut Findings<'_>,
        desk: &mut Section,
        mut drafts: Vec<Draft>,
        talks: bool,
    ) -> Option<Settled> {
        if !talks {
            desk.without(findings, &["cannot_call"], BESIDE_WORK, ONE_KIND);
            self.section.without(findings, &["per_word", "per_complexity"], BESIDE_WORK, ONE_KIND);
            let topics = drafts.into_iter().map(|draft| draft.plan).collect();
            return Some(Settled { topics, played: Vec::new(), cannot_call: 0.0, to: self.to });
        }
        let growth = self.growth(findings, desk, &drafts)?;
        if !self.all_reachable(findings, &drafts, growth.cannot_call) {
            return None;
        }
        let wears: Vec<Option<Wear>> = drafts.iter().map(|draft| self.wear(draft, growth.per_word)).collect();
        let hazards = hold(findings, &drafts, &wears, &growth)
            .unwrap_or_else(|| self.hazards(&drafts, &wears, &growth));
        let mut played = Vec::with_capacity(drafts.len());
        for ((draft, wear), hazard) in drafts.iter_mut().zip(&wears).zip(hazards) {
            played.push(self.note(findings, draft, wear.as_ref(), hazard, &growth));
        }
        let topics = drafts.into_iter().map(|draft| draft.plan).collect();
        Some(Settled { topics, played, cannot_call: growth.cannot_call, to: self.to })
    }

    /// The wanted rate of a topic.
    fn rate_of(&self, draft: &Draft) -> f64 {
        match draft.rate {
            Rate::Own(rate, _) => rate,
            Rate::Shared => self.rate.value,
        }
    }

    fn growth(
        &mut self,
        findings: &mut Findings<'_>,
        desk: &mut Section,
        drafts: &[Draft],
    ) -> Option<Growth> {
        let escalates = drafts.iter().any(|draft| self.rate_of(draft) > 0.0);
        let own = drafts.iter().any(|draft| matches!(draft.rate, Rate::Own(..)));
        // A rate of 0% that was typed may be one end of a sweep: what belongs to it may stay.
        let meant = escalates || own || self.section.has("rate");
        let mut idle = false;
        if !meant {
            let (why, hint) = ("where no chat ends on the phone", "give a rate: escalation: {rate: 20%}");
            idle |= !desk.without(findings, &["cannot_call"], why, hint);
            idle |= !self.section.without(findings, &["per_word", "per_complexity"], why, hint);
        }
        let cannot_call = match desk.take_where(findings, "cannot_call", escalates) {
            Some(field) => findings.share(&field),
            None => Some(0.0),
        };
        let per_word = match self.section.take_where(findings, "per_word", escalates) {
            Some(field) => findings.number_from(&field, 0.0..=0.1),
            None => Some(0.0),
        };
        let per_complexity = match self.section.take_where(findings, "per_complexity", escalates) {
            Some(field) => findings.number_from(&field, 0.0..=100.0),
            None => Some(0.0),
        };
        let growth =
            Growth { per_word: per_word?, per_complexity: per_complexity?, cannot_call: cannot_call? };
        (!idle).then_some(growth)
    }

    /// Whether every rate is below what those who can call make possible; notes those that are not. They come close to
    /// it, since everybody sends a first message, but do not reach it.
    fn all_reachable(&self, findings: &mut Findings<'_>, drafts: &[Draft], cannot_call: f64) -> bool {
        let mut reachable = true;
        let mut check = |rate: f64, field: &Field| {
            if rate == 0.0 || rate < 1.0 - cannot_call {
                return;
            }
            reachable = false;
            let misfit = Misfit::new(&format!("a rate below {}", share_text(1.0 - cannot_call)));
            let hint = if cannot_call > 0.0 {
                format!(
                    "{} cannot call and never escalate: lower the rate, or cannot_call",
                    share_text(cannot_call)
                )
            } else {
                "it would take an endless hazard: those who never chat come by arrivals of the phone"
                    .to_owned()
            };
            findings.misfit(field, misfit.hint(hint));
        };
        for draft in drafts {
            if let Rate::Own(rate, field) = &draft.rate {
                check(*rate, field);
            }
        }
        if drafts.iter().any(|draft| matches!(draft.rate, Rate::Shared)) {
            check(self.rate.value, &self.rate_field);
        }
        reachable
    }

    fn wear(&self, draft: &Draft, per_word: f64) -> Option<Wear> {
        let Content::Talk(talk) = &draft.plan.content else { return None };
        (self.rate_of(draft) > 0.0).then(|| Wear::new(&talk.exchanges, &talk.words, per_word))
    }

    /// The hazard of each topic with nothing typed; 0 where it does not escalate.
    fn hazards(&self, drafts: &[Draft], wears: &[Option<Wear>], growth: &Growth) -> Vec<f64> {
        let can_call = 1.0 - growth.cannot_call;
        // Only the ratios between topics matter: the most complex has factor 1, so that none is beyond all numbers.
        let most = drafts.iter().map(|draft| draft.complexity).fold(0.0, f64::max);
        let factor = |draft: &Draft| libm::exp(growth.per_complexity * (draft.complexity - most));
        let all = || drafts.iter().zip(wears);
        let shared: Vec<(f64, f64, &Wear)> = all()
            .filter(|(draft, _)| matches!(draft.rate, Rate::Shared))
            .filter_map(|(draft, wear)| Some((draft.plan.share, factor(draft), wear.as_ref()?)))
            .collect();
        let sum: f64 = shared.iter().map(|(share, ..)| share).sum();
        // Topics that nobody has are solved for all the same, as if they were equally frequent.
        let weight = |share: f64| if sum > 0.0 { share / sum } else { 1.0 / shared.len() as f64 };
        let weighted: Vec<_> =
            shared.iter().map(|(share, factor, wear)| (weight(*share), *factor, *wear)).collect();
        let common =
            if weighted.is_empty() { 0.0 } else { fatigue::hazard(&weighted, self.rate.value / can_call) };
        all()
            .map(|(draft, wear)| match (&draft.rate, wear) {
                (_, None) => 0.0,
                (Rate::Own(rate, _), Some(wear)) => fatigue::hazard(&[(1.0, 1.0, wear)], rate / can_call),
                (Rate::Shared, Some(_)) => common * factor(draft),
            })
            .collect()
    }

    /// Puts the hazard into the plan, with its rows; how many exchanges are played under it.
    fn note(
        &self,
        findings: &mut Findings<'_>,
        draft: &mut Draft,
        wear: Option<&Wear>,
        hazard: f64,
        growth: &Growth,
    ) -> f64 {
        let Content::Talk(talk) = &mut draft.plan.content else { return 0.0 };
        let origin = match &draft.rate {
            Rate::Own(_, field) => field.origin,
            Rate::Shared => self.rate.origin,
        };
        let escalated = wear.map_or(0.0, |wear| wear.escalated(hazard, growth.cannot_call));
        let path = join(&draft.path, "escalation");
        let is_held = findings.source.held.hazards.contains_key(&draft.path);
        if is_held || matches!(draft.rate, Rate::Shared) {
            draft.plan.escalation = escalated;
        }
        if matches!(draft.rate, Rate::Shared) && draft.plan.name.is_some() {
            findings.row(&join(&path, "rate"), share_text(rounded(escalated)), origin);
        }
        let Some(wear) = wear else { return talk.exchanges.mean() };
        talk.fatigue = FatiguePlan { hazard, per_word: growth.per_word };
        findings.solved.hazards.insert(draft.path.clone(), hazard / growth.of_complexity(draft.complexity));
        let text = format!("{} with nothing typed, solved", plain(rounded(hazard)));
        findings.row(&join(&path, "hazard"), text, origin);
        wear.exchanges_played(hazard, growth.cannot_call)
    }
}

/// To four digits: what is solved is not known better.
fn rounded(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}
