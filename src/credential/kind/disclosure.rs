//! What becomes disclosable, and what may be shown to anybody.

use super::{Declared, Held, Kind, open_badge};
use crate::credential::sd_jwt_vc;
use crate::encoding::json::{Map, Value};
use crate::encoding::pointer::member;
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
        disclosable_subject("/credentialSubject", subject)
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

    /// The JSON pointers of every place that the kind's claims file has, an outer one before those within it; `0` stands
    /// for each item of a list.
    pub fn places(self) -> Vec<String> {
        let mut found = Vec::new();
        declare(self.members(), "", &mut found);
        found
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

/// What a holder may hide of a subject that stands at this pointer, of any type of credential.
pub(crate) fn disclosable_subject(at: &str, subject: &Map) -> Vec<String> {
    let is_hidden = |name: &str, is_top: bool| name != "type" && !(is_top && name == "id");
    let mut found = Vec::new();
    collect(subject, at, &is_hidden, &mut found);
    found
}

/// As deep as the kinds' declarations are.
fn declare(members: &[Declared], at: &str, found: &mut Vec<String>) {
    for declared in members {
        let mut place = member(at, declared.name);
        found.push(place.clone());
        let inner = match declared.held {
            Held::One(inner) => inner,
            Held::Many(inner) => {
                place.push_str("/0");
                found.push(place.clone());
                inner
            }
        };
        declare(inner, &place, found);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;
    use crate::credential::kind::Claims;

    /// Whether each pointer leads somewhere, and each outer one that may be hidden stands before those within it.
    fn in_order(pointers: &[String], document: &Value) {
        let mut seen = BTreeSet::new();
        for pointer in pointers {
            assert!(document.pointer(pointer).is_some(), "{pointer}");
            assert!(seen.insert(pointer.as_str()), "{pointer} twice");
            let (outer, _) = pointer.rsplit_once('/').unwrap();
            assert!(seen.contains(outer) || !pointers.iter().any(|other| other == outer), "{pointer}");
        }
    }

    #[test]
    fn every_claim_of_a_claims_file_can_be_hidden_by_itself() {
        for kind in Kind::ALL {
            let file = kind.example();
            let pointers = kind.disclosable(&file);
            in_order(&pointers, &Value::Object(file.clone()));
            let mut every = Vec::new();
            let mut open = vec![(String::new(), Value::Object(file))];
            while let Some((at, value)) = open.pop() {
                let members = value.as_object().into_iter().flatten().map(|(n, v)| (format!("{at}/{n}"), v.clone()));
                let items = value.as_array().into_iter().flatten().enumerate();
                let items = items.map(|(index, v)| (format!("{at}/{index}"), v.clone()));
                let inner: Vec<_> = members.chain(items).collect();
                every.extend(inner.iter().map(|(at, _)| at.clone()));
                open.extend(inner);
            }
            assert_eq!(pointers.iter().collect::<BTreeSet<_>>(), every.iter().collect());
        }
        let address = Kind::ProofOfAddress.disclosable(&Kind::ProofOfAddress.example());
        for pointer in ["/address", "/address/district", "/residentSince", "/knownBy/1", "/organisation/legalName"] {
            assert!(address.iter().any(|found| found == pointer), "{pointer}");
        }
    }

    #[test]
    fn every_place_of_an_example_is_declared() {
        for kind in Kind::ALL {
            let places = kind.places();
            for pointer in kind.disclosable(&kind.example()) {
                let is_position = |step: &str| step.bytes().all(|byte| byte.is_ascii_digit()) && !step.is_empty();
                let steps = pointer.split('/').map(|step| if is_position(step) { "0" } else { step });
                let place = steps.collect::<Vec<_>>().join("/");
                assert!(places.contains(&place), "{place}");
            }
        }
        assert!(!Kind::Licence.places().contains(&"/address".to_owned()));
        assert!(!Kind::ProofOfAddress.places().contains(&"/address/0".to_owned()));
    }

    #[test]
    fn a_subject_keeps_its_id_and_its_types() {
        for kind in Kind::ALL {
            let subject = Claims::from_claims_file(kind, &kind.example()).unwrap().to_subject(Some("did:example:a"));
            let pointers = kind.disclosable_subject(&subject);
            in_order(&pointers, &json!({ "credentialSubject": subject }));
            let kept =
                |pointer: &String| pointer == "/credentialSubject/id" || pointer.split('/').any(|step| step == "type");
            assert!(!pointers.iter().any(kept));
            assert!(pointers.iter().any(|pointer| pointer == "/credentialSubject/name"));
        }
        let skill = Kind::SkillCertification;
        let subject = Claims::from_claims_file(skill, &skill.example()).unwrap().to_subject(None);
        let pointers = skill.disclosable_subject(&subject);
        for pointer in ["/achievement", "/achievement/name", "/achievement/id", "/source/name", "/result/0/value"] {
            assert!(pointers.contains(&format!("/credentialSubject{pointer}")), "{pointer}");
        }
    }

    #[test]
    fn names_become_pointers_as_rfc_6901_writes_them() {
        let file = json!({ "a/b": { "c~d": [{ "": 1 }] } });
        let pointers = Kind::Licence.disclosable(file.as_object().unwrap());
        assert_eq!(pointers, ["/a~1b", "/a~1b/c~0d", "/a~1b/c~0d/0", "/a~1b/c~0d/0/"]);
        in_order(&pointers, &file);
    }

    #[test]
    fn a_claims_file_from_anybody_is_walked_no_deeper_than_json_may_be() {
        let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
        let file = json!({ "conditions": deep });
        let pointers = Kind::Licence.disclosable(file.as_object().unwrap());
        assert_eq!(pointers.len(), limits::JSON_DEPTH + 1);
    }

    #[test]
    fn what_is_public_names_nobody() {
        assert!(Kind::ProofOfAddress.public().is_empty());
        for kind in Kind::ALL {
            let file = Value::Object(kind.example());
            for pointer in kind.public() {
                assert!(kind.members().iter().any(|member| pointer[1..] == *member.name), "{pointer}");
                let shown = file.pointer(pointer).map(Value::to_string).unwrap_or_default();
                for secret in ["name", "birthDate", "familyName", "licenceNumber"] {
                    let secret = file.get(secret).and_then(Value::as_str);
                    assert!(secret.is_none_or(|secret| !shown.contains(secret)), "{pointer}");
                }
            }
        }
        for hidden in ["/name", "/birthDate", "/licenceNumber", "/expiryDate", "/issueDate", "/categories", "/portrait"]
        {
            assert!(!Kind::Licence.public().contains(&hidden), "{hidden}");
        }
    }

    #[test]
    fn a_pointer_leads_to_the_same_claim_in_a_document() {
        for kind in Kind::ALL {
            let subject = Claims::from_claims_file(kind, &kind.example()).unwrap().to_subject(None);
            let document = json!({ "credentialSubject": subject });
            for pointer in kind.public() {
                assert!(document.pointer(&kind.pointer_in_document(pointer)).is_some() || pointer == &"/scope");
            }
        }
        let name = Kind::SkillCertification.pointer_in_document("/skill/name");
        assert_eq!(name, "/credentialSubject/achievement/name");
        assert_eq!(Kind::Licence.pointer_in_document("/vehicle"), "/credentialSubject/vehicle");
    }
}
