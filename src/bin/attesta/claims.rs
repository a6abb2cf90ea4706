//! Claims as a person reads them: in the kind's own order, with words for names, on lines that nothing can disturb.

use serde_json::{Map, Value};

use crate::output::printable;

/// How many characters of one value are shown. The longest that a kind allows for prose is shown whole.
const VALUE_CHARACTERS: usize = 1000;
/// How many characters of a stranger's member name are shown.
const NAME_CHARACTERS: usize = 60;
/// How many lines are shown.
const LINES: usize = 400;

/// The members of the three kinds, and of the Open Badge that a skill certification becomes: in the order in which they
/// are shown, each with its words.
const MEMBERS: [(&str, &str); 116] = [
    ("name", "name"),
    ("nameLatin", "in Latin letters"),
    ("legalName", "registered name"),
    ("legalNameLatin", "in Latin letters"),
    ("familyName", "family name"),
    ("givenName", "given names"),
    ("birthDate", "date of birth"),
    ("placeOfBirth", "place of birth"),
    ("nationalities", "nationalities"),
    ("portrait", "portrait"),
    ("identityDocument", "identity paper that was seen"),
    ("documentType", "paper"),
    ("issuingCountry", "country that issued it"),
    ("number", "number"),
    ("seenOn", "seen on"),
    // Skill certifications and licences.
    ("achievement", "skill"),
    ("skill", "skill"),
    ("licenceType", "licence for"),
    ("title", "title"),
    ("licenceNumber", "licence number"),
    ("code", "code"),
    ("sign", "sign"),
    ("value", "value"),
    ("description", "description"),
    ("criteria", "what has to be shown"),
    ("criteriaUrl", "criteria published at"),
    ("achievementType", "type of achievement"),
    ("alignment", "the same elsewhere"),
    ("escoReferences", "the same in ESCO"),
    ("alignments", "the same elsewhere"),
    ("targetName", "name"),
    ("targetFramework", "framework"),
    ("targetCode", "code"),
    ("targetUrl", "described at"),
    ("framework", "framework"),
    ("proficiencyLevel", "level"),
    ("typeOfAssessment", "assessed by"),
    ("assessedOn", "assessed on"),
    ("result", "result"),
    ("score", "result"),
    ("qualityAssuranceLevel", "assurance"),
    ("qualityAssuranceMethod", "how quality is kept"),
    ("source", "assessor"),
    ("assessor", "assessor"),
    ("auditEvidence", "evidence of the audit"),
    ("assessmentEvidence", "evidence"),
    ("awardingBody", "awarded by"),
    ("genre", "form"),
    ("authority", "authority"),
    ("place", "place"),
    ("jurisdiction", "country or region"),
    ("distinguishingSign", "distinguishing sign"),
    ("categories", "categories"),
    ("scope", "allows"),
    ("conditions", "conditions"),
    ("premises", "premises"),
    ("vehicle", "vehicle"),
    ("registrationMark", "registration mark"),
    ("identificationNumber", "identification number"),
    ("firstIssued", "first issued on"),
    ("issueDate", "issued on"),
    ("expiryDate", "ends on"),
    ("restrictions", "restrictions"),
    // Proofs of address.
    ("registrationNumber", "registration number"),
    ("register", "register"),
    ("address", "address"),
    ("formatted", "in full"),
    ("formattedLatin", "in Latin letters"),
    ("country", "country"),
    ("region", "region"),
    ("district", "district"),
    ("locality", "city, town or village"),
    ("postalCode", "postal code"),
    ("street", "street"),
    ("houseNumber", "house number"),
    ("building", "building"),
    ("floor", "floor"),
    ("flat", "flat"),
    ("unit", "unit"),
    ("bed", "bed"),
    ("careOf", "care of"),
    ("poBox", "post office box"),
    ("landmark", "landmark"),
    ("plusCode", "plus code"),
    ("ward", "ward"),
    ("telephone", "telephone"),
    ("occupancy", "lives there as"),
    ("residentSince", "resident since"),
    ("residentUntil", "resident until"),
    ("mailDeliverable", "mail arrives"),
    ("knownSince", "known since"),
    ("knownBy", "known by"),
    ("lastVisit", "last visited on"),
    ("relationship", "relationship"),
    ("level", "guarantee"),
    ("organisation", "organisation"),
    ("officer", "officer"),
    ("role", "role"),
    ("staffId", "staff number"),
    ("reference", "reference"),
    ("purpose", "purpose"),
    ("whatIsNotGuaranteed", "not guaranteed"),
    ("consent", "consent of the person"),
    ("given", "given"),
    ("givenOn", "given on"),
    // What stands last in several kinds.
    ("narrative", "in words"),
    ("licenseNumber", "licence number"),
    ("activityStartDate", "active from"),
    ("activityEndDate", "active until"),
    ("programme", "programme"),
    ("organiser", "run by"),
    ("registerUrl", "page in the register"),
    ("url", "described at"),
    ("uri", "described at"),
    ("id", "identifier"),
    ("type", "type"),
];

