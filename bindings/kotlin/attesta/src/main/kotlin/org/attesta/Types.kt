package org.attesta

import kotlin.time.Instant

/** A kind of credential. */
public typealias Kind = org.attesta.ffi.Kind

/** How a credential is secured. */
public typealias CredentialFormat = org.attesta.ffi.CredentialFormat

/** A signature algorithm, and with it the type of the key. */
public typealias Algorithm = org.attesta.ffi.Algorithm

/** How a signer writes its signatures: DER for phones' key stores, raw otherwise. */
public typealias SignatureEncoding = org.attesta.ffi.SignatureEncoding

/** A policy that comes with the library. */
public typealias Preset = org.attesta.ffi.Preset

/** The decision: valid, invalid or undetermined. */
public typealias Outcome = org.attesta.ffi.Outcome

/** What one check came to. */
public typealias CheckResult = org.attesta.ffi.CheckResult

/** One check's finding. */
public typealias Check = org.attesta.ffi.Check

/** One credential and what was found about it, without its claims. */
public typealias CredentialReport = org.attesta.ffi.CredentialReport

/** What was found about the presentation around the credentials. */
public typealias PresentationReport = org.attesta.ffi.PresentationReport

/** A key document that must be fetched before the decision can be made. */
public typealias MissingDocument = org.attesta.ffi.MissingDocument

/** What a verifier asks for: its own name and a nonce. Make one with [Attesta.newRequest]. */
public typealias PresentationRequest = org.attesta.ffi.PresentationRequest

/** Whom a credential is issued to. */
public sealed interface Holder {
    /**
     * By a DID.
     *
     * @property did the DID, such as `did:key:zDn...`
     */
    public data class Did(val did: String) : Holder

    /**
     * By a public key alone.
     *
     * @property jwk the key as a public JWK
     */
    public data class Key(val jwk: String) : Holder
}

internal fun Holder.toNative(): org.attesta.ffi.Holder = when (this) {
    is Holder.Did -> org.attesta.ffi.Holder.Did(did)
    is Holder.Key -> org.attesta.ffi.Holder.Key(jwk)
}

/** What a verifier demands. */
public sealed interface Policy {
    /**
     * A policy that comes with the library.
     *
     * @property preset which
     */
    public data class Named(val preset: Preset) : Policy

    /**
     * A policy as data.
     *
     * @property text JSON: `{"type":"Policy","version":1,...}`
     */
    public data class Json(val text: String) : Policy
}

internal fun Policy.toNative(): org.attesta.ffi.Policy = when (this) {
    is Policy.Named -> org.attesta.ffi.Policy.Preset(preset)
    is Policy.Json -> org.attesta.ffi.Policy.Json(text)
}

/** The moment that is judged. */
public sealed interface At {
    /** Today, by the system's clock. */
    public data object Now : At

    /**
     * Today, by a clock that the app trusts more.
     *
     * @property moment the present moment, in whole seconds
     */
    public data class NowIs(val moment: Instant) : At

    /**
     * A moment in the past, or to come, as if it were then: what was signed later is left aside.
     *
     * @property moment that moment, in whole seconds
     */
    public data class AsOf(val moment: Instant) : At
}

internal fun At.toNative(): org.attesta.ffi.At = when (this) {
    At.Now -> org.attesta.ffi.At.Now
    is At.NowIs -> org.attesta.ffi.At.NowIs(moment.epochSeconds)
    is At.AsOf -> org.attesta.ffi.At.AsOf(moment.epochSeconds)
}

/** Where a key document comes from, which decides what it counts for. */
public sealed interface DocumentSource {
    /** Fetched by the app itself, over TLS, from the address that belongs to the identifier. */
    public data object Fetched : DocumentSource

    /**
     * Somebody else's word: the signer of a trust pack, a resolver's endpoint.
     *
     * @property by whose
     */
    public data class Asserted(val by: String) : DocumentSource
}

/**
 * An issuer's key document, as it was obtained.
 *
 * @property id the DID or https URL that it belongs to
 * @property bytes its bytes, unchanged
 * @property obtained when it was obtained
 * @property source from whom
 */
public class KeyDocument(
    public val id: String,
    public val bytes: ByteArray,
    public val obtained: Instant,
    public val source: DocumentSource,
) {
    /** Compares the bytes one by one. */
    override fun equals(other: Any?): Boolean = other is KeyDocument && id == other.id &&
        bytes.contentEquals(other.bytes) && obtained == other.obtained && source == other.source

    /** Of identifier and bytes. */
    override fun hashCode(): Int = 31 * id.hashCode() + bytes.contentHashCode()

    /** With the number of bytes in their place. */
    override fun toString(): String = "KeyDocument(id=$id, bytes=${bytes.size}, obtained=$obtained, source=$source)"

    internal fun toNative() = org.attesta.ffi.KeyDocument(
        id,
        bytes,
        obtained.epochSeconds,
        when (source) {
            DocumentSource.Fetched -> org.attesta.ffi.DocumentSource.Fetched
            is DocumentSource.Asserted -> org.attesta.ffi.DocumentSource.Asserted(source.by)
        },
    )
}
