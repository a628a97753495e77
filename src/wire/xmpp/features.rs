//! What a server offers at the beginning of a stream.

use super::element::{Element, ns};

/// `<stream:features/>`, as far as it is of use here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Features {
    /// TLS, on a stream that begins in the clear.
    pub(super) tls: bool,
    /// Nothing goes on without it.
    pub(super) tls_required: bool,
    /// Accounts can be registered.
    pub(super) registration: bool,
    pub(super) anonymous: bool,
    pub(super) plain: bool,
    pub(super) scram_sha1: bool,
    pub(super) scram_sha256: bool,
    /// Addresses are given out.
    pub(super) binding: bool,
    /// Stanzas are acknowledged (XEP-0198).
    pub(super) management: bool,
}

impl Features {
    pub(super) fn of(element: &Element) -> Self {
        let mut features = Self::default();
        for child in &element.children {
            match (child.name(), child.namespace()) {
                ("starttls", ns::TLS) => {
                    features.tls = true;
                    features.tls_required = child.child("required", ns::TLS).is_some();
                }
                ("register", ns::REGISTER_FEATURE) => features.registration = true,
                ("bind", ns::BIND) => features.binding = true,
                ("sm", ns::MANAGEMENT) => features.management = true,
                ("mechanisms", ns::SASL) => child.children.iter().for_each(|child| features.hear(child)),
                _ => {}
            }
        }
        features
    }

    fn hear(&mut self, mechanism: &Element) {
        match mechanism.text.trim() {
            "ANONYMOUS" => self.anonymous = true,
            "PLAIN" => self.plain = true,
            "SCRAM-SHA-1" => self.scram_sha1 = true,
            "SCRAM-SHA-256" => self.scram_sha256 = true,
            _ => {}
        }
    }
}
