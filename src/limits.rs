//! Every ceiling on untrusted input, in one place. Each is checked before work is spent on what it bounds.

/// Bytes of one presented document: a credential, a presentation, with everything inside.
///
/// A proof of address with a photo is some 30 KiB; a presentation of thirty of them stays below.
pub const DOCUMENT_BYTES: usize = 1024 * 1024;

/// Levels of nesting in a JSON document; the outermost object is level 1.
pub const JSON_DEPTH: usize = 32;

/// Members and array items in one JSON document, counted over all levels.
pub const JSON_VALUES: usize = 20_000;

/// Bytes of a data set's canonical text. Short names in JSON become long IRIs, so that a document grows, some fourfold.
pub const CANONICAL_BYTES: usize = 4 * DOCUMENT_BYTES;

/// What telling blank nodes apart may cost, in steps of some 0.1 microseconds: two for each neighbour of a blank node that
/// is hashed, one more for every 64 bytes of its predicate, and one for each node in each order that is tried.
///
/// The hardest of the standard's own test cases takes a fifth of it. Lists of some 90 equal values stay within it.
pub const CANONICAL_STEPS: usize = 50_000;

/// How far telling blank nodes apart follows from one to the next.
pub const CANONICAL_DEPTH: usize = 256;

/// Characters of a number in JSON. The longest that an IEEE 754 double needs has 25.
pub const JSON_NUMBER_CHARACTERS: usize = 40;

/// Levels of nesting in CBOR, tags among them; the outermost value is level 1.
pub const CBOR_DEPTH: usize = 16;

/// Values in one CBOR document, keys of maps among them, counted over all levels.
pub const CBOR_VALUES: usize = JSON_VALUES;

/// Bytes of the protected header of a COSE message. A certificate chain in it takes some KiB.
pub const COSE_HEADER_BYTES: usize = JOSE_HEADER_BYTES;

/// Values in a COSE message, and in its protected header, counted as [`CBOR_VALUES`] are. Usual ones have some ten.
pub const COSE_VALUES: usize = 256;

/// Bytes of a DID or DID URL.
pub const DID_BYTES: usize = 4096;

/// Characters of a Multikey. The longest key that is supported, of P-521, has 96; what is longer than this, such as an
/// RSA key, is not even decoded.
pub const MULTIKEY_CHARACTERS: usize = 128;

/// Bytes of a JOSE header after decoding. A certificate in it takes some 1 to 3 KiB.
pub const JOSE_HEADER_BYTES: usize = 24 * 1024;

/// Disclosures in one SD-JWT. The longest that are issued, of a person's whole identity, have some 30.
pub const DISCLOSURES: usize = 512;

/// Types that one credential names: the `vct` of an SD-JWT VC and its `aka_vcts`.
pub const CREDENTIAL_TYPES: usize = 16;

/// Characters of the digests by which one document pins another.
pub const INTEGRITY_CHARACTERS: usize = 1024;

/// Documents of type metadata that extend each other, the credential's own type among them.
pub const TYPE_METADATA_CHAIN: usize = 4;

/// Claims that one document of type metadata describes.
pub const TYPE_METADATA_CLAIMS: usize = 512;

/// Languages in which type metadata names one thing.
pub const TYPE_METADATA_LANGUAGES: usize = 64;

/// Places of a credential that the paths of its type metadata may lead through, counted over all of them.
pub const TYPE_METADATA_PLACES: usize = 100_000;

/// Bytes of a DID document, trust list or policy.
pub const MATERIAL_BYTES: usize = 512 * 1024;

/// Verification methods in a DID document.
pub const VERIFICATION_METHODS: usize = 256;

/// Bytes of a trust list, with what closed issuers left behind.
pub const TRUST_LIST_BYTES: usize = DOCUMENT_BYTES;

/// Pieces of material that one entry of a trust list carries.
pub const ARCHIVED: usize = 16;

/// Resolvers in a trust list.
pub const RESOLVERS: usize = 64;

/// Different contents of one context that are kept as material.
pub const CONTEXT_FILES: usize = 8;

/// Contexts that a trust list or a policy pins.
pub const PINNED_CONTEXTS: usize = 64;

/// Keys that one document of compromise notices denounces.
pub const NOTICES: usize = 256;

/// Digests of credentials that one document of compromise notices confirms, over all its keys. As JSON they stay within
/// [`JSON_VALUES`].
pub const NOTICE_DIGESTS: usize = 16_384;

/// Status lists of one address, and documents of compromise notices about one issuer, that are kept among the materials.
pub const SIGNED_LISTS: usize = 8;

/// Logs of one DID that begin with a checkpoint, each by another party's word, that are kept among the materials.
pub const CHECKPOINTS: usize = 4;

/// Logs of one DID that wait among the materials for their witnesses' proofs.
pub const WAITING_LOGS: usize = 4;

/// Logs, and lists of each type, that are remembered so that an older one is noticed.
pub const SEEN: usize = 100_000;

