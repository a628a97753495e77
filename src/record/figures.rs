//! The figures of a record: a pure function of its setting and its body, the same to the bit wherever it is computed.
