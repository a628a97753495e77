//! Rooms: who meets whom, what is said, and how long it waits for a moderator.

mod company;
mod returns;
mod reviews;
mod talk;
mod tally;
