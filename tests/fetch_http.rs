//! Fetching over real sockets on loopback, from servers that are sound, broken or hostile.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/certificates.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod certificates;
#[path = "common/https.rs"]
mod https;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use attesta::error::Explain as _;
use attesta::fetch::http::{Builder, HttpFetch};
use attesta::fetch::{Body, Fetch as _, FetchError, FetchRequest, Fetched, Validators};
use certificates::{DNS, alternative_names, authority};
use https::{Book, Identity, Server, answer, client};

const HOST: &str = "issuer.example";
const JSON: (&str, &str) = ("Content-Type", "application/json");
const BODY: &[u8] = br#"{"id":"did:web:issuer.example"}"#;

fn book() -> Arc<Book> {
    Arc::new(Book::default().with(HOST, &[&["127.0.0.1"]]))
}

fn request(server: &Server) -> FetchRequest {
    let mut request = FetchRequest::new(format!("https://{HOST}:{}/did.json", server.port()), &["application/json"]);
    (request.max_bytes, request.max_seconds) = (10_000, 3);
    request
}

fn ask(builder: Builder, request: &FetchRequest) -> Result<Fetched, FetchError> {
    builder.build().unwrap().fetch(request)
}

/// What a client makes of a server that sends these bytes and hangs up.
fn meets(bytes: Vec<u8>) -> Result<Fetched, FetchError> {
    let identity = Identity::of(HOST);
    let server = Server::https(&identity, move |_, out| out.write_all(&bytes).map(|()| false));
    ask(client(&book(), &identity), &request(&server))
}

fn code(result: Result<Fetched, FetchError>) -> &'static str {
    result.map_or_else(|error| error.code(), |_| "fetched")
}

