//! What a command may reach on the network, as its arguments say.

use attesta::error::Explain;
use attesta::fetch::address::Resolver;
use attesta::fetch::http::HttpFetch;

use crate::online::Reach;
use crate::output::Misuse;

#[derive(clap::Args)]
pub(super) struct Online {
    #[command(flatten)]
    reach: Reach,
    /// Ask this resolver for the DIDs of a method that is not resolved here, such as
    /// ethr=https://resolver.example/1.0/identifiers/. What it says is its word alone.
    #[arg(long, value_name = "METHOD=URL", value_parser = resolver)]
    resolver: Vec<Resolver>,
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
        self.reach.fetch()
    }

    /// Resolvers for other methods.
    pub(super) fn resolvers(&self) -> &[Resolver] {
        &self.resolver
    }
}