/// The lines of a `credentialSubject`, `indent` spaces before each.
pub(crate) fn lines(subject: &Value, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    write_value(subject, indent, &mut lines);
    if lines.len() > LINES {
        lines.truncate(LINES);
        lines.push(format!("{}… (--json shows the rest)", " ".repeat(indent)));
    }
    lines
}

/// Puts a value where the JSON pointer says, with objects around it.
pub(crate) fn put(map: &mut Map<String, Value>, pointer: &str, value: Value) {
    let (outer, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    let mut place = map;
    for step in outer.split('/').filter(|step| !step.is_empty()) {
        let inner = place.entry(step).or_insert_with(|| Value::Object(Map::new()));
        match inner {
            Value::Object(inner) => place = inner,
            _ => return,
        }
    }
    place.insert(name.to_owned(), value);
}

fn write_value(value: &Value, indent: usize, lines: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in in_order(members) {
                write_labelled(&label(name), value, indent, lines);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| write_item(item, indent, lines)),
        scalar => lines.push(format!("{}{}", " ".repeat(indent), shown(scalar))),
    }
}

fn write_labelled(label: &str, value: &Value, indent: usize, lines: &mut Vec<String>) {
    if lines.len() > LINES {
        return;
    }
    let padding = " ".repeat(indent);
    match value {
        Value::Array(items) if items.is_empty() => lines.push(format!("{padding}{label}: nothing")),
        Value::Array(items) if items.iter().all(is_scalar) => {
            let items: Vec<_> = items.iter().map(shown).collect();
            lines.push(format!("{padding}{label}: {}", cut(&items.join(", "), VALUE_CHARACTERS)));
        }
        Value::Object(_) | Value::Array(_) => {
            lines.push(format!("{padding}{label}:"));
            write_value(value, indent + 2, lines);
        }
        scalar => lines.push(format!("{padding}{label}: {}", shown(scalar))),
    }
}

