//! The contexts that this library has of its own: what credentials of its kinds need, and what governments and
//! universities sign with.
//!
//! They stand here as tables of terms in a form of our own ([`table`]), each compared by a test with what its publisher
//! published. None has a default vocabulary (`@vocab`): it would give every misspelt member a meaning.

mod table;

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::{Context, Contexts};

/// One of them.
struct Known {
    url: &'static str,
    table: &'static [&'static str],
    /// SHA-256 and SHA-384 of the file that its publisher published, in hexadecimal.
    digests: [&'static str; 2],
}

const CID_V1: &[&str] = &[include_str!("tables/cid-v1.terms")];
const CID_V1_DIGESTS: [&str; 2] = [
    "ea216ecc1cb02cd39b693dba2250141e270ba0bf95890be107dd9a9e8e43de85",
    "327d924d4a48518eb5425e8a9430a3f20d9678bb1111cddbf0ff2a67b854ee485c2ef149dfcd4516dfc1af7e733bec18",
];

/// Those that most documents name stand first.
const KNOWN: &[Known] = &[
    Known {
        url: "https://www.w3.org/ns/credentials/v2",
        table: &[include_str!("tables/credentials-v2.terms")],
        digests: [
            "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
            "97f1eb8e5042356c805fdd61afa2c557663785e0794dcafa21e138fd38def18cb360133c221aa31d6896a6bf3e65b614",
        ],
    },
    Known {
        url: "https://w3id.org/attesta/v1",
        table: &[include_str!("tables/attesta-v1.terms")],
        digests: [
            "9df7dc78787402c76bf012bfde039724cddabb7f2e8c626ba7ccb66a2665f023",
            "ebcbabce79f0d6ffb43539ff4e1a863740586af077618bcaf95c316d288c99b88bbb8ee351b8155302d0a2423316139b",
        ],
    },
    Known {
        url: "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        table: &[include_str!("tables/open-badges-v3.terms")],
        digests: [
            "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
            "c859f6c00a1e0013ee79c1e5cc7566b6dfa6c28971c46ce1ab3221cdfba2b6c6d86e630e567d03c0c780bc2f9ad517a4",
        ],
    },
    Known {
        url: "https://w3id.org/citizenship/v2",
        table: &[include_str!("tables/citizenship-v3.terms"), include_str!("tables/citizenship-v2-only.terms")],
        digests: [
            "4b50a8580f99ddb2df2ad94e93eee1725f6c185a34306e1c98f4d631b160a9fc",
            "bdb7c4fdd9e6ec63bc4e52b5986463874c7701f16eb43ec9ab99613ab6b4826d4dbedc661c185c446ad9709bd6276671",
        ],
    },
    Known {
        url: "https://w3id.org/citizenship/v3",
        table: &[include_str!("tables/citizenship-v3.terms")],
        digests: [
            "b8fa8872d5af1686f13c1d17a663a78334a93becba1407c41548f10b515ad7fa",
            "0742d6341804bfe2b4b7b21a16cfc9ece53594f9a7da16a846c946b1c833566d45120bd54f0c77fa530a5ac8bd4d9d9c",
        ],
    },
    Known {
        url: "https://w3id.org/citizenship/v1",
        table: &[include_str!("tables/citizenship-v1.terms")],
        digests: [
            "9ffdc9e92801959e8f7416744aca720d06e0a4702dd83043c02c74700c161d93",
            "861d6640905ce78f1ba6ca4e3a11d1b8d6a325f5806f1cd89f0cb10f21ec7166c0bb8e0f18115267dde99aed65356917",
        ],
    },
    Known {
        url: "https://w3id.org/vdl/v1",
        table: &[include_str!("tables/vdl-v1.terms")],
        digests: [
            "b069d7ad1fab36cdc811d6bfa46d8d897277635258b9b9ccb130e3ed76df28d6",
            "606072832f20325655b64a3a85a6ea5dd2fe335bceb2f8235316bc7f4d7058fb66e1d1f52ba7df9a53cde7e0d62eedb8",
        ],
    },
    Known {
        url: "https://w3id.org/security/data-integrity/v2",
        table: &[include_str!("tables/data-integrity-v2.terms")],
        digests: [
            "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
            "0ee2d7626717f8b07cd449b525d5e2b71fe27209fc99e53089e0169dd2944d793feea4526fc60bb9cca1cd96512391f6",
        ],
    },
    Known {
        url: "https://w3id.org/security/multikey/v1",
        table: &[include_str!("tables/multikey-v1.terms")],
        digests: [
            "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
            "0fa51641d12fb8c701b2e6a9492556f25d32bb4af84a96f11808f0a623b972434dd18a8f1f1865bc68d8ee046c4e5a3e",
        ],
    },
    Known {
        url: "https://w3id.org/security/jwk/v1",
        table: &[include_str!("tables/jwk-v1.terms")],
        digests: [
            "0f14b62f6071aafe00df265770ea0c7508e118247d79b7d861a406d2aa00bece",
            "762dc55ce79f361e3bbeb7d3cb0ddb3e44b8e2885261f8283183959d1aaa33904af6a8005059ed9641500eab7d8ddae5",
        ],
    },
    Known { url: "https://www.w3.org/ns/cid/v1", table: CID_V1, digests: CID_V1_DIGESTS },
    // The same file under another address (DID Core 1.1).
    Known { url: "https://www.w3.org/ns/did/v1.1", table: CID_V1, digests: CID_V1_DIGESTS },
    Known {
        url: "https://www.w3.org/ns/did/v1",
        table: &[include_str!("tables/did-v1.terms")],
        digests: [
            "4f3eae5568c9c5f036a082088f9e192019ee06faa78973c87ff91d5421b88dad",
            "75f4decf8174a6f2d40c0ddbd8cdfb4300ead2466db4932259a483a6e11774932f15880786e1fbc16c4b399f9891b92b",
        ],
    },
    Known {
        url: "https://www.w3.org/2018/credentials/v1",
        table: &[include_str!("tables/credentials-v1.terms")],
        digests: [
            "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
            "82c3b3eab863754bbfd2b9f17d8d6db9f61169f301cbf0b05e1fc4beb5f5c51dd4d2e888c274f49c3fbb2408f61faed1",
        ],
    },
];

