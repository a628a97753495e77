//! A messenger and a desk that say whatever they like, in whatever order: what people have beside it is bounded, and holds.

use proptest::prelude::*;

use super::*;
use crate::base::time::RealSpan;

/// Conversations that an agent takes before turning others away, as in a run.
const TAKEN: usize = 8;
/// Outputs for one input at the most: whatever was kept for somebody, and some.
const SAID: usize = 80;
/// Bytes of what is kept, as it is shown.
const KEPT: usize = 256 * 1024;

#[derive(Clone, Debug)]
enum Step {
    Talk(messenger::Event),
    Desk(String),
    Act(usize),
    Opened,
    Closed(Transport),
    Tick,
}

fn any_peer() -> impl Strategy<Value = String> {
    prop_oneof![Just("vic".to_owned()), Just("ada".to_owned()), "v[0-9]{1,3}", "x{200}"]
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,40}", Just(token().encode()), Just(closing::written(Closing::Resolved)), "x{2000}",]
}

fn any_event() -> impl Strategy<Value = messenger::Event> {
    use messenger::Event as Talk;
    let of_peer = |make: fn(String) -> Talk| any_peer().prop_map(make);
    prop_oneof![
        (any_peer(), any_text()).prop_map(|(peer, text)| Talk::Told { peer, text }),
        prop_oneof![
            of_peer(|peer| Talk::Given { peer }),
            of_peer(|peer| Talk::Assigned { peer }),
            of_peer(|peer| Talk::Left { peer }),
            of_peer(|peer| Talk::Closed { peer }),
            of_peer(|peer| Talk::Typing { peer }),
            of_peer(|address| Talk::Welcome { address, typing: false }),
        ],
        prop_oneof![
            any_text().prop_map(|text| Talk::Posted { text }),
            any_text().prop_map(|why| Talk::Failed { why }),
            any_text().prop_map(|why| Talk::Refused { why }),
            any::<u32>().prop_map(|others| Talk::Entered { others }),
            any::<Option<u32>>().prop_map(|waiting| Talk::Queued { waiting }),
            any::<u64>().prop_map(|sent| Talk::TakenIn { sent: RealMoment::from_nanos(sent) }),
            any::<u64>().prop_map(|sent| Talk::Unanswered { sent: RealMoment::from_nanos(sent) }),
        ],
        prop_oneof![
            Just(Talk::Joined),
            Just(Talk::Parted),
            Just(Talk::OnDuty),
            Just(Talk::Gone(None)),
            Just(Talk::Broken { why: "x".into() }),
        ],
    ]
}

/// What a desk says, where `#` and `@` are a conversation and somebody.
const FRAMES: [&str; 16] = [
    r#"{"type":"welcome","v":1,"speed":60}"#,
    r#"{"type":"assigned","chat":#,"agent":0,"address":"@"}"#,
    r#"{"type":"assigned","chat":#,"agent":0}"#,
    r#"{"type":"given","chat":#,"token":"t","address":"@"}"#,
    r#"{"type":"given","chat":#,"token":"t"}"#,
    r#"{"type":"given","chat":#,"token":"t","channel":"call"}"#,
    r#"{"type":"left","chat":#}"#,
    r#"{"type":"transferred","chat":#}"#,
    r#"{"type":"closed","chat":#,"how":"resolved","said":#}"#,
    r#"{"type":"closed","chat":#,"how":"silent"}"#,
    r#"{"type":"said","chat":#,"text":"@"}"#,
    r#"{"type":"typing","chat":#}"#,
    r#"{"type":"queued","position":#}"#,
    r#"{"type":"refused","why":"@"}"#,
    r#"{"type":"on_duty","agent":0}"#,
    "nonsense",
];