/// An item of a list: its lines, with a dash before the first.
fn write_item(item: &Value, indent: usize, lines: &mut Vec<String>) {
    if lines.len() > LINES {
        return;
    }
    let first = lines.len();
    write_value(item, indent + 2, lines);
    let dash = format!("{}- ", " ".repeat(indent));
    match lines.get_mut(first) {
        Some(line) => line.replace_range(..indent + 2, &dash),
        None => lines.push(format!("{dash}nothing")),
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// Known members in their order, then the others by name. The types of Open Badges are left out: they say nothing that
/// the names do not.
fn in_order(members: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut ordered: Vec<_> = members.iter().filter(|(name, value)| *name != "type" || !is_badge_type(value)).collect();
    ordered.sort_by_key(|(name, _)| position(name).unwrap_or(MEMBERS.len()));
    ordered
}

fn is_badge_type(value: &Value) -> bool {
    const TYPES: [&str; 6] = ["AchievementSubject", "Achievement", "Alignment", "Evidence", "Profile", "Result"];
    match value.as_array().map(Vec::as_slice) {
        Some([Value::String(name)]) => TYPES.contains(&name.as_str()),
        _ => false,
    }
}

fn position(name: &str) -> Option<usize> {
    MEMBERS.iter().position(|(known, _)| *known == name)
}

/// The words for a known member; a stranger's name as it stands, in quotes, so that it cannot pass for one of ours.
fn label(name: &str) -> String {
    match position(name) {
        Some(position) => MEMBERS[position].1.to_owned(),
        None => format!("\"{}\"", cut(&printable(name), NAME_CHARACTERS)),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text.starts_with("data:") => {
            format!("(a picture or file of {} characters; --json shows it)", text.chars().count())
        }
        Value::String(text) => cut(&printable(text), VALUE_CHARACTERS),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Null => "nothing".to_owned(),
        other => other.to_string(),
    }
}

fn cut(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => {
            format!("{}… (cut after {characters} of {} characters)", &text[..end], text.chars().count())
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use attesta::credential::kind::{Claims, Kind};
    use serde_json::json;

    use super::*;

    fn names_in(value: &Value, names: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    names.push(name.clone());
                    names_in(value, names);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| names_in(item, names)),
            _ => {}
        }
    }

    /// Every member that a JSON Schema allows, at any depth.
    fn properties_in(schema: &Value, names: &mut Vec<String>) {
        match schema {
            Value::Object(members) => {
                if let Some(Value::Object(properties)) = members.get("properties") {
                    names.extend(properties.keys().cloned());
                }
                members.values().for_each(|value| properties_in(value, names));
            }
            Value::Array(items) => items.iter().for_each(|item| properties_in(item, names)),
            _ => {}
        }
    }

    #[test]
    fn every_member_of_every_kind_has_words() {
        for kind in Kind::ALL {
            let mut names = Vec::new();
            properties_in(&kind.schema(), &mut names);
            let claims = Claims::from_claims_file(kind, &kind.example()).unwrap();
            names_in(&Value::Object(claims.to_subject(Some("did:key:z"))), &mut names);
            assert!(names.len() > 20, "{kind:?}");
            let without: Vec<_> = names.iter().filter(|name| position(name).is_none()).collect();
            assert!(without.is_empty(), "{kind:?}: {without:?}");
        }
    }

    #[test]
    fn no_member_stands_twice() {
        for (at, (name, _)) in MEMBERS.iter().enumerate() {
            assert_eq!(position(name), Some(at), "{name}");
        }
    }

    #[test]
    fn claims_read_in_their_kinds_order() {
        let subject = json!({
            "address": {"country": "HK", "formatted": "Tai Nan Street"},
            "categories": [{"code": "B", "restrictions": [{"code": "01"}]}, {"code": "C"}],
            "knownBy": ["caseworker", "site-visit"],
            "mailDeliverable": true,
            "name": "CHAN Tai Man",
            "type": ["AchievementSubject"],
        });
        let expected = [
            "  name: CHAN Tai Man",
            "  categories:",
            "    - code: B",
            "      restrictions:",
            "        - code: 01",
            "    - code: C",
            "  address:",
            "    in full: Tai Nan Street",
            "    country: HK",
            "  mail arrives: yes",
            "  known by: caseworker, site-visit",
        ];
        assert_eq!(lines(&subject, 2), expected);
    }

    #[test]
    fn hostile_claims_stay_on_their_lines() {
        let subject = json!({
            "name": "Ada\nVALID  A genuine licence\u{202e}",
            "VALID": true,
            "portrait": format!("data:image/png;base64,{}", "A".repeat(50_000)),
            "purpose": "x".repeat(5_000),
            "type": ["Person"],
            "e".repeat(500): null,
        });
        let lines = lines(&subject, 0);
        assert_eq!(lines.len(), 6, "{lines:?}");
        assert_eq!(lines[0], "name: Ada\u{fffd}VALID  A genuine licence\u{fffd}");
        assert_eq!(lines[1], "portrait: (a picture or file of 50022 characters; --json shows it)");
        assert!(lines[2].ends_with("… (cut after 1000 of 5000 characters)"), "{}", lines[2]);
        assert_eq!(lines[3], "type: Person");
        assert_eq!(lines[4], "\"VALID\": yes", "no word of ours");
        assert!(lines[5].chars().count() < 130);
    }

    #[test]
    fn many_claims_are_cut_off() {
        let subject = json!({"a": (0..5_000).map(|n| json!({"n": n})).collect::<Vec<_>>()});
        let lines = lines(&subject, 2);
        assert_eq!(lines.len(), LINES + 1);
        assert_eq!(lines[LINES], "  … (--json shows the rest)");
        assert_eq!(
            super::lines(&json!({"a": [[], {}, [[1]]]}), 0),
            ["\"a\":", "  - nothing", "  - nothing", "  - - - 1"]
        );
    }

    #[test]
    fn a_value_is_put_where_its_pointer_says() {
        let mut said = serde_json::Map::new();
        put(&mut said, "/address/country", json!("HK"));
        put(&mut said, "/address/district", json!("Sham Shui Po"));
        put(&mut said, "/name", json!("A"));
        put(&mut said, "/name/first", json!("nothing stands below a text"));
        let expected = json!({ "address": { "country": "HK", "district": "Sham Shui Po" }, "name": "A" });
        assert_eq!(Value::Object(said), expected);
    }
}
