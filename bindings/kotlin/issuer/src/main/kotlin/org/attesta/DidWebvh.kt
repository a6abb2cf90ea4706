package org.attesta

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.attesta.ffi.createDidWebvh
import org.attesta.ffi.finishDidWebvh
import org.attesta.ffi.readDidWebvh
import org.attesta.ffi.updateDidWebvh
import org.attesta.ffi.witnessDidWebvh

/** What is published of a did:webvh: the witnesses' file first, if there is one, then the log. */
public typealias DidFiles = org.attesta.ffi.DidFiles

/** What an entry of the log changes. What is not named stays as it is. Keys are public JWKs. */
public typealias DidChange = org.attesta.ffi.DidChange

/** Who must agree to later entries; without keys, nobody any more. */
public typealias Witnesses = org.attesta.ffi.Witnesses

/** A new entry, and what to publish now; no files while witnesses have yet to agree. */
public typealias DidEntry = org.attesta.ffi.DidEntry

/** What a log says that was verified. */
public typealias DidState = org.attesta.ffi.DidState

/**
 * Keeping a did:webvh: its log is written here, and published by the app.
 *
 * did:webvh 1.0 lets Ed25519 keys alone change a DID. Android Keystore's StrongBox and the Secure Enclave have none:
 * their P-256 keys cannot be update keys. They can be what issues and presents (`DidChange.addKeys`), so that a phone's
 * hardware signs credentials. Keep the update keys apart: on a card, on a server, or on paper in a safe, since they are
 * needed once in years; with `nextKeys` the next one is never on the phone that uses today's.
 */
public object DidWebvh {
    /**
     * Makes a DID at a place such as `example.org:people:mei`.
     *
     * @param place a host, perhaps with a port (`example.org%3A8443`) and steps of a path
     * @param signer an Ed25519 key, which may change the DID from then on unless `change.updateKeys` says otherwise
     * @param change the keys that sign credentials, and what else is to be said
     * @param at the present moment
     * @throws AttestaException when the key is not Ed25519, the place makes no DID, or nothing is signed
     */
    public suspend fun create(place: String, signer: Signer, change: DidChange, at: At = At.Now): DidEntry =
        Attesta.signing { nativeWith(signer) { createDidWebvh(place, change, at.toNative(), it) } }

    /**
     * Writes the next entry: new keys, another document, another place, or the end.
     *
     * @param published what is published now
     * @param change what it changes
     * @param signer one of the keys that may change the DID, or that were committed to
     * @param at the present moment
     * @throws AttestaException when what is published does not hold, the change is none that may be made, or this key
     *   may not make it
     */
    public suspend fun update(published: DidFiles, change: DidChange, signer: Signer, at: At = At.Now): DidEntry =
        Attesta.signing { nativeWith(signer) { updateDidWebvh(published, change, at.toNative(), it) } }

    /**
     * Agrees to an entry as a witness. Whoever agreed to one entry never agrees to another in its place.
     *
     * @param did the DID
     * @param held the log up to the entry, as the witness itself holds it; null for a first entry
     * @param entry `DidEntry.entry`
     * @param signer the witness's Ed25519 key
     * @param at the present moment
     * @return the proof, for [finish]
     * @throws AttestaException when the entry does not hold, or does not need this witness
     */
    public suspend fun witness(did: String, held: DidFiles?, entry: String, signer: Signer, at: At = At.Now): String =
        Attesta.signing { nativeWith(signer) { witnessDidWebvh(did, held, entry, at.toNative(), it) } }

    /**
     * The files to publish, once enough witnesses have agreed.
     *
     * @param did the DID
     * @param published what was published before; null for a first entry
     * @param entry `DidEntry.entry`
     * @param proofs what [witness] gave
     * @param at the present moment
     * @throws AttestaException when too few agreed, or a proof is not theirs
     */
    public suspend fun finish(
        did: String,
        published: DidFiles?,
        entry: String,
        proofs: List<String>,
        at: At = At.Now,
    ): DidFiles = withContext(Dispatchers.Default) {
        native { finishDidWebvh(did, published, entry, proofs, at.toNative()) }
    }

    /**
     * Verifies a log: whole, or from a checkpoint on, with the bytes that came since.
     *
     * @param did the DID
     * @param log the log's bytes, or those after `DidState.readBytes`
     * @param witnesses `did-witness.json`, if there is one
     * @param checkpoint `DidState.checkpointJson` of an earlier reading, kept where nobody else writes
     * @param at the present moment
     * @throws AttestaException when the log does not hold, or the checkpoint is none or of another DID
     */
    public suspend fun read(
        did: String,
        log: ByteArray,
        witnesses: ByteArray? = null,
        checkpoint: String? = null,
        at: At = At.Now,
    ): DidState = withContext(Dispatchers.Default) {
        native { readDidWebvh(did, log, witnesses, checkpoint, at.toNative()) }
    }
}
