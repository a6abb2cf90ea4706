//! attesta and didwebvh-rs side by side: the tests hold everything.
