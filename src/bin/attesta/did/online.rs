//! What a command may reach on the network, as its arguments say.

use std::path::PathBuf;

use attesta::error::Explain;
use attesta::fetch::address::Resolver;
use attesta::fetch::http::HttpFetch;
use attesta::fetch::network::{Network, NetworkError};
use attesta::limits;

use crate::files;
use crate::output::Misuse;

#[derive(clap::Args)]
pub(super) struct Online {
    /// Use nothing but what is given here: no network.
    #[arg(long)]
    offline: bool,
    /// Let names lead into this network too, such as 10.20.0.0/16, although it is not public. May be given several
    /// times.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    allow_network: Vec<Network>,
    /// Believe these certificate authorities too.
    #[arg(long, value_name = "PEM")]
    ca_file: Vec<PathBuf>,
    /// Ask this resolver for the DIDs of a method that is not resolved here, such as
    /// ethr=https://resolver.example/1.0/identifiers/. What it says is its word alone.
    #[arg(long, value_name = "METHOD=URL", value_parser = resolver)]
    resolver: Vec<Resolver>,
}

fn network(text: &str) -> Result<Network, String> {
    text.parse().map_err(|error: NetworkError| format!("{error}. {}", error.hint()))
}

fn resolver(text: &str) -> Result<Resolver, String> {
    match text.split_once('=') {
        Some((method, url)) if !method.is_empty() => {
            Resolver::new(url, [method]).map_err(|error| format!("{error}. {}", error.hint()))
        }
        _ => Err("METHOD=URL was expected, such as ethr=https://resolver.example/1.0/identifiers/".to_owned()),
    }
}

impl Online {
    /// What fetches; nothing with `--offline`.
    pub(super) fn fetch(&self) -> Result<Option<HttpFetch>, Misuse> {
        if self.offline {
            return Ok(None);
        }
        let mut builder = HttpFetch::builder();
        for network in &self.allow_network {
            builder = builder.allow_network(*network);
        }
        for path in &self.ca_file {
            builder = builder.authorities(&files::read_up_to(path, limits::AUTHORITIES_BYTES)?);
        }
        builder.build().map(Some).map_err(|error| Misuse::about("cannot go online", &error))
    }

    /// Resolvers for other methods.
    pub(super) fn resolvers(&self) -> &[Resolver] {
        &self.resolver
    }
}