/// Keys of one name in a log that are tried on one signature.
pub const KEYS_OF_ONE_NAME: usize = 8;

/// Status entries of one credential.
pub const STATUS_ENTRIES: usize = 8;

/// Entries in a trust list.
pub const TRUST_ENTRIES: usize = 10_000;

/// Certificates in one chain (`x5c`), an anchor that was sent along included.
pub const CERTIFICATES: usize = 8;

/// Bytes of one certificate after decoding. One with a P-256 key and a few names has some 600.
pub const CERTIFICATE_BYTES: usize = 16 * 1024;

/// Extensions of one certificate. Usual ones have some ten.
pub const CERTIFICATE_EXTENSIONS: usize = 64;

/// Bytes of a file of certificates in PEM, which is base64 with a frame and may have text between.
pub const PEM_BYTES: usize = 2 * CERTIFICATES * CERTIFICATE_BYTES;

/// Proofs on one document.
pub const PROOFS: usize = 8;

/// Statements of one `ecdsa-sd-2023` credential that can be hidden, each of which has a signature. Those that are issued
/// have some 40.
pub const SD_STATEMENTS: usize = 512;

/// Signatures of single statements that are checked for all proofs of one document together, each once: those of the one
/// that decides, and as many again for others beside it.
pub const SD_CHECKS: usize = 2 * SD_STATEMENTS;

/// JSON pointers of one `ecdsa-sd-2023` credential that are mandatory, and that its holder chooses.
pub const SD_POINTERS: usize = 512;

/// Credentials in one presentation.
pub const CREDENTIALS: usize = 32;

/// Characters of a nonce, challenge, audience or domain.
pub const TRANSACTION_CHARACTERS: usize = 2048;

/// Bytes of a request for a presentation, with its certificates.
pub const REQUEST_BYTES: usize = 64 * 1024;

/// Credentials of a holder that are compared with one request.
pub const HELD_CREDENTIALS: usize = 1024;

/// Resources that one credential may ask a host to fetch.
pub const MISSING_RESOURCES: usize = 8;

/// Characters (Unicode scalar values) of one line of a claim: a name, a district, a number. As in the rulebook of the
/// European certificate of residence.
pub const CLAIM_LINE_CHARACTERS: usize = 150;

/// Characters of a claim in free text: a whole address, a criterion, a condition.
pub const CLAIM_PROSE_CHARACTERS: usize = 1000;

/// Bytes of a URI in a claim.
pub const CLAIM_URI_BYTES: usize = 2048;

/// Bytes of a portrait as a data URL, which leaves some 48 KiB for the picture.
pub const CLAIM_PORTRAIT_BYTES: usize = 64 * 1024;

/// Items of a list in a claim: categories of a licence, pieces of evidence.
pub const CLAIM_LIST_ITEMS: usize = 32;

/// Credential queries in one DCQL query.
pub const DCQL_CREDENTIALS: usize = 32;

/// Credential sets in one DCQL query.
pub const DCQL_SETS: usize = 32;

/// Claims in one credential query.
pub const DCQL_CLAIMS: usize = 64;

/// Alternatives in `claim_sets` or in a credential set, and names in one alternative.
pub const DCQL_OPTIONS: usize = 64;

/// Allowed values of one claim, type values of one credential query, authorities and their values.
pub const DCQL_VALUES: usize = 64;

/// Steps of one claims path.
pub const DCQL_PATH_STEPS: usize = 16;

/// Bytes of any one text in a DCQL query: an id, a member's name, a type, a value.
pub const DCQL_TEXT_BYTES: usize = 2048;

/// Elements that one credential query may select in one credential, by one path or by all together.
pub const DCQL_SELECTED: usize = 1024;

/// Unlinkable copies of one credential that are issued at once.
pub const COPIES: usize = 1_000;

/// Bytes of the log of a did:webvh DID: 10,000 entries of some 1 KB, each of which a proof and a hash make longer.
pub const LOG_BYTES: usize = 16 * 1024 * 1024;

/// Entries in the log of a did:webvh DID. One a day for 27 years.
pub const LOG_ENTRIES: usize = 10_000;

/// Bytes of one entry of a did:webvh log, the DID document in it included.
pub const LOG_ENTRY_BYTES: usize = MATERIAL_BYTES;

/// Keys that may update a did:webvh DID, and hashes of the next ones, in one entry of its log.
pub const UPDATE_KEYS: usize = 64;

/// Characters of a hash in `nextKeyHashes`, which may also be any text that hides how many keys there are.
pub const KEY_HASH_CHARACTERS: usize = 128;

/// Witnesses of a did:webvh DID at one time.
pub const WITNESSES: usize = 64;

/// Watchers of a did:webvh DID at one time.
pub const WATCHERS: usize = 64;

/// Bytes of `did-witness.json`. With only each witness's last proof, as its publisher should keep it, some 500 bytes a
/// witness.
pub const WITNESS_FILE_BYTES: usize = DOCUMENT_BYTES;

