//! A skill certification as a verified skill.
//!
//! | claims file | verified skill |
//! |---|---|
//! | `licenceNumber` | `identifier` |
//! | `skill.name`, `skill.description` | `title`, `skillOutcome` |
//! | `skill.escoReferences[].uri` | `escoReference[]` |
//! | `givenName`, `familyName` | the same |
//! | `awardingBody.name`, `awardingBody.country` | `awardingBody`, `issuerCountry` |
//! | `proficiencyLevel`, `typeOfAssessment`, `qualityAssuranceLevel` | `skillProficiencyLevel`, and the same |
//! | `qualityAssuranceMethod` | `qualityAssuranceMethod.name` |
//! | `assessedOn`, `score`, `narrative` | `assessmentDate`, `grade`, `additionalNote` |
//! | `assessor`, `assessmentEvidence` | the same |
//! | `auditEvidence` | `auditInformation.evidence` |

use serde_json::{Value, json};

use super::{LegalCategory, Members, Scheme, SchemeError, SchemeTerms, Writer, at, day, put};
use crate::credential::kind::claim::{At, Claim, Reading};
use crate::credential::kind::text::EscoSkill;
use crate::credential::kind::{Assessment, Body, ClaimsError, Evidence, SkillCertification};
use crate::encoding::json::Map;
use crate::limits;

pub(super) const MEMBERS: Members = &[
    ("/licenceNumber", "/identifier"),
    ("/skill/name", "/title"),
    ("/skill/description", "/skillOutcome"),
    ("/skill/escoReferences", "/escoReference"),
    ("/givenName", "/givenName"),
    ("/familyName", "/familyName"),
    ("/awardingBody/name", "/awardingBody"),
    ("/awardingBody/country", "/issuerCountry"),
    ("/proficiencyLevel", "/skillProficiencyLevel"),
    ("/typeOfAssessment", "/typeOfAssessment"),
    ("/qualityAssuranceLevel", "/qualityAssuranceLevel"),
    ("/qualityAssuranceMethod", "/qualityAssuranceMethod"),
    ("/assessedOn", "/assessmentDate"),
    ("/score", "/grade"),
    ("/narrative", "/additionalNote"),
    ("/assessor", "/assessor"),
    ("/assessmentEvidence", "/assessmentEvidence"),
    ("/auditEvidence", "/auditInformation/evidence"),
];

pub(super) fn write(claims: &SkillCertification, terms: &SchemeTerms) -> Result<Map, SchemeError> {
    const SCHEME: Scheme = Scheme::VerifiedSkill;
    // Section 2.8.6: this version knows no other.
    if terms.legal_category != LegalCategory::NonQualified {
        return Err(SchemeError::LegalCategory { scheme: SCHEME });
    }
    let mut writer = Writer::new();
    const NUMBER: &str = "the number of this certificate is missing";
    writer.demand("identifier", "/licenceNumber", claims.licence_number.as_ref(), NUMBER);
    writer.demand("givenName", "/givenName", claims.given_name.as_ref(), "the given names are missing");
    writer.demand("familyName", "/familyName", claims.family_name.as_ref(), "the family name is missing");
    if let Some(skill) = &claims.skill {
        writer.offer("title", skill.name.as_ref());
        writer.offer("skillOutcome", skill.description.as_ref());
        let uris: Vec<Value> =
            skill.esco_references.iter().filter_map(|reference| reference.uri.as_ref().map(Claim::write)).collect();
        if !uris.is_empty() {
            writer.set("escoReference", uris.into());
        }
    }
    if let Some(body) = &claims.awarding_body {
        const COUNTRY: &str = "the country of the awarding body is missing";
        writer.offer("awardingBody", body.name.as_ref());
        writer.demand("issuerCountry", "/awardingBody/country", body.country.as_ref(), COUNTRY);
    }
    writer.offer("skillProficiencyLevel", claims.proficiency_level.as_ref());
    writer.offer("typeOfAssessment", claims.type_of_assessment.as_ref());
    writer.offer("qualityAssuranceLevel", claims.quality_assurance_level.as_ref());
    match &claims.quality_assurance_method {
        Some(method) => writer.set("qualityAssuranceMethod", json!({ "name": method.as_str() })),
        None => writer.gap("/qualityAssuranceMethod", "it is not said how the quality of the assessment is kept"),
    }
    writer.offer("assessmentDate", claims.assessed_on.as_ref());
    if claims.assessed_on.is_some_and(|assessed| assessed > terms.issued) {
        writer.gap("/assessedOn", "the assessment cannot be after the day of issue");
    }
    writer.offer("grade", claims.score.as_ref());
    writer.offer("additionalNote", claims.narrative.as_ref());
    writer.offer("assessor", claims.assessor.as_ref());
    if !claims.assessment_evidence.is_empty() {
        writer.set("assessmentEvidence", claims.assessment_evidence.iter().map(Claim::write).collect());
    }
    if !claims.audit_evidence.is_empty() {
        let evidence: Value = claims.audit_evidence.iter().map(Claim::write).collect();
        writer.set("auditInformation", json!({ "evidence": evidence }));
    }
    writer.metadata(terms);
    writer.set("issuanceDate", terms.issued.write());
    writer.finish(SCHEME)
}

