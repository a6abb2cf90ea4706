//! A [`SkillCertification`] as the subject of an Open Badges 3.0 credential, and back (Open Badges 3.0, Appendix B,
//! `AchievementSubject` and what it holds).
//!
//! | claims file | subject |
//! |---|---|
//! | `skill` | `achievement`: `id name description achievementType`, `criteria` {`id`, `narrative`}, `alignment[]` |
//! | `skill.escoReferences`, `skill.alignments` | `alignment[]`: `targetName targetUrl targetFramework targetCode` |
//! | `assessor` | `source`, a `Profile` |
//! | `score` | `result[0].value` |
//! | `licenceNumber` | `licenseNumber` |
//! | every other member | itself |
//!
//! A member of the subject that only the claims file has, such as `skill`, is no part of what Open Badges defines: it
//! is never read, so that nobody can show one skill to us and another to the rest of the world.

use serde_json::{Value, json};

use super::ClaimsError;
use super::claim::{At, Claim, Reading};
use super::parties::Body;
use super::skill::{Alignment, EscoReference, Skill, SkillCertification};
use super::text::{ESCO_SKILL, EscoSkill, Identifier, Line, Prose, WebAddress};
use crate::encoding::json::Map;

const ESCO: &str = "ESCO";

/// The `credentialSubject`, without the holder's id.
pub(crate) fn to_subject(claims: &SkillCertification) -> Map {
    let mut subject = claims.to_map();
    subject.insert("type".to_owned(), json!(["AchievementSubject"]));
    for member in ["skill", "assessor", "score", "licenceNumber"] {
        subject.remove(member);
    }
    if let Some(skill) = &claims.skill {
        subject.insert("achievement".to_owned(), achievement(skill));
    }
    if let Some(assessor) = &claims.assessor {
        let mut profile = assessor.to_map();
        profile.insert("type".to_owned(), json!(["Profile"]));
        subject.insert("source".to_owned(), Value::Object(profile));
    }
    if let Some(score) = &claims.score {
        subject.insert("result".to_owned(), json!([{ "type": ["Result"], "value": score.as_str() }]));
    }
    if let Some(number) = &claims.licence_number {
        subject.insert("licenseNumber".to_owned(), number.write());
    }
    for list in ["assessmentEvidence", "auditEvidence"] {
        for evidence in subject.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(members) = evidence.as_object_mut() {
                members.insert("type".to_owned(), json!(["Evidence"]));
            }
        }
    }
    subject
}

fn achievement(skill: &Skill) -> Value {
    let mut members = skill.to_map();
    for member in ["criteria", "criteriaUrl", "escoReferences", "alignments"] {
        members.remove(member);
    }
    members.insert("type".to_owned(), json!(["Achievement"]));
    let mut criteria = Map::new();
    criteria.extend(skill.criteria_url.as_ref().map(|url| ("id".to_owned(), url.write())));
    criteria.extend(skill.criteria.as_ref().map(|text| ("narrative".to_owned(), text.write())));
    if !criteria.is_empty() {
        members.insert("criteria".to_owned(), Value::Object(criteria));
    }
    let esco = skill.esco_references.iter().map(|reference| {
        target(&[
            ("targetUrl", reference.uri.as_ref().map(Claim::write)),
            ("targetName", reference.title.as_ref().map(Claim::write)),
            ("targetFramework", Some(ESCO.into())),
        ])
    });
    let others = skill.alignments.iter().map(|alignment| {
        target(&[
            ("targetUrl", alignment.url.as_ref().map(Claim::write)),
            ("targetName", alignment.name.as_ref().map(Claim::write)),
            ("targetFramework", alignment.framework.as_ref().map(Claim::write)),
            ("targetCode", alignment.code.as_ref().map(Claim::write)),
        ])
    });
    let alignment: Vec<Value> = esco.chain(others).collect();
    if !alignment.is_empty() {
        members.insert("alignment".to_owned(), Value::Array(alignment));
    }
    Value::Object(members)
}

fn target(members: &[(&str, Option<Value>)]) -> Value {
    let mut alignment = Map::new();
    alignment.insert("type".to_owned(), json!(["Alignment"]));
    for (name, value) in members {
        alignment.extend(value.clone().map(|value| ((*name).to_owned(), value)));
    }
    Value::Object(alignment)
}