fn any_frame() -> impl Strategy<Value = String> {
    (prop::sample::select(&FRAMES[..]), 0u64..4, any_peer())
        .prop_map(|(frame, chat, peer)| frame.replace('#', &chat.to_string()).replace('@', &peer))
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => any_event().prop_map(Step::Talk),
        6 => any_frame().prop_map(Step::Desk),
        4 => (0usize..8).prop_map(Step::Act),
        1 => Just(Step::Opened),
        1 => prop_oneof![Just(CHAT), Just(DESK), Just(Transport(3))].prop_map(Step::Closed),
        1 => Just(Step::Tick),
    ]
}

fn plays(voice: &mut Voice, acts: &[Act], steps: Vec<Step>) {
    let beginning = [
        Step::Act(0),
        Step::Talk(messenger::Event::Welcome { address: "me".into(), typing: true }),
        Step::Opened,
        Step::Desk(r#"{"type":"welcome","v":1,"speed":60}"#.into()),
    ];
    let (mut now, mut taken) = (T0, 0);
    for step in beginning.into_iter().chain(steps) {
        let mut out = Vec::new();
        match step {
            Step::Talk(event) => {
                NEXT.set(Some(event));
                voice.handle(now, Input::Frame(CHAT, ""), &mut out);
            }
            Step::Desk(frame) => voice.handle(now, Input::Frame(DESK, &frame), &mut out),
            Step::Act(number) => voice.handle(now, Input::Act(&acts[number % acts.len()]), &mut out),
            Step::Opened => voice.handle(now, Input::Opened(DESK), &mut out),
            Step::Closed(transport) => voice.handle(now, Input::Closed(transport, None), &mut out),
            Step::Tick => {
                now = voice.next_deadline().unwrap_or(now + RealSpan::from_whole_secs(1)).max(now);
                voice.handle(now, Input::Tick, &mut out);
                assert!(voice.next_deadline().is_none_or(|next| next > now), "a deadline moves on");
            }
        }
        assert!(out.len() <= SAID, "{out:?}");
        for output in out {
            if let Output::Event(Event::Given { chat, .. }) = output {
                taken += 1;
                if taken > TAKEN {
                    let close = Act::Close { chat, closing: Closing::Unresolved, free: true, said: None };
                    voice.handle(now, Input::Act(&close), &mut Vec::new());
                }
            }
        }
    }
    let kept = format!("{voice:?}").len();
    assert!(kept < KEPT, "{kept} bytes");
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(any_step(), 0..400)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_visitor_bears_whatever_is_said(steps in any_steps(), by_server in any::<bool>()) {
        let queue = if by_server { Queue::Server } else { Queue::Testbed };
        let mut visitor = Visitor::new(Box::new(Fake), client(Role::Visitor), queue);
        let acts = [
            Act::Connect,
            Act::Disconnect,
            opening(Channel::Chat),
            opening(Channel::Call),
            say("hi"),
            Act::Type,
            Act::Leave,
        ];
        plays(&mut visitor, &acts, steps);
    }

    #[test]
    fn an_agent_bears_whatever_is_said(steps in any_steps(), by_server in any::<bool>()) {
        let mut agent = Agent::new(Box::new(Fake), client(Role::Agent), by_server.then(|| "support".into()));
        let chat = ChatId(1);
        let acts = [
            Act::Connect,
            Act::Disconnect,
            Act::Ready(duty()),
            Act::Rest,
            Act::Compose { chat },
            Act::Answer { chat, text: "hi".into() },
            Act::Close { chat, closing: Closing::Resolved, free: false, said: None },
            Act::Free { chat },
        ];
        plays(&mut agent, &acts, steps);
    }

    #[test]
    fn a_guest_bears_whatever_is_said(steps in any_steps()) {
        let mut guest = Guest::new(Box::new(Fake), 7);
        let rules = Rules { mode: ModerationMode::None { hidden_after: None }, filter_holds: false, screen: 2 };
        let acts = [
            Act::Connect,
            Act::Disconnect,
            Act::Enter { room: "fans".into(), rules },
            Act::Post { text: "hi".into(), flagged: false },
            Act::Leave,
            Act::Ask,
        ];
        plays(&mut guest, &acts, steps);
    }
}
