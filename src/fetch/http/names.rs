//! Looking names up, and refusing those that lead where nobody should be sent.

use core::net::{IpAddr, SocketAddr};
use std::net::ToSocketAddrs;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Permitted;
use crate::fetch::error::FetchError;
use crate::limits;

/// Says which IP addresses are behind a domain name. Called once for each connection; may block.
pub trait Names: Send + Sync {
    /// The addresses, the preferred first.
    ///
    /// # Errors
    /// [`FetchError::UnknownHost`].
    fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, FetchError>;
}

/// The operating system's own way.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

impl Names for SystemNames {
    fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, FetchError> {
        let found = (name, 0).to_socket_addrs().map_err(|_| FetchError::UnknownHost)?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// Looks a name up once and lets through what may be connected to. The client connects to what comes from here.
pub(super) struct Checked {
    names: Arc<dyn Names>,
    permitted: Arc<Permitted>,
    /// The proxy's own name, which the host chose and which may lead anywhere.
    proxy: Option<String>,
}

impl Checked {
    pub(super) fn new(names: Arc<dyn Names>, permitted: Permitted, proxy: Option<String>) -> Self {
        Self { names, permitted: Arc::new(permitted), proxy }
    }
}

/// One address that is not public condemns the name: whoever mixes them wants the other to be tried first.
fn look_up(names: &dyn Names, permitted: Option<&Permitted>, name: &str) -> Result<Vec<SocketAddr>, FetchError> {
    let mut found = names.look_up(name)?;
    if found.is_empty() || found.len() > limits::FETCH_ADDRESSES {
        return Err(FetchError::UnknownHost);
    }
    if let Some(permitted) = permitted {
        found.iter().try_for_each(|address| permitted.check(*address))?;
    }
    // The client puts the port of the URL in the place of 0.
    Ok(found.drain(..).map(|address| SocketAddr::new(address, 0)).collect())
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let is_proxy = self.proxy.as_deref().is_some_and(|proxy| proxy.eq_ignore_ascii_case(name.as_str()));
        let (names, permitted) = (self.names.clone(), (!is_proxy).then(|| self.permitted.clone()));
        Box::pin(async move {
            let looked_up = tokio::task::spawn_blocking(move || look_up(&*names, permitted.as_deref(), name.as_str()));
            let addresses = looked_up.await.unwrap_or(Err(FetchError::Unavailable))?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
