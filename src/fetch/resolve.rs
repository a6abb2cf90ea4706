//! Resolution with a network: from a DID to the document, the log or the answer that its method leads to.

use super::address::{self, DOCUMENT, JSON, LOG, Resolver};
use super::driver::{Online, admit};
use super::error::FetchError;
use super::request::{Body, FetchRequest};
use super::trace::{Attempt, Step, Trace};
use crate::did::method::webvh::{Identifier, Log, WebvhError, WitnessError};
use crate::did::method::{self, MethodError, web};
use crate::did::{
    DereferencingOptions, DereferencingResult, Did, Document, Record, ResolutionError, ResolutionOptions,
    ResolutionResult, dereference, resolution_for, resolve_from,
};
use crate::encoding::json::{self, Map, Value};
use crate::encoding::percent;
use crate::error::Explain;
use crate::limits;
use crate::time::Timestamp;
use crate::verify::Resource;

/// The result of DID Resolution, or the document alone (DID Resolution 1.0, "HTTP(S) Binding").
const ANSWER: &[&str] = &[
    "application/did-resolution",
    "application/did",
    "application/did+json",
    "application/did+ld+json",
    "application/ld+json",
    "application/json",
];

/// Resolves a DID, with a network where its method needs one: the document of a did:web, the log of a did:webvh with
/// the proofs of its witnesses, and of other methods the answer of the first of the host's resolvers that serves them.
///
/// Everything is fetched anew: at most two things, each with a ceiling of its own in [`limits`](crate::limits), within
/// the seconds that [`Bounds`](super::Bounds) leaves. What a resolver answers is its word alone, and the caller's to believe. The trace says
/// what was fetched, and so who learnt of it.
pub fn resolve_online(did: &str, options: &ResolutionOptions, online: &Online<'_>) -> (ResolutionResult, Trace) {
    let mut trip = Trip::new(online);
    let obtained = Did::parse(did).map_err(ResolutionError::from).and_then(|did| trip.obtain(&did, options));
    let result = match &obtained {
        Ok(obtained) => resolve_from(did, obtained.record(), options),
        Err(error) => ResolutionResult::of(Err(error.clone()), options),
    };
    (result, trip.trace)
}

/// Dereferences a DID URL, with a network where the method of its DID needs one; as [`resolve_online`]. What a service
/// leads to is named, not fetched.
pub fn dereference_online(
    did_url: &str,
    options: &DereferencingOptions,
    online: &Online<'_>,
) -> (DereferencingResult, Trace) {
    let mut trip = Trip::new(online);
    let obtained = resolution_for(did_url, options).and_then(|(did, resolution)| trip.obtain(&did, &resolution));
    let result = match obtained {
        Ok(obtained) => dereference(did_url, obtained.record(), options),
        Err(error) => DereferencingResult { content: None, error: Some(error), content_metadata: Map::new() },
    };
    (result, trip.trace)
}

/// What was obtained about a DID.
enum Obtained {
    /// Nothing: none is needed, or no way to it is known.
    Nothing,
    Document(Box<Document>),
    Log(Box<Log>),
    Answer(Box<ResolutionResult>),
}

impl Obtained {
    fn record(&self) -> Option<Record<'_>> {
        match self {
            Self::Nothing => None,
            Self::Document(document) => Some(Record::Document(document)),
            Self::Log(log) => Some(Record::Log(log)),
            Self::Answer(answer) => Some(Record::Answer(answer)),
        }
    }
}

/// One resolution's use of the network.
struct Trip<'a> {
    online: &'a Online<'a>,
    started: Timestamp,
    trace: Trace,
}

impl<'a> Trip<'a> {
    fn new(online: &'a Online<'a>) -> Self {
        Self { online, started: online.clock.now(), trace: Trace::default() }
    }

    fn obtain(&mut self, did: &Did, options: &ResolutionOptions) -> Result<Obtained, ResolutionError> {
        match did.method() {
            "web" => self.document(did),
            "webvh" => self.log(did),
            _ if method::resolve(did, options).is_some() => Ok(Obtained::Nothing),
            name => match self.online.resolvers.iter().find(|resolver| resolver.serves(name)) {
                Some(resolver) => self.answer(did, resolver, options),
                None => Ok(Obtained::Nothing),
            },
        }
    }

    fn document(&mut self, did: &Did) -> Result<Obtained, ResolutionError> {
        let url = web::address(did).map_err(MethodError::from)?;
        let bytes = self
            .fetch(Resource::Document(did.to_string()), &url, DOCUMENT, limits::MATERIAL_BYTES)
            .map_err(not_fetched)?;
        Ok(Obtained::Document(Box::new(Document::parse(&bytes)?)))
    }

