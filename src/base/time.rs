//! Instants and lengths of time, in integer nanoseconds.
//!
//! Two clocks, two pairs of types: scenario time ([`Moment`], [`Span`]) is what people and platforms live in;
//! real time ([`RealMoment`], [`RealSpan`]) is what sockets and codecs live in. Nothing here converts between
//! them: only `net::clock` does, since it alone knows the speed of the run. Nothing here reads a clock.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// Nanoseconds in a second.
pub const NANOS: u64 = 1_000_000_000;

macro_rules! clock_types {
    ($(#[$moment_doc:meta])* $moment:ident, $(#[$span_doc:meta])* $span:ident) => {
        $(#[$moment_doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $moment(u64);

        $(#[$span_doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $span(u64);

        impl $moment {
            /// The origin: the first instant there is.
            pub const ZERO: Self = Self(0);
            /// Later than everything that happens.
            pub const NEVER: Self = Self(u64::MAX);

            /// The instant this many nanoseconds after the origin.
            #[must_use]
            pub const fn from_nanos(nanos: u64) -> Self {
                Self(nanos)
            }

            /// Nanoseconds since the origin.
            #[must_use]
            pub const fn nanos(self) -> u64 {
                self.0
            }

            /// Seconds since the origin.
            #[must_use]
            pub fn secs(self) -> f64 {
                self.0 as f64 / NANOS as f64
            }

            /// How long after `earlier` this is; zero when it is not after it.
            #[must_use]
            pub const fn since(self, earlier: Self) -> $span {
                $span(self.0.saturating_sub(earlier.0))
            }
        }

        impl $span {
            /// No time at all.
            pub const ZERO: Self = Self(0);
            /// Longer than everything that ends.
            pub const NEVER: Self = Self(u64::MAX);

            /// A length of this many nanoseconds.
            #[must_use]
            pub const fn from_nanos(nanos: u64) -> Self {
                Self(nanos)
            }

            /// A length of this many whole seconds.
            #[must_use]
            pub const fn from_whole_secs(secs: u64) -> Self {
                Self(secs.saturating_mul(NANOS))
            }

            /// A length of this many seconds, rounded to the nearest nanosecond. Negative and NaN give zero,
            /// what is too long gives [`Self::NEVER`].
            #[must_use]
            pub fn from_secs(secs: f64) -> Self {
                // A float-to-integer cast saturates and sends NaN to zero, which is what is promised above.
                // (The addition rounds half up; `f64::round` costs a call on targets without SSE 4.1.)
                Self((secs * NANOS as f64 + 0.5) as u64)
            }

            /// Nanoseconds.
            #[must_use]
            pub const fn nanos(self) -> u64 {
                self.0
            }

            /// Seconds.
            #[must_use]
            pub fn secs(self) -> f64 {
                self.0 as f64 / NANOS as f64
            }
        }

        impl Add<$span> for $moment {
            type Output = Self;
            /// Saturates at [`Self::NEVER`].
            fn add(self, span: $span) -> Self {
                Self(self.0.saturating_add(span.0))
            }
        }

        impl Add for $span {
            type Output = Self;
            /// Saturates at [`Self::NEVER`].
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl AddAssign for $span {
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl Sub for $span {
            type Output = Self;
            /// Saturates at zero.
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl fmt::Debug for $moment {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($moment), "({}s)"), self.secs())
            }
        }

        impl fmt::Debug for $span {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($span), "({}s)"), self.secs())
            }
        }
    };
}

clock_types!(
    /// An instant of scenario time; its origin is the scenario's start.
    Moment,
    /// A length of scenario time.
    Span
);

clock_types!(
    /// An instant of real time; its origin is the run's epoch.
    RealMoment,
    /// A length of real time.
    RealSpan
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_to_the_nearest_nanosecond_and_saturate() {
        assert_eq!(Span::from_secs(1.5).nanos(), 1_500_000_000);
        assert_eq!(Span::from_secs(0.4e-9).nanos(), 0);
        assert_eq!(Span::from_secs(0.6e-9).nanos(), 1);
        assert_eq!(Span::from_secs(-3.0), Span::ZERO);
        assert_eq!(Span::from_secs(f64::NAN), Span::ZERO);
        assert_eq!(Span::from_secs(f64::INFINITY), Span::NEVER);
    }

    #[test]
    fn never_stays_never() {
        assert_eq!(Moment::from_nanos(7) + Span::NEVER, Moment::NEVER);
        assert_eq!(Moment::ZERO.since(Moment::from_nanos(9)), Span::ZERO);
    }
}