/// Proofs in `did-witness.json` that a signature check may be spent on.
pub const WITNESS_PROOFS: usize = 2_000;

/// Names that a did:webvh DID has had: how often it was moved, and one.
pub const LOG_NAMES: usize = 64;

/// Bytes of a status list as it is written in its credential or token: compressed, in base64url.
pub const STATUS_LIST_ENCODED_BYTES: usize = DOCUMENT_BYTES;

/// Bytes of a status list after decompression: 134 million places of one bit.
pub const STATUS_LIST_BYTES: usize = 16 * 1024 * 1024;

/// Purposes that one status list has.
pub const STATUS_PURPOSES: usize = 16;

/// Characters of an address that is fetched. The longest DID makes one of this length.
pub const FETCH_URL_CHARACTERS: usize = DID_BYTES + 64;

/// Times that a verification goes out for what it found missing: an issuer's metadata, its key set, four documents of
/// type metadata that extend each other, a status list, the keys of whoever signed that.
pub const FETCH_ROUNDS: usize = 8;

/// Resources that one verification fetches in all.
pub const FETCH_RESOURCES: usize = 64;

/// Bytes that one verification fetches in all: the longest log, and much beside it.
pub const FETCH_BYTES: usize = LOG_BYTES + 8 * 1024 * 1024;

/// Seconds that one verification spends on fetching in all.
pub const FETCH_SECONDS: u32 = 30;

/// Seconds for one resource, from looking its host up to its last byte.
pub const FETCH_SECONDS_EACH: u32 = 10;

/// Resources that are fetched at the same time.
pub const FETCH_PARALLEL: usize = 4;

/// Characters of a validator (`ETag`, `Last-Modified`) that is remembered and sent back.
pub const FETCH_VALIDATOR_CHARACTERS: usize = 256;

/// Seconds for which something that was fetched is taken as it was, where its server does not say.
pub const CACHE_FRESH_SECONDS: u32 = 5 * 60;

/// Seconds for which it is taken as it was at most, whatever its server says.
pub const CACHE_FRESH_SECONDS_MOST: u32 = 24 * 60 * 60;

/// Seconds for which what was fetched is not asked for anew, although the outcome rests on it and is not valid.
pub const CACHE_ANEW_SECONDS: u32 = 60;

/// Seconds for which it is remembered that something is not published.
pub const CACHE_ABSENT_SECONDS: u32 = 60;

/// Seconds after which what is kept no longer stands in for what cannot be fetched: 30 days. Within them its age stands
/// in the report, and the policy decides.
pub const CACHE_STALE_SECONDS: u32 = 30 * 24 * 60 * 60;

/// Resources that are kept.
pub const CACHE_ENTRIES: usize = 4096;

/// Bytes that are kept on disk in all.
pub const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// Bytes of a checkpoint of a did:webvh log: a document, and some 300 bytes for each key that there ever was.
pub const CHECKPOINT_BYTES: usize = DOCUMENT_BYTES;

/// Resolvers that are asked about one DID, one after the other, until one of them answers.
pub const FETCH_RESOLVERS: usize = 3;

/// Redirects that one request follows at most, where they are allowed at all.
pub const FETCH_REDIRECTS: usize = 3;

/// Seconds for making one connection, TLS included.
pub const FETCH_CONNECT_SECONDS: u32 = 5;

/// IP addresses behind one name. Every one of them is checked.
pub const FETCH_ADDRESSES: usize = 64;

/// Bytes of the header fields of one answer, names and values.
pub const FETCH_HEADER_BYTES: usize = 32 * 1024;

/// Bytes of a file with certificate authorities that the host names, in PEM.
pub const AUTHORITIES_BYTES: usize = 4 * 1024 * 1024;
/// Status lists in one issuer's register.
pub const REGISTERED_LISTS: usize = 1_000;

/// Terms in contexts that one document brings along, or that are processed anew for it.
pub const INLINE_CONTEXT_TERMS: usize = 2_000;

/// Look-ups by which contexts are compared with what is active where they are applied, for one document. Each 64 bytes of
/// what protected terms are compared by count as one.
pub const CONTEXT_COMPARISONS: usize = 500_000;

/// Bytes of the addresses that contexts put together where they are compiled: what terms stand for, vocabularies, bases. A
/// short prefix may stand for a long address.
pub const CONTEXT_BYTES: usize = 8 * DOCUMENT_BYTES;

/// Contexts that lie over each other at one place of a document.
pub const CONTEXT_LAYERS: usize = 64;

/// Contexts of which each names the next, and terms of a context of which each is written by means of the next.
pub const CONTEXT_CHAIN: usize = 16;

/// RDF statements of one document. Each of its values makes one, items of a list two.
pub const QUADS: usize = 4 * JSON_VALUES;

/// Bytes of the terms of a document's RDF statements. A document grows some fourfold.
pub const DATASET_BYTES: usize = 8 * DOCUMENT_BYTES;
