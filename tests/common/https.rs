//! A real HTTPS server on this computer's loopback, with certificates that the test makes itself, that answers whatever
//! the test wants a client to meet.

#![allow(dead_code, reason = "each test is a crate of its own and uses its own part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use attesta::fetch::FetchError;
use attesta::fetch::http::{Builder, HttpFetch, Names};
use attesta::keys::KeyType;
use data_encoding::BASE64;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::certificates::{
    Blueprint, DIGITAL_SIGNATURE, DNS, INTEGER, KEY_CERT_SIGN, Key, OCTET_STRING, OID, alternative_names, authority,
    common_name, der, key_usage, sequence,
};

/// An authority, and a server's certificate of it.
pub(crate) struct Identity {
    pub(crate) authority_pem: String,
    chain: Vec<Vec<u8>>,
    key: Vec<u8>,
}

impl Identity {
    /// For this host, valid for decades.
    pub(crate) fn of(host: &str) -> Self {
        Self::with(host, |_| {})
    }

    /// With something changed about the server's certificate.
    pub(crate) fn with(host: &str, change: impl Fn(&mut Blueprint)) -> Self {
        let root_key = Key::new("authority of the tests", KeyType::P256);
        let key = Key::new(host, KeyType::P256);
        let name = common_name("The tests' authority");
        let lasting = |mut blueprint: Blueprint| {
            (blueprint.from, blueprint.until) = ("250101000000Z", "491231235959Z");
            blueprint
        };
        let root = lasting(Blueprint::new(name.clone(), name.clone(), vec![authority(None), key_usage(KEY_CERT_SIGN)]));
        let extensions = vec![key_usage(DIGITAL_SIGNATURE), alternative_names(&[(DNS, host.as_bytes())])];
        let mut leaf = lasting(Blueprint::new(common_name(host), name, extensions));
        change(&mut leaf);
        let pem =
            |der: &[u8]| format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", BASE64.encode(der));
        Self {
            authority_pem: pem(&root.sign(&root_key, &root_key)),
            chain: vec![leaf.sign(&key, &root_key)],
            key: pkcs8(&key),
        }
    }

    fn configuration(&self) -> Arc<ServerConfig> {
        let chain = self.chain.iter().map(|der| CertificateDer::from(der.clone())).collect();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let builder = ServerConfig::builder_with_provider(Arc::new(rustls_graviola::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        Arc::new(builder.with_single_cert(chain, key).unwrap())
    }
}

/// A P-256 key in PKCS #8 (RFC 5208, RFC 5915).
fn pkcs8(key: &Key) -> Vec<u8> {
    let Key::P256(key) = key else { panic!("a P-256 key was expected") };
    let algorithm =
        sequence(&[der(OID, [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]), der(OID, [0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7])]);
    let point = der(0x03, [vec![0], key.verifying_key().to_sec1_point(false).as_bytes().to_vec()].concat());
    let private = sequence(&[der(INTEGER, [1]), der(OCTET_STRING, key.to_bytes()), der(0xa1, point)]);
    sequence(&[der(INTEGER, [0]), algorithm, der(OCTET_STRING, private)])
}

/// What the server does with one request: the request's head, and where to write. `true` keeps the connection open.
pub(crate) type Handler = dyn Fn(&str, &mut dyn Write) -> io::Result<bool> + Send + Sync;

/// A server until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    /// Over TLS, on 127.0.0.1.
    pub(crate) fn https(
        identity: &Identity,
        handler: impl Fn(&str, &mut dyn Write) -> io::Result<bool> + Send + Sync + 'static,
    ) -> Self {
        Self::start("127.0.0.1:0".parse().unwrap(), Some(identity.configuration()), Arc::new(handler))
    }

    /// Over TLS, at that address, which must be one of loopback.
    pub(crate) fn https_at(
        address: SocketAddr,
        identity: &Identity,
        handler: impl Fn(&str, &mut dyn Write) -> io::Result<bool> + Send + Sync + 'static,
    ) -> Self {
        Self::start(address, Some(identity.configuration()), Arc::new(handler))
    }

    /// Without TLS. The handler is called at once, without waiting for a request.
    pub(crate) fn plain(handler: impl Fn(&str, &mut dyn Write) -> io::Result<bool> + Send + Sync + 'static) -> Self {
        Self::start("127.0.0.1:0".parse().unwrap(), None, Arc::new(handler))
    }

    fn start(address: SocketAddr, tls: Option<Arc<ServerConfig>>, handler: Arc<Handler>) -> Self {
        assert!(address.ip().is_loopback(), "the tests stay on this computer");
        let listener = TcpListener::bind(address).unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            connections: Arc::default(),
            heads: Arc::default(),
            stop: Arc::default(),
        };
        let (connections, heads, stop) = (server.connections.clone(), server.heads.clone(), server.stop.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                connections.fetch_add(1, Ordering::SeqCst);
                let (tls, handler, heads) = (tls.clone(), handler.clone(), heads.clone());
                // What the client does to the connection is for the test to find out from the client.
                thread::spawn(move || drop(serve(stream, tls, &*handler, &heads)));
            }
        });
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The head of each request.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

