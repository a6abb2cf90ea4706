//! A server's answer: what is read of it, and where reading stops.

use std::error::Error as StdError;
use std::io;

use reqwest::header::{
    AGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, TRANSFER_ENCODING,
};
use reqwest::{Response, StatusCode};
use rustls::{CertificateError, Error as TlsError};

use crate::fetch::answer::caching;
use crate::fetch::error::FetchError;
use crate::fetch::request::{Body, FetchRequest, Fetched, Validators};
use crate::limits;

/// Reads what came, as far as the request allows.
pub(super) async fn read(mut response: Response, request: &FetchRequest) -> Result<Fetched, FetchError> {
    let headers = response.headers();
    let header_bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if header_bytes > limits::FETCH_HEADER_BYTES {
        return Err(FetchError::Protocol);
    }
    let controls = headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let (max_age, is_storable) = caching(controls, text(headers, &AGE).as_deref());
    let validators = Validators { etag: text(headers, &ETAG), last_modified: text(headers, &LAST_MODIFIED) }.usable();
    let content_type = single(headers, &CONTENT_TYPE)?;
    let empty = Fetched { max_age, is_storable, validators, content_type, ..Fetched::not_modified() };
    match response.status() {
        StatusCode::NOT_MODIFIED if request.unless.is_some() => return Ok(empty),
        StatusCode::OK => {}
        status => return Err(FetchError::Status { status: status.as_u16() }),
    }
    if !request.accepts(empty.content_type.as_deref()) {
        return Err(FetchError::ContentType);
    }
    if !is(headers, &CONTENT_ENCODING, "identity") || !is(headers, &TRANSFER_ENCODING, "chunked") {
        return Err(FetchError::Encoding);
    }
    let too_large = FetchError::TooLarge { limit: request.max_bytes };
    let is_within = |length: u64| usize::try_from(length).is_ok_and(|length| length <= request.max_bytes);
    let announced = response.content_length();
    if announced.is_some_and(|length| !is_within(length)) {
        return Err(too_large);
    }
    // What is announced is not yet there: nobody has memory set aside by a word.
    let announced = announced.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let mut bytes = Vec::with_capacity(announced.min(limits::MATERIAL_BYTES));
    while let Some(chunk) = response.chunk().await.map_err(|error| why(&error))? {
        if chunk.len() > request.max_bytes.saturating_sub(bytes.len()) {
            return Err(too_large);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Fetched { body: Body::Bytes(bytes), ..empty })
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// A field that two readers would choose differently from, if it came twice.
fn single(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, FetchError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(|text| Some(text.to_owned())).map_err(|_| FetchError::ContentType),
        _ => Err(FetchError::ContentType),
    }
}

/// Whether every value of the field is this one; no value is fine.
fn is(headers: &HeaderMap, name: &HeaderName, expected: &str) -> bool {
    headers.get_all(name).iter().all(|value| value.as_bytes().eq_ignore_ascii_case(expected.as_bytes()))
}

/// What an error of the client comes down to. Its own texts hold addresses and are not passed on.
pub(super) fn why(error: &reqwest::Error) -> FetchError {
    let mut cause: Option<&(dyn StdError + 'static)> = error.source();
    let mut io_kind = None;
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<FetchError>() {
            return error.clone();
        }
        if let Some(error) = error.downcast_ref::<TlsError>() {
            return tls(error);
        }
        cause = match error.downcast_ref::<io::Error>() {
            // What stands in an `io::Error` is not its source: its source is that one's source.
            Some(error) => {
                io_kind = Some(error.kind());
                error.get_ref().map(|inner| -> &(dyn StdError + 'static) { inner })
            }
            None => error.source(),
        };
    }
    if error.is_timeout() {
        return FetchError::Timeout { seconds: limits::FETCH_CONNECT_SECONDS };
    }
    match io_kind {
        // TLS that ends in the middle of its first words.
        Some(io::ErrorKind::UnexpectedEof) if error.is_connect() => {
            FetchError::Tls { reason: "the server broke it off" }
        }
        _ if error.is_connect() => FetchError::Connect,
        Some(_) => FetchError::CutOff,
        None if error.is_body() || error.is_decode() => FetchError::CutOff,
        None => FetchError::Protocol,
    }
}

fn tls(error: &TlsError) -> FetchError {
    let reason = match error {
        TlsError::InvalidCertificate(error) => match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is of another name"
            }
            CertificateError::UnknownIssuer => "its certificate is of an authority that is not known",
            CertificateError::Revoked => "its certificate was revoked",
            _ => "its certificate is not sound",
        },
        TlsError::InvalidMessage(_) => "the server does not speak TLS there",
        TlsError::PeerIncompatible(_) => "the server speaks no version of TLS that is safe",
        TlsError::AlertReceived(_) => "the server refused it",
        _ => "the server does not keep to TLS",
    };
    FetchError::Tls { reason }
}