/// Each is read at its first use, and then kept for good.
static COMPILED: [OnceLock<Option<Context>>; KNOWN.len()] = [const { OnceLock::new() }; KNOWN.len()];

/// The contexts that this library has.
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded;

impl Embedded {
    /// Their URLs.
    pub fn urls() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|known| known.url)
    }

    /// Whether there is one under this URL.
    pub fn has(url: &str) -> bool {
        position(url).is_some()
    }

    /// The context under this URL as a JSON-LD document of one member, `@context`. It means what the published file
    /// means, and is not that file: its bytes are others.
    pub fn document(url: &str) -> Option<Value> {
        Some(json!({ "@context": table::context(known(url)?.table) }))
    }

    /// Whether a digest is that of the file published under this URL. `None` where there is no such context, or no
    /// digest of that length is known: 32 bytes are SHA-256, 48 are SHA-384.
    pub fn has_digest(url: &str, digest: &[u8]) -> Option<bool> {
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let published = known(url)?.digests.into_iter().find(|published| published.len() == hex.len())?;
        Some(published == hex)
    }
}

impl Contexts for Embedded {
    fn context(&self, url: &str) -> Option<&Context> {
        let position = position(url)?;
        // That each of them compiles is for a test to hold.
        let compile = || Context::compile(&Self::document(url)?).ok();
        COMPILED.get(position)?.get_or_init(compile).as_ref()
    }
}

fn position(url: &str) -> Option<usize> {
    KNOWN.iter().position(|known| known.url == url)
}

fn known(url: &str) -> Option<&'static Known> {
    position(url).and_then(|position| KNOWN.get(position))
}
