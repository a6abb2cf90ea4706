//! JSON pointers (RFC 6901).

use std::fmt::{self, Write as _};

use serde_json::Value;

use super::json::Map;

/// A JSON pointer, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Takes a pointer apart: nothing, or steps that each begin with `/`. `None` for text that is none.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self(Vec::new()));
        }
        text.strip_prefix('/')?.split('/').map(unescaped).collect::<Option<_>>().map(Self)
    }

    /// The names of members and numbers of items that lead there.
    pub fn steps(&self) -> &[String] {
        &self.0
    }

    /// Whether there is something in the document; the whole document always is.
    pub fn leads_into(&self, document: &Map) -> bool {
        self.0.is_empty() || self.find(document).is_some()
    }

    /// What stands there; `None` also for the document as a whole.
    pub fn find<'v>(&self, document: &'v Map) -> Option<&'v Value> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().try_fold(document.get(first)?, |value, step| match value {
            Value::Object(members) => members.get(step),
            Value::Array(items) => items.get(position(step)?),
            _ => None,
        })
    }

    /// The same, to be changed.
    pub fn find_mut<'v>(&self, document: &'v mut Map) -> Option<&'v mut Value> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().try_fold(document.get_mut(first)?, |value, step| match value {
            Value::Object(members) => members.get_mut(step),
            Value::Array(items) => items.get_mut(position(step)?),
            _ => None,
        })
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pointer = String::new();
        self.0.iter().for_each(|step| push_name(&mut pointer, step));
        f.write_str(&pointer)
    }
}

/// The position of a list's item: digits without a leading zero (section 4).
pub fn position(step: &str) -> Option<usize> {
    let is_written_so = step == "0" || !step.starts_with(['0', '+']);
    step.parse().ok().filter(|_| is_written_so)
}

/// The pointer of a member of what stands at `at`.
pub fn member(at: &str, name: &str) -> String {
    let mut pointer = at.to_owned();
    push_name(&mut pointer, name);
    pointer
}

/// Appends a member's name as a step.
pub fn push_name(pointer: &mut String, name: &str) {
    pointer.push('/');
    push_escaped(pointer, name);
}

/// Appends the position of a list's item, from 0, as a step.
pub fn push_position(pointer: &mut String, position: usize) {
    // Writing into a String never fails.
    let _ = write!(pointer, "/{position}");
}

/// Appends a member's name, or a part of one, as section 3 escapes it.
pub fn push_escaped(pointer: &mut String, name: &str) {
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The name that a step stands for (section 4); `None` where a `~` is followed by anything but `0` and `1`.
pub fn unescaped(step: &str) -> Option<String> {
    let mut parts = step.split('~');
    let mut name = parts.next()?.to_owned();
    for part in parts {
        name.push(match part.as_bytes().first()? {
            b'0' => '~',
            b'1' => '/',
            _ => return None,
        });
        name.push_str(part.get(1..)?);
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_written_so_that_they_are_read_again() {
        for name in ["", "a", "a/b", "~", "~1", "/~0/", "ä~", "..."] {
            let written = member("/at/0", name);
            let read = Pointer::parse(&written).unwrap();
            assert_eq!(read.steps(), ["at", "0", name]);
            assert_eq!(read.to_string(), written);
        }
        assert_eq!(Pointer::parse("").unwrap().steps(), [""; 0]);
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        for text in ["name", "~0", "#/name", " ", "/a~", "/a~2", "/~", "/~/a"] {
            assert_eq!(Pointer::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_pointer_leads_where_serde_json_says() {
        let document = json!({ "a": [{ "b/c": [1, 2] }, null], "": 3, "~": { "0": 4 } });
        let map = document.as_object().unwrap();
        for text in [
            "",
            "/",
            "/a",
            "/a/0",
            "/a/0/b~1c/1",
            "/a/1",
            "/~0/0",
            "/a/2",
            "/a/00",
            "/a/01",
            "/a/+1",
            "/a/-",
            "/a/-1",
            "/a/1/b",
            "/b",
            "/a/0/b/c",
            "/~0/1",
        ] {
            let pointer = Pointer::parse(text).unwrap();
            assert_eq!(pointer.leads_into(map), document.pointer(text).is_some(), "{text}");
            if !text.is_empty() {
                assert_eq!(pointer.find(map), document.pointer(text), "{text}");
                assert_eq!(
                    pointer.find_mut(&mut map.clone()).map(|found| found.clone()).as_ref(),
                    document.pointer(text)
                );
            }
        }
    }
}
