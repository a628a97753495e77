//! Where visitors ask first, and by what a group of agents can be reached.

use super::Findings;
use super::phone::Pool;
use super::section::{Section, join};
use crate::scenario::keys::CHANNELS;
use crate::scenario::plan::{CallPolicy, ChannelMix};
use crate::scenario::quantity::Misfit;

/// Where a desk's visitors ask first.
pub(super) fn mix(findings: &mut Findings<'_>, desk: &mut Section, pool: Option<Pool>) -> Option<ChannelMix> {
    let Some(field) = desk.take(findings, "channels") else { return Some(ChannelMix::HERE) };
    let mut section = Section::open(findings, field)?;
    let mut share = |name| section.take(findings, name).and_then(|field| findings.share(&field));
    let (chat, phone, callback) = (share("chat"), share("phone"), share("callback"));
    let (chat, phone, callback) = (chat?, phone?, callback?);
    if !findings.adds_up(desk, "channels", &[chat, phone, callback]) {
        return None;
    }
    let wrong = match pool {
        None if phone + callback > 0.0 => Some((
            "visitors who phone, and no phone pool",
            "a phone pool under `phone`, or everybody at the desk",
            "phone: {lines: 20}",
        )),
        Some(pool) if callback > 0.0 && !pool.calls_back => Some((
            "callbacks asked of a phone pool with `callback: none`",
            "callback: 0%, or a phone pool that calls back",
            "channels: {chat: 70%, phone: 30%}",
        )),
        _ => None,
    };
    if let Some((found, expected, hint)) = wrong {
        let path = join(desk.path(), "channels");
        findings.problem(desk.place("channels"), &path, found.into(), expected.into(), Some(hint.into()));
        return None;
    }
    let sum = chat + phone + callback;
    Some(ChannelMix { chat: chat / sum, phone: phone / sum, callback: callback / sum })
}

/// By what a group of agents can be reached: at least one of the three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) chat: bool,
    pub(super) phone: bool,
    pub(super) callback: bool,
}

impl Reach {
    /// Whether they are of use to the phone pool.
    pub(super) fn calls(self) -> bool {
        self.phone || self.callback
    }
}

/// What agents of the desk alone serve, where there is nothing to choose.
pub(super) const CHAT: Reach = Reach { chat: true, phone: false, callback: false };

/// The channels of a group.
pub(super) fn reach(findings: &mut Findings<'_>, group: &mut Section, pool: Option<Pool>) -> Option<Reach> {
    let field = group.take(findings, "channels")?;
    let blank = field.clone();
    let items = findings.list(field)?;
    let words: Vec<Option<usize>> = items.iter().map(|item| findings.word_within(item)).collect();
    let words: Vec<usize> = words.into_iter().collect::<Option<_>>()?;
    let has = |name| words.iter().any(|word| CHANNELS[*word] == name);
    let reach = Reach { chat: has("chat"), phone: has("phone"), callback: has("callback") };
    let calls_back = pool.is_some_and(|pool| pool.calls_back);
    let misfit = if words.is_empty() {
        Misfit::new("at least one channel").hint("channels: [chat, phone]")
    } else if reach.calls() && pool.is_none() {
        let misfit = Misfit::new("channels of a scenario without a phone pool: [chat]");
        misfit.hint("describe the pool under `phone`")
    } else if reach.callback && !calls_back {
        Misfit::new("no callbacks, as the phone pool has `callback: none`").hint("channels: [chat, phone]")
    } else {
        let names = CHANNELS.iter().enumerate().filter(|(i, _)| words.contains(i)).map(|(_, name)| *name);
        let text = format!("[{}]", names.collect::<Vec<_>>().join(", "));
        findings.row(&blank.path, text, blank.origin);
        return Some(reach);
    };
    findings.misfit(&blank, misfit);
    None
}

/// How agents who chat and take calls go about both: what a call does to their chats, and how many are kept off the
/// phone. `None` twice over for agents who do not take both.
pub(super) fn blend(
    findings: &mut Findings<'_>,
    group: &mut Section,
    reach: Reach,
) -> Option<Option<(CallPolicy, u32)>> {
    if !(reach.chat && reach.calls()) {
        for name in ["call", "reserve"] {
            group.refuse(findings, name, "unless `channels` has both chat and phone");
        }
        return Some(None);
    }
    let call = group.take_where(findings, "call", true).and_then(|field| findings.word(&field));
    let call = call.map(|i| [CallPolicy::WaitsForChats, CallPolicy::PausesChats][i]);
    let reserve = group.take_where(findings, "reserve", true).and_then(|field| findings.whole(&field));
    Some(Some((call?, reserve?)))
}
