//! Tokens as plain lines. Changing a byte of a token breaks its base64url, a digest or the signature; changing a byte of
//! these lines changes what is said, and the rest is made to fit.
//!
//! ```text
//! sign NAME            whose key signs; nobody's where the name is unknown
//! {"alg":"EdDSA"}      the header
//! {"_sd":["#0"]}       the payload; "#0" stands for the digest of the first disclosure
//! ["salt","a",1]       a disclosure a line; an empty line makes an SD-JWT without any
//! bind NAME            the key binding token, and whose key signs it
//! {"typ":"kb+jwt"}     its header
//! {"sd_hash":"#h"}     its payload; "#h" stands for the digest of what goes before
//! ```

use attesta::encoding::base64url;
use attesta::encoding::json::{self, Map, Value};
use attesta::keys::{self, Signer as _};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::people::{PEOPLE, Person, person};

/// More disclosures than this are not read from lines.
const DISCLOSURES: usize = 64;

/// The name and the rest, if a text is in plain form.
pub(crate) fn signed_by(text: &str) -> Option<(Option<&'static Person>, &str)> {
    let (name, rest) = text.strip_prefix("sign ")?.split_once('\n')?;
    Some((person(name), rest))
}

/// The token that a text in plain form stands for.
pub fn assemble(text: &str) -> Option<String> {
    let (signer, rest) = signed_by(text)?;
    let (issued, bound) = match rest.split_once("\nbind ") {
        Some((issued, bound)) => (issued, Some(bound)),
        None => (rest, None),
    };
    let mut lines = issued.split('\n');
    let (header, payload) = (lines.next()?, lines.next()?);
    let lines: Vec<&str> = lines.collect();
    let digest = hash_of(payload);
    let named: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).take(DISCLOSURES).collect();
    let disclosures = encoded(&named, digest);
    let digests: Vec<Option<String>> = disclosures.iter().map(|text| Some(digest(text.as_bytes()))).collect();
    let mut text = token(header, &filled(payload, &digests), signer);
    if lines.is_empty() && bound.is_none() {
        return Some(text);
    }
    text.push('~');
    for disclosure in &disclosures {
        text.push_str(disclosure);
        text.push('~');
    }
    if let Some((name, rest)) = bound.and_then(|bound| bound.split_once('\n')) {
        let (header, payload) = rest.split_once('\n').unwrap_or((rest, "{}"));
        let hash = format!("\"{}\"", digest(text.as_bytes()));
        text.push_str(&token(header, &payload.replace("\"#h\"", &hash), person(name)));
    }
    Some(text)
}

/// The plain form of a token, if it can be told: signed by one of the people, disclosures in the order of need.
pub fn take_apart(text: &str) -> Option<String> {
    let (issued, bound) = text.rsplit_once('~').map_or((text, ""), |(issued, bound)| (issued, bound));
    let mut parts = issued.split('~');
    let (signer, header, payload) = of_token(parts.next()?)?;
    let mut lines = vec![format!("sign {signer}"), header, payload];
    let digest = hash_of(&lines[2]);
    let disclosures: Vec<&str> = parts.collect();
    if disclosures.is_empty() && text.contains('~') {
        lines.push(String::new());
    }
    for disclosure in &disclosures {
        lines.push(String::from_utf8(base64url::decode(disclosure).ok()?).ok()?);
    }
    for (number, disclosure) in disclosures.iter().enumerate() {
        let own = format!("\"{}\"", digest(disclosure.as_bytes()));
        for line in &mut lines[2..] {
            *line = line.replace(&own, &format!("\"#{number}\""));
        }
    }
    if !bound.is_empty() {
        let (signer, header, payload) = of_token(bound)?;
        let hash = digest(&text.as_bytes()[..text.len() - bound.len()]);
        lines.extend([format!("bind {signer}"), header, payload.replace(&hash, "#h")]);
    }
    Some(lines.join("\n"))
}

/// Who signed it, its header and its payload.
fn of_token(token: &str) -> Option<(&'static str, String, String)> {
    let mut parts = token.split('.').map(|part| base64url::decode(part).ok());
    let (header, payload, signature) = (parts.next()??, parts.next()??, parts.next()??);
    let signed = token.rsplit_once('.')?.0.as_bytes();
    let fits = |person: &&Person| person.key.public_key().verify(person.key.algorithm(), signed, &signature).is_ok();
    let signer = PEOPLE.iter().find(fits).map_or("nobody", |person| &*person.name);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok().filter(|text| !text.contains('\n'));
    Some((signer, text(header)?, text(payload)?))
}

fn token(header: &str, payload: &str, signer: Option<&Person>) -> String {
    let input = format!("{}.{}", base64url::encode(header), base64url::encode(payload));
    let signature = signer.and_then(|person| keys::sign(&person.key, input.as_bytes()).ok());
    let signature = base64url::encode(signature.unwrap_or_else(|| vec![0; 64]));
    format!("{input}.{signature}")
}

/// The disclosures, each after those that it names. One that names itself, over others too, keeps its names.
fn encoded(lines: &[&str], digest: fn(&[u8]) -> String) -> Vec<String> {
    let mut digests: Vec<Option<String>> = vec![None; lines.len()];
    let mut disclosures = vec![String::new(); lines.len()];
    for is_last in [false, true] {
        let mut is_any = true;
        while is_any {
            is_any = false;
            for (number, line) in lines.iter().enumerate() {
                let waits = || names(line).any(|(_, _, other)| digests.get(other).is_some_and(Option::is_none));
                if digests[number].is_some() || (!is_last && waits()) {
                    continue;
                }
                disclosures[number] = base64url::encode(filled(line, &digests));
                digests[number] = Some(digest(disclosures[number].as_bytes()));
                is_any = true;
            }
        }
    }
    disclosures
}

/// Where `"#0"` and its like begin and end in a text, quotes included, and the number.
fn names(text: &str) -> impl Iterator<Item = (usize, usize, usize)> {
    text.match_indices("\"#").filter_map(|(start, _)| {
        let (number, _) = text[start + 2..].split_once('"')?;
        let is_short = (1..=2).contains(&number.len());
        Some((start, start + 3 + number.len(), number.parse().ok().filter(|_| is_short)?))
    })
}

/// The text with digests in place of their names.
fn filled(text: &str, digests: &[Option<String>]) -> String {
    let (mut filled, mut end) = (String::with_capacity(text.len()), 0);
    for (from, until, number) in names(text) {
        let Some(Some(digest)) = digests.get(number) else { continue };
        filled.push_str(&text[end..=from]);
        filled.push_str(digest);
        end = until - 1;
    }
    filled.push_str(&text[end..]);
    filled
}

/// The hash that the payload asks for, in base64url.
fn hash_of(payload: &str) -> fn(&[u8]) -> String {
    let payload = json::parse_object(payload.as_bytes()).unwrap_or_default();
    match payload.get("_sd_alg").and_then(Value::as_str) {
        Some("sha-384") => |bytes| base64url::encode(Sha384::digest(bytes)),
        Some("sha-512") => |bytes| base64url::encode(Sha512::digest(bytes)),
        _ => |bytes| base64url::encode(Sha256::digest(bytes)),
    }
}

/// A JSON text on one line.
pub(crate) fn on_a_line(map: &Map) -> String {
    Value::Object(map.clone()).to_string()
}
