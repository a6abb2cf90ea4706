//! What must hold of every input, however strange: one function for each part of the library that reads what strangers
//! write. `scripts/fuzz.sh` runs them under libFuzzer.
//!
//! An input is raw bytes, or what they stand for in [`plain`] form: JSON texts that are made into tokens here, so that
//! changes reach what is inside instead of stopping at base64url or at a signature.

mod answers;
mod cbor;
mod certificate;
mod cose;
mod data_integrity;
mod dcql;
mod did;
mod did_document;
mod did_url;
mod ecdsa_sd;
mod history;
mod http_response;
mod jose;
mod json;
mod json_ld;
mod notice;
mod people;
pub mod plain;
mod rdfc;
mod request;
mod scene;
mod sd_jwt;
mod sd_value;
pub mod seeds;
mod status;
mod type_metadata;
mod verify;
mod webvh;

pub use cbor::cbor;
pub use certificate::certificate;
pub use cose::cose;
pub use data_integrity::data_integrity;
pub use dcql::dcql;
pub use did::did;
pub use did_document::did_document;
pub use did_url::did_url;
pub use ecdsa_sd::ecdsa_sd;
pub use http_response::http_response;
pub use jose::jose;
pub use json::json;
pub use json_ld::json_ld;
pub use notice::notice;
pub use rdfc::rdfc;
pub use request::request;
pub use sd_jwt::sd_jwt;
pub use status::status;
pub use type_metadata::type_metadata;
pub use verify::verify;
pub use webvh::webvh;
