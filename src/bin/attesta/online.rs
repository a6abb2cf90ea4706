//! The network, for the commands that may use it: what is fetched, from where, and what is kept of it.

use std::path::PathBuf;

use attesta::error::Explain;
use attesta::fetch::cache::DiskCache;
use attesta::fetch::http::{HttpError, HttpFetch};
use attesta::fetch::network::{Network, NetworkError};
use attesta::fetch::{Attempt, Cache, Online, Step, Trace, verify_online};
use attesta::limits;
use attesta::time::Timestamp;
use attesta::verify::{At, Expected, Materials, Policy, Report, verify};

use crate::files;
use crate::output::{self, Misuse, hint, printable};

/// What a command may reach on the network, as its arguments say.
#[derive(clap::Args)]
pub(crate) struct Reach {
    /// Use nothing but what is given here: no network.
    #[arg(long, conflicts_with_all = ["allow_network", "ca_file", "proxy"])]
    offline: bool,
    /// Let names lead into this network too, such as 10.20.0.0/16, although it is not public. May be given several
    /// times.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    allow_network: Vec<Network>,
    /// Fetch through this HTTP proxy, such as http://proxy.example:3128. None is taken from the environment. The proxy
    /// decides where a stranger's name leads: that it does not lead into your own network cannot be checked here.
    #[arg(long, value_name = "URL", conflicts_with = "allow_network")]
    proxy: Option<String>,
    /// Believe these certificate authorities too.
    #[arg(long, value_name = "PEM")]
    ca_file: Vec<PathBuf>,
}

fn network(text: &str) -> Result<Network, String> {
    text.parse().map_err(|error: NetworkError| format!("{error}. {}", error.hint()))
}

impl Reach {
    /// The report, and what was fetched for it. The network is not touched where nothing is missing.
    pub(crate) fn verify(
        &self,
        presented: &[u8],
        expected: &Expected,
        materials: &mut Materials,
        policy: &Policy,
        at: At,
    ) -> Result<(Report, Trace), Misuse> {
        let report = verify(presented, expected, materials, policy, at);
        if report.missing().is_empty() {
            return Ok((report, Trace::default()));
        }
        let Some(fetch) = self.fetch()? else { return Ok((report, Trace::default())) };
        let started = files::now()?;
        let clock = move || files::now().unwrap_or(started);
        let cache = cache();
        let mut online = Online::new(&fetch, &clock);
        if let Some(cache) = &cache {
            online = online.cache(cache as &dyn Cache);
        }
        let (report, trace) = verify_online(presented, expected, materials, policy, at, &online);
        if let Some(error) = trace.cache_error() {
            output::say(&format!("attesta: {error}\n  {}", error.hint()));
        }
        Ok((report, trace))
    }

    /// What fetches; nothing with `--offline`.
    pub(crate) fn fetch(&self) -> Result<Option<HttpFetch>, Misuse> {
        if self.offline {
            return Ok(None);
        }
        let mut builder = HttpFetch::builder();
        for network in &self.allow_network {
            builder = builder.allow_network(*network);
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy);
        }
        for path in &self.ca_file {
            builder = builder.authorities(&files::read_up_to(path, limits::AUTHORITIES_BYTES)?);
        }
        builder.build().map(Some).map_err(|error| match (&error, self.ca_file.first()) {
            (HttpError::Authorities { .. }, Some(path)) => Misuse::about(files::name_of(path), &error),
            (HttpError::Proxy { .. }, _) => Misuse::about("--proxy", &error),
            _ => Misuse::about("cannot go online", &error),
        })
    }
}

/// What this user fetched before. Without a place for it, everything is fetched anew.
pub(crate) fn cache() -> Option<DiskCache> {
    match DiskCache::open(cache_folder()?.join("attesta").join("fetched")) {
        Ok(cache) => Some(cache),
        Err(error) => {
            output::say(&format!("attesta: {error}\n  {}", error.hint()));
            None
        }
    }
}

/// Where programs of this user keep what they can do without. "All paths set in these environment variables must be
/// absolute" (XDG Base Directory Specification).
fn cache_folder() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let of_the_system = match std::env::consts::OS {
        "windows" => absolute("LOCALAPPDATA"),
        "macos" => absolute("HOME").map(|home| home.join("Library").join("Caches")),
        _ => absolute("HOME").map(|home| home.join(".cache")),
    };
    absolute("XDG_CACHE_HOME").or(of_the_system)
}

/// What was done on the network, a line each.
pub(crate) fn lines(trace: &Trace) -> Vec<String> {
    trace.steps().iter().map(line).collect()
}

fn line(step: &Step) -> String {
    let place = printable(step.url.as_deref().unwrap_or(step.resource.url()));
    let revealed = step.revealed().unwrap_or("Nobody was asked.");
    match &step.attempt {
        Attempt::Fetched { .. } => format!("  Fetched: {place} {revealed}"),
        Attempt::Confirmed => format!("  Not changed since it was fetched: {place} {revealed}"),
        Attempt::Kept { obtained } => format!("  Fetched before, {}: {place} {revealed}", as_of(*obtained)),
        Attempt::StoodIn { obtained, error } => {
            format!("  Could not fetch {place}: {error}. It was fetched before, {}.", as_of(*obtained))
        }
        attempt => match attempt.error() {
            Some(error) => {
                let advice = hint(error.code(), error.hint());
                format!("  Could not fetch {place}: {}. {advice}", printable(&error.to_string()))
            }
            None => format!("  {}: {place}", attempt.name()),
        },
    }
}

fn as_of(obtained: Timestamp) -> String {
    format!("as of {}", obtained.in_words())
}
