//! A token with three digests of one member each, and what comes of changing it.
