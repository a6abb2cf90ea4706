//! What is measured here, written down, so that other implementations verify the very same bytes. `make peers-bench`
//! hands it to them: a JSON object with
//!
//! - `at`: the moment to judge at;
//! - `contexts`: the JSON-LD contexts that the documents name, by their addresses;
//! - `lines`: of each line of the table its `name`, what is `presented`, and the bare checks behind it, `raw`: a list of
//!   `algorithm` (of JOSE), `key` (as in a Multikey, without the prefix), `message` and `signature`, in base64url.

use std::hint::black_box;
use std::path::Path;

use attesta::encoding::base64url;
use attesta::jsonld::Embedded;
use attesta::keys::{Algorithm, PublicKey};
use attesta::time::Timestamp;
use serde_json::{Map, Value, json};

/// One bare check: decode the key and verify strictly, nothing else.
pub(crate) struct Check {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: Vec<u8>,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Check {
    /// # Panics
    /// When the signature does not fit: a mistake in the benchmark.
    pub(crate) fn run(&self) {
        let key = PublicKey::from_bytes(self.algorithm.key_type(), black_box(&self.key)).unwrap();
        key.verify(self.algorithm, black_box(&self.message), black_box(&self.signature)).unwrap();
    }

    fn to_json(&self) -> Value {
        json!({
            "algorithm": self.algorithm.jose_name(),
            "key": base64url::encode(&self.key),
            "message": base64url::encode(&self.message),
            "signature": base64url::encode(&self.signature),
        })
    }
}

/// The lines that others can verify too.
#[derive(Default)]
pub(crate) struct Handed(Vec<Value>);

impl Handed {
    pub(crate) fn add(&mut self, name: &str, presented: &str, raw: &[Check]) {
        let raw: Vec<Value> = raw.iter().map(Check::to_json).collect();
        self.0.push(json!({ "name": name, "presented": presented, "raw": raw }));
    }

    /// Writes them to a file, with what is needed to read them.
    pub(crate) fn write(self, path: &Path, at: Timestamp) {
        let contexts: Map<String, Value> =
            Embedded::urls().filter_map(|url| Some((url.to_owned(), Embedded::document(url)?))).collect();
        let handed = json!({ "at": at.to_string(), "contexts": contexts, "lines": self.0 });
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, handed.to_string()).unwrap();
    }
}
