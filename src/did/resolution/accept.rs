//! `Accept` as HTTP has it (RFC 9110 section 12.5.1).

use crate::limits;

/// The media type of DID documents (DID 1.1).
pub(in crate::did) const DID_DOCUMENT: &str = "application/did";

/// The media type of a list of URLs (RFC 2483 section 5).
pub(in crate::did) const URI_LIST: &str = "text/uri-list";

/// Whether an `Accept` value allows `application/did`; `None` if it has no valid form.
pub(in crate::did) fn accepts_did_documents(accept: &str) -> Option<bool> {
    weigh(accept, DID_DOCUMENT)
}

/// Whether an `Accept` value allows a list of URLs and prefers it to a document; `None` if it has no valid form.
pub(in crate::did) fn prefers_uri_list(accept: &str) -> Option<bool> {
    Some(weigh(accept, URI_LIST)? && !weigh(accept, DID_DOCUMENT)?)
}

/// Whether an `Accept` value allows a media type, by its most specific range (RFC 9110 section 12.5.1). The two media
/// types of documents in DID 1.0 count as the one that replaced them.
fn weigh(accept: &str, wanted: &str) -> Option<bool> {
    if accept.len() > limits::TRANSACTION_CHARACTERS {
        return None;
    }
    let mut best = (0, accept.trim().is_empty());
    for range in split_unquoted(accept, ',')? {
        let parts = split_unquoted(range, ';')?;
        let (media_type, parameters) = parts.split_first()?;
        if media_type.is_empty() && parameters.is_empty() {
            continue;
        }
        let (kind, subtype) = media_type.split_once('/')?;
        if !is_token(kind) || !is_token(subtype) || (kind == "*" && subtype != "*") {
            return None;
        }
        let mut is_wanted = true;
        for parameter in parameters {
            let (name, value) = parameter.split_once('=')?;
            if !is_token(name) {
                return None;
            }
            if name.eq_ignore_ascii_case("q") {
                is_wanted = weight(value)? > 0;
            }
        }
        let specificity = match media_type.to_ascii_lowercase().as_str() {
            found if found == wanted => 4,
            "application/did+json" | "application/did+ld+json" if wanted == DID_DOCUMENT => 3,
            found if found.strip_suffix('*').is_some_and(|kind| kind.len() > 2 && wanted.starts_with(kind)) => 2,
            "*/*" => 1,
            _ => continue,
        };
        if specificity > best.0 || (specificity == best.0 && is_wanted) {
            best = (specificity, is_wanted);
        }
    }
    Some(best.1)
}

/// The trimmed parts between separators that stand outside quotes; `None` if a quote is left open.
fn split_unquoted(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (position, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if character == separator && !is_quoted => {
                parts.push(text[start..position].trim_matches([' ', '\t']));
                start = position + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim_matches([' ', '\t']));
    (!is_quoted).then_some(parts)
}

/// `token` of RFC 9110 section 5.6.2.
fn is_token(text: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// `qvalue` of RFC 9110 section 12.4.2, in thousandths.
fn weight(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !matches!(whole, "0" | "1") || fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u32 = format!("{whole}{fraction:0<3}").parse().ok()?;
    (thousandths <= 1000).then_some(thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_is_read_as_http_reads_it() {
        for accept in [
            "",
            "*/*",
            "application/did",
            "Application/DID; q=0.5",
            "text/html, application/*;q=0.001",
            "application/did+ld+json",
            "application/did;profile=\"a,b;c\"",
            "*/*;q=0, application/did",
            ",application/did,",
        ] {
            assert_eq!(accepts_did_documents(accept), Some(true), "{accept}");
        }
        for accept in
            ["text/html", "application/did;q=0, */*", "*/*;q=0", "application/json", "application/did;q=0.000"]
        {
            assert_eq!(accepts_did_documents(accept), Some(false), "{accept}");
        }
        for accept in [
            "did",
            "*/did",
            "application/",
            "/did",
            "application/did;q=2",
            "application/did;q=1.001",
            "a/b;q=0.0001",
            "a/b;q=-1",
            "a/b;q",
            "a b/c",
            "a/b;p=\"",
            "a/b/c",
            "é/b",
            ";q=1",
        ] {
            assert_eq!(accepts_did_documents(accept), None, "{accept}");
        }
        assert_eq!(accepts_did_documents(&"a/b,".repeat(limits::TRANSACTION_CHARACTERS)), None);
    }
}
