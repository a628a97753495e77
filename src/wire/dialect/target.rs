//! Where the transports of a dialect lead in a run: from the target's address and the dialect's settings.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::Kept;
use super::memory::{Memory, Scene};
use crate::base::endpoint::{self, Endpoint};
use crate::scenario::plan::dialect::{ActKind, BUILT_IN, DialectPlan, Kind, Role};

/// A dialect, and the server with which it is spoken: the same for all connections of a run.
#[derive(Debug)]
pub struct Target {
    /// The dialect.
    pub(super) plan: Arc<DialectPlan>,
    /// What the variables are before a connection has any of its own.
    pub(super) variables: Vec<Value>,
    /// The run's epoch, in nanoseconds since 1970.
    pub(super) epoch: u64,
    /// What every path begins with, by transport.
    pub(super) prefixes: Vec<String>,
    endpoints: Vec<Endpoint>,
    /// What provisioning has left, by account.
    kept: Mutex<BTreeMap<String, Kept>>,
}

/// An address in its parts.
struct Address {
    secure: bool,
    authority: String,
    path: String,
}

impl Target {
    /// The dialect `plan` at `url` (`http://`, `https://`, `ws://` and `wss://` are all good), with these settings. The run's epoch, from which
    /// [`crate::base::time::RealMoment`]s count, is `epoch` nanoseconds after 1970.
    ///
    /// # Errors
    /// Says what is wrong with the address or with the settings, for a person to read.
    pub fn new(
        plan: &Arc<DialectPlan>,
        url: &str,
        settings: &[(String, String)],
        epoch: u64,
    ) -> Result<Self, String> {
        let mut variables = vec![Value::Null; plan.variables.len()];
        for (name, _) in settings {
            if !plan.settings.iter().any(|setting| setting.name == *name) {
                let known: Vec<&str> = plan.settings.iter().map(|setting| setting.name.as_str()).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(format!("the dialect {} has no setting {name}; it has {known}", plan.name));
            }
        }
        for (setting, variable) in plan.settings.iter().zip(&mut variables) {
            let given = settings.iter().find(|(name, _)| *name == setting.name).map(|(_, value)| value);
            let value = given.or(setting.default.as_ref()).ok_or_else(|| {
                format!("the dialect {} needs the setting {}: {}", plan.name, setting.name, setting.about)
            })?;
            *variable = Value::from(value.as_str());
        }
        let base = Address::parse(url)?;
        let scheme = if base.secure { "https" } else { "http" };
        let origin = format!("{scheme}://{}", base.authority);
        for (name, value) in [("host", &base.authority), ("origin", &origin)] {
            if let Some(at) = BUILT_IN.iter().position(|known| *known == name) {
                variables[plan.settings.len() + at] = Value::from(value.as_str());
            }
        }
        let mut target = Self {
            plan: Arc::clone(plan),
            variables,
            epoch,
            prefixes: Vec::new(),
            endpoints: Vec::new(),
            kept: Mutex::default(),
        };
        for transport in &plan.transports {
            let address = match &transport.at {
                None => Address::parse(url)?,
                Some(at) => {
                    let mut memory = Memory::new(&target, 0);
                    let text = Scene::of(&mut memory, epoch).render(at);
                    match text.map_err(|missing| missing.to_string())? {
                        empty if empty.is_empty() => Address::parse(url)?,
                        text => Address::parse(&text)?,
                    }
                }
            };
            target.endpoints.push(address.endpoint(transport.kind, transport.subprotocol.clone()));
            target.prefixes.push(address.path);
        }
        Ok(target)
    }

    /// Where the transports lead, in their order.
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The dialect.
    #[must_use]
    pub fn plan(&self) -> &DialectPlan {
        &self.plan
    }

    /// Whether something is done once for an account of this role.
    #[must_use]
    pub fn provisions(&self, role: Role) -> bool {
        self.plan.roles[role as usize].does(ActKind::Provision)
    }

    /// What provisioning has left for this account.
    pub(super) fn provisioned(&self, user: &str) -> Option<Kept> {
        self.kept().get(user).cloned()
    }

    pub(super) fn hand_on(&self, user: &str, kept: Kept) {
        self.kept().insert(user.to_owned(), kept);
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Address {
    fn parse(url: &str) -> Result<Self, String> {
        let wrong = || format!("`{url}` is no address of a server, such as http://127.0.0.1:8080");
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        let secure = match scheme {
            "http" | "ws" => false,
            "https" | "wss" => true,
            _ => return Err(wrong()),
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let authority = authority.rsplit('@').next().unwrap_or_default();
        if authority.is_empty() || rest.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(wrong());
        }
        Ok(Self { secure, authority: authority.to_owned(), path: path.trim_end_matches('/').to_owned() })
    }

    fn endpoint(&self, kind: Kind, subprotocol: Option<String>) -> Endpoint {
        let (kind, scheme) = match (kind, self.secure) {
            (Kind::WebSocket, false) => (endpoint::Kind::WebSocket, "ws"),
            (Kind::WebSocket, true) => (endpoint::Kind::WebSocket, "wss"),
            (Kind::Http | Kind::Poll, false) => (endpoint::Kind::Http, "http"),
            (Kind::Http | Kind::Poll, true) => (endpoint::Kind::Http, "https"),
        };
        Endpoint { kind, url: format!("{scheme}://{}{}", self.authority, self.path), subprotocol }
    }
}
