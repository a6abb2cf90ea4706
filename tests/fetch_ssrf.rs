//! Addresses by which a stranger would have us open what only we can reach. Each is refused, with its own code, before
//! any connection is made. The table is `tests/fetch_ssrf.json`; in it `{port}` is a port of this computer on which
//! somebody listens.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;

use attesta::error::Explain as _;
use attesta::fetch::http::{HttpFetch, Names};
use attesta::fetch::{Fetch as _, FetchError, FetchRequest, address};
use proptest::prelude::*;
use reqwest::Url;
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    names: HashMap<String, Vec<IpAddr>>,
    refused: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    attack: String,
    url: String,
    code: String,
}

struct Book(HashMap<String, Vec<IpAddr>>);

impl Names for Book {
    fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, FetchError> {
        self.0.get(name).cloned().ok_or(FetchError::UnknownHost)
    }
}

#[test]
fn every_address_is_refused_before_anything_is_opened() {
    let table: Table = serde_json::from_str(include_str!("fetch_ssrf.json")).unwrap();
    assert!(table.refused.len() >= 60, "only {} rows", table.refused.len());
    let distinct: HashSet<_> = table.refused.iter().map(|row| &row.url).collect();
    assert_eq!(distinct.len(), table.refused.len(), "a row stands there twice");
    let listeners = ["127.0.0.1:0", "[::1]:0"].map(|address| TcpListener::bind(address).ok());
    let listener = listeners[0].as_ref().unwrap();
    listeners.iter().flatten().for_each(|listener| listener.set_nonblocking(true).unwrap());
    let port = listener.local_addr().unwrap().port().to_string();
    let fetch = HttpFetch::builder().names(Arc::new(Book(table.names))).build().unwrap();
    let mut wrong = Vec::new();
    for Row { attack, url, code } in table.refused {
        let mut request = FetchRequest::new(url.replace("{port}", &port), &["application/json"]);
        request.max_seconds = 2;
        let found = fetch.fetch(&request).map_or_else(|error| error.code(), |_| "fetched");
        if found != code {
            wrong.push(format!("{attack}: {url}: {found}, where {code} was expected"));
        }
        if listeners.iter().flatten().any(|listener| listener.accept().is_ok()) {
            wrong.push(format!("{attack}: {url}: a connection was made"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_operating_systems_own_names_are_checked_too() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("https://localhost:{}/did.json", listener.local_addr().unwrap().port());
    let error = HttpFetch::new().unwrap().fetch(&FetchRequest::new(url, &["application/json"])).unwrap_err();
    assert_eq!(error.code(), "fetch.not-public");
    assert!(listener.accept().is_err(), "no connection was made");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_may_be_opened_is_read_alike_by_others(rest in "(https://|https:/|//|/|\\\\|@|:|:443|:8443|\\?|#|%|%2e|%2f|%40|\\.|\\.\\.|127|0x7f|0|1|localhost|\
         a|A|-|_|xn--|xn--bcher-kva|example|\\[|\\]|::1|\u{ad}|\u{3002}|\u{ff11}|\u{df}| |\t|\r\n|~|!|;|=|&){0,9}", begins in any::<bool>()) {
        let text = if begins { format!("https://a{rest}") } else { rest };
        let Ok(()) = address::check(&text) else { return Ok(()) };
        // What another reader cannot read is not opened either.
        let Ok(url) = Url::parse(&text) else { return Ok(()) };
        let authority = text.strip_prefix("https://").unwrap().split(['/', '?']).next().unwrap();
        let host = authority.split(':').next().unwrap();
        prop_assert_eq!(url.scheme(), "https");
        prop_assert_eq!(url.domain().map(str::to_ascii_lowercase), Some(host.to_ascii_lowercase()), "{}", text);
        prop_assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
        prop_assert!(url.path_segments().unwrap().all(|segment| segment != "." && segment != ".."));
    }
}
