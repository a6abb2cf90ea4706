//! Whether an issuer's identifier is one that a certificate names.

use crate::encoding::domain::is_domain_name;

/// A domain name, so without a wildcard or a dot at the end, and no address, which would end in a number.
pub(super) fn is_host(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default();
    is_domain_name(text) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// The host of an https URL, or a bare DNS name. A URL with a user or a port has none: certificates speak of neither.
pub(super) fn host_of(identifier: &str) -> Option<&str> {
    let host = match identifier.strip_prefix("https://") {
        Some(rest) => rest.split(['/', '?', '#']).next()?,
        None => identifier,
    };
    is_host(host).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_found_only_where_nothing_can_be_read_in_two_ways() {
        for (identifier, host) in [
            ("https://bank.example", "bank.example"),
            ("https://Bank.Example/tenants/1?a=b#c", "Bank.Example"),
            ("https://bank.example?x", "bank.example"),
            ("bank.example", "bank.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(host_of(identifier), Some(host), "{identifier}");
        }
        for identifier in [
            "",
            "https://",
            "https:///bank.example",
            "https://bank.example:443",
            "https://bank.example:/",
            "https://user@bank.example",
            "https://bank.example@evil.example/",
            "https://evil.example\\@bank.example",
            "https://bank.example\\.evil.example",
            "https://bank.example\u{0}.evil.example",
            "https://bank.example%00.evil.example",
            "https://bank.example./",
            "https://.bank.example",
            "https://bank..example",
            "https://*.bank.example",
            "https://b\u{e4}nk.example",
            "https://bank_.example",
            "https://-bank.example",
            "https://192.0.2.1",
            "https://bank.example.1/",
            "https://[2001:db8::1]/",
            " https://bank.example",
            "https://bank.example\n",
            "HTTPS://bank.example",
            "http://bank.example",
            "https:bank.example",
            "did:web:bank.example",
            "bank.example/tenants",
            "bank.example:443",
            "*.bank.example",
        ] {
            assert_eq!(host_of(identifier), None, "{identifier:?}");
        }
        assert!(is_host(&format!("{}.example", "a".repeat(63))));
        assert!(!is_host(&format!("{}.example", "a".repeat(64))));
        assert!(!is_host(&["a".repeat(60).as_str(); 5].join(".")));
    }
}
