use serde_json::Value;

use super::select::{parse, select};
use super::statements::{Statements, canonical, grouped, part_of, proof_hash, secret_labels};
use super::value::{BaseProof, DerivedProof};
use super::{Opened, SdError, sign_data};
use crate::encoding::json::Map;
use crate::jsonld::{Contexts, Dataset};
use crate::keys::Algorithm;

const MANDATORY: u8 = 1;

/// A document with a base proof.
struct Issued {
    base: BaseProof,
    dataset: Dataset,
    /// What each blank node is called, by its number.
    labels: Vec<[u8; 32]>,
    /// In groups: what is mandatory, and what is selected.
    statements: Statements,
    /// The part of the document that is mandatory or selected.
    revealed: Map,
}

impl Issued {
    fn read(document: &Map, value: &str, selective: &[&str], contexts: &dyn Contexts) -> Result<Self, SdError> {
        let base = BaseProof::read(value)?;
        let mandatory = parse(document, &base.mandatory)?;
        let selective = parse(document, selective)?;
        let dataset = grouped(document, &[&mandatory, &selective], contexts)?;
        let revealed = select(document, mandatory.iter().chain(&selective))?;
        let labels = secret_labels(&dataset, &canonical(&dataset)?, &base.label_key)?;
        let statements = Statements::of(&dataset, &labels);
        Ok(Self { base, dataset, labels, statements, revealed })
    }
}

/// The bytes that the issuer signed, of a document with a base proof: those of all that is derived from it.
///
/// # Errors
/// [`SdError`].
pub fn base_signed_bytes(
    document: &Map,
    options: &Map,
    value: &str,
    contexts: &dyn Contexts,
) -> Result<[u8; 99], SdError> {
    let Issued { base, statements, .. } = Issued::read(document, value, &[], contexts)?;
    let mandatory_hash = statements.mandatory_hash(|_, groups| groups & MANDATORY != 0);
    Ok(sign_data(&proof_hash(document, options, contexts)?, base.key.as_bytes(), &mandatory_hash))
}

/// The JSON pointers to what is mandatory, as the issuer wrote them into a base proof.
///
/// # Errors
/// [`SdError`].
pub fn mandatory_pointers(value: &str) -> Result<Vec<String>, SdError> {
    Ok(BaseProof::read(value)?.mandatory)
}

/// What a holder shows of a document with a base proof (VC-DI-ECDSA 1.0, section 3.6.6): what is mandatory, and what
/// stands at the `selective` JSON pointers; `""` is all of it. What is shown has a derived proof. `document` is without
/// `proof`, `options` the proof without `proofValue`, which is `value`.
///
/// # Errors
/// [`SdError`]; [`Changed`](SdError::Changed) for a document that does not fit its proof. The issuer's own signature is
/// not looked at.
pub fn derive(
    document: &Map,
    options: &Map,
    value: &str,
    selective: &[&str],
    contexts: &dyn Contexts,
) -> Result<Map, SdError> {
    // Section 3.5.4.
    let issued = Issued::read(document, value, selective, contexts)?;
    let Issued { base, dataset, labels, statements, mut revealed } = issued;
    // Steps 7 to 9: positions among what is shown, and the signatures of what is shown and not mandatory.
    let mut signed_lines = base.signatures.iter();
    let mut shown = Vec::new();
    let mut signatures = Vec::new();
    let mut indexes = Vec::new();
    for (line, groups) in statements.iter() {
        if groups & MANDATORY != 0 {
            indexes.push(shown.len() as u64);
        } else {
            let signature = signed_lines.next().ok_or(SdError::Changed)?;
            if groups == 0 {
                continue;
            }
            let verified = base.key.key.verify(Algorithm::Es256, line.as_bytes(), signature);
            verified.map_err(|_| SdError::Changed)?;
            signatures.push(*signature);
        }
        shown.push(line);
    }
    if signed_lines.next().is_some() {
        return Err(SdError::Changed);
    }
    // Steps 11 to 13: what the verifier will call the blank nodes.
    let (part, former) = part_of(&dataset, |quad| quad.groups != 0);
    let named = canonical(&part)?;
    let mut given = vec![None; former.len()];
    for (number, former) in (0..).zip(former) {
        let label = named.label(number).and_then(|label| given.get_mut(label as usize));
        *label.ok_or(SdError::Selection)? = labels.get(former as usize).copied();
    }
    let labels = given.into_iter().collect::<Option<Vec<_>>>().ok_or(SdError::Selection)?;
    let derived = DerivedProof {
        base_signature: base.base_signature,
        key: base.key.clone(),
        signatures,
        labels,
        mandatory: indexes,
    };
    let value = derived.write();
    // A verifier must find in it just these statements.
    let opened = Opened::read(&revealed, options, &value, contexts).map_err(|_| SdError::Selection)?;
    if !opened.statements.iter().map(|(line, _)| line).eq(shown) {
        return Err(SdError::Selection);
    }
    let mut options = options.clone();
    options.insert("proofValue".to_owned(), value.into());
    revealed.insert("proof".to_owned(), Value::Object(options));
    Ok(revealed)
}
