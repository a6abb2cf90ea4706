//! Credentials as data: what they must look like before anything in them is believed, the three kinds that this
//! library is for, and drafts that are not signed yet.

mod draft;
pub mod integrity;
pub mod kind;
pub mod model;
pub mod sd_jwt_vc;
pub mod type_metadata;

pub use draft::{Credential, DraftError, Holder, Salt};
