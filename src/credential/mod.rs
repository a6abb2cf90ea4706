//! Credentials as data: what they must look like before anything in them is believed.

pub mod model;
