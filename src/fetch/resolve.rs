//! Resolution with a network: from a DID to the document, the log or the answer that its method leads to.

use super::address::{self, Address, DOCUMENT, JSON, LOG, Resolver};
use super::driver::Online;
use super::error::FetchError;
use super::get::{Brought, Piece, Wanted, get};
use super::kept::{CacheError, Kept};
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
use crate::verify::{Resource, Source};

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
/// the proofs of its witnesses, and of other methods the answer of the first of the host's resolvers that serves them and
/// can be reached, of [`limits::FETCH_RESOLVERS`] at most.
///
/// At most two things are fetched, each with a ceiling of its own in [`limits`](crate::limits), within the seconds that
/// [`Bounds`](super::Bounds) leaves. What was fetched before is taken from the cache as a verification takes it, unless
/// the options say `noCache`; a log is kept for as long as its owner lets it be (`ttl`). What a resolver answers is its
/// word alone, and the caller's to believe. A log that was cut off or rewritten since it was seen
/// ([`Online::remembering`]) is refused. The trace says what was fetched, and so who learnt of it, and what was seen.
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

/// How what is kept may be used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Where it is fresh.
    Fresh,
    /// Only if its server confirms it.
    Anew,
    /// Neither taken nor kept: the answer is to another question.
    Never,
}

impl<'a> Trip<'a> {
    fn new(online: &'a Online<'a>) -> Self {
        Self { online, started: online.clock.now(), trace: Trace::default() }
    }

    fn obtain(&mut self, did: &Did, options: &ResolutionOptions) -> Result<Obtained, ResolutionError> {
        let uses = if options.no_cache { Use::Anew } else { Use::Fresh };
        match did.method() {
            "web" => self.document(did, uses),
            "webvh" => self.log(did, uses),
            _ if method::resolve(did, options).is_some() => Ok(Obtained::Nothing),
            name => {
                let serving = self.online.resolvers.iter().filter(|resolver| resolver.serves(name));
                let serving: Vec<&Resolver> = serving.take(limits::FETCH_RESOLVERS).collect();
                if serving.is_empty() { Ok(Obtained::Nothing) } else { self.answer(did, &serving, options, uses) }
            }
        }
    }

    fn document(&mut self, did: &Did, uses: Use) -> Result<Obtained, ResolutionError> {
        let url = web::address(did).map_err(MethodError::from)?;
        let resource = Resource::Document(did.to_string());
        let piece = self.fetch(&resource, own(url, DOCUMENT, limits::MATERIAL_BYTES), uses).map_err(not_fetched)?;
        let document = Document::parse(&piece.bytes)?;
        if document.id() == did.as_str() {
            self.keep(&resource, piece.to_keep());
        }
        Ok(Obtained::Document(Box::new(document)))
    }

    fn log(&mut self, did: &Did, uses: Use) -> Result<Obtained, ResolutionError> {
        let log = match self.fetched_log(did, uses) {
            Ok((log, _)) => log,
            // What was kept may be older than what was seen since.
            Err((ResolutionError::Rollback(_), true)) => {
                self.fetched_log(did, Use::Anew).map_err(|(error, _)| error)?.0
            }
            Err((error, _)) => return Err(error),
        };
        self.trace.seen.saw_log(log.scid(), log.current().id());
        Ok(Obtained::Log(Box::new(log)))
    }

    /// The log, and whether it was kept from before.
    fn fetched_log(&mut self, did: &Did, uses: Use) -> Result<(Log, bool), (ResolutionError, bool)> {
        let identifier = Identifier::parse(did).map_err(|error| (MethodError::from(error).into(), false))?;
        let resource = Resource::Log(did.to_string());
        let piece = self.fetch(&resource, own(identifier.log_url(), LOG, limits::LOG_BYTES), uses);
        let piece = piece.map_err(|error| (not_fetched(error), false))?;
        let is_kept = matches!(piece.attempt, Attempt::Kept { .. });
        let log = self.verified(did, &identifier, &piece, uses).map_err(|error| (error, is_kept))?;
        if let Some((number, id)) = self.online.seen.and_then(|seen| seen.log(log.scid())) {
            log.extends(number, id).map_err(|rollback| (ResolutionError::Rollback(rollback), is_kept))?;
        }
        let kept = piece.to_keep().map(|kept| kept.for_at_most(Some(log.ttl())));
        self.keep(&resource, kept);
        Ok((log, is_kept))
    }

    fn verified(&mut self, did: &Did, identifier: &Identifier, log: &Piece, uses: Use) -> Result<Log, ResolutionError> {
        // Only the log itself says whether it has witnesses: few have, and a server that is asked for nothing learns
        // nothing.
        let at = self.online.clock.now();
        let missing = match Log::verify(did, &log.bytes, None, at) {
            Err(WebvhError::Witness(missing @ WitnessError::Missing)) => missing,
            outcome => return Ok(outcome?),
        };
        // The proofs are published before the log that needs them: those that were kept from before it may be too old.
        let uses = if matches!(log.attempt, Attempt::Kept { .. }) { uses } else { Use::Anew };
        let resource = Resource::LogWitnesses(did.to_string());
        let address = own(identifier.witness_url(), JSON, limits::WITNESS_FILE_BYTES);
        let proofs = self.fetch(&resource, address, uses).map_err(|error| match error {
            error if error.is_absence() => WebvhError::from(missing).into(),
            error => not_fetched(error),
        })?;
        let log = Log::verify(did, &log.bytes, Some(&proofs.bytes), at)?;
        self.keep(&resource, proofs.to_keep().map(|kept| kept.for_at_most(Some(log.ttl()))));
        Ok(log)
    }

