//! Chains that OpenSSL makes, judged by OpenSSL and by us: the same chains must be believed and the same refused.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use attesta::error::Explain;
use attesta::time::Timestamp;
use attesta::trust::{Anchor, Chain};

const P256: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const P384: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"];
const ED25519: &[&str] = &["-newkey", "ed25519"];
const RSA: &[&str] = &["-newkey", "rsa:2048"];

const AUTHORITY: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
const SIGNER: &str = "keyUsage=critical,digitalSignature\nsubjectAltName=DNS:bank.example\n";

/// A folder of its own, which goes when the test ends.
struct Workshop(PathBuf);

impl Workshop {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("attesta-openssl-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn openssl(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new("openssl").args(arguments).current_dir(&self.0).output();
        let output = output.unwrap_or_else(|error| panic!("openssl cannot be started ({error}): install it"));
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    fn must(&self, arguments: &[&str]) -> String {
        let (done, said) = self.openssl(arguments);
        assert!(done, "openssl {arguments:?}: {said}");
        said
    }

    /// Makes `name.key` and `name.pem`, signed by `issuer`, or by itself.
    fn certify(&self, name: &str, subject: &str, issuer: Option<&str>, algorithm: &[&str], extensions: &str) {
        let file = |kind: &str| format!("{name}.{kind}");
        let (key, request, made, ext) = (file("key"), file("csr"), file("pem"), file("ext"));
        fs::write(self.0.join(&ext), extensions).unwrap();
        let mut arguments = vec!["req", "-new", "-nodes", "-utf8", "-keyout", &key, "-out", &request, "-subj", subject];
        arguments.extend(algorithm);
        self.must(&arguments);
        let mut arguments = vec!["x509", "-req", "-in", &request, "-out", &made, "-days", "30", "-set_serial", "7"];
        let [by, by_key] = ["pem", "key"].map(|kind| format!("{}.{kind}", issuer.unwrap_or(name)));
        match issuer {
            Some(_) => arguments.extend(["-CA", &by, "-CAkey", &by_key]),
            None => arguments.extend(["-signkey", &key]),
        }
        arguments.extend(["-extfile", &ext]);
        self.must(&arguments);
    }

    fn read(&self, names: &[&str]) -> Chain {
        let file: String =
            names.iter().map(|name| fs::read_to_string(self.0.join(format!("{name}.pem"))).unwrap()).collect();
        Chain::from_pem(file.as_bytes()).unwrap()
    }

    /// What OpenSSL and we say of leaf, middle and root, so many days from now: whether it believes them, and our code.
    fn judge(&self, days: i64) -> (bool, &'static str) {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let time = i64::try_from(now.as_secs()).unwrap() + 60 + days * 86_400;
        let moment = time.to_string();
        let arguments = ["verify", "-attime", &moment, "-CAfile", "root.pem", "-untrusted", "middle.pem", "leaf.pem"];
        let (believed, _) = self.openssl(&arguments);
        let anchor = Anchor::from_base64(&self.read(&["root"]).to_x5c()[0]).unwrap();
        let judged =
            self.read(&["leaf", "middle"]).validate([&anchor], Timestamp::from_unix(time).unwrap()).map(|_| ());
        (believed, judged.map_or_else(|error| error.code(), |()| "valid"))
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Root, middle and leaf with these extensions.
fn judge(name: &str, algorithm: &[&str], [root, middle, leaf]: [&str; 3]) -> (bool, &'static str) {
    let workshop = Workshop::new(name);
    workshop.certify("root", "/CN=Root", None, algorithm, root);
    workshop.certify("middle", "/CN=Middle", Some("root"), algorithm, middle);
    workshop.certify("leaf", "/CN=Leaf", Some("middle"), algorithm, leaf);
    workshop.judge(0)
}

#[test]
fn what_openssl_certifies_we_believe() {
    for (name, algorithm) in [("p256", P256), ("p384", P384), ("ed25519", ED25519)] {
        assert_eq!(judge(name, algorithm, [AUTHORITY, AUTHORITY, SIGNER]), (true, "valid"), "{name}");
    }
    // Another verifier can say more than we can.
    let rsa = judge("rsa", RSA, [AUTHORITY, AUTHORITY, SIGNER]);
    assert_eq!(rsa, (true, "certificate.unsupported-algorithm"));
}

#[test]
fn what_openssl_refuses_we_refuse() {
    let short = "basicConstraints=critical,CA:TRUE,pathlen:0\n";
    let idle = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n";
    let ngo = format!("{AUTHORITY}nameConstraints=critical,permitted;DNS:ngo.example\n");
    let strange = format!("{SIGNER}1.2.3.4=critical,ASN1:NULL\n");
    for (name, extensions, code) in [
        ("path-length", [short, AUTHORITY, SIGNER], "certificate.path-too-long"),
        ("not-an-authority", [AUTHORITY, SIGNER, SIGNER], "certificate.not-an-authority"),
        ("key-usage", [AUTHORITY, idle, SIGNER], "certificate.key-usage"),
        ("name", [AUTHORITY, &ngo, SIGNER], "certificate.name-not-allowed"),
        ("critical", [AUTHORITY, AUTHORITY, &strange], "certificate.critical-extension"),
    ] {
        assert_eq!(judge(name, P256, extensions), (false, code), "{name}");
    }

    let workshop = Workshop::new("changes");
    workshop.certify("root", "/CN=Root", None, P256, AUTHORITY);
    workshop.certify("middle", "/CN=Middle", Some("root"), P256, AUTHORITY);
    workshop.certify("leaf", "/CN=Leaf", Some("middle"), P256, SIGNER);
    assert_eq!(workshop.judge(0), (true, "valid"));
    assert_eq!(workshop.judge(-1), (false, "certificate.not-yet-valid"));
    assert_eq!(workshop.judge(31), (false, "certificate.expired"));
    workshop.certify("root", "/CN=Root", None, P256, AUTHORITY);
    assert_eq!(workshop.judge(0), (false, "certificate.signature"), "another authority of the same name");
}

#[test]
fn subjects_are_written_alike() {
    let workshop = Workshop::new("subjects");
    for (number, subject) in [
        "/C=HK/O=Kwai Chung/OU=Desk/CN=Officer 1",
        "/O=a, b+c\\;d<e>\"f\"=g/CN=#h",
        "/DC=example/DC=bank/UID=7/L=Hong Kong/ST=NT/STREET=1 Road",
        "/O= spaces /CN=a",
        "/O=\u{8475}\u{6d8c}/CN=a",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("subject-{number}");
        workshop.certify(&name, subject, None, P256, SIGNER);
        let file = format!("{name}.pem");
        let options = "esc_2253,utf8,sep_comma_plus,dn_rev,sname,dump_der,dump_unknown";
        let said = workshop.must(&["x509", "-noout", "-subject", "-nameopt", options, "-in", &file]);
        let theirs = said.trim_end_matches('\n').strip_prefix("subject=").unwrap();
        assert_eq!(workshop.read(&[&name]).subject(), theirs);
    }
}