    fn log(&mut self, did: &Did) -> Result<Obtained, ResolutionError> {
        let identifier = Identifier::parse(did).map_err(MethodError::from)?;
        let log = self
            .fetch(Resource::Log(did.to_string()), &identifier.log_url(), LOG, limits::LOG_BYTES)
            .map_err(not_fetched)?;
        // Only the log itself says whether it has witnesses: few have, and a server that is asked for nothing learns
        // nothing.
        let at = self.online.clock.now();
        let log = match Log::verify(did, &log, None, at) {
            Err(WebvhError::Witness(missing @ WitnessError::Missing)) => {
                let proofs = self.fetch(
                    Resource::LogWitnesses(did.to_string()),
                    &identifier.witness_url(),
                    JSON,
                    limits::WITNESS_FILE_BYTES,
                );
                let proofs = proofs.map_err(|error| match error {
                    error if error.is_absence() => WebvhError::from(missing).into(),
                    error => not_fetched(error),
                })?;
                Log::verify(did, &log, Some(&proofs), at)?
            }
            outcome => outcome?,
        };
        Ok(Obtained::Log(Box::new(log)))
    }

    fn answer(
        &mut self,
        did: &Did,
        resolver: &Resolver,
        options: &ResolutionOptions,
    ) -> Result<Obtained, ResolutionError> {
        let answered = |outcome| Ok(Obtained::Answer(Box::new(ResolutionResult::of(outcome, options))));
        match self.fetch(
            Resource::Document(did.to_string()),
            &question(did, resolver, options),
            ANSWER,
            limits::MATERIAL_BYTES,
        ) {
            Ok(bytes) => {
                let map = json::parse_object(&bytes).map_err(|_| ResolutionError::InvalidAnswer)?;
                if ["didDocument", "didResolutionMetadata"].iter().any(|name| map.contains_key(*name)) {
                    return Ok(Obtained::Answer(Box::new(ResolutionResult::parse(&bytes)?)));
                }
                answered(Ok((Some(Document::from_map(&map)?), Map::new())))
            }
            // "If the [..] function returns a deactivated metadata property with the value true [..]: The HTTP response
            // status code MUST be 410."
            Err(FetchError::Status { status: 410 }) => {
                answered(Ok((None, Map::from_iter([("deactivated".to_owned(), Value::Bool(true))]))))
            }
            Err(error) => Err(not_fetched(error)),
        }
    }

    /// Fetches one thing, within what is left, and writes it down.
    fn fetch(
        &mut self,
        resource: Resource,
        url: &str,
        accept: &[&str],
        max_bytes: usize,
    ) -> Result<Vec<u8>, FetchError> {
        let (result, was_asked) = match self.request(url, accept, max_bytes) {
            Ok(request) => {
                let fetched = self.online.fetch.fetch(&request).and_then(|fetched| admit(&request, fetched));
                let bytes = fetched.and_then(|fetched| match fetched.body {
                    Body::Bytes(bytes) => Ok(bytes),
                    Body::NotModified => Err(FetchError::Protocol),
                });
                (bytes, true)
            }
            Err(error) => (Err(error), false),
        };
        let attempt = match &result {
            Ok(bytes) => Attempt::Fetched { bytes: bytes.len() },
            Err(error) => Attempt::Failed(error.clone()),
        };
        let round = self.trace.steps.len() + 1;
        self.trace.steps.push(Step { round, resource, url: Some(url.to_owned()), attempt, was_asked });
        result
    }

    fn request(&self, url: &str, accept: &[&str], max_bytes: usize) -> Result<FetchRequest, FetchError> {
        address::check(url)?;
        let bounds = self.online.bounds.within_limits();
        let spent = self.online.clock.now().seconds_since(self.started).max(0);
        let seconds = u32::try_from(spent).map_or(0, |spent| bounds.seconds.saturating_sub(spent));
        if seconds == 0 {
            return Err(FetchError::Bound);
        }
        let mut request = FetchRequest::new(url, accept);
        request.max_bytes = max_bytes;
        request.max_seconds = seconds.min(limits::FETCH_SECONDS_EACH);
        Ok(request)
    }
}

/// "If the DID Log does not exist at the DID's designated HTTPS location", `notFound`; a server that fails says nothing
/// about the DID.
fn not_fetched(error: FetchError) -> ResolutionError {
    if error.is_absence() {
        return ResolutionError::NotFound;
    }
    ResolutionError::NotFetched { reason: error.to_string(), hint: error.hint() }
}

/// The address at which a resolver is asked.
///
/// "If any other resolution options [..] than accept are provided: The input DID MUST be URL-encoded [..]. Encode all
/// resolution options except accept as query parameters".
fn question(did: &Did, resolver: &Resolver, options: &ResolutionOptions) -> String {
    let mut asked = Vec::new();
    if let Some(id) = &options.version_id {
        asked.push(format!("versionId={}", percent::encode(id)));
    }
    if let Some(time) = options.version_time {
        asked.push(format!("versionTime={}", percent::encode(time.to_string())));
    }
    if let Some(number) = options.version_number {
        asked.push(format!("versionNumber={number}"));
    }
    if options.no_cache {
        asked.push("noCache=true".to_owned());
    }
    let separator = if asked.is_empty() { "" } else { "?" };
    format!("{}/{}{separator}{}", resolver.endpoint(), percent::encode(did.as_str()), asked.join("&"))
}
