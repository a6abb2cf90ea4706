//! A proxy that the host names.

use reqwest::{Proxy, Url};

use super::HttpError;
use crate::limits;

/// The proxy of that address, and the name of its host.
pub(super) fn read(text: &str) -> Result<(Proxy, String), HttpError> {
    let wrong = |reason| HttpError::Proxy { reason };
    if text.len() > limits::FETCH_URL_CHARACTERS {
        return Err(wrong("its address is too long"));
    }
    let url = Url::parse(text).map_err(|_| wrong("its address is none"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("its address begins with neither http:// nor https://"));
    }
    // It would stand in the list of this computer's processes.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("its address holds a user's name or a password, which are not sent"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("its address has a path"));
    }
    let host = url.host_str().ok_or_else(|| wrong("its address has no host"))?.to_owned();
    let proxy = Proxy::all(url).map_err(|_| wrong("its address is none"))?;
    Ok((proxy, host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_plain_address_of_a_proxy_is_one() {
        let host = |text: &str| read(text).ok().map(|(_, host)| host);
        for (text, expected) in [
            ("http://proxy.example:3128", "proxy.example"),
            ("https://proxy.example/", "proxy.example"),
            ("http://10.0.0.1:8080", "10.0.0.1"),
            ("http://localhost:1", "localhost"),
        ] {
            assert_eq!(host(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "proxy.example",
            "proxy.example:3128",
            "socks5://proxy.example:1080",
            "ftp://proxy.example",
            "http://",
            "http://user@proxy.example",
            "http://user:secret@proxy.example",
            "http://proxy.example/path",
            "http://proxy.example/?a=b",
            "http://proxy.example/#a",
            "http://proxy.example:99999",
            "http://a b/",
        ] {
            assert_eq!(host(text), None, "{text}");
        }
        assert_eq!(host(&format!("http://{}.example", "a".repeat(limits::FETCH_URL_CHARACTERS))), None);
    }
}