    fn answer(
        &mut self,
        did: &Did,
        resolvers: &[&Resolver],
        options: &ResolutionOptions,
        uses: Use,
    ) -> Result<Obtained, ResolutionError> {
        let answered = |outcome| Ok(Obtained::Answer(Box::new(ResolutionResult::of(outcome, options))));
        let addresses = resolvers.iter().map(|resolver| Address {
            url: question(did, resolver, options),
            accept: ANSWER,
            max_bytes: limits::MATERIAL_BYTES,
            source: Source::Asserted { by: resolver.endpoint().to_owned() },
        });
        let is_plain =
            options.version_id.is_none() && options.version_time.is_none() && options.version_number.is_none();
        let resource = Resource::Document(did.to_string());
        match self.fetch(&resource, addresses.collect(), if is_plain { uses } else { Use::Never }) {
            Ok(piece) => {
                let map = json::parse_object(&piece.bytes).map_err(|_| ResolutionError::InvalidAnswer)?;
                if ["didDocument", "didResolutionMetadata"].iter().any(|name| map.contains_key(*name)) {
                    let result = ResolutionResult::parse(&piece.bytes)?;
                    if is_plain && result.document.as_ref().is_some_and(|document| document.id() == did.as_str()) {
                        self.keep(&resource, piece.to_keep());
                    }
                    return Ok(Obtained::Answer(Box::new(result)));
                }
                let document = Document::from_map(&map)?;
                if is_plain && document.id() == did.as_str() {
                    self.keep(&resource, piece.to_keep());
                }
                answered(Ok((Some(document), Map::new())))
            }
            // "If the [..] function returns a deactivated metadata property with the value true [..]: The HTTP response
            // status code MUST be 410."
            Err(FetchError::Status { status: 410 }) => {
                answered(Ok((None, Map::from_iter([("deactivated".to_owned(), Value::Bool(true))]))))
            }
            Err(error) => Err(not_fetched(error)),
        }
    }

    /// Gets one thing, within what is left, and writes each attempt down.
    fn fetch(&mut self, resource: &Resource, addresses: Vec<Address>, uses: Use) -> Result<Piece, FetchError> {
        let mut online = *self.online;
        if uses == Use::Never {
            online.cache = None;
        }
        let attempts = match addresses.iter().try_for_each(|address| address::check(&address.url)) {
            Ok(()) => {
                let spent = online.clock.now().seconds_since(self.started).max(0);
                let seconds = online.bounds.within_limits().seconds;
                let max_seconds = u32::try_from(spent).map_or(0, |spent| seconds.saturating_sub(spent));
                let max_bytes = addresses.iter().map(|address| address.max_bytes).sum();
                let wanted = Wanted { resource, addresses: &addresses, max_bytes, max_seconds };
                get(&online, &wanted, |kept, now| uses == Use::Fresh && kept.is_fresh(now))
            }
            Err(error) => {
                let url = addresses.first().map(|address| address.url.clone());
                vec![Brought { url, ..Brought::failed(error.into()) }]
            }
        };
        let mut last = Err(FetchError::NoAddress);
        for Brought { url, was_asked, cache_error, result, .. } in attempts {
            let attempt = result.as_ref().map_or_else(Attempt::clone, |piece| piece.attempt.clone());
            let round = self.trace.steps.len() + 1;
            self.trace.steps.push(Step { round, resource: resource.clone(), url, attempt, was_asked });
            self.note(cache_error);
            last = match result {
                Ok(Piece { attempt: Attempt::StoodIn { error, .. }, .. }) if uses == Use::Anew => Err(error),
                Ok(piece) => Ok(piece),
                Err(Attempt::Failed(error) | Attempt::KeptFailure(error)) => Err(error),
                Err(_) => Err(FetchError::Protocol),
            };
            if let Err(FetchError::Status { status: status @ (404 | 410) }) = last
                && was_asked
                && uses != Use::Never
            {
                self.keep(resource, Some(Kept::absent(status, self.online.clock.now())));
            }
        }
        last
    }

    fn keep(&mut self, resource: &Resource, kept: Option<Kept>) {
        if let (Some(cache), Some(kept)) = (self.online.cache, kept) {
            self.note(cache.put(resource, &kept).err());
        }
    }

    fn note(&mut self, error: Option<CacheError>) {
        self.trace.cache_error = self.trace.cache_error.take().or(error);
    }
}

/// Its own place, where whoever holds the domain publishes it.
fn own(url: String, accept: &'static [&'static str], max_bytes: usize) -> Vec<Address> {
    vec![Address { url, accept, max_bytes, source: Source::Fetched }]
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
