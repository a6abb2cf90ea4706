//! What is asked for: whether the kind has it, and what of it is public.

use std::collections::BTreeSet;

use super::{ConsentError, Refusal, Shown, Unanswered};
use crate::credential::kind::Kind;
use crate::credential::sd_jwt_vc;
use crate::presentation::dcql::{CredentialQuery, Meta, Path, Query};
use crate::wallet::holding::Held;

/// Refuses a query for a claim that no credential of its kind has.
pub(super) fn check_claims(query: &Query) -> Result<(), ConsentError> {
    for credential in &query.credentials {
        let kinds = kinds_of(&credential.meta);
        // What is not one of our kinds may say anything.
        let Some(kinds) = kinds.into_iter().collect::<Option<Vec<Kind>>>() else { continue };
        let Some(kind) = kinds.first().copied() else { continue };
        for claim in &credential.claims {
            if !kinds.iter().any(|kind| has_claim(*kind, &credential.format, &claim.path)) {
                let (id, path) = (credential.id.clone(), claim.path.to_string());
                return Err(ConsentError::ClaimNotInKind { id, path, kind });
            }
        }
    }
    Ok(())
}

/// The kind of each alternative, `None` for one that is no kind of ours.
fn kinds_of(meta: &Meta) -> Vec<Option<Kind>> {
    match meta {
        // A kind in the words of another scheme has other names for its claims.
        Meta::Vct(accepted) => accepted.iter().map(|vct| own_kind(vct)).collect(),
        Meta::Types(lists) => {
            lists.iter().map(|list| Kind::of_types(list.iter().map(|name| Kind::type_name(name)))).collect()
        }
        _ => vec![None],
    }
}

fn own_kind(vct: &str) -> Option<Kind> {
    Kind::of_vct(vct).filter(|kind| kind.vct() == vct)
}

fn has_claim(kind: Kind, format: &str, path: &Path) -> bool {
    let place = path.place();
    let first = place.split('/').nth(1).unwrap_or_default();
    let inside = format!("{place}/");
    if format == "dc+sd-jwt" {
        return sd_jwt_vc::is_registered(first) || kind.places().contains(&place);
    }
    if first != "credentialSubject" {
        return ENVELOPE.contains(&first);
    }
    // Every record of the VC Data Model may have these two beside its claims.
    let record = place.strip_suffix("/id").or_else(|| place.strip_suffix("/type")).unwrap_or(&place);
    let places: Vec<String> = kind.places().iter().map(|own| kind.pointer_in_document(own)).collect();
    let is_known = |place: &str| places.iter().any(|own| own == place) || place == "/credentialSubject";
    let is_leaf = |own: &String| {
        let below = format!("{own}/");
        !places.iter().any(|other| other.starts_with(&below))
    };
    is_known(&place)
        || is_known(record)
        || places.iter().any(|own| own.starts_with(&inside))
        // Where a list of ours became a list of other records, such as a skill's alignments.
        || places.iter().any(|own| is_leaf(own) && place.starts_with(&format!("{own}/")))
}

/// Members of a credential that say nothing of its subject.
pub(super) const ENVELOPE: &[&str] = &[
    "@context",
    "id",
    "type",
    "issuer",
    "validFrom",
    "validUntil",
    "credentialStatus",
    "credentialSchema",
    "relatedResource",
    "cnf",
    "salt",
    "proof",
    "iss",
    "nbf",
    "exp",
    "iat",
    "sub",
    "jti",
];

/// What is left of a query when only what its kinds call public may be asked for, and what falls away.
pub(super) fn public_part(query: &Query) -> (Query, Vec<Unanswered>) {
    let mut public = query.clone();
    public.credentials.retain_mut(keep_public);
    let is_left = |id: &str| public.credentials.iter().any(|credential| credential.id == id);
    let gone = query.credentials.iter().filter(|credential| !is_left(&credential.id));
    let gone: Vec<Unanswered> =
        gone.map(|credential| Unanswered { id: credential.id.clone(), reason: Refusal::NotPublic }).collect();
    for set in &mut public.credential_sets {
        set.options.retain(|option| !option.iter().any(|id| gone.iter().any(|gone| gone.id == *id)));
    }
    (public, gone)
}

/// Takes claims that are not public out of a credential query; `false` if nothing is left to ask for.
fn keep_public(credential: &mut CredentialQuery) -> bool {
    let kinds: Option<Vec<Kind>> = kinds_of(&credential.meta).into_iter().collect();
    let Some(kinds) = kinds.filter(|kinds| !kinds.is_empty()) else { return false };
    let format = credential.format.clone();
    credential.claims.retain(|claim| {
        let place = claim.path.place();
        kinds.iter().all(|kind| is_public_place(*kind, &format, &place))
    });
    let left: BTreeSet<&String> = credential.claims.iter().filter_map(|claim| claim.id.as_ref()).collect();
    let had_sets = !credential.claim_sets.is_empty();
    for set in &mut credential.claim_sets {
        set.retain(|id| left.contains(id));
    }
    credential.claim_sets.retain(|set| !set.is_empty());
    let sets_are_gone = had_sets && credential.claim_sets.is_empty();
    !sets_are_gone && !credential.claims.is_empty()
}

fn is_public_place(kind: Kind, format: &str, place: &str) -> bool {
    kind.public().iter().any(|public| {
        let public = if format == "dc+sd-jwt" { (*public).to_owned() } else { kind.pointer_in_document(public) };
        place == public || place.strip_prefix(&public).is_some_and(|rest| rest.starts_with('/'))
    })
}

/// Whether all that would be shown is public.
pub(super) fn is_public(shown: &Shown, held: &Held) -> bool {
    let Some(kind) = held.kind() else { return false };
    if held.format() == "dc+sd-jwt" && !held.types().iter().any(|vct| own_kind(vct).is_some()) {
        return false;
    }
    shown.claims().iter().all(|claim| is_public_place(kind, held.format(), claim.pointer()))
}

/// The query without the credentials that the holder took back.
pub(super) fn without(mut query: Query, withdrawn: &BTreeSet<String>) -> Query {
    if withdrawn.is_empty() {
        return query;
    }
    if query.credential_sets.is_empty() {
        // All of them were asked for, so that none is left.
        query.credentials.clear();
        return query;
    }
    for set in &mut query.credential_sets {
        set.options.retain(|option| !option.iter().any(|id| withdrawn.contains(id)));
    }
    query
}
