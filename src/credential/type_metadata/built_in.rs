//! The types of our own kinds, described from the declaration that their claims are read by.

use serde_json::{Value, json};

use crate::credential::kind::{Declared, Held, Kind, flowing};

impl Kind {
    /// The type metadata of the kind's `vct`, as JSON. The same version of the library gives the same bytes.
    pub fn type_metadata(self) -> String {
        let (english, chinese) = match self {
            Self::ProofOfAddress => ("Proof of address", "住址證明"),
            Self::Licence => ("Licence", "牌照"),
            Self::SkillCertification => ("Skill certification", "技能證明"),
        };
        let mut claims = Vec::new();
        describe(self.members(), &[], true, &mut claims);
        let document = json!({
            "vct": self.vct(),
            "name": english,
            "display": [
                { "locale": "en", "name": english },
                { "locale": "zh-Hant", "name": chinese },
            ],
            "claims": claims,
        });
        document.to_string()
    }
}

/// Describes each member, and each of those within it. A member is demanded only where all that it stands in is.
fn describe(members: &[Declared], at: &[Value], is_demanded: bool, claims: &mut Vec<Value>) {
    for declared in members {
        let mut path = at.to_vec();
        path.push(declared.name.into());
        let is_demanded = is_demanded && declared.is_required;
        let mut claim = json!({
            "path": path,
            "display": [{
                "locale": "en",
                "label": label(declared.name),
                "description": flowing(declared.description),
            }],
            "sd": "always",
        });
        if is_demanded && let Some(claim) = claim.as_object_mut() {
            claim.insert("mandatory".to_owned(), true.into());
        }
        claims.push(claim);
        match declared.held {
            Held::One(members) => describe(members, &path, is_demanded, claims),
            Held::Many(members) => {
                path.push(Value::Null);
                claims.push(json!({ "path": path, "sd": "always" }));
                describe(members, &path, false, claims);
            }
        }
    }
}

/// `knownSince` as people write it: `Known since`.
fn label(name: &str) -> String {
    let mut label = String::with_capacity(name.len() + 4);
    for (index, character) in name.char_indices() {
        match character {
            first if index == 0 => label.push(first.to_ascii_uppercase()),
            upper if upper.is_ascii_uppercase() => label.extend([' ', upper.to_ascii_lowercase()]),
            other => label.push(other),
        }
    }
    label
}