fn reason(result: &Result<Fetched, FetchError>) -> &'static str {
    match result {
        Err(FetchError::Tls { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

// Sound servers.

#[test]
fn a_document_is_fetched_and_the_request_gives_nothing_away() {
    let identity = Identity::of(HOST);
    let fields = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("ETag", "\"v1\""),
        ("Last-Modified", "Fri, 20 Nov 2026 09:00:00 GMT"),
        ("Cache-Control", "public, max-age=600"),
        ("Age", "100"),
        ("Set-Cookie", "id=1"),
    ];
    let bytes = answer("200 OK", &fields, BODY);
    let server = Server::https(&identity, move |_, out| out.write_all(&bytes).map(|()| true));
    let book = book();
    let fetch = client(&book, &identity).build().unwrap();
    let request = request(&server);
    let fetched = fetch.fetch(&request).unwrap();
    assert_eq!(fetched.body, Body::Bytes(BODY.to_vec()));
    assert_eq!((fetched.max_age, fetched.is_storable), (Some(500), true));
    assert_eq!(fetched.validators.etag.as_deref(), Some("\"v1\""));
    assert_eq!(fetched.validators.last_modified.as_deref(), Some("Fri, 20 Nov 2026 09:00:00 GMT"));
    assert_eq!(fetched.final_url.as_deref(), Some(request.url.as_str()));
    assert_eq!(fetch.fetch(&request).unwrap().body, fetched.body);
    assert_eq!((server.connections(), book.look_ups()), (1, 1), "the connection is used again");
    for head in server.heads() {
        let mut fields: Vec<_> = head.lines().skip(1).filter(|line| !line.is_empty()).collect();
        fields.sort_unstable_by_key(|line| line.to_ascii_lowercase());
        let host = format!("host: {HOST}:{}", server.port());
        let agent = format!("user-agent: attesta/{}", env!("CARGO_PKG_VERSION"));
        assert_eq!(fields, ["accept-encoding: identity", "accept: application/json", &host, &agent]);
    }
}

#[test]
fn what_has_not_changed_is_said_in_a_word() {
    let identity = Identity::of(HOST);
    let server = Server::https(&identity, |head, out| {
        let is_known = head.contains("if-none-match: \"v1\"\r\n") && head.contains("if-modified-since: yesterday\r\n");
        let status = if is_known { "304 Not Modified" } else { "200 OK" };
        out.write_all(format!("HTTP/1.1 {status}\r\nCache-Control: no-cache, max-age=9\r\n\r\n").as_bytes())?;
        Ok(false)
    });
    let mut request = request(&server);
    request.unless = Some(Validators { etag: Some("\"v1\"".to_owned()), last_modified: Some("yesterday".to_owned()) });
    let fetched = ask(client(&book(), &identity), &request).unwrap();
    assert_eq!((fetched.body, fetched.max_age), (Body::NotModified, Some(0)));
}

#[test]
fn caching_is_read_as_it_is_meant() {
    for (fields, max_age, is_storable) in [
        (vec![], None, true),
        (vec![("Cache-Control", "no-store")], None, false),
        (vec![("Cache-Control", "max-age=60"), ("Cache-Control", "No-Store")], Some(60), false),
        (vec![("Cache-Control", "no-cache")], Some(0), true),
        (vec![("Cache-Control", "max-age=x")], Some(0), true),
        (vec![("Cache-Control", "max-age=-1")], Some(0), true),
        (vec![("Cache-Control", "max-age=99999999999999")], Some(u32::MAX), true),
        (vec![("Cache-Control", "max-age=60"), ("Age", "61")], Some(0), true),
        (vec![("Cache-Control", "private, MAX-AGE=\"60\"")], Some(60), true),
    ] {
        let fields: Vec<_> = fields.into_iter().chain([JSON]).collect();
        let fetched = meets(answer("200 OK", &fields, BODY)).unwrap();
        assert_eq!((fetched.max_age, fetched.is_storable), (max_age, is_storable), "{fields:?}");
    }
}

#[test]
fn bodies_in_pieces_are_put_together() {
    let chunked = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n4\r\n:\"a\"\r\n1\r\n}\r\n0\r\n\r\n";
    assert_eq!(meets(chunked.to_vec()).unwrap().body, Body::Bytes(br#"{"id":"a"}"#.to_vec()));
    let until_closed = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}";
    assert_eq!(meets(until_closed.to_vec()).unwrap().body, Body::Bytes(b"{}".to_vec()));
    let exactly = vec![b' '; 10_000];
    assert_eq!(meets(answer("200 OK", &[JSON], &exactly)).unwrap().body, Body::Bytes(exactly));
}

#[test]
fn it_can_be_called_and_dropped_in_asynchronous_code() {
    let identity = Identity::of(HOST);
    let bytes = answer("200 OK", &[JSON], BODY);
    let server = Server::https(&identity, move |_, out| out.write_all(&bytes).map(|()| false));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let builder = client(&book(), &identity);
    let request = request(&server);
    assert!(runtime.block_on(async { ask(builder, &request) }).is_ok());
}

// TLS.

#[test]
fn certificates_that_are_not_the_hosts_own_are_refused() {
    let cases: [(Identity, &str); 6] = [
        (Identity::of("other.example"), "its certificate is of another name"),
        (
            Identity::with(HOST, |leaf| (leaf.from, leaf.until) = ("250101000000Z", "250201000000Z")),
            "its certificate has expired",
        ),
        (
            Identity::with(HOST, |leaf| (leaf.from, leaf.until) = ("480101000000Z", "490101000000Z")),
            "its certificate is not valid yet",
        ),
        // A name in the subject alone counts for nothing.
        (Identity::with(HOST, |leaf| leaf.extensions.truncate(1)), "its certificate is of another name"),
        // A wildcard is for one label, not for none.
        (
            Identity::with(HOST, |leaf| leaf.extensions[1] = alternative_names(&[(DNS, b"*.issuer.example")])),
            "its certificate is of another name",
        ),
        // An authority's certificate is no server's.
        (Identity::with(HOST, |leaf| leaf.extensions.push(authority(None))), "its certificate is not sound"),
    ];
    for (identity, expected) in cases {
        let server = Server::https(&identity, |_, out| out.write_all(&answer("200 OK", &[JSON], BODY)).map(|()| false));
        let result = ask(client(&book(), &identity), &request(&server));
        assert_eq!(reason(&result), expected);
        assert_eq!(server.heads(), [""; 0], "nothing was sent");
    }
}

#[test]
fn an_authority_that_nobody_named_is_not_believed() {
    let identity = Identity::of(HOST);
    let server = Server::https(&identity, |_, out| out.write_all(&answer("200 OK", &[JSON], BODY)).map(|()| false));
    let builder = HttpFetch::builder().names(book()).allow_network("127.0.0.1/32".parse().unwrap());
    let result = ask(builder, &request(&server));
    assert_eq!(reason(&result), "its certificate is of an authority that is not known");
}

#[test]
fn authorities_that_cannot_be_read_are_misuse() {
    let short = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "certificate", short, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
        let error = HttpFetch::builder().authorities(pem.as_bytes()).build().unwrap_err();
        assert_eq!(error.code(), "http.authorities", "{pem}");
    }
}

#[test]
fn what_is_not_tls_gets_nothing() {
    let plain = answer("200 OK", &[JSON], BODY);
    for (bytes, expected) in [
        (plain.clone(), "the server does not speak TLS there"),
        (b"SSH-2.0-server\r\n".to_vec(), "the server does not speak TLS there"),
        // TLS 1.3's refusal of the name; a first word of TLS 1.0.
        (vec![21, 3, 3, 0, 2, 2, 112], "the server refused it"),
        (vec![], "the server broke it off"),
    ] {
        let closes = bytes.is_empty();
        let server = Server::plain(move |_, out| {
            out.write_all(&bytes)?;
            if closes { Err(std::io::ErrorKind::ConnectionAborted.into()) } else { Ok(false) }
        });
        let result = ask(client(&book(), &Identity::of(HOST)), &request(&server));
        assert!(matches!(result, Err(FetchError::Tls { .. } | FetchError::Connect)), "{expected}: {result:?}");
        if !closes {
            assert_eq!(reason(&result), expected);
        }
    }
    // Nobody downgrades: http:// on any port is refused unopened.
    let server = Server::plain(move |_, out| out.write_all(&plain).map(|()| false));
    let mut request = request(&server);
    request.url = request.url.replace("https", "http");
    assert_eq!(code(ask(client(&book(), &Identity::of(HOST)), &request)), "url.scheme");
    assert_eq!(server.connections(), 0);
}

#[test]
fn nobody_there_is_told_apart() {
    let identity = Identity::of(HOST);
    let closed = Server::https(&identity, |_, _| Ok(false));
    let mut request = request(&closed);
    drop(closed);
    thread::sleep(Duration::from_millis(50));
    assert_eq!(code(ask(client(&book(), &identity), &request)), "fetch.connect");
    request.url = "https://nobody.example/did.json".to_owned();
    assert_eq!(code(ask(client(&book(), &identity), &request)), "fetch.unknown-host");
}

// Answers.

#[test]
fn answers_that_are_not_what_was_asked_for_are_refused() {
    let with = |fields: &[(&str, &str)]| answer("200 OK", fields, BODY);
    let raw = |text: &str| text.replace('\n', "\r\n").into_bytes();
    let gzip = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0; 4000]].concat();
    for (bytes, expected) in [
        // Types.
        (with(&[("Content-Type", "text/html")]), "fetch.content-type"),
        (with(&[("Content-Type", "application/json-seq")]), "fetch.content-type"),
        (with(&[("Content-Type", "")]), "fetch.content-type"),
        (with(&[]), "fetch.content-type"),
        (with(&[JSON, ("Content-Type", "text/html")]), "fetch.content-type"),
        (with(&[("Content-Type", "text/html, application/json")]), "fetch.content-type"),
        // Statuses.
        (answer("404 Not Found", &[JSON], BODY), "fetch.status"),
        (answer("500 Internal Server Error", &[JSON], BODY), "fetch.status"),
        (answer("201 Created", &[JSON], BODY), "fetch.status"),
        (answer("206 Partial Content", &[JSON], BODY), "fetch.status"),
        (answer("401 Unauthorized", &[JSON, ("WWW-Authenticate", "Basic")], BODY), "fetch.status"),
        (raw("HTTP/1.1 204 No Content\n\n"), "fetch.status"),
        (raw("HTTP/1.1 304 Not Modified\n\n"), "fetch.status"),
        // Encodings.
        (answer("200 OK", &[JSON, ("Content-Encoding", "gzip")], &gzip), "fetch.encoding"),
        (with(&[JSON, ("Content-Encoding", "br")]), "fetch.encoding"),
        (with(&[JSON, ("Content-Encoding", "identity, gzip")]), "fetch.encoding"),
        (
            raw("HTTP/1.1 200 OK\nContent-Type: application/json\nTransfer-Encoding: gzip, chunked\n\n2\n{}\n0\n\n"),
            "fetch.encoding",
        ),
        // Lengths.
        (answer("200 OK", &[JSON], &[b' '; 10_001]), "fetch.too-large"),
        (raw("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 10737418240\n\n{"), "fetch.too-large"),
        (
            raw("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 18446744073709551615\n\n{"),
            "fetch.protocol",
        ),
        (
            raw("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 99999999999999999999999\n\n{}"),
            "fetch.protocol",
        ),
        (raw("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: -1\n\n{}"), "fetch.protocol"),
        (
            raw("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 1\nContent-Length: 2\n\n{}"),
            "fetch.protocol",
        ),
        (raw("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 9\n\n{}"), "fetch.cut-off"),
        (raw("HTTP/1.1 200 OK\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n9\n{}"), "fetch.cut-off"),
        (
            raw("HTTP/1.1 200 OK\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n2\n{}\n"),
            "fetch.cut-off",
        ),
        (
            raw(
                "HTTP/1.1 200 OK\nContent-Type: application/json\nTransfer-Encoding: chunked\n\nFFFFFFFFFFFFFFFFFF\n{}",
            ),
            "fetch.cut-off",
        ),
        // No HTTP.
        (b"{}".to_vec(), "fetch.protocol"),
        (b"".to_vec(), "fetch.protocol"),
        (raw("HTTP/1.1 200 OK\nContent-Type: application/json\n"), "fetch.protocol"),
        (raw("HTTP/1.1 200 OK\nContent-Type: application/json\nA\0B: c\n\n{}"), "fetch.protocol"),
        (raw("HTTP/9.9 200 OK\nContent-Type: application/json\n\n{}"), "fetch.protocol"),
        (raw("HTTP/1.1 200 OK\nContent-Type: application/json\nA b: c\n\n{}"), "fetch.protocol"),
        (raw(&format!("HTTP/1.1 200 OK\n{}\n", "A: b\n".repeat(1000))), "fetch.protocol"),
        (
            raw(&format!("HTTP/1.1 200 OK\nContent-Type: application/json\nA: {}\n\n{{}}", "b".repeat(40_000))),
            "fetch.protocol",
        ),
    ] {
        let shown: String = String::from_utf8_lossy(&bytes).chars().take(100).collect();
        assert_eq!(code(meets(bytes)), expected, "{shown}");
    }
}

