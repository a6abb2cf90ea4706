import Attesta
import Foundation

import func AttestaFFI.createDidWebvh
import func AttestaFFI.finishDidWebvh
import func AttestaFFI.readDidWebvh
import func AttestaFFI.updateDidWebvh
import func AttestaFFI.witnessDidWebvh

/// Keeping a did:webvh: its log is written here, and published by the app.
///
/// did:webvh 1.0 lets Ed25519 keys alone change a DID. The Secure Enclave and Android's StrongBox have none: their P-256
/// keys cannot be update keys. They can be what issues and presents (``DidChange/addKeys``), so that a phone's hardware
/// signs credentials. Keep the update keys apart: on a card, on a server, or on paper in a safe, since they are needed
/// once in years; with ``DidChange/nextKeys`` the next one is never on the phone that uses today's.
public enum LastingDID {
    /// Makes a DID at a place such as `example.org:people:mei`.
    ///
    /// - Parameters:
    ///   - place: A host, perhaps with a port (`example.org%3A8443`) and steps of a path.
    ///   - signer: An Ed25519 key, which may change the DID from then on unless the change says otherwise.
    ///   - change: The keys that sign credentials, and what else is to be said.
    ///   - at: The present moment.
    /// - Throws: `AttestaError` when the key is not Ed25519, the place makes no DID, or nothing is signed;
    ///   `CancellationError` when the task was cancelled.
    public static func create(at place: String, signer: any Signer, _ change: DidChange, now at: At = .now) async throws
        -> DidEntry
    {
        try await inBackground(signer.place) {
            try calling { try createDidWebvh(place: place, change: change, at: at, signer: signer.forLibrary) }
        }
    }

    /// Writes the next entry: new keys, another document, another place, or the end.
    ///
    /// - Parameters:
    ///   - published: What is published now.
    ///   - change: What it changes.
    ///   - signer: One of the keys that may change the DID, or that were committed to.
    ///   - at: The present moment.
    /// - Throws: `AttestaError` when what is published does not hold, the change is none that may be made, or this key
    ///   may not make it; `CancellationError` when the task was cancelled.
    public static func update(
        _ published: DidFiles,
        _ change: DidChange,
        signer: any Signer,
        now at: At = .now
    ) async throws -> DidEntry {
        try await inBackground(signer.place) {
            try calling { try updateDidWebvh(published: published, change: change, at: at, signer: signer.forLibrary) }
        }
    }

    /// Agrees to an entry as a witness. Whoever agreed to one entry never agrees to another in its place.
    ///
    /// - Parameters:
    ///   - entry: What the witness was sent.
    ///   - held: The log up to the entry, as the witness itself holds it; nil for a first entry.
    ///   - signer: The witness's Ed25519 key.
    ///   - at: The present moment.
    /// - Returns: The proof, for ``finish(_:published:proofs:now:)``.
    /// - Throws: `AttestaError` when the entry does not hold, or does not need this witness; `CancellationError` when the
    ///   task was cancelled.
    public static func witness(_ entry: DidEntry, held: DidFiles?, signer: any Signer, now at: At = .now) async throws
        -> String
    {
        try await inBackground(signer.place) {
            try calling {
                try witnessDidWebvh(
                    did: entry.did,
                    held: held,
                    entry: entry.entry,
                    at: at,
                    signer: signer.forLibrary
                )
            }
        }
    }

    /// The files to publish, once enough witnesses have agreed.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - published: What was published before; nil for a first entry.
    ///   - proofs: What the witnesses gave.
    ///   - at: The present moment.
    /// - Throws: `AttestaError` when too few agreed, or a proof is not theirs; `CancellationError` when the task was
    ///   cancelled.
    public static func finish(_ entry: DidEntry, published: DidFiles?, proofs: [String], now at: At = .now) async throws
        -> DidFiles
    {
        try await inBackground(.pool) {
            try calling {
                try finishDidWebvh(
                    did: entry.did,
                    published: published,
                    entry: entry.entry,
                    proofsJson: proofs,
                    at: at
                )
            }
        }
    }

    /// Verifies a log: whole, or from a checkpoint on, with the bytes that came since.
    ///
    /// - Parameters:
    ///   - did: The DID.
    ///   - log: The log's bytes, or those after ``DidState/readBytes``.
    ///   - witnesses: `did-witness.json`, if there is one.
    ///   - checkpoint: ``DidState/checkpointJson`` of an earlier reading, kept where nobody else writes.
    ///   - at: The present moment.
    /// - Throws: `AttestaError` when the log does not hold, or the checkpoint is none or of another DID;
    ///   `CancellationError` when the task was cancelled.
    public static func read(
        _ did: String,
        log: Data,
        witnesses: Data? = nil,
        checkpoint: String? = nil,
        now at: At = .now
    ) async throws -> DidState {
        try await inBackground(.pool) {
            try calling {
                try readDidWebvh(did: did, log: log, witnesses: witnesses, checkpointJson: checkpoint, at: at)
            }
        }
    }
}
