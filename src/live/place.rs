//! What a person in a run consists of besides the person: a link, timers, a sense of time.

mod absence;

use std::future::{Future, poll_fn, ready};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::watch;
use tokio::task::unconstrained;

use super::holds::Hold;
use super::link::{Connected, Link, Trouble};
use super::notes::Note;
use super::stage::{Curtain, Stage};
use super::timers::Timers;
use crate::base::draw::Draws;
use crate::base::time::{Moment, RealMoment, RealSpan};
use crate::metrics::tally::Failure;
use crate::net::clock::{Pace, Sleep};
use crate::people::reason::Timer;
use crate::scenario::plan::AtClose;
use crate::wire::token::Token;
use crate::wire::{Act, Event};
use absence::Absence;
pub(super) use absence::Loss;

/// How long before the intended start the connection is opened: as a page does, which is there before its visitor asks for
/// anything. What connecting takes beyond that counts as waiting, and all of it is in `connect`'s figures.
pub(super) const CONNECT_AHEAD: RealSpan = RealSpan::from_nanos(10_000_000);

/// `span` before `instant`.
pub(super) fn before(instant: RealMoment, span: RealSpan) -> RealMoment {
    RealMoment::from_nanos(instant.nanos().saturating_sub(span.nanos()))
}

/// A start that is later than that is dropped. Those that come late come all at once when the generator has caught up: a crowd that
/// the scenario knows nothing of.
const LATEST_START: RealSpan = RealSpan::from_whole_secs(1);

/// What happens next to a person.
#[derive(Debug)]
pub(super) enum Happening {
    /// A timer is due, at that instant.
    Timer(Moment, Timer),
    /// The platform said something, read at that instant.
    Heard(Moment, RealMoment, Event),
    /// The server has let lie what whoever is here said.
    HeldBack(Hold),
    /// Connecting came to this.
    Connected(Result<Connected, Trouble>),
    /// The connection that broke is taken up again: where it was, or by a platform that knows nothing of it any more.
    CameBack { at: Moment, resumed: bool },
    /// It is not, and not tried any more.
    Lost(Moment),
    /// The doors close on those who wait.
    DoorsClose(Moment),
    /// The run is over.
    Curtain(Moment),
}

/// A connection that is being opened: the link, and what came of it.
type Connecting = Pin<Box<dyn Future<Output = (Link, Result<Connected, Trouble>)> + Send>>;

/// What came of connecting. Never, while nobody connects.
async fn settled(connecting: &mut Option<Connecting>) -> (Link, Result<Connected, Trouble>) {
    match connecting {
        Some(opening) => opening.await,
        None => std::future::pending().await,
    }
}

/// Over once the curtain is as far down as `falls`. Whoever lets it down rouses those who sleep, so that they look here.
async fn fallen(curtain: &watch::Receiver<Curtain>, falls: Curtain) {
    poll_fn(|_| if *curtain.borrow() >= falls { Poll::Ready(()) } else { Poll::Pending }).await;
}

/// A person's place in the run: hands over what happens, each at its instant, in order.
pub(super) struct Place {
    pub(super) stage: Arc<Stage>,
    pub(super) pace: Pace,
    pub(super) link: Link,
    pub(super) timers: Timers,
    /// When the doors close on those who wait, if they do and have not yet.
    doors_close: Option<Moment>,
    sleep: Sleep,
    curtain: watch::Receiver<Curtain>,
    /// From here on this person has to go.
    falls: Curtain,
    /// No event comes before the last one.
    last: Moment,
    /// The connection that is being opened, and what came of it until that is taken out.
    connecting: Option<Connecting>,
    connected: Option<Result<Connected, Trouble>>,
    /// Since the connection broke, where it is tried again; when that last led to another; and what is drawn for it, so many times
    /// by now.
    absence: Option<Absence>,
    came_back: Option<Moment>,
    draws: Draws,
    tried: u64,
    /// As what the present connection is counted, and what went wrong with it already.
    booked: Moment,
    failed: [bool; Failure::ALL.len()],
    /// The server has taken in what was said here until the first instant, as was read at the second.
    taken_in: (RealMoment, RealMoment),
    /// What others said then was withheld from whoever is here.
    withheld: Option<Hold>,
    /// Since when nothing but the person's own timers kept this place: what the network took before is not our lag.
    free_since: RealMoment,
}

