use std::collections::HashMap;

use super::matching::{Asked, hides_claims};
use super::path::Positions;
use super::{Candidate, Query, Unmet};

impl Query {
    /// Whether these presentations, each under the id of a credential query, are all that was asked for: the verifier's
    /// side. `claims` of each is what its holder disclosed, after the presentation was verified.
    ///
    /// Each must be of the format and type, prove its holder's key where that is asked, and have the claims of one
    /// combination with allowed values. More claims than that may be there. `trusted_authorities` are not judged: whom
    /// to believe is for the trust list to say.
    ///
    /// # Errors
    /// The first [`Unmet`].
    pub fn is_answered_by(&self, answers: &[(&str, Candidate<'_>)]) -> Result<(), Unmet> {
        for (position, (id, answer)) in answers.iter().enumerate() {
            let query = self.credential(id).ok_or(Unmet::NotAsked { position })?;
            let positions = match hides_claims(answer.format) && answer.format != "mso_mdoc" {
                true => Positions::MovedUp,
                false => Positions::AsIssued,
            };
            Asked::of(query).claims_of(answer, positions).map_err(|miss| miss.of(query))?;
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for (id, _) in answers {
            *counts.entry(*id).or_default() += 1;
        }
        let count = |id: &str| counts.get(id).copied().unwrap_or_default();
        for query in &self.credentials {
            match count(&query.id) {
                0 if self.credential_sets.is_empty() => return Err(Unmet::NotAnswered { id: query.id.clone() }),
                count if count > 1 && !query.multiple => {
                    return Err(Unmet::Several { id: query.id.clone(), count });
                }
                _ => {}
            }
        }
        for (position, set) in self.credential_sets.iter().enumerate() {
            let is_answered = |option: &Vec<String>| option.iter().all(|id| count(id) > 0);
            if set.required && !set.options.iter().any(is_answered) {
                return Err(Unmet::NoOption { position });
            }
        }
        Ok(())
    }
}
