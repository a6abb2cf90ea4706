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

/** A proof on a document beside the one that decides. Of itself it changes no outcome. */
public typealias OtherProof = org.attesta.ffi.OtherProof

/** What a piece of material is: a key document, an issuer's metadata or key set, the metadata of a type. */
public typealias ResourceType = org.attesta.ffi.ResourceType

/** Something that must be fetched before the decision can be made, and what fetching it tells to whom. */
public typealias MissingResource = org.attesta.ffi.MissingResource

/** What an undetermined credential says. Its text form shows nothing of the person. */
public typealias UnconfirmedCredential = org.attesta.ffi.UnconfirmedCredential

/** What a verifier asks for: its own name and a nonce. Make one with [Attesta.newRequest]. */
public typealias PresentationRequest = org.attesta.ffi.PresentationRequest

/** In whose name a key signs credentials or requests. */
public sealed interface Identity {
    /**
     * In that of a DID.
     *
     * @property did the DID, with the key's fragment unless it is a did:key or did:jwk: `did:web:ngo.example#key-1`
     */
    public data class Did(val did: String) : Identity

    /**
     * In that of a certificate. Credentials can be issued by it as `dc+sd-jwt` alone.
     *
     * @property pem the certificate of the key first, then those that lead from it to an anchor
     */
    public data class Certificate(val pem: String) : Identity
}

internal fun Identity.toNative(): org.attesta.ffi.Identity = when (this) {
    is Identity.Did -> org.attesta.ffi.Identity.Did(did)
    is Identity.Certificate -> org.attesta.ffi.Identity.Certificate(pem)
}

/** How much of a credential is shown. There is no default: who shows everything says so. */
public sealed interface Disclose {
    /** All of it. */
    public data object Everything : Disclose

    /**
     * Of a `dc+sd-jwt`, `vc+sd-jwt` or `ecdsa-sd-2023`, what stands at these places and below them, and what cannot be
     * hidden. Every other format can only be shown whole.
     *
     * @property pointers JSON pointers: into the claims file of a `dc+sd-jwt`, into the whole document of the other two
     */
    public data class Only(val pointers: List<String>) : Disclose {
        /** @param pointers JSON pointers; none at all shows only what cannot be hidden */
        public constructor(vararg pointers: String) : this(pointers.toList())
    }
}

internal fun Disclose.toNative(): org.attesta.ffi.Disclose = when (this) {
    Disclose.Everything -> org.attesta.ffi.Disclose.Everything
    is Disclose.Only -> org.attesta.ffi.Disclose.Only(pointers)
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

/** This transaction: what was asked. */
public sealed interface Expected {
    /** Nothing was asked: a document is looked at as it lies there. */
    public data object Nothing : Expected

    /**
     * An answer to this request.
     *
     * @property request the request
     */
    public data class Answer(val request: PresentationRequest) : Expected

    /**
     * An answer to this request, with these credentials and claims.
     *
     * @property request the request
     * @property query what was asked for: a DCQL query (OpenID4VP 1.0, section 6), as JSON
     */
    public data class AnswerToQuery(val request: PresentationRequest, val query: String) : Expected

    /**
     * An answer to a request of this verifier's own, with all that it asked for.
     *
     * @property text the request as this verifier signed and kept it. Its signature is not checked: never take it from
     *   whoever answers
     */
    public data class AnswerToRequest(val text: String) : Expected
}

internal fun Expected.toNative(): org.attesta.ffi.Expected = when (this) {
    Expected.Nothing -> org.attesta.ffi.Expected.Nothing
    is Expected.Answer -> org.attesta.ffi.Expected.Answer(request)
    is Expected.AnswerToQuery -> org.attesta.ffi.Expected.AnswerToQuery(request, query)
    is Expected.AnswerToRequest -> org.attesta.ffi.Expected.AnswerToRequest(text)
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

/** Where material comes from, which decides what it counts for. */
public sealed interface MaterialSource {
    /** Fetched by the app itself, over TLS, from the address that belongs to the identifier. */
    public data object Fetched : MaterialSource

    /**
     * Somebody else's word: the signer of a trust pack, a resolver's endpoint.
     *
     * @property by whose
     */
    public data class Asserted(val by: String) : MaterialSource

    /**
     * Made by the app itself, and kept where nobody else writes: a checkpoint of a log that it verified. Of anything
     * else it is nobody's word.
     */
    public data object Own : MaterialSource
}

/**
 * A JSON-LD context that is not built in, for whoever issues or presents what names it, in formats that sign RDF: giving
 * it is the app's word that these are its bytes. A verifier takes contexts as [Material], by their pinned hash.
 *
 * @property url its URL, as documents name it
 * @property bytes its bytes, as they were published
 */
public class GivenContext(public val url: String, public val bytes: ByteArray) {
    /** Compares the bytes one by one. */
    override fun equals(other: Any?): Boolean =
        other is GivenContext && url == other.url && bytes.contentEquals(other.bytes)

    /** Of address and bytes. */
    override fun hashCode(): Int = 31 * url.hashCode() + bytes.contentHashCode()

    /** With the number of bytes in their place. */
    override fun toString(): String = "GivenContext(url=$url, bytes=${bytes.size})"

    internal fun toNative() = org.attesta.ffi.GivenContext(url, bytes)
}

/**
 * Something from outside, as it was obtained: a key document, an issuer's metadata or key set, the metadata of a type.
 *
 * @property type what it is
 * @property url the DID or URL that it belongs to; for type metadata, the `vct`
 * @property bytes its bytes, unchanged
 * @property obtained when it was obtained
 * @property source from whom
 */
public class Material(
    public val type: ResourceType,
    public val url: String,
    public val bytes: ByteArray,
    public val obtained: Instant,
    public val source: MaterialSource,
) {
    /**
     * What a report named as missing, and the app has fetched.
     *
     * @param missing what was missing
     * @param bytes its bytes, unchanged
     * @param obtained when it was obtained
     */
    public constructor(missing: MissingResource, bytes: ByteArray, obtained: Instant) :
        this(missing.type, missing.url, bytes, obtained, MaterialSource.Fetched)

    /** Compares the bytes one by one. */
    override fun equals(other: Any?): Boolean = other is Material && type == other.type && url == other.url &&
        bytes.contentEquals(other.bytes) && obtained == other.obtained && source == other.source

    /** Of address and bytes. */
    override fun hashCode(): Int = 31 * url.hashCode() + bytes.contentHashCode()

    /** With the number of bytes in their place. */
    override fun toString(): String =
        "Material(type=$type, url=$url, bytes=${bytes.size}, obtained=$obtained, source=$source)"

    internal fun toNative() = org.attesta.ffi.Material(
        type,
        url,
        bytes,
        obtained.epochSeconds,
        when (source) {
            MaterialSource.Fetched -> org.attesta.ffi.MaterialSource.Fetched
            is MaterialSource.Asserted -> org.attesta.ffi.MaterialSource.Asserted(source.by)
            MaterialSource.Own -> org.attesta.ffi.MaterialSource.Own
        },
    )
}