impl Place {
    /// The place of whoever has these draws, before anything has happened.
    pub(super) fn new(
        stage: Arc<Stage>,
        pace: Pace,
        draws: Draws,
        link: Link,
        timers: Timers,
        falls: Curtain,
    ) -> Self {
        let sleep = stage.clock.until(RealMoment::NEVER);
        let curtain = stage.curtain.clone();
        let doors_close = (stage.plan.close == AtClose::Dismiss).then(|| stage.scene().doors_close());
        Self {
            // The connections of those who were there before the start count from where the figures do.
            booked: stage.opens(),
            stage,
            pace,
            link,
            timers,
            doors_close,
            sleep,
            curtain,
            falls,
            last: Moment::ZERO,
            connecting: None,
            connected: None,
            absence: None,
            came_back: None,
            draws,
            tried: 0,
            failed: Default::default(),
            taken_in: (RealMoment::ZERO, RealMoment::ZERO),
            withheld: None,
            free_since: RealMoment::ZERO,
        }
    }

    /// The instant of what was read at `real`.
    pub(super) fn read_at(&mut self, real: RealMoment) -> Moment {
        self.last = self.last.max(self.pace.scenario(real));
        self.last
    }

    /// Now, as an instant at which something is read.
    pub(super) fn now(&mut self) -> Moment {
        let now = self.stage.clock.now();
        self.read_at(now)
    }

    /// The token of `text`, read then, if it is one of this run that is meant for whoever is here: then that is a
    /// receipt. A token that is not is the platform's fault; a text without one is the platform's own.
    pub(super) fn receive(
        &mut self,
        read: RealMoment,
        text: &str,
        ours: impl Fn(&Token) -> bool,
    ) -> Option<Token> {
        let token = self.recognise(text, ours)?;
        let withheld = self.was_withheld(token.intended, read);
        self.stage.notes.put(Note::Received(token, read, withheld));
        Some(token)
    }

    /// The same, without counting a receipt.
    pub(super) fn recognise(&mut self, text: &str, ours: impl Fn(&Token) -> bool) -> Option<Token> {
        let token = Token::leading(text)?;
        let ours = token.run == self.stage.run && ours(&token);
        if !ours {
            self.object("it told somebody their own message, or one that was meant for somebody else");
        }
        ours.then_some(token)
    }

    /// What is left to be heard once the connection has gone.
    pub(super) fn next_left(&mut self) -> Option<Happening> {
        loop {
            let (read, event) = self.link.next_event()?;
            if let Some(happening) = self.told(read, event) {
                return Some(happening);
            }
        }
    }

    /// What happens to whoever is here by an event: nothing, where it is about messages to come.
    fn told(&mut self, read: RealMoment, event: Event) -> Option<Happening> {
        match event {
            Event::TakenIn { said } => self.take_in(said, read).map(Happening::HeldBack),
            Event::Unanswered { said } => self.held_back(said, read).map(Happening::HeldBack),
            Event::PutOff { since } => {
                self.fail(Failure::Throttled);
                Some(Happening::HeldBack(Hold::spoken(since, read)))
            }
            Event::Withheld { since, until } => {
                self.was_withheld_from(since, until);
                None
            }
            event => Some(Happening::Heard(self.read_at(read), read, event)),
        }
    }

    /// The server withheld what others said then. What it withheld shortly before may still come as well.
    fn was_withheld_from(&mut self, since: RealMoment, until: RealMoment) {
        let hold = Hold::spoken(since, until);
        self.withheld = Some(self.withheld.map_or(hold, |before| before.and(hold)));
    }

    /// Whether what was meant at that instant, and read at the other, was withheld in between.
    pub(super) fn was_withheld(&self, intended: RealMoment, read: RealMoment) -> bool {
        self.withheld.is_some_and(|hold| hold.befell(intended, read.since(intended)))
    }