/// Reads a `credentialSubject`; what it does not know it leaves alone.
pub(crate) fn from_subject(subject: &Map) -> Result<SkillCertification, ClaimsError> {
    let root = At::ROOT;
    let mut claims = SkillCertification::blank();
    for (name, value) in subject {
        let at = root.member(name);
        match name.as_str() {
            "achievement" => claims.skill = Some(read_achievement(value, &at)?),
            "source" => claims.assessor = Some(Body::read(value, &at, Reading::Lenient)?),
            "licenseNumber" => claims.licence_number = Some(Line::read(value, &at, Reading::Lenient)?),
            "result" => claims.score = read_score(value, &at)?,
            "skill" | "assessor" | "licenceNumber" | "score" => {}
            _ => claims.read_member(name, value, &root, Reading::Lenient)?,
        }
    }
    Ok(claims)
}

fn read_achievement(value: &Value, at: &At<'_>) -> Result<Skill, ClaimsError> {
    let mut skill = Skill::blank();
    for (name, value) in at.object(value)? {
        let here = at.member(name);
        match name.as_str() {
            "criteria" => {
                let criteria = here.object(value)?;
                let read = |name| criteria.get(name).map(|value| (value, here.member(name)));
                if let Some((value, at)) = read("id") {
                    skill.criteria_url = Some(WebAddress::read(value, &at, Reading::Lenient)?);
                }
                if let Some((value, at)) = read("narrative") {
                    skill.criteria = Some(Prose::read(value, &at, Reading::Lenient)?);
                }
            }
            "alignment" => {
                let items = value.as_array().ok_or_else(|| here.wrong_type("a list"))?;
                for (index, item) in items.iter().enumerate() {
                    read_alignment(item, &here.item(index), &mut skill)?;
                }
            }
            "criteriaUrl" | "escoReferences" | "alignments" => {}
            _ => skill.read_member(name, value, at, Reading::Lenient)?,
        }
    }
    Ok(skill)
}

fn read_alignment(value: &Value, at: &At<'_>, skill: &mut Skill) -> Result<(), ClaimsError> {
    let members = at.object(value)?;
    let line = |name| members.get(name).map(|value| Line::read(value, &at.member(name), Reading::Lenient)).transpose();
    let url = members.get("targetUrl").map(|value| (value, at.member("targetUrl")));
    if let Some((value, at)) = &url
        && value.as_str().is_some_and(|url| url.starts_with(ESCO_SKILL))
    {
        let mut reference = EscoReference::blank();
        reference.uri = Some(EscoSkill::read(value, at, Reading::Lenient)?);
        reference.title = line("targetName")?;
        skill.esco_references.push(reference);
        return Ok(());
    }
    let mut alignment = Alignment::blank();
    alignment.url = url.map(|(value, at)| Identifier::read(value, &at, Reading::Lenient)).transpose()?;
    alignment.name = line("targetName")?;
    alignment.framework = line("targetFramework")?;
    alignment.code = line("targetCode")?;
    skill.alignments.push(alignment);
    Ok(())
}

/// The value of a single result. Several results are no score of ours and stay untyped.
fn read_score(value: &Value, at: &At<'_>) -> Result<Option<Line>, ClaimsError> {
    let results = value.as_array().ok_or_else(|| at.wrong_type("a list"))?;
    let [result] = results.as_slice() else { return Ok(None) };
    let at = at.item(0);
    let score = at.object(result)?.get("value");
    score.map(|value| Line::read(value, &at.member("value"), Reading::Lenient)).transpose()
}

/// The pointer into the subject of what stands at `pointer` in the claims file.
pub(crate) fn subject_pointer(pointer: &str) -> String {
    let (head, rest) = match pointer[1.min(pointer.len())..].find('/') {
        Some(end) => pointer.split_at(end + 1),
        None => (pointer, ""),
    };
    match head {
        "/skill" => match rest {
            "/criteria" => "/achievement/criteria/narrative".to_owned(),
            "/criteriaUrl" => "/achievement/criteria/id".to_owned(),
            _ if rest.starts_with("/escoReferences") || rest.starts_with("/alignments") => {
                "/achievement/alignment".to_owned()
            }
            _ => format!("/achievement{rest}"),
        },
        "/assessor" => format!("/source{rest}"),
        "/score" => "/result/0/value".to_owned(),
        "/licenceNumber" => "/licenseNumber".to_owned(),
        _ => pointer.to_owned(),
    }
}
