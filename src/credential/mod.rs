//! Credentials: what they say.

pub mod kind;
