//! Which IP addresses belong to the public internet.
//!
//! The tables are the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates), multicast
//! (RFC 5771, RFC 4291) and what is reserved. Everything in them is refused, also the few ranges that are globally
//! reachable: nobody publishes documents there.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use crate::error::Explain;

/// Why a text is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// Not of the form `ADDRESS/LENGTH`.
    #[error("not a network of the form 10.20.0.0/16")]
    Form,
    /// The address has bits beyond the length, so that it is not clear what is meant.
    #[error("the address of the network has more bits than its length says")]
    StrayBits,
}

impl Explain for NetworkError {
    fn code(&self) -> &'static str {
        match self {
            Self::Form => "network.form",
            Self::StrayBits => "network.stray-bits",
        }
    }

    fn hint(&self) -> &'static str {
        "Write the network like 10.20.0.0/16 or fd12:3456::/32, and one address like 127.0.0.1/32."
    }
}

/// A range of IP addresses, written like `10.20.0.0/16` or `fd12:3456::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// The first address: of IPv4 its 32 bits, at the end.
    first: u128,
    /// Bits that all addresses share.
    length: u32,
    is_v6: bool,
}

impl Network {
    const fn v4(address: [u8; 4], length: u32) -> Self {
        Self { first: u32::from_be_bytes(address) as u128, length, is_v6: false }
    }

    const fn v6(a: u16, b: u16, c: u16, d: u16, length: u32) -> Self {
        let first = ((a as u128) << 112) | ((b as u128) << 96) | ((c as u128) << 80) | ((d as u128) << 64);
        Self { first, length, is_v6: true }
    }

    /// Whether the address is in it. An IPv4 address that is written inside an IPv6 one is an IPv6 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (bits, width) = bits_of(address);
        self.is_v6 == address.is_ipv6() && shared(bits, width, self.length) == shared(self.first, width, self.length)
    }
}

/// The first `length` of `width` bits.
fn shared(bits: u128, width: u32, length: u32) -> u128 {
    bits.checked_shr(width.saturating_sub(length)).unwrap_or(0)
}

fn bits_of(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, length) = text.split_once('/').ok_or(NetworkError::Form)?;
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Form)?;
        let (first, width) = bits_of(address);
        let is_number = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
        let length: u32 =
            length.parse().ok().filter(|length| is_number && *length <= width).ok_or(NetworkError::Form)?;
        if length < width && first << (128 - width + length) != 0 {
            return Err(NetworkError::StrayBits);
        }
        Ok(Self { first, length, is_v6: address.is_ipv6() })
    }
}

/// IPv4 that is not public.
const SPECIAL_V4: &[Network] = &[
    // "This network" (RFC 791); 0.0.0.0 reaches this computer itself.
    Network::v4([0, 0, 0, 0], 8),
    // Private use (RFC 1918).
    Network::v4([10, 0, 0, 0], 8),
    Network::v4([172, 16, 0, 0], 12),
    Network::v4([192, 168, 0, 0], 16),
    // Shared by a provider's customers (RFC 6598).
    Network::v4([100, 64, 0, 0], 10),
    // This computer (RFC 1122).
    Network::v4([127, 0, 0, 0], 8),
    // Link-local (RFC 3927), and the metadata of most clouds.
    Network::v4([169, 254, 0, 0], 16),
    // IETF protocol assignments (RFC 6890).
    Network::v4([192, 0, 0, 0], 24),
    // Documentation (RFC 5737).
    Network::v4([192, 0, 2, 0], 24),
    Network::v4([198, 51, 100, 0], 24),
    Network::v4([203, 0, 113, 0], 24),
    // AS112 (RFC 7535, RFC 7534), multicast tunnels (RFC 7450), 6to4 relays (RFC 7526).
    Network::v4([192, 31, 196, 0], 24),
    Network::v4([192, 175, 48, 0], 24),
    Network::v4([192, 52, 193, 0], 24),
    Network::v4([192, 88, 99, 0], 24),
    // Measurements (RFC 2544).
    Network::v4([198, 18, 0, 0], 15),
    // Not in the registries: the agent of a large cloud's virtual machines answers there, and only to them.
    Network::v4([168, 63, 129, 16], 32),
    // Multicast (RFC 5771); reserved (RFC 1112), and the limited broadcast.
    Network::v4([224, 0, 0, 0], 4),
    Network::v4([240, 0, 0, 0], 4),
];

/// Where IPv6 addresses of the public internet are assigned from (RFC 4291, section 2.4). What is outside, such as
/// `::1`, `::ffff:0:0/96`, `fc00::/7`, `fe80::/10` or `ff00::/8`, is not public.
const GLOBAL_V6: Network = Network::v6(0x2000, 0, 0, 0, 3);

