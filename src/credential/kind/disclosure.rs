//! What becomes disclosable, and what may be shown to anybody.

use super::{Kind, open_badge};
use crate::credential::sd_jwt_vc;
use crate::encoding::json::{Map, Value};
use crate::limits;

impl Kind {
    /// The JSON pointers (RFC 6901) of everything in a claims file that its holder may hide, an outer one before those
    /// within it: each member, each member of a record, each item of a list. So the district can be shown without the
    /// street, and the address as a whole can be hidden.
    ///
    /// What a verifier needs is never among them (see [`sd_jwt_vc::is_registered`]).
    pub fn disclosable(&self, claims: &Map) -> Vec<String> {
        sd_jwt_vc::disclosable(claims)
    }

    /// The same for a credential of the VC Data Model, of which `subject` is the `credentialSubject`. The subject's
    /// `id` is not among them, nor is any `type`: a record that is shown says what it is.
    pub fn disclosable_subject(&self, subject: &Map) -> Vec<String> {
        let is_hidden = |name: &str, is_top: bool| name != "type" && !(is_top && name == "id");
        let mut found = Vec::new();
        collect(subject, "/credentialSubject", &is_hidden, &mut found);
        found
    }

    /// The claims that may be shown to somebody who does not say who they are, as pointers into the claims file; what
    /// stands below them is shown as well.
    ///
    /// - Of a proof of address nothing: where somebody lives is for those with a reason to know.
    /// - Of a licence what a plate on the wall says of the trade: what it allows, where, by whose authority. Not the
    ///   number: a register leads from it to a name, and in some countries it is made from the day of birth. Not the
    ///   days: some licences end on a birthday. Not categories and conditions: they tell of illnesses.
    /// - Of a skill certification the skill and who awards it.
    pub fn public(self) -> &'static [&'static str] {
        match self {
            Self::ProofOfAddress => &[],
            Self::Licence => &["/licenceType", "/title", "/authority", "/jurisdiction", "/scope"],
            Self::SkillCertification => &["/skill", "/awardingBody"],
        }
    }

    /// Where a claim of the claims file stands in a credential of the VC Data Model, such as
    /// `/credentialSubject/achievement/name` for a skill's `/skill/name`.
    pub fn pointer_in_document(self, pointer: &str) -> String {
        match self {
            Self::SkillCertification => format!("/credentialSubject{}", open_badge::subject_pointer(pointer)),
            _ => format!("/credentialSubject{pointer}"),
        }
    }
}

/// The pointers of all members and items below `map`, of which `is_hidden` says by name, and whether they stand at the
/// top, that they may be hidden. No deeper than JSON may be.
pub(in crate::credential) fn collect(
    map: &Map,
    at: &str,
    is_hidden: &dyn Fn(&str, bool) -> bool,
    found: &mut Vec<String>,
) {
    for (name, value) in map.iter().filter(|(name, _)| is_hidden(name, true)) {
        collect_value(value, &member(at, name), is_hidden, limits::JSON_DEPTH, found);
    }
}

fn collect_value(
    value: &Value,
    at: &str,
    is_hidden: &dyn Fn(&str, bool) -> bool,
    depth: usize,
    found: &mut Vec<String>,
) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) if depth > 0 => {
            for (name, value) in members.iter().filter(|(name, _)| is_hidden(name, false)) {
                collect_value(value, &member(at, name), is_hidden, depth - 1, found);
            }
        }
        Value::Array(items) if depth > 0 => {
            for (index, item) in items.iter().enumerate() {
                collect_value(item, &format!("{at}/{index}"), is_hidden, depth - 1, found);
            }
        }
        _ => {}
    }
}

/// The pointer of a member (RFC 6901 section 3).
pub(in crate::credential) fn member(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}
