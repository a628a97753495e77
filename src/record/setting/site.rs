//! What a record must know of the site around the chat.

use serde::{Deserialize, Serialize};

use crate::scenario::plan::site::SitePlan;

/// The site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSetting {
    /// Where it is; none: the embedded server's own pages.
    pub host: Option<String>,
    /// How many are on it at once.
    pub visitors: u32,
    /// What its pages are called, in the plan's order.
    pub pages: Vec<String>,
}

impl SiteSetting {
    pub(super) fn of(plan: &SitePlan) -> Self {
        Self {
            host: plan.host.clone(),
            visitors: plan.visitors,
            pages: plan.pages.iter().map(|page| page.name.clone()).collect(),
        }
    }
}