/// An IPv4 address as networks without IPv4 write it (RFC 6052): as public as that is.
const NAT64: Network = Network::v6(0x64, 0xff9b, 0, 0, 96);

/// Special ranges among the global ones.
const SPECIAL_V6: &[Network] = &[
    // IETF protocol assignments (RFC 2928), with Teredo, benchmarking, ORCHID and drone identifiers.
    Network::v6(0x2001, 0, 0, 0, 23),
    // Documentation (RFC 3849, RFC 9637).
    Network::v6(0x2001, 0xdb8, 0, 0, 32),
    Network::v6(0x3fff, 0, 0, 0, 20),
    // 6to4 (RFC 7526), which leads to any IPv4 address.
    Network::v6(0x2002, 0, 0, 0, 16),
    // AS112 (RFC 7534).
    Network::v6(0x2620, 0x4f, 0x8000, 0, 48),
];

/// Whether the address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|network| network.contains(IpAddr::V4(address)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [.., a, b, c, d] = address.octets();
    let inner = Ipv4Addr::new(a, b, c, d);
    if NAT64.contains(IpAddr::V6(address)) {
        return is_public_v4(inner);
    }
    // ISATAP (RFC 5214) ends in an IPv4 address that a router would go on to.
    let is_isatap = matches!(address.segments(), [_, _, _, _, 0 | 0x200, 0x5efe, _, _]);
    GLOBAL_V6.contains(IpAddr::V6(address))
        && !SPECIAL_V6.iter().any(|network| network.contains(IpAddr::V6(address)))
        && (!is_isatap || is_public_v4(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_of_every_special_range_are_refused() {
        for address in [
            "0.0.0.0",
            "0.0.0.1",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "168.63.129.16",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.9",
            "192.0.0.192",
            "192.0.0.255",
            "192.0.2.0",
            "192.0.2.255",
            "192.31.196.0",
            "192.52.193.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "192.175.48.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.255",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.0",
            "255.255.255.254",
            "255.255.255.255",
            "::",
            "::1",
            "::2",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:8.8.8.8",
            "64:ff9b::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::8.8.8.8",
            "64:ff9b:1:ffff::",
            "64:ff9b::1:8.8.8.8",
            "100::",
            "100::1",
            "100:0:0:1::1",
            "200::1",
            "2001::",
            "2001::4136:e378:8000:63bf:3fff:fdd2",
            "2001:1::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:30::1",
            "2001:1ff:ffff::",
            "2001:db8::",
            "2001:db8:ffff:ffff::1",
            "2002::1",
            "2002:7f00:1::1",
            "2002:808:808::1",
            "2002:a9fe:a9fe::",
            "2620:4f:8000::1",
            "3fff::1",
            "3fff:fff:ffff::1",
            "4000::1",
            "5f00::1",
            "8000::1",
            "e000::1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff:ffff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "feff::1",
            "ff02::1",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "2a00:1450::5efe:10.0.0.1",
            "2a00:1450::200:5efe:127.0.0.1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn what_lies_beside_the_special_ranges_is_public() {
        for address in [
            "1.0.0.0",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "168.63.129.17",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::1",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2001:db7:ffff::1",
            "2001:db9::",
            "2003::1",
            "2620:4f:7fff::1",
            "2620:4f:8001::",
            "2a00:1450:4001::1",
            "3ffe::1",
            "3fff:1000::1",
            "64:ff9b::8.8.8.8",
            "2a00:1450::5efe:8.8.8.8",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_network_is_read_exactly() {
        let network = |text: &str| Network::from_str(text);
        for text in [
            "",
            "10.0.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "10.0.0/8",
            "/8",
            "010.0.0.0/8",
            "0x0a.0.0.0/8",
            "fd00::/129",
            "fd00::%1/8",
            "[fd00::]/8",
            "localhost/8",
            " 10.0.0.0/8",
        ] {
            assert_eq!(network(text), Err(NetworkError::Form), "{text:?}");
        }
        for text in ["10.0.0.1/8", "128.0.0.0/0", "fd00::1/64", "8000::/0"] {
            assert_eq!(network(text), Err(NetworkError::StrayBits), "{text}");
        }
        for (text, inside, outside) in [
            ("10.20.0.0/16", "10.20.255.255", "10.21.0.0"),
            ("127.0.0.1/32", "127.0.0.1", "127.0.0.2"),
            ("127.0.0.1/32", "127.0.0.1", "::ffff:127.0.0.1"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("fd12:3456::/32", "fd12:3456:ffff::1", "fd12:3457::"),
            ("::/0", "ffff::1", "10.0.0.1"),
            ("::1/128", "::1", "::2"),
        ] {
            let network = network(text).unwrap();
            assert!(network.contains(inside.parse().unwrap()), "{text} {inside}");
            assert!(!network.contains(outside.parse().unwrap()), "{text} {outside}");
        }
    }
}
