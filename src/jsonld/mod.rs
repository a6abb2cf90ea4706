//! JSON-LD 1.1 for what is signed: from a document to RDF quads, and from quads to the one canonical text that a proof
//! is made over (RDF Dataset Canonicalization, RDFC-1.0).
//!
//! What could be read in two ways, or would be dropped without a word, is an error that names the member: a signature
//! does not cover what is not there. Contexts are compiled once ([`Context`]), and a document is read in one pass,
//! without a tree of its expanded form.

mod context;
pub mod dataset;
mod embedded;
pub mod error;
mod file;
mod iri;
mod keyword;
mod plain;
pub mod rdfc;
mod read;
mod selection;

pub use context::{Context, Contexts};
pub use dataset::{Dataset, Quad, Term};
pub use embedded::Embedded;
pub use error::JsonLdError;
pub use file::{ContextFile, ContextFileError, GivenContexts};
pub use plain::first_disguised;

use serde_json::Value;

use self::context::Options;
use self::selection::Selections;
use crate::encoding::json::Map;
use crate::encoding::pointer::Pointer;

/// The items of a list; what is none is its own only item.
fn one_or_many(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        single => std::slice::from_ref(single),
    }
}

/// Reads a document as RDF (JSON-LD 1.1 API, section 7.1 and what it calls). Addresses in it must be whole: there is no
/// base. What belongs to a proof was taken off.
///
/// # Errors
/// [`JsonLdError`].
pub fn to_dataset(document: &Map, contexts: &dyn Contexts) -> Result<Dataset, JsonLdError> {
    Ok(read::Reader::new(contexts, Options::default()).document(document, &Selections::none())?)
}

/// As [`to_dataset`], with this `@context` in the place of the document's own.
///
/// # Errors
/// [`JsonLdError`].
pub(crate) fn to_dataset_with(
    document: &Map,
    context: &Value,
    contexts: &dyn Contexts,
) -> Result<Dataset, JsonLdError> {
    Ok(read::Reader::new(contexts, Options::default()).document_with(document, context)?)
}

/// As [`to_dataset`]; each quad says in [`Quad::groups`] to which selections it belongs, bit `i` to the `i`th, of at most
/// eight.
///
/// A selection takes in what VC-DI-ECDSA 1.0, sections 3.4.11 to 3.4.13, take in: what its pointers point to, whole, and
/// of each object on the way `id` and `type`. Blank nodes keep one identity over all selections, as the document is read
/// whole.
///
/// # Errors
/// [`JsonLdError`]; among them [`JsonLdError::Selection`], for a pointer that leads nowhere, or into a list, a value with
/// its type or language, or JSON that is one value.
pub fn to_grouped_dataset(
    document: &Map,
    contexts: &dyn Contexts,
    selections: &[&[Pointer]],
) -> Result<Dataset, JsonLdError> {
    let selections = Selections::of(document, selections)?;
    Ok(read::Reader::new(contexts, Options::default()).document(document, &selections)?)
}

/// The types of a document as IRIs, as its contexts name them. None where that cannot be told, and where one of the
/// contexts stands in the document itself: its author would be the only one to say what the types are.
pub fn types_of(document: &Map, contexts: &dyn Contexts) -> Vec<String> {
    let is_named = |context: &Value| match context {
        Value::String(_) => true,
        Value::Array(items) => items.iter().all(Value::is_string),
        _ => false,
    };
    let (Some(context), Some(types)) = (document.get("@context").filter(|it| is_named(it)), document.get("type"))
    else {
        return Vec::new();
    };
    let mut head = Map::new();
    head.insert("@context".to_owned(), context.clone());
    head.insert("type".to_owned(), types.clone());
    let Ok(data) = to_dataset(&head, contexts) else { return Vec::new() };
    let iri = |quad: &Quad| match quad.object {
        Term::Iri(span) => data.text(span).strip_prefix('<')?.strip_suffix('>').map(str::to_owned),
        _ => None,
    };
    data.quads().iter().filter_map(iri).collect()
}

/// Reads as the standard's own tests do: relative to a base, and dropping without a word what RDF cannot say. Nothing that
/// is signed is read so.
///
/// # Errors
/// [`JsonLdError`], without [`JsonLdError::Unsafe`].
#[doc(hidden)]
pub fn to_dataset_leniently(
    document: &Value,
    base: Option<&str>,
    expand_context: Option<&Context>,
    contexts: &dyn Contexts,
) -> Result<Dataset, JsonLdError> {
    let options = Options { base, lenient: true };
    Ok(read::Reader::new(contexts, options).value(document, expand_context)?)
}
