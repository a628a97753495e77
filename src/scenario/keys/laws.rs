//! The keys of the laws: of durations, and of plain numbers.

/// The tables of the laws whose values are of one kind: what one of them takes, from zero and above zero.
macro_rules! laws {
    ($what:literal, $from_zero:expr, $positive:expr, $observed:literal) => {
        use super::super::super::format::{Format, Key};
        use super::super::{File, Map, Optional, Otherwise, Required, Takes};

        pub(in crate::scenario) static LAWS: Format = choice! { $what;
            /// Always the same.
            constant: $from_zero, Optional;
            /// Without memory.
            exponential: Map(&EXPONENTIAL), Optional;
            /// The logarithm is normal: what people take over things.
            lognormal: Map(&LOGNORMAL), Optional;
            /// Below shape 1 who has waited waits on; above it patience wears out.
            weibull: Map(&SHAPED), Optional;
            /// A sum of stages.
            gamma: Map(&SHAPED), Optional;
            /// Anything between two bounds.
            uniform: Map(&UNIFORM), Optional;
            /// One of those observed.
            empirical: Map(&EMPIRICAL), Optional;
        };

        static EXPONENTIAL: Format = map! { "an exponential law";
            /// The mean.
            mean: $positive, Required;
        };

        static LOGNORMAL: Format = map! { "a lognormal law";
            /// The mean; or give the median.
            mean: $positive, Otherwise("follows from the median");
            /// The median; or give the mean.
            median: $positive, Otherwise("follows from the mean");
            /// The coefficient of variation.
            cv: Takes::Variation, Required;
        };

        static SHAPED: Format = map! { "a law with a shape";
            /// The mean.
            mean: $positive, Required;
            /// The shape, from 0.1 to 100; 1 is the exponential.
            shape: Takes::Factor, Required;
        };

        static UNIFORM: Format = map! { "a uniform law";
            /// The least.
            min: $from_zero, Required;
            /// The most.
            max: $positive, Required;
        };

        static EMPIRICAL: Format = map! { "an empirical law";
            #[doc = $observed]
            file: File, Required;
        };
    };
}

/// The laws of a duration.
pub(in crate::scenario) mod durations {
    laws!("a law", Takes::Duration, Takes::PositiveDuration, "One duration in seconds a line.");
}

/// The laws of a number of words.
pub(in crate::scenario) mod numbers {
    laws!("a law of plain numbers", Takes::Number, Takes::Factor, "One number a line.");
}