    /// Begins to connect for what is meant to happen at `meant`. What comes of it is a [`Happening`].
    pub(super) fn connect(&mut self, meant: Moment) {
        let link = self.stage.link(self.link.who());
        self.connect_by(link, meant);
    }

    fn connect_by(&mut self, mut link: Link, meant: Moment) {
        (self.booked, self.failed) = (meant, Default::default());
        self.connecting = Some(Box::pin(async move {
            let connected = link.connect().await;
            (link, connected)
        }));
    }

    /// Begins to connect for what is meant to happen at `start`, shortly before that; false when the run is over first.
    pub(super) async fn connect_ahead(&mut self, start: Moment) -> bool {
        let page_opens = before(self.pace.real(start), CONNECT_AHEAD);
        let has_time = self.sleep_until(page_opens).await;
        if has_time {
            self.connect(start);
        }
        has_time
    }

    fn settle(&mut self, (link, connected): (Link, Result<Connected, Trouble>)) {
        self.connecting = None;
        self.link = link;
        self.connected = Some(connected);
    }

    /// Whether it is not known yet, or not told yet, what came of connecting, for the first time or again.
    pub(super) fn is_connecting(&self) -> bool {
        self.connecting.is_some() || self.connected.is_some() || self.is_away()
    }

    /// Connects no longer; whether it did until now, and for the first time.
    pub(super) fn stop_connecting(&mut self) -> bool {
        if self.stay_away() {
            return false;
        }
        if let Some(connected) = self.connected.take() {
            let _ = self.count(connected);
        }
        self.connecting.take().is_some()
    }

    /// Counts what came of connecting.
    pub(super) fn count(&mut self, connected: Result<Connected, Trouble>) -> Result<(), Option<Failure>> {
        let (note, came) = match connected {
            Ok(connected) => (Note::Connected(self.booked, connected), Ok(())),
            Err(trouble) => {
                let failure = trouble.failure();
                match trouble {
                    Trouble::Throttled(why) => self.stage.notes.put(Note::Throttled(why)),
                    Trouble::Refused(why) => self.stage.notes.put(Note::Unwilling(why)),
                    Trouble::Protocol(why) => self.stage.notes.put(Note::Nonsense(why)),
                    Trouble::HungUp(Some(why)) => self.stage.notes.put(Note::BrokeOff(why)),
                    _ => {}
                }
                (Note::NotConnected(self.booked, failure), Err(failure))
            }
        };
        self.stage.notes.put(note);
        came
    }

    /// The present connection is a failure of this kind: each is counted once a connection, where its attempt is. Whether it was none
    /// so far.
    pub(super) fn fail(&mut self, failure: Failure) -> bool {
        let is_new = !std::mem::replace(&mut self.failed[failure as usize], true);
        if is_new {
            self.stage.notes.put(Note::Failed(self.booked, failure));
        }
        is_new
    }

    /// The platform broke the rules: how.
    pub(super) fn object(&mut self, to: &str) {
        if self.fail(Failure::Protocol) {
            self.stage.notes.put(Note::Nonsense(to.to_owned()));
        }
    }

    /// Nobody waits any more for the connection that is being opened, which is a failure too.
    pub(super) fn give_up_connecting(&mut self) {
        if self.stop_connecting() {
            self.stage.notes.put(Note::NotConnected(self.booked, Some(Failure::Connect)));
        }
    }

    /// Tells the platform. When that has to wait for the network, the wait is not our lag.
    pub(super) async fn act(&mut self, act: &Act) {
        let kept = {
            let mut acting = pin!(unconstrained(self.link.act(act)));
            let at_once = tokio::select! {
                biased;
                () = &mut acting => true,
                () = ready(()) => false,
            };
            if !at_once {
                acting.await;
            }
            !at_once
        };
        if kept {
            self.was_kept();
        }
    }