/// The members of a claims file.
pub(super) fn read(payload: &Map) -> Result<Map, ClaimsError> {
    let mut file = Map::new();
    for (ours, theirs) in MEMBERS {
        let Some(value) = at(payload, theirs) else { continue };
        let read = match *theirs {
            "/skillOutcome" => Some(outcome(value)?),
            "/escoReference" => esco(value),
            "/qualityAssuranceMethod" => method(value),
            // What the scheme leaves open to its issuers is typed where it has our form.
            "/typeOfAssessment" => readable::<Assessment>(value),
            "/assessor" => readable::<Body>(value),
            "/assessmentEvidence" | "/auditInformation/evidence" => evidence(value),
            _ => Some(value.clone()),
        };
        if let Some(value) = read {
            put(&mut file, ours, value);
        }
    }
    // Rule VS-IR-10.
    let (assessed, issued) = (day(payload, "assessmentDate")?, day(payload, "issuanceDate")?);
    At::ROOT.in_order(("assessmentDate", assessed), ("issuanceDate", issued))?;
    Ok(file)
}

/// The value, if it has the form of our member.
fn readable<T: Claim>(value: &Value) -> Option<Value> {
    T::read(value, &At::ROOT, Reading::Lenient).is_ok().then(|| value.clone())
}

/// One text, or several.
fn outcome(value: &Value) -> Result<Value, ClaimsError> {
    let at = At::ROOT.member("skillOutcome");
    match value {
        Value::Array(texts) => {
            let texts: Result<Vec<_>, _> =
                texts.iter().enumerate().map(|(index, text)| at.item(index).text(text)).collect();
            Ok(texts?.join("\n").into())
        }
        other => at.text(other).map(Value::from),
    }
}

/// The references to skills; concepts of other parts of ESCO have no place with us.
fn esco(value: &Value) -> Option<Value> {
    let texts = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let skills = texts.iter().take(limits::CLAIM_LIST_ITEMS).filter_map(readable::<EscoSkill>);
    let references: Vec<Value> = skills.map(|uri| json!({ "uri": uri })).collect();
    (!references.is_empty()).then(|| references.into())
}

/// The name of a method, else its reference.
fn method(value: &Value) -> Option<Value> {
    ["name", "reference"].into_iter().find_map(|name| value.get(name).filter(|text| text.is_string()).cloned())
}

fn evidence(value: &Value) -> Option<Value> {
    let items = value.as_array()?.iter().take(limits::CLAIM_LIST_ITEMS);
    let items: Vec<Value> = items.filter_map(readable::<Evidence>).collect();
    (!items.is_empty()).then(|| items.into())
}
