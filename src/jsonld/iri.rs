//! IRIs (RFC 3987), as far as JSON-LD and N-Quads need to know them.

/// What is to be thought of a text that stands for an IRI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A scheme, only characters that N-Quads allows (RDF 1.1 N-Quads, `IRIREF`), and one fragment at most.
    Sound,
    /// No scheme.
    Relative,
    /// A scheme, and characters that no IRI has.
    Invalid,
}

pub(super) fn form(iri: &str) -> Form {
    if has_scheme(iri) { form_of_parts(iri, "") } else { Form::Relative }
}

/// Of an IRI in two pieces, of which the first has the scheme.
pub(super) fn form_of_parts(first: &str, second: &str) -> Form {
    // None, one, or more of them.
    let fragments = |text: &str| match text.find('#') {
        None => 0,
        first => 1 + usize::from(text.rfind('#') != first),
    };
    if is_clean(first) && is_clean(second) && fragments(first) + fragments(second) <= 1 {
        Form::Sound
    } else {
        Form::Invalid
    }
}

/// `scheme ":"` of RFC 3986, section 3.1.
pub(super) fn has_scheme(iri: &str) -> bool {
    scheme(iri).is_some()
}

fn scheme(iri: &str) -> Option<&str> {
    let end = iri.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')))?;
    let starts = iri.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    (starts && iri.as_bytes().get(end) == Some(&b':')).then(|| &iri[..end])
}

/// Whether all characters may stand in an IRI of N-Quads.
pub(super) fn is_clean(text: &str) -> bool {
    // No early exit, so that many bytes are looked at at once.
    text.bytes().fold(true, |clean, byte| {
        clean
            & (byte > b' ')
            & (byte != b'<')
            & (byte != b'>')
            & (byte != b'"')
            & (byte != b'{')
            & (byte != b'}')
            & (byte != b'|')
            & (byte != b'^')
            & (byte != b'`')
            & (byte != b'\\')
    })
}

/// A keyword's form, `"@" 1*ALPHA` (JSON-LD 1.1 API, section 5.2.2): reserved, whether it is one or not.
pub(super) fn is_keyword_like(text: &str) -> bool {
    text.strip_prefix('@').is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// The parts of a reference (RFC 3986, appendix B).
struct Parts<'a> {
    scheme: Option<&'a str>,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let scheme = scheme(text);
        let rest = scheme.map_or(text, |scheme| &text[scheme.len() + 1..]);
        let (rest, fragment) = split(rest, '#');
        let (rest, query) = split(rest, '?');
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let end = rest.find('/').unwrap_or(rest.len());
                (Some(&rest[..end]), &rest[end..])
            }
            None => (None, rest),
        };
        Self { scheme, authority, path, query, fragment }
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// Resolves a reference (RFC 3986, section 5.2).
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let (base, wanted) = (Parts::of(base), Parts::of(reference));
    let (scheme, authority, path, query);
    if wanted.scheme.is_some() {
        return reference.to_owned();
    }
    scheme = base.scheme;
    if wanted.authority.is_some() {
        (authority, path, query) = (wanted.authority, without_dots(wanted.path), wanted.query);
    } else {
        authority = base.authority;
        if wanted.path.is_empty() {
            (path, query) = (base.path.to_owned(), wanted.query.or(base.query));
        } else {
            query = wanted.query;
            path = if wanted.path.starts_with('/') {
                without_dots(wanted.path)
            } else if base.authority.is_some() && base.path.is_empty() {
                without_dots(&format!("/{}", wanted.path))
            } else {
                let folder = base.path.rfind('/').map_or("", |end| &base.path[..=end]);
                without_dots(&format!("{folder}{}", wanted.path))
            };
        }
    }
    let mut iri = String::new();
    if let Some(scheme) = scheme {
        iri.extend([scheme, ":"]);
    }
    if let Some(authority) = authority {
        iri.extend(["//", authority]);
    }
    iri.push_str(&path);
    if let Some(query) = query {
        iri.extend(["?", query]);
    }
    if let Some(fragment) = wanted.fragment {
        iri.extend(["#", fragment]);
    }
    iri
}

/// Section 5.2.4.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let (is_rooted, rest) = path.strip_prefix('/').map_or((false, path), |rest| (true, rest));
    let mut ends_open = false;
    for segment in rest.split('/') {
        ends_open = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    let mut path = String::from(if is_rooted { "/" } else { "" });
    path.push_str(&kept.join("/"));
    if ends_open && !kept.is_empty() {
        path.push('/');
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_as_rfc_3986_shows() {
        let base = "http://a/b/c/d;p?q";
        for (reference, expected) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            (";x", "http://a/b/c/;x"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../g", "http://a/g"),
            ("../../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            ("g;x=1/../y", "http://a/b/c/y"),
        ] {
            assert_eq!(resolve(base, reference), expected, "{reference}");
        }
        assert_eq!(resolve("http://a", "b"), "http://a/b");
    }

    #[test]
    fn what_no_iri_has_is_seen() {
        for iri in [
            "https://a.example/ b",
            "urn:a<b",
            "urn:a\"",
            "urn:{",
            "urn:\u{1}",
            "urn:a\\b",
            "urn:a#b#c",
            "urn:`",
            "urn:^",
            "urn:|",
        ] {
            assert_eq!(form(iri), Form::Invalid, "{iri}");
        }
        for iri in ["", "a", "a/b:c", "1a:b", ":a", "#a", "é:a"] {
            assert_eq!(form(iri), Form::Relative, "{iri}");
        }
        for iri in ["https://a.example/é", "urn:a", "did:key:z6", "a+b-c.d:"] {
            assert_eq!(form(iri), Form::Sound, "{iri}");
        }
    }
}
