//! The parts of an authority in an https URL: domain names and ports.

/// Labels of letters, digits and hyphens, at most 63 characters each and 253 in all (RFC 1123, section 2.1), none
/// empty, and so no dot at the end.
pub fn is_domain_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// Whether readers of URLs take the host for an IPv4 address: its last label is a decimal, octal or hexadecimal number
/// (WHATWG URL Standard, "ends in a number checker"). No top-level domain is one.
pub fn ends_in_a_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_hexadecimal = last
        .strip_prefix("0x")
        .or_else(|| last.strip_prefix("0X"))
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_hexadecimal || (!last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()))
}

/// 1 to 65535, without leading zeros.
pub fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with('0')
        && text.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_what_only_looks_like_one() {
        let (longest, long) = ("a".repeat(63), "a".repeat(64));
        for name in ["localhost", "Bank.example", "xn--bcher-kva.example", "1.example", "a-b.c", &longest] {
            assert!(is_domain_name(name) && !ends_in_a_number(name), "{name}");
        }
        for name in ["", ".", "a.", ".a", "a..b", "-a.b", "a-.b", "a_b", "a b", "bänk.example", "*.example", &long] {
            assert!(!is_domain_name(name), "{name}");
        }
        assert!(!is_domain_name(&"a.".repeat(126).replace("a.", "ab.")));
        for address in ["127.0.0.1", "127.1", "2130706433", "0177.0.0.1", "0x7f000001", "0X7F.1", "a.0x", "1.2.3.4."] {
            assert!(ends_in_a_number(address), "{address}");
        }
    }

    #[test]
    fn ports_are_written_in_one_way() {
        assert!(["1", "443", "65535"].into_iter().all(is_port));
        assert!(!["", "0", "0443", "65536", "+1", "-1", "1a", "99999999999"].into_iter().any(is_port));
    }
}
