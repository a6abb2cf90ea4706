//! The network, for the commands that may use it: what is fetched, from where, and what is kept of it.

use std::path::PathBuf;

use attesta::error::Explain;
use attesta::fetch::cache::DiskCache;
use attesta::fetch::http::{HttpError, HttpFetch};
use attesta::fetch::network::Network;
use attesta::fetch::{Attempt, Cache, Online, Step, Trace, verify_online};
use attesta::time::Timestamp;
use attesta::verify::{At, Expected, Materials, Policy, Report, verify};

use crate::files;
use crate::output::{self, Misuse, hint, printable};

/// How the network may be used.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Use no network, and nothing but what is given here.
    #[arg(long, conflicts_with_all = ["allow_network", "ca_file"])]
    offline: bool,
    /// Fetch from this network of your own too, such as 10.20.0.0/16: other names must lead to public addresses.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    allow_network: Vec<Network>,
    /// Believe these certificate authorities of your own too, when fetching.
    #[arg(long, value_name = "PEM")]
    ca_file: Option<PathBuf>,
}

fn network(text: &str) -> Result<Network, String> {
    text.parse().map_err(|error: attesta::fetch::network::NetworkError| format!("{error}. {}", error.hint()))
}

impl Arguments {
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
        if self.offline || report.missing().is_empty() {
            return Ok((report, Trace::default()));
        }
        let fetch = self.fetch()?;
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

    fn fetch(&self) -> Result<HttpFetch, Misuse> {
        let mut builder = HttpFetch::builder();
        for network in &self.allow_network {
            builder = builder.allow_network(*network);
        }
        if let Some(path) = &self.ca_file {
            builder = builder.authorities(&files::read(path)?);
        }
        builder.build().map_err(|error| match (&error, &self.ca_file) {
            (HttpError::Authorities { .. }, Some(path)) => Misuse::about(files::name_of(path), &error),
            _ => Misuse::new(
                error.to_string(),
                "Work offline (--offline), and supply the documents as files (--document).",
            ),
        })
    }
}

/// What this user fetched before. Without a place for it, everything is fetched anew.
fn cache() -> Option<DiskCache> {
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
