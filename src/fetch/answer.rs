//! An answer of HTTP as any client has it: which headers are sent, and what is read of what comes.

use super::error::FetchError;
use super::request::{Body, FetchRequest, Fetched, Validators};
use crate::limits;

/// What a client of the host's own was answered: the status, the headers as they came, and the body.
///
/// [`read`](Self::read) makes of it what the driver takes, so that a host decides nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status, such as 200.
    pub status: u16,
    /// Name and value of each header. Names are compared without regard to case.
    pub headers: Vec<(String, String)>,
    /// The body, no longer than the request allows, and not decompressed.
    pub body: Vec<u8>,
    /// The address that answered, if the client says so: one that follows redirects betrays itself by that.
    pub url: Option<String>,
}

impl FetchRequest {
    /// The headers that it is sent with; there are no others that matter, and none that tell who asks.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let unless = self.unless.clone().unwrap_or_default().usable();
        // A compressed answer has two sizes, of which only one is bounded here.
        let always = [("Accept", Some(self.accept.join(", "))), ("Accept-Encoding", Some("identity".to_owned()))];
        let conditions = [("If-None-Match", unless.etag), ("If-Modified-Since", unless.last_modified)];
        always.into_iter().chain(conditions).filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

impl HttpAnswer {
    /// What came, or why it does not count.
    ///
    /// # Errors
    /// [`FetchError::Redirect`], [`FetchError::Status`], [`FetchError::ContentType`], [`FetchError::Encoding`],
    /// [`FetchError::TooLarge`], [`FetchError::Protocol`].
    pub fn read(self, request: &FetchRequest) -> Result<Fetched, FetchError> {
        let header_bytes: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        if header_bytes > limits::FETCH_HEADER_BYTES {
            return Err(FetchError::Protocol);
        }
        if self.url.as_deref().is_some_and(|url| origin(url) != origin(&request.url)) {
            return Err(FetchError::Redirect);
        }
        let content_type = {
            let mut values = self.values("content-type");
            match (values.next(), values.next()) {
                (value, None) => value.map(str::to_owned),
                // Two readers would choose differently.
                _ => return Err(FetchError::ContentType),
            }
        };
        let (max_age, is_storable) = caching(self.values("cache-control"), self.values("age").next());
        let text = |name| self.values(name).next().map(str::to_owned);
        let validators = Validators { etag: text("etag"), last_modified: text("last-modified") }.usable();
        let empty = Fetched { max_age, is_storable, validators, content_type, ..Fetched::not_modified() };
        match self.status {
            304 if request.unless.is_some() => return Ok(empty),
            200 => {}
            300..400 => return Err(FetchError::Redirect),
            status => return Err(FetchError::Status { status }),
        }
        if !request.accepts(empty.content_type.as_deref()) {
            return Err(FetchError::ContentType);
        }
        if !self.values("content-encoding").all(|value| value.eq_ignore_ascii_case("identity")) {
            return Err(FetchError::Encoding);
        }
        if self.body.len() > request.max_bytes {
            return Err(FetchError::TooLarge { limit: request.max_bytes });
        }
        Ok(Fetched { body: Body::Bytes(self.body), ..empty })
    }

    fn values<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    }
}

/// For how long it will not change, and whether it may be kept (RFC 9111, sections 4.2 and 5.2.2).
pub(super) fn caching<'a>(values: impl Iterator<Item = &'a str>, age: Option<&str>) -> (Option<u32>, bool) {
    let directives: Vec<String> =
        values.flat_map(|value| value.split(',')).map(|directive| directive.trim().to_ascii_lowercase()).collect();
    let is_storable = directives.iter().all(|directive| directive != "no-store");
    let must_ask = directives.iter().any(|directive| directive == "no-cache" || directive.starts_with("no-cache="));
    let max_age = directives.iter().find_map(|directive| {
        let seconds = directive.strip_prefix("max-age=")?.trim_matches('"');
        // "an overly large value" is treated as large (section 1.2.2); what is no number, as stale (section 4.2.1).
        let is_number = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
        Some(if is_number { seconds.parse().unwrap_or(u32::MAX) } else { 0 })
    });
    let spent = age.and_then(|age| age.trim().parse::<u32>().ok()).unwrap_or(0);
    let max_age = max_age.map(|seconds| seconds.saturating_sub(spent));
    (if must_ask { Some(0) } else { max_age }, is_storable)
}