    /// Hangs up; what was on its way is there afterwards. Whether that was all. Whoever has something to do waits for it no longer.
    pub(super) async fn disconnect(&mut self) -> bool {
        let whole = self.link.disconnect(self.due()).await;
        self.was_kept();
        whole
    }

    /// The network was waited for until now.
    fn was_kept(&mut self) {
        self.free_since = self.stage.clock.now();
    }

    /// Whether everybody has to go.
    pub(super) fn is_down(&self) -> bool {
        *self.curtain.borrow() == Curtain::Down
    }

    /// Nothing is planned any more, and this person stays until the curtain is down.
    pub(super) fn stay_behind(&mut self) {
        self.timers = Timers::default();
        self.doors_close = None;
        self.falls = Curtain::Down;
    }

    /// Waits for what happens next. However late the timers are, the end of the run and what the platform said come in.
    pub(super) async fn next(&mut self) -> Happening {
        let mut has_looked = false;
        loop {
            if *self.curtain.borrow() >= self.falls {
                return Happening::Curtain(self.now());
            }
            if self.link.next_event_at().is_none() && !std::mem::take(&mut has_looked) && self.is_late() {
                self.take_what_came().await;
            }
            if let Some(connected) = self.connected.take() {
                if !self.is_away() {
                    return Happening::Connected(connected);
                }
                match self.tried(connected) {
                    Some(happening) => return happening,
                    None => continue,
                }
            }
            self.try_again();
            let read = self.link.next_event_at();
            let now = read.unwrap_or_else(|| self.stage.clock.now());
            let pace = self.pace;
            let timers_due = self.timers.next_due();
            if let Some(at) =
                self.doors_close.take_if(|at| pace.real(*at) <= now && timers_due.is_none_or(|due| *at < due))
            {
                self.last = self.last.max(at);
                return Happening::DoorsClose(self.last);
            }
            if let Some((due, timer)) = self.timers.pop_if(|due| pace.real(due) <= now) {
                self.stage.notes.put(Note::Lagged(due, self.lag(due)));
                let due = due.max(self.last);
                self.last = due;
                return Happening::Timer(due, timer);
            }
            if let Some((read, event)) = self.link.next_event() {
                match self.told(read, event) {
                    Some(happening) => return happening,
                    None => continue,
                }
            }
            let deadline = self.link.next_deadline();
            if deadline <= now {
                self.link.tick().await;
                continue;
            }
            let next_try = self.absence.map_or(RealMoment::NEVER, |absence| absence.next());
            self.sleep.reset(self.due().min(next_try).min(deadline));
            tokio::select! {
                biased;
                opened = settled(&mut self.connecting) => self.settle(opened),
                came = self.link.receive() => self.link.take_in(came).await,
                // What has come was looked for just before.
                () = &mut self.sleep => has_looked = true,
                () = fallen(&self.curtain, self.falls) => {}
            }
        }
    }

    /// The server has taken in what was said here before `said`, as was read then. What it held back, if it did.
    fn take_in(&mut self, said: RealMoment, read: RealMoment) -> Option<Hold> {
        let hold = self.held_back(said, read);
        // Where there is a witness it alone has no reason to wait; else most have none.
        if !self.stage.voices.can_be_asked() {
            self.stage.promptness.answered(said, read);
        }
        self.taken_in = (said, read);
        hold
    }

    /// What the server has held back of what was said here, where nothing has shown until `now` that it took in what was said before
    /// `said`.
    fn held_back(&mut self, said: RealMoment, now: RealMoment) -> Option<Hold> {
        let served = self.stage.promptness.held_back(said, now)?;
        self.fail(Failure::Throttled);
        let (before, when) = self.taken_in;
        Some(Hold::silent(before, served.max(when), now))
    }

    /// When the first timer is due, or the doors close.
    fn due(&self) -> RealMoment {
        let first = self.timers.next_due().into_iter().chain(self.doors_close).min();
        first.map_or(RealMoment::NEVER, |due| self.pace.real(due))
    }

    fn is_late(&self) -> bool {
        self.due() <= self.stage.clock.now()
    }