/// What a client makes of a server that goes on for ever in its own way, and how long it took.
fn endless(
    turn: impl Fn(&mut dyn std::io::Write, usize) -> std::io::Result<()> + Send + Sync + 'static,
) -> (&'static str, Duration) {
    let identity = Identity::of(HOST);
    let server = Server::https(&identity, move |_, out| {
        for number in 0.. {
            turn(out, number)?;
            out.flush()?;
        }
        Ok(false)
    });
    let mut request = request(&server);
    request.max_seconds = 1;
    let begun = Instant::now();
    let result = ask(client(&book(), &identity), &request);
    (code(result), begun.elapsed())
}

const PAUSE: Duration = Duration::from_millis(100);

#[test]
fn what_never_ends_is_ended() {
    let head = |out: &mut dyn std::io::Write, number: usize, field: &str| match number {
        0 => out.write_all(format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{field}\r\n").as_bytes()),
        _ => Ok(()),
    };
    let chunked = "Transfer-Encoding: chunked\r\n";
    let results = thread::scope(|scope| {
        let threads = [
            // As fast as it can: the bytes end it.
            scope.spawn(move || {
                endless(move |out, n| {
                    head(out, n, "")?;
                    out.write_all(&[b' '; 1000])
                })
            }),
            scope.spawn(move || {
                endless(move |out, n| {
                    head(out, n, chunked)?;
                    out.write_all(b"3\r\n   \r\n")
                })
            }),
            scope.spawn(|| {
                endless(|out, n| {
                    if n == 0 {
                        out.write_all(b"HTTP/1.1 200 OK\r\n")?;
                    }
                    out.write_all(b"A: b\r\n")
                })
            }),
            scope.spawn(|| {
                endless(|out, n| {
                    if n == 0 {
                        out.write_all(b"HTTP/1.1 200 OK\r\nA: ")?;
                    }
                    out.write_all(&[b'b'; 1000])
                })
            }),
            // As slowly as it can: the clock ends it.
            scope.spawn(|| {
                endless(|_, _| {
                    thread::sleep(PAUSE);
                    Ok(())
                })
            }),
            scope.spawn(move || {
                endless(move |out, n| {
                    head(out, n, "Content-Length: 9999\r\n")?;
                    thread::sleep(PAUSE);
                    out.write_all(b" ")
                })
            }),
            scope.spawn(move || {
                endless(move |out, n| {
                    head(out, n, chunked)?;
                    thread::sleep(PAUSE);
                    out.write_all(b"1;ext=\"")
                })
            }),
            scope.spawn(|| {
                endless(|out, _| {
                    thread::sleep(PAUSE);
                    out.write_all(b"H")
                })
            }),
            scope.spawn(|| {
                endless(|out, _| {
                    thread::sleep(PAUSE);
                    out.write_all(b"HTTP/1.1 103 Early Hints\r\n\r\n")
                })
            }),
        ];
        threads.map(|thread| thread.join().unwrap())
    });
    let codes = results.map(|(code, _)| code);
    assert_eq!(codes[..4], ["fetch.too-large", "fetch.too-large", "fetch.protocol", "fetch.protocol"]);
    assert!(
        codes[4..].iter().all(|code| matches!(*code, "fetch.timeout" | "fetch.protocol" | "fetch.cut-off")),
        "{codes:?}"
    );
    assert_eq!((codes[4], codes[5], codes[8]), ("fetch.timeout", "fetch.timeout", "fetch.timeout"));
    assert!(results.iter().all(|(_, took)| *took < Duration::from_secs(4)), "{results:?}");
}

#[test]
fn a_server_that_says_nothing_in_tls_is_left() {
    let server = Server::plain(|_, _| {
        thread::sleep(Duration::from_secs(3));
        Ok(false)
    });
    let mut request = request(&server);
    request.max_seconds = 1;
    let begun = Instant::now();
    assert_eq!(code(ask(client(&book(), &Identity::of(HOST)), &request)), "fetch.timeout");
    assert!(begun.elapsed() < Duration::from_millis(2500));
}

// Redirects.

/// What becomes of a redirect to `location`, where `{port}` is the server's own; and which paths were asked for.
fn redirected(location: &str, most: usize, book: Book) -> (Result<Fetched, FetchError>, Vec<String>) {
    let identity = Identity::of(HOST);
    let book = Arc::new(book.with(HOST, &[&["127.0.0.1"]]));
    let location = location.to_owned();
    let server = Server::https(&identity, move |head, out| {
        let port = head.split_once("host: issuer.example:").and_then(|(_, rest)| rest.split_once('\r')).unwrap().0;
        if head.starts_with("GET /target") {
            return out.write_all(&answer("200 OK", &[JSON], BODY)).map(|()| true);
        }
        let fields: Vec<_> =
            location.split('|').map(|location| ("Location", location.replace("{port}", port))).collect();
        let fields: Vec<_> =
            fields.iter().filter(|(_, to)| !to.is_empty()).map(|(name, to)| (*name, to.as_str())).collect();
        out.write_all(&answer("302 Found", &fields, b"")).map(|()| true)
    });
    let result = ask(client(&book, &identity).follow_redirects(most), &request(&server));
    let paths = server.heads().iter().map(|head| head.split(' ').nth(1).unwrap().to_owned()).collect();
    (result, paths)
}

#[test]
fn redirects_are_not_followed_unless_allowed() {
    let (result, paths) = redirected("https://issuer.example:{port}/target", 0, Book::default());
    assert_eq!((code(result), paths.len()), ("fetch.redirect", 1));
    let (result, paths) = redirected("https://issuer.example:{port}/target", 1, Book::default());
    assert!(result.unwrap().final_url.unwrap().ends_with("/target"));
    assert_eq!(paths, ["/did.json", "/target"]);
    let (result, _) = redirected("target#part", 1, Book::default());
    assert_eq!(code(result), "fetched");
}

#[test]
fn a_redirect_leads_nowhere_that_the_first_address_could_not() {
    let book = || {
        Book::default()
            .with("intranet.example", &[&["10.0.0.1"]])
            .with("metadata.example", &[&["169.254.169.254"]])
            .with("mixed.example", &[&["127.0.0.1", "192.168.0.1"]])
    };
    for (location, expected) in [
        ("http://issuer.example:{port}/target", "url.scheme"),
        ("file:///etc/passwd", "url.scheme"),
        ("data:application/json,{}", "url.scheme"),
        ("gopher://issuer.example/", "url.scheme"),
        ("https://127.0.0.1:{port}/target", "url.ip-address"),
        ("//127.0.0.1:{port}/target", "url.ip-address"),
        ("https://2130706433/target", "url.ip-address"),
        ("https://0x7f.1/target", "url.ip-address"),
        ("https://[::1]:{port}/target", "url.ip-address"),
        ("https://a@issuer.example:{port}/target", "url.user"),
        ("https://intranet.example/", "fetch.not-public"),
        ("//metadata.example/latest", "fetch.not-public"),
        ("https://mixed.example:{port}/target", "fetch.not-public"),
        ("https://unknown.example/", "fetch.unknown-host"),
        ("https://issuer.example:{port}/a", "fetch.too-many-redirects"),
        ("", "fetch.protocol"),
        ("/target|/target", "fetch.protocol"),
        ("https://", "fetch.protocol"),
    ] {
        let (result, paths) = redirected(location, 2, book());
        assert_eq!(code(result), expected, "{location}");
        assert!(!paths.iter().any(|path| path == "/target"), "{location}");
    }
    let (result, paths) = redirected("/a", usize::MAX, Book::default());
    assert_eq!((code(result), paths.len()), ("fetch.too-many-redirects", 4), "a ceiling that nobody lifts");
}

// Names.

#[test]
fn a_name_that_leads_elsewhere_later_changes_nothing() {
    let identity = Identity::of(HOST);
    let count = Arc::new(AtomicUsize::new(0));
    let served = count.clone();
    let sound = Server::https(&identity, move |_, out| {
        served.fetch_add(1, Ordering::SeqCst);
        out.write_all(&answer("200 OK", &[JSON, ("Connection", "close")], BODY)).map(|()| false)
    });
    // The same port on another address, which is not allowed.
    let inner = Server::https_at(format!("127.0.0.2:{}", sound.port()).parse().unwrap(), &identity, |_, out| {
        out.write_all(&answer("200 OK", &[JSON], b"{\"secret\":1}")).map(|()| false)
    });
    let book = Arc::new(Book::default().with(HOST, &[&["127.0.0.1"], &["127.0.0.2"], &["127.0.0.1", "127.0.0.2"]]));
    let fetch = client(&book, &identity).build().unwrap();
    // Checked and connected to: one look-up, one address.
    assert_eq!(code(fetch.fetch(&request(&sound))), "fetched");
    assert_eq!((book.look_ups(), sound.connections()), (1, 1));
    // The name changes its mind.
    let error = fetch.fetch(&request(&sound)).unwrap_err();
    assert_eq!(error, FetchError::NotPublic { address: "127.0.0.2".parse().unwrap() });
    // It offers both, the allowed one first: one bad address is enough.
    assert_eq!(code(fetch.fetch(&request(&sound))), "fetch.not-public");
    assert_eq!((book.look_ups(), sound.connections(), inner.connections()), (3, 1, 0));
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn a_name_with_no_or_too_many_addresses_is_none() {
    let many: Vec<String> = (0..=255).map(|last| format!("127.0.0.{last}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let book = Arc::new(Book::default().with(HOST, &[&[], &many]));
    let builder = HttpFetch::builder().names(book).allow_network("127.0.0.0/8".parse().unwrap());
    let fetch = builder.build().unwrap();
    let request = FetchRequest::new("https://issuer.example/did.json", &["application/json"]);
    for _ in 0..2 {
        assert_eq!(fetch.fetch(&request).unwrap_err(), FetchError::UnknownHost);
    }
}

// Behind a proxy.

/// A client that knows the name of the proxy alone, and no network beyond the public one.
fn behind(proxy: &str, book: &Arc<Book>, identity: &Identity) -> Builder {
    HttpFetch::builder().names(book.clone()).authorities(identity.authority_pem.as_bytes()).proxy(proxy)
}

fn names_of_the_proxy() -> Arc<Book> {
    Arc::new(Book::default().with("proxy.example", &[&["127.0.0.1"]]))
}

#[test]
fn a_proxy_that_is_named_connects_and_sees_no_more_than_the_name() {
    let identity = Identity::of(HOST);
    let server = Server::https(&identity, |_, out| out.write_all(&answer("200 OK", &[JSON], BODY)).map(|()| true));
    let (port, heads) = https::proxy(server.port());
    let book = names_of_the_proxy();
    let request = request(&server);
    for proxy in [format!("http://proxy.example:{port}"), format!("http://127.0.0.1:{port}/")] {
        let fetched = ask(behind(&proxy, &book, &identity), &request).unwrap();
        assert_eq!(fetched.body, Body::Bytes(BODY.to_vec()));
    }
    assert_eq!(book.look_ups(), 1, "only the proxy's own name is looked up here");
    let heads = heads.lock().unwrap();
    assert_eq!(heads.len(), 2);
    for head in &*heads {
        let mut lines = head.lines().filter(|line| !line.is_empty());
        assert_eq!(lines.next().unwrap(), format!("CONNECT {HOST}:{} HTTP/1.1", server.port()));
        let is_plain = |line: &str| {
            let line = line.to_ascii_lowercase();
            line.starts_with("host: issuer.example") || line.starts_with("user-agent: attesta/")
        };
        assert!(lines.all(is_plain), "{head}");
    }
}

#[test]
fn a_proxy_changes_nothing_of_what_is_refused() {
    let identity = Identity::of(HOST);
    let other = Identity::of("other.example");
    let book = names_of_the_proxy();
    let through = |server: &Server, identity: &Identity, change: fn(&mut FetchRequest)| {
        let (port, _) = https::proxy(server.port());
        let mut request = request(server);
        change(&mut request);
        ask(behind(&format!("http://proxy.example:{port}"), &book, identity), &request)
    };
    let sound = |identity: &Identity| {
        Server::https(identity, |_, out| out.write_all(&answer("200 OK", &[JSON], BODY)).map(|()| true))
    };
    // A proxy that leads to another server is found out by TLS.
    let result = through(&sound(&other), &other, |_| {});
    assert_eq!(reason(&result), "its certificate is of another name");
    for (url, expected) in [
        ("https://127.0.0.1/did.json", "url.ip-address"),
        ("http://issuer.example/did.json", "url.scheme"),
        ("https://user@issuer.example/did.json", "url.user"),
    ] {
        let (port, heads) = https::proxy(1);
        let request = FetchRequest::new(url, &["application/json"]);
        let result = ask(behind(&format!("http://proxy.example:{port}"), &book, &identity), &request);
        assert_eq!((code(result), heads.lock().unwrap().len()), (expected, 0));
    }
    assert_eq!(code(through(&sound(&identity), &identity, |request| request.max_bytes = 3)), "fetch.too-large");
    let moved = Server::https(&identity, |_, out| {
        out.write_all(&answer("302 Found", &[("Location", "https://issuer.example/")], b"")).map(|()| true)
    });
    assert_eq!(code(through(&moved, &identity, |_| {})), "fetch.redirect");
}

#[test]
fn a_proxy_that_does_not_serve_is_not_gone_around() {
    let identity = Identity::of(HOST);
    let server = Server::https(&identity, |_, out| out.write_all(&answer("200 OK", &[JSON], BODY)).map(|()| true));
    let book = Arc::new(Book::default().with("proxy.example", &[&["127.0.0.1"]]).with(HOST, &[&["127.0.0.1"]]));
    let (refusing, heads) = https::proxy(0);
    let dead = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (proxy, expected) in [
        (format!("http://proxy.example:{refusing}"), "fetch.connect"),
        (format!("http://proxy.example:{dead}"), "fetch.connect"),
        ("http://unknown.example:3128".to_owned(), "fetch.unknown-host"),
    ] {
        assert_eq!(code(ask(behind(&proxy, &book, &identity), &request(&server))), expected, "{proxy}");
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(heads.lock().unwrap().len(), 1);
    // Where it leads is its own matter, so no network can be allowed beside it.
    let both = behind("http://proxy.example:3128", &book, &identity).allow_network("10.0.0.0/8".parse().unwrap());
    assert_eq!(both.build().unwrap_err().code(), "http.proxy");
    for proxy in ["proxy.example", "socks5://proxy.example", "http://user:secret@proxy.example"] {
        let error = behind(proxy, &book, &identity).build().unwrap_err();
        assert_eq!(error.code(), "http.proxy", "{proxy}");
        assert!(!error.to_string().contains("secret"));
    }
}