/// Scheme, host and port of an address, in one way of writing them.
fn origin(url: &str) -> String {
    let start = url.find("://").map_or(0, |position| position + 3);
    let end = url.get(start..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |length| start + length);
    let origin = url.get(..end).unwrap_or_default().to_ascii_lowercase();
    origin.strip_suffix(":443").map(str::to_owned).unwrap_or(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> FetchRequest {
        let mut request = FetchRequest::new("https://ngo.example/did.json", &["application/did", "application/json"]);
        request.max_bytes = 4;
        request
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> HttpAnswer {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        HttpAnswer { status, headers: headers.iter().map(owned).collect(), body: body.into(), url: None }
    }

    const JSON: (&str, &str) = ("Content-Type", "application/json; charset=utf-8");

    #[test]
    fn what_is_in_order_is_read_with_what_its_server_says_of_it() {
        let headers = [JSON, ("ETAG", "\"1\""), ("cache-control", "public, max-age=60"), ("age", "10")];
        let fetched = answer(200, &headers, "{}").read(&request()).unwrap();
        assert_eq!(fetched.body, Body::Bytes(b"{}".to_vec()));
        assert_eq!((fetched.max_age, fetched.is_storable), (Some(50), true));
        assert_eq!(fetched.validators.etag.as_deref(), Some("\"1\""));
        for (control, expected) in [
            ("no-store", (None, false)),
            ("no-cache, max-age=60", (Some(0), true)),
            ("max-age=soon", (Some(0), true)),
            ("max-age=99999999999", (Some(u32::MAX), true)),
            ("private", (None, true)),
        ] {
            let fetched = answer(200, &[JSON, ("Cache-Control", control)], "{}").read(&request()).unwrap();
            assert_eq!((fetched.max_age, fetched.is_storable), expected, "{control}");
        }
        let known = Validators { etag: Some("\"1\"".to_owned()), last_modified: None };
        let again = FetchRequest { unless: Some(known), ..request() };
        assert_eq!(answer(304, &[], "").read(&again).unwrap().body, Body::NotModified);
        assert!(again.headers().contains(&("If-None-Match", "\"1\"".to_owned())));
        for url in ["https://ngo.example/did.json", "https://NGO.example:443/other"] {
            let fetched = HttpAnswer { url: Some(url.to_owned()), ..answer(200, &[JSON], "{}") }.read(&request());
            assert!(fetched.is_ok(), "{url}");
        }
    }

    #[test]
    fn what_is_not_in_order_does_not_count() {
        use FetchError::{ContentType, Encoding, Protocol, Redirect, Status, TooLarge};
        let long = "a".repeat(limits::FETCH_HEADER_BYTES);
        for (answer, expected) in [
            (answer(404, &[JSON], "{}"), Status { status: 404 }),
            (answer(206, &[JSON], "{}"), Status { status: 206 }),
            (answer(0, &[JSON], "{}"), Status { status: 0 }),
            (answer(500, &[JSON], "{}"), Status { status: 500 }),
            (answer(302, &[JSON, ("Location", "https://ngo.example/")], "{}"), Redirect),
            (answer(304, &[JSON], "{}"), Redirect),
            (answer(200, &[], "{}"), ContentType),
            (answer(200, &[("content-type", "text/html")], "{}"), ContentType),
            (answer(200, &[JSON, ("content-type", "text/html")], "{}"), ContentType),
            (answer(200, &[JSON, ("Content-Encoding", "gzip")], "{}"), Encoding),
            (answer(200, &[JSON], "{   }"), TooLarge { limit: 4 }),
            (answer(200, &[JSON, ("x", &long)], "{}"), Protocol),
        ] {
            let said = format!("{} {:?}", answer.status, answer.headers.first());
            assert_eq!(answer.read(&request()), Err(expected), "{said}");
        }
        for url in
            ["https://other.example/did.json", "http://ngo.example/did.json", "https://ngo.example:8443/", "", "é"]
        {
            let moved = HttpAnswer { url: Some(url.to_owned()), ..answer(200, &[JSON], "{}") };
            assert_eq!(moved.read(&request()), Err(Redirect), "{url}");
        }
    }
}
