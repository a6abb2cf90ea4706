//! One entry as a file: a digest, a line that says what it is, and the bytes as they were published.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::encoding::base64url;
use crate::encoding::json::{self, Map};
use crate::fetch::kept::Kept;
use crate::fetch::request::Validators;
use crate::limits;
use crate::time::Timestamp;
use crate::verify::{Resource, Source};

/// The first bytes, by which a later form of these files would be told.
const FORM: &[u8] = b"attesta fetched 1\n";

/// Bytes of the line that says what it is.
const LINE_BYTES: usize = 32 * 1024;

/// No file is longer than the longest resource with its line.
pub(super) const MOST_BYTES: u64 = (limits::LOG_BYTES + LINE_BYTES + 128) as u64;

/// The file of a resource: a digest, so that it holds no characters that a file's name may not have.
pub(super) fn name_of(resource: &Resource) -> String {
    base64url::encode(Sha256::digest(format!("{}\n{}", resource.type_name(), resource.url())))
}

pub(super) fn is_name(name: &str) -> bool {
    base64url::decode(name).is_ok_and(|digest| digest.len() == 32)
}

pub(super) fn write(resource: &Resource, kept: &Kept) -> Vec<u8> {
    let mut line = Map::new();
    line.insert("type".to_owned(), resource.type_name().into());
    line.insert("resource".to_owned(), resource.url().into());
    let mut body = [].as_slice();
    match kept {
        Kept::Found { bytes, obtained, max_age, validators, source } => {
            body = bytes;
            line.insert("obtained".to_owned(), json!(obtained));
            line.insert("maxAge".to_owned(), json!(max_age));
            line.insert("etag".to_owned(), json!(validators.etag));
            line.insert("lastModified".to_owned(), json!(validators.last_modified));
            match source {
                Source::Asserted { by } => drop(line.insert("by".to_owned(), by.as_str().into())),
                Source::Own => drop(line.insert("own".to_owned(), true.into())),
                Source::Fetched => {}
            }
        }
        Kept::Absent { status, noticed } => {
            line.insert("absent".to_owned(), json!(status));
            line.insert("obtained".to_owned(), json!(noticed));
        }
    }
    let rest = [Value::Object(line).to_string().as_bytes(), b"\n", body].concat();
    [FORM, digest(&rest).as_bytes(), b"\n", &rest].concat()
}

fn digest(bytes: &[u8]) -> String {
    base64url::encode(Sha256::digest(bytes))
}

/// `None` for what is damaged, of another form, or of another resource.
pub(super) fn read(bytes: &[u8], resource: &Resource) -> Option<Kept> {
    let (found, rest) = line_of(bytes.strip_prefix(FORM)?)?;
    if found != digest(rest).as_bytes() {
        return None;
    }
    let (line, body) = line_of(rest)?;
    let line = json::parse_object(line).ok()?;
    let text = |name: &str| line.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| line.get(name).and_then(Value::as_u64);
    if text("type")? != resource.type_name() || text("resource")? != resource.url() {
        return None;
    }
    let obtained = Timestamp::parse(&text("obtained")?).ok()?;
    if let Some(status) = number("absent") {
        return Some(Kept::Absent { status: u16::try_from(status).ok()?, noticed: obtained });
    }
    Some(Kept::Found {
        bytes: body.to_vec(),
        obtained,
        max_age: number("maxAge").and_then(|seconds| u32::try_from(seconds).ok()),
        validators: Validators { etag: text("etag"), last_modified: text("lastModified") }.usable(),
        source: match text("by") {
            Some(by) => Source::Asserted { by },
            None if line.get("own") == Some(&Value::Bool(true)) => Source::Own,
            None => Source::Fetched,
        },
    })
}

fn line_of(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().take(LINE_BYTES).position(|byte| *byte == b'\n')?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}
