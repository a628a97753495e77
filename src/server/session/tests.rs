use std::collections::BTreeMap;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::*;
use crate::base::id::{PopulationId, VisitId};
use crate::base::time::RealMoment;
use crate::net::clock::{Clock, Pace};
use crate::scenario::plan::faults::Faults;
use crate::server::account::Account;
use crate::server::faults::Faulty;
use crate::server::hall::Hall;
use crate::wire::ChatId;
use crate::wire::json::frame::{ClientFrame, Line, ServerFrame};
use crate::wire::token::{Part, RunId};

const RUN: u32 = 7;

/// A server that lives as long as what is given beside it; so many are waited for, for so long.
fn house(away: usize, grace: RealSpan) -> (House, watch::Sender<()>) {
    let (alive, life) = watch::channel(());
    let clock = Clock::start(1.0).unwrap();
    let house = House {
        hall: Arc::new(Mutex::new(Hall::new(BTreeMap::new()))),
        sessions: Arc::new(Sessions::within(away, grace)),
        pace: Pace::new(RealMoment::ZERO, 1.0),
        faults: Arc::new(Faulty::new(Faults::default())),
        account: Account::begin(None, &clock).unwrap(),
        clock,
        speed: 1.0,
        numbered: Arc::default(),
        life,
    };
    (house, alive)
}

fn begun(house: &House) -> (Session, Resume) {
    let session = Session::new(house, 1, Role::Visitor, RUN, Some(&Resume::default()));
    let resume = session.resume(false).unwrap();
    assert_eq!(resume.heard, None);
    (session, Resume { heard: Some(0), ..resume })
}

async fn taken_up(house: &House, resume: &Resume) -> Option<Session> {
    Session::taken_up(house, 2, Role::Visitor, RUN, resume).await
}

fn sleeps(session: Session) -> JoinHandle<()> {
    tokio::spawn(session.wait())
}

fn typing() -> Parcel {
    Parcel::One(ServerFrame::Typing { chat: ChatId(1) })
}

fn said(number: u32) -> Parcel {
    let visit = VisitId { population: PopulationId(0), index: 1, attempt: 0 };
    let intended = RealMoment::ZERO;
    let token = Token { run: RunId::new(RUN), visit, part: Part::OfAgent(number), intended };
    Parcel::One(ServerFrame::Said { chat: ChatId(1), text: token.encode() })
}

/// What a person says on the page, and no run.
fn typed() -> Parcel {
    Parcel::One(ServerFrame::Said { chat: ChatId(1), text: "hello?".into() })
}

/// Asks to be served at a desk where nobody is on duty.
fn opens(house: &House, session: &Session) {
    let open = ClientFrame::Open {
        desk: "support".into(),
        topic: String::new(),
        skills: Vec::new(),
        channel: Line::Chat,
        tried: 0,
        token: String::new(),
    };
    house.hall().hear(house.now(), session.id(), open).unwrap();
}

const LONG: RealSpan = RealSpan::from_whole_secs(60);

#[tokio::test]
async fn who_shows_the_token_goes_on_where_the_connection_broke() {
    let (house, _alive) = house(10, LONG);
    let (mut session, resume) = begun(&house);
    let id = session.id();
    opens(&house, &session);
    session.hear();
    session.hear();
    let asleep = sleeps(session);
    let mut session = taken_up(&house, &resume).await.unwrap();
    asleep.await.unwrap();
    assert_eq!((session.id(), session.number), (id, 2));
    assert_eq!(session.resume(true).unwrap(), Resume { heard: Some(2), ..resume });
    let told = match session.first.pop_front() {
        Some(parcel) => parcel,
        None => session.frames.recv().await.unwrap(),
    };
    assert_eq!(told, Parcel::One(ServerFrame::Queued { position: 1 }), "the place in the queue is kept");
}

