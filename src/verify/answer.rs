//! An answer to a request: `vp_token`, which holds presentations by the id of the credential query that each answers
//! (OpenID4VP 1.0, section 8.1), and the comparison of what came with what was asked for.

use serde_json::Value;

use super::check::CheckId;
use super::code::Code;
use super::report::{Finding, Findings};
use super::verifier::Judged;
use crate::encoding::json::{self, Map};
use crate::jsonld::{Contexts, types_of};
use crate::limits;
use crate::presentation::dcql::{Candidate, Query};
use crate::securing::{Shape, sniff};

/// Presentations by the id of their credential query, in the order of the answer.
pub(super) struct Answer(Vec<(String, String)>);

impl Answer {
    pub(super) fn presentations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, presentation)| (id.as_str(), presentation.as_str()))
    }
}

/// Reads an answer. `None` for bytes that are something else, which the caller opens.
pub(super) fn read(bytes: &[u8]) -> Option<Result<Answer, Finding>> {
    // A look at the text first: nearly nothing that is presented is an answer, and JSON is costly to read twice.
    const MEMBER: &str = "\"vp_token\"";
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    let Ok(Shape::Json(text)) = sniff(bytes) else { return None };
    // What is no UTF-8 is no JSON either.
    if !std::str::from_utf8(text).is_ok_and(|text| text.contains(MEMBER)) {
        return None;
    }
    let document = json::parse_object(text).ok()?;
    if document.contains_key("@context") || document.contains_key("proof") {
        return None;
    }
    Some(presentations(document.get("vp_token")?))
}

fn presentations(token: &Value) -> Result<Answer, Finding> {
    const FORM: &str = "vp_token must hold, for each credential that was asked for, a list of presentations";
    let refuse = |why: &str| Finding::with(Code::ParseUnrecognised, why);
    let members = token.as_object().ok_or_else(|| refuse(FORM))?;
    let mut presentations = Vec::new();
    for (id, list) in members {
        for presentation in list.as_array().ok_or_else(|| refuse(FORM))? {
            if presentations.len() == limits::CREDENTIALS {
                return Err(refuse(&format!(
                    "there are more than {} presentations in the answer",
                    limits::CREDENTIALS
                )));
            }
            let text = match presentation {
                Value::String(text) => text.clone(),
                Value::Object(_) => presentation.to_string(),
                _ => return Err(refuse(FORM)),
            };
            presentations.push((id.clone(), text));
        }
    }
    if presentations.is_empty() {
        return Err(refuse("there is no presentation in the answer"));
    }
    Ok(Answer(presentations))
}

/// Compares what came with what was asked for. What is amiss becomes the finding of `disclosure`, with the credential
/// that it belongs to or else with all of them: an answer that lacks something is no answer.
pub(super) fn compare(query: &Query, judged: &mut [Judged], contexts: &dyn Contexts) {
    let lone = match query.credentials.as_slice() {
        [only] => Some(only.id.clone()),
        _ => None,
    };
    let nothing = Map::new();
    let in_full = |credential: &Judged| match (&credential.content, query.names_iris()) {
        (Some(content), true) => types_of(&content.document, contexts),
        _ => Vec::new(),
    };
    let iris: Vec<Vec<String>> = judged.iter().map(in_full).collect();
    let types: Vec<Vec<&str>> = judged
        .iter()
        .zip(&iris)
        .map(|(credential, iris)| {
            let mut types = credential.type_names();
            types.extend(iris.iter().map(String::as_str));
            types
        })
        .collect();
    let answers: Vec<(&str, Candidate<'_>)> = judged
        .iter()
        .zip(&types)
        .map(|(credential, types)| {
            // What was handed over without an answer around it can only answer the only question.
            let id = credential.answers.as_deref().or(lone.as_deref()).unwrap_or_default();
            let candidate = Candidate {
                format: credential.format.map_or("", |format| format.name()),
                types,
                claims: credential.content.as_ref().map_or(&nothing, |content| &content.document),
                // Whether what stands there holds is another check's to say.
                is_holder_bound: credential.findings.get(CheckId::HolderBinding).code != Code::NotApplicable,
                authorities: &[],
            };
            (id, candidate)
        })
        .collect();
    let Err(unmet) = query.is_answered_by(&answers) else { return };
    let finding = Finding::with(Code::DisclosureNotAnswered, &unmet);
    let guilty: Vec<bool> = answers.iter().map(|(id, _)| unmet.id() == Some(*id)).collect();
    let nobody = !guilty.contains(&true);
    for (credential, guilty) in judged.iter_mut().zip(guilty) {
        if guilty || nobody {
            refuse(&mut credential.findings, finding.clone());
        }
    }
}

/// A disclosure that does not hold at all is worse than one that is not enough.
fn refuse(findings: &mut Findings, finding: Finding) {
    let stands = findings.get(CheckId::Disclosure);
    if !matches!(stands.code, Code::DisclosureBroken | Code::DisclosureOfFixed) {
        findings.set(CheckId::Disclosure, finding);
    }
}
