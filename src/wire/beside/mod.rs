//! What chat servers lack for a desk or a room of a scenario, put beside their messengers: together they are a codec of everything
//! that people do.
//!
//! * [`visitor`], [`agent`]: where the server has no queue, the testbed's own desk says who serves whom, and tells each where the other
//!   is reached; they talk over the messenger. Where it has one, the desk is left with the phone.
//! * [`phone`]: who only phones is at the desk alone.
//! * [`guest`]: who is in company is counted from who comes and goes.

pub mod agent;
mod closing;
pub mod guest;
mod pair;
pub mod phone;
#[cfg(test)]
mod tests;
mod unopened;
pub mod visitor;

pub use closing::written as last_words;
pub use pair::DESK;

/// Who decides who serves whom in chats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// The desk beside the server.
    Testbed,
    /// The server.
    Server,
}
