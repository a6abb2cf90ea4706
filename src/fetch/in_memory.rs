//! A network that a test writes down.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::error::FetchError;
use super::request::{Body, Fetch, FetchRequest, Fetched};

/// Answers from memory, and remembers what it was asked. What nobody published has status 404.
#[derive(Debug, Default)]
pub struct InMemory {
    published: HashMap<String, Result<Fetched, FetchError>>,
    asked: Mutex<Vec<FetchRequest>>,
}

impl InMemory {
    /// Nothing is published.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this at that address.
    #[must_use]
    pub fn publish(mut self, url: impl Into<String>, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.published.insert(url.into(), Ok(Fetched::bytes(bytes, content_type)));
        self
    }

    /// With this answer, sound or not, at that address.
    #[must_use]
    pub fn answer(mut self, url: impl Into<String>, answer: Result<Fetched, FetchError>) -> Self {
        self.published.insert(url.into(), answer);
        self
    }

    /// What was asked so far, in the order in which it came.
    pub fn asked(&self) -> Vec<FetchRequest> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Fetch for InMemory {
    fn fetch(&self, request: &FetchRequest) -> Result<Fetched, FetchError> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        let answer = self.published.get(&request.url).cloned().unwrap_or(Err(FetchError::Status { status: 404 }))?;
        let is_unchanged =
            request.unless.as_ref().is_some_and(|unless| !unless.is_empty() && *unless == answer.validators);
        let body = if is_unchanged { Body::NotModified } else { answer.body };
        Ok(Fetched { body, ..answer })
    }
}