    /// Takes in a frame that is there already, or a connection that is.
    async fn take_what_came(&mut self) {
        let came = tokio::select! {
            biased;
            opened = settled(&mut self.connecting) => return self.settle(opened),
            came = self.link.receive() => came,
            () = ready(()) => return,
        };
        self.link.take_in(came).await;
    }

    /// Sleeps until the intended start of whoever is here, and goes on connecting; false when the run is over first, and when the
    /// start comes too late to be meant: then it is dropped.
    pub(super) async fn begin(&mut self, start: Moment) -> bool {
        if !self.sleep_until(self.pace.real(start)).await {
            return false;
        }
        self.last = start;
        let lag = self.lag(start);
        let begins = lag <= LATEST_START;
        self.stage.notes.put(if begins { Note::Began(start, lag) } else { Note::Dropped(start, lag) });
        begins
    }

    /// Sleeps until `real`, and goes on connecting; false when the run is over first.
    pub(super) async fn sleep_until(&mut self, real: RealMoment) -> bool {
        self.sleep.reset(real);
        loop {
            tokio::select! {
                biased;
                () = &mut self.sleep => return true,
                () = fallen(&self.curtain, self.falls) => return false,
                opened = settled(&mut self.connecting) => self.settle(opened),
            }
        }
    }

    /// How late the generator is for what was due then.
    fn lag(&self, due: Moment) -> RealSpan {
        self.stage.clock.now().since(self.pace.real(due).max(self.free_since))
    }
}

#[cfg(test)]
mod tests {
    use super::super::link::tests::Tells;
    use super::super::stage::tests::stage;
    use super::super::voices::Who;
    use super::*;
    use crate::base::id::ConversationId;
    use crate::people::reason::Reason;
    use crate::wire::ChatId;

    #[tokio::test]
    async fn what_was_withheld_is_told_at_once_and_known_as_that() {
        let (stage, _notes, _curtain) = stage("ws://127.0.0.1:9");
        let at = RealMoment::from_nanos;
        let said = Event::Said { chat: ChatId(1), text: "late".into() };
        let withheld = Event::Withheld { since: at(1_000_000_000), until: at(2_000_000_000) };
        let (clock, targets, voices) = (stage.clock.clone(), stage.targets.clone(), stage.voices.clone());
        let link = Link::of(clock, targets, voices, Box::new(Tells(vec![withheld, said])));
        let draws = stage.populations[0].visitor(0);
        let pace = Pace::new(RealMoment::ZERO, 60.0);
        let mut place = Place::new(stage, pace, draws, link, Timers::default(), Curtain::Falling);
        place.act(&Act::Ask).await;
        let next = tokio::time::timeout(std::time::Duration::from_secs(10), place.next()).await;
        assert!(matches!(next, Ok(Happening::Heard(_, _, Event::Said { .. }))), "{next:?}");
        for (meant, read, is) in [(1.5, 4.0, true), (2.5, 4.0, false), (1.99, 2.0, false)] {
            let moment = |secs: f64| at((secs * 1e9) as u64);
            assert_eq!(place.was_withheld(moment(meant), moment(read)), is, "{meant} {read}");
        }
    }

    #[tokio::test]
    async fn the_curtain_falls_for_those_who_are_late_for_everything() {
        let (stage, _notes, curtain) = stage("ws://127.0.0.1:9");
        let mut timers = Timers::default();
        for number in 0..3 {
            timers.arm(Timer::of(ConversationId(number), Reason::Message), Moment::ZERO);
        }
        let (link, draws) = (stage.link(Who::Agent), stage.populations[0].visitor(0));
        let mut place =
            Place::new(stage, Pace::new(RealMoment::ZERO, 60.0), draws, link, timers, Curtain::Falling);
        assert!(matches!(place.next().await, Happening::Timer(..)));
        curtain.send_replace(Curtain::Falling);
        assert!(matches!(place.next().await, Happening::Curtain(_)));
        place.stay_behind();
        curtain.send_replace(Curtain::Down);
        assert!(matches!(place.next().await, Happening::Curtain(_)), "and no timer is left");
    }
}
