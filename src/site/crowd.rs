//! The visitors, as users of Goose.
//!
//! A visit is one transaction that never ends: users are stopped with their process. Goose's own metrics are off, and its
//! requests are timed here, by the run's kind of clock and to the last byte: Goose stops its watch at the head of an answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use goose::client::GooseClientBuilder;
use goose::config::{GooseConfiguration, GooseDefault, GooseDefaultType};
use goose::goose::{GooseUser, Scenario, Transaction, TransactionFunction};
use goose::{GooseAttack, GooseError};
use reqwest::Client;
use tokio::sync::{mpsc, watch};

use super::client::whole;
use super::visit::Visit;
use crate::base::draw::Draws;
use crate::base::id::PageId;
use crate::base::time::RealMoment;
use crate::base::words::site::Fetch;
use crate::net::clock::Clock;
use crate::scenario::plan::site::SitePlan;

/// Users that Goose starts in a second: as fast as it can.
const STARTED_A_SECOND: &str = "100000";

/// What all visitors share.
pub(super) struct Crowd {
    pub(super) plan: SitePlan,
    pub(super) draws: Draws,
    pub(super) client: Client,
    pub(super) clock: Clock,
    /// When they begin, once that is known.
    pub(super) begin: watch::Receiver<Option<RealMoment>>,
    /// Where they say what they fetched.
    pub(super) fetched: mpsc::UnboundedSender<Fetch>,
    /// How many are there.
    pub(super) there: watch::Sender<u32>,
    /// How many requests are under way.
    pub(super) under_way: AtomicU64,
}

impl Crowd {
    /// All of them, as a load test of Goose that ends when it is dropped.
    ///
    /// # Errors
    /// What Goose does not like.
    pub(super) fn attack(self: &Arc<Self>, host: &str) -> Result<GooseAttack, GooseError> {
        let crowd = Arc::clone(self);
        let visit: TransactionFunction = Arc::new(move |user| {
            let crowd = Arc::clone(&crowd);
            Box::pin(async move {
                crowd.visit(user).await;
                Ok(())
            })
        });
        let scenario = Scenario::new("site").register_transaction(Transaction::new(visit));
        // Goose is given a client to share that trusts anybody, since it would look for authorities, and that is never used: every
        // visitor takes ours.
        let unused = GooseClientBuilder::new().without_cookies().accept_invalid_certs(true);
        let users = self.plan.visitors as usize;
        let attack = GooseAttack::initialize_with_config(GooseConfiguration::default())?
            .set_default(GooseDefault::Host, host)?
            .set_default(GooseDefault::Users, users)?
            .set_default(GooseDefault::IncreaseRate, STARTED_A_SECOND)?
            .set_default(GooseDefault::NoMetrics, true)?
            .set_default(GooseDefault::NoPrintMetrics, true)?
            .set_default(GooseDefault::NoTelnet, true)?
            .set_default(GooseDefault::Quiet, 3)?
            .set_client_builder_without_cookies(unused)?
            .register_scenario(scenario);
        Ok(attack)
    }

    /// One visit; it lasts as long as the process.
    async fn visit(&self, user: &mut GooseUser) {
        user.client = self.client.clone();
        let draws = self.draws.visitor(user.weighted_users_index as u64);
        let mut begin = self.begin.clone();
        self.there.send_modify(|there| *there += 1);
        let Ok(begin) = begin.wait_for(Option::is_some).await.map(|begin| begin.unwrap_or_default()) else {
            return;
        };
        let mut visit = Visit::under_way(&self.plan, draws, begin);
        loop {
            let (due, page) = visit.next();
            self.clock.until(due).await;
            let came = self.fetch(user, page).await;
            visit.fetched(page, self.clock.now(), came);
        }
    }

    async fn fetch(&self, user: &mut GooseUser, page: PageId) -> bool {
        let path = &self.plan.pages[page.index()].path;
        self.under_way.fetch_add(1, Ordering::Relaxed);
        let asked = self.clock.now();
        let good = match user.get(path).await {
            Ok(answered) => match answered.response {
                Ok(response) => whole(response).await && answered.request.success,
                Err(_) => false,
            },
            Err(_) => false,
        };
        let took = self.clock.now().since(asked);
        let asked_unix_nanos = self.clock.epoch_unix_nanos() + asked.nanos();
        // Where nobody listens any more the process is about to end, and this has not been answered in time.
        if self.fetched.send(Fetch { page, asked_unix_nanos, took, good }).is_ok() {
            self.under_way.fetch_sub(1, Ordering::Relaxed);
        }
        good
    }
}
