//! Keys for signatures on what is neither a credential nor a presentation: requests.

use super::{Absent, Place, Sources, position_of, url_of};
use crate::did::Relationship;
use crate::keys::PublicKey;
use crate::time::Timestamp;
use crate::verify::checks::Role;
use crate::verify::materials::{Materials, Resource};

/// Why there is no key to check the signature of what is neither a credential nor a presentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoKey {
    /// This is not at hand, or only as somebody's word.
    Unavailable(Resource),
    /// No way to get documents of this DID method.
    MethodUnsupported,
    /// The identifier, or the key that was named, is none that can be used.
    Unusable,
    /// The document does not have that key.
    NotInDocument,
    /// It has the key, for other purposes.
    OtherPurpose,
    /// The key's time is over.
    Ended(Timestamp),
}

/// The key of `controller` that the DID URL `name` names, if it serves one of these purposes at that moment. A key that was
/// replaced serves none.
pub(crate) fn key_of(
    controller: &str,
    name: &str,
    purposes: &[Relationship],
    materials: &Materials,
    at: Timestamp,
) -> Result<PublicKey, NoKey> {
    let published = Sources::of(materials).published(controller, false).map_err(|absent| match absent {
        Absent::Unavailable(resource) => NoKey::Unavailable(resource),
        Absent::Asserted => NoKey::Unavailable(Resource::Document(controller.to_owned())),
        Absent::MethodUnsupported => NoKey::MethodUnsupported,
        _ => NoKey::Unusable,
    })?;
    if let Some(end) = published.deactivated {
        return Err(NoKey::Ended(end));
    }
    // The role matters only where no key is named.
    let position = position_of(&published.document, controller, Some(&url_of(controller, name)), Role::Presentation)
        .ok_or(NoKey::NotInDocument)?;
    let found = super::Found { published, place: Place::Document(position) };
    if !purposes.iter().any(|purpose| found.authorizes(*purpose)) {
        return Err(NoKey::OtherPurpose);
    }
    let method = found.method();
    if let Some(end) = [method.revoked, method.expires].into_iter().flatten().find(|end| at >= *end) {
        return Err(NoKey::Ended(end));
    }
    method.key.clone().map_err(|_| NoKey::Unusable)
}