fn serve(
    stream: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    handler: &Handler,
    heads: &Mutex<Vec<String>>,
) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    stream.set_nodelay(true)?;
    let Some(tls) = tls else {
        let mut stream = stream;
        handler("", &mut stream)?;
        return drain(&mut stream);
    };
    let connection = ServerConnection::new(tls).map_err(io::Error::other)?;
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head)? == 0 {
                return Ok(());
            }
        }
        heads.lock().unwrap().push(head.clone());
        let stream = stream.get_mut();
        let goes_on = handler(&head, stream)?;
        stream.flush()?;
        if !goes_on {
            stream.conn.send_close_notify();
            return stream.flush();
        }
    }
}

/// Reads until the client goes away, so that what was written is not lost to a reset.
fn drain(stream: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    while stream.read(&mut buffer)? > 0 {}
    Ok(())
}

/// An HTTP proxy until the tests end: it connects whoever asks to this port of loopback, whatever name is asked for. The
/// heads of what it was asked.
pub(crate) fn proxy(to: u16) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, heads) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Vec<String>>>::default());
    let noted = heads.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let noted = noted.clone();
            // What becomes of a connection is for the test to find out from the client.
            thread::spawn(move || drop(tunnel(stream, to, &noted)));
        }
    });
    (port, heads)
}

fn tunnel(mut client: TcpStream, to: u16, heads: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.extend(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let is_tunnel = head.starts_with("CONNECT ");
    heads.lock().unwrap().push(head);
    if !is_tunnel || to == 0 {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    }
    let mut server = TcpStream::connect(("127.0.0.1", to))?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut from_server, &mut to_client));
    io::copy(&mut client, &mut server).map(drop)
}

/// A whole answer with these header fields and this body.
pub(crate) fn answer(status: &str, fields: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\n");
    for (name, value) in fields {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    [text.as_bytes(), body].concat()
}

/// Names and where they lead, in this order at each look-up; the last stays.
#[derive(Default)]
pub(crate) struct Book {
    pages: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
    look_ups: AtomicUsize,
}

impl Book {
    /// With one more name.
    pub(crate) fn with(self, name: &str, answers: &[&[&str]]) -> Self {
        let parse = |addresses: &&[&str]| addresses.iter().map(|address| address.parse().unwrap()).collect();
        let answers = answers.iter().map(parse).collect();
        self.pages.lock().unwrap().insert(name.to_owned(), answers);
        self
    }

    pub(crate) fn look_ups(&self) -> usize {
        self.look_ups.load(Ordering::SeqCst)
    }
}

impl Names for Book {
    fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, FetchError> {
        self.look_ups.fetch_add(1, Ordering::SeqCst);
        let mut pages = self.pages.lock().unwrap();
        let answers = pages.get_mut(name).ok_or(FetchError::UnknownHost)?;
        Ok(if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() })
    }
}

/// A client that reaches loopback under these names, and believes that authority.
pub(crate) fn client(book: &Arc<Book>, identity: &Identity) -> Builder {
    HttpFetch::builder()
        .names(book.clone())
        .authorities(identity.authority_pem.as_bytes())
        .allow_network("127.0.0.1/32".parse().unwrap())
}