#[tokio::test]
async fn nothing_else_does() {
    let (house, _alive) = house(10, LONG);
    let (session, resume) = begun(&house);
    let _asleep = sleeps(session);
    let text = resume.token.clone().unwrap();
    for token in ["", "0", &text[1..], &format!("+{}", &text[1..]), &format!("{text}0"), &"f".repeat(32)] {
        let other = Resume { token: Some(token.to_owned()), heard: Some(0) };
        assert!(taken_up(&house, &other).await.is_none(), "{token}");
    }
    assert!(taken_up(&house, &resume).await.is_some());
}

#[tokio::test]
async fn it_is_for_the_same_role_and_run_alone() {
    let (house, _alive) = house(10, LONG);
    let (session, resume) = begun(&house);
    let _asleep = sleeps(session);
    for (role, run) in [(Role::Agent, RUN), (Role::Visitor, RUN + 1)] {
        assert!(Session::taken_up(&house, 2, role, run, &resume).await.is_none());
    }
    assert!(taken_up(&house, &resume).await.is_some());
}

#[tokio::test]
async fn there_is_one_owner_at_a_time() {
    let (house, _alive) = house(10, LONG);
    let (mut session, resume) = begun(&house);
    let id = session.id();
    let claims = taken_up(&house, &resume);
    let holds = async {
        let Next::Claimed(claim) = session.next(true).await else { panic!("nobody claims it") };
        assert!(session.hand_over(claim).is_none());
    };
    let (second, ()) = tokio::join!(claims, holds);
    let second = second.unwrap();
    assert_eq!(second.id(), id);
    // The second's connection breaks, and a third takes it up by the same token.
    let _asleep = sleeps(second);
    assert_eq!(taken_up(&house, &resume).await.unwrap().id(), id);
}

#[tokio::test]
async fn what_was_not_heard_is_told_again_but_for_messages() {
    let (house, _alive) = house(10, LONG);
    let (mut session, resume) = begun(&house);
    let welcome = ServerFrame::Welcome { v: 1, speed: 1.0, resume: None };
    for parcel in [Parcel::One(welcome), typing(), said(0), typing(), said(1), typed()] {
        session.tell(&parcel);
    }
    assert!([said(2), typed()].iter().all(|parcel| session.miss(parcel)) && !session.miss(&typing()));
    session.first.extend([typing()]);
    let _asleep = sleeps(session);
    let session = taken_up(&house, &Resume { heard: Some(1), ..resume.clone() }).await.unwrap();
    assert_eq!(session.first, [typing(), typing()], "one that went unheard, and one that never went");
    let _asleep = sleeps(session);
    // More than was told: whoever lies about that is somebody new.
    assert!(taken_up(&house, &Resume { heard: Some(2), ..resume }).await.is_none());
    assert!(house.sessions.owners().is_empty());
}

#[test]
fn only_the_last_frames_are_known() {
    let mut told = Told::default();
    (0..limits::TOLD + 3).for_each(|_| told.tell(&typing()));
    assert!(told.since(2).is_none(), "what the client has not heard is not known any more");
    let (missed, again) = told.since(4).unwrap();
    assert_eq!((missed.len(), again.len()), (0, limits::TOLD - 1));
}

#[tokio::test]
async fn nobody_is_waited_for_for_ever() {
    let (house, _alive) = house(10, RealSpan::from_nanos(1_000_000));
    let (session, resume) = begun(&house);
    opens(&house, &session);
    session.wait().await;
    assert!(taken_up(&house, &resume).await.is_none());
    assert!(house.sessions.owners().is_empty() && house.hall().is_empty());
}

#[tokio::test]
async fn not_too_many_are_waited_for_and_those_who_did_not_ask_are_not() {
    let (house, _alive) = house(1, LONG);
    let (first, resume) = begun(&house);
    let _asleep = sleeps(first);
    tokio::task::yield_now().await;
    let (second, other) = begun(&house);
    second.wait().await;
    assert!(taken_up(&house, &other).await.is_none());
    Session::new(&house, 3, Role::Guest, RUN, None).wait().await;
    assert!(taken_up(&house, &resume).await.is_some());
    assert!(house.hall().is_empty());
}
