package org.attesta

import kotlin.time.Instant
import org.attesta.ffi.NonceLedger as FfiNonceLedger
import org.attesta.ffi.SignedRequest as FfiSignedRequest

/** A credential of one of the three kinds that a verifier asks for, and which claims of it, by pointers. */
public typealias AskFor = org.attesta.ffi.AskFor

/** What became of a nonce that came back. Only `Redeemed.ONCE` lets an answer count. */
public typealias Redeemed = org.attesta.ffi.Redeemed

/** What a verifier asks for. */
public sealed interface Ask {
    /**
     * All of these credentials.
     *
     * @property credentials the credentials, each under a name of its own
     */
    public data class Credentials(val credentials: List<AskFor>) : Ask {
        /** @param credentials the credentials, each under a name of its own */
        public constructor(vararg credentials: AskFor) : this(credentials.toList())
    }

    /**
     * Whatever a DCQL query says (OpenID4VP 1.0, section 6).
     *
     * @property json the query
     */
    public data class Query(val json: String) : Ask
}

internal fun Ask.toNative(): org.attesta.ffi.Ask = when (this) {
    is Ask.Credentials -> org.attesta.ffi.Ask.Kinds(credentials)
    is Ask.Query -> org.attesta.ffi.Ask.Query(json)
}

/**
 * A request that was signed. Keep it until it is answered, and never take it from whoever answers: the answer is
 * compared with it.
 *
 * @property text the request as it is sent or shown: a compact JWS
 * @property clientId who asks: the audience of every answer
 * @property nonce the nonce, of 256 random bits
 * @property expires until when it may be answered, that moment excluded
 */
@ConsistentCopyVisibility
public data class SignedRequest internal constructor(
    public val text: String,
    public val clientId: String,
    public val nonce: String,
    public val expires: Instant,
) {
    internal constructor(request: FfiSignedRequest) :
        this(request.text, request.clientId, request.nonce, Instant.fromEpochSeconds(request.expires))
}

/**
 * Remembers the nonces of this process's requests, so that each is answered once and in time.
 *
 * Many threads and coroutines may use it at once: of any number of calls with one nonce, one gets `Redeemed.ONCE`. It
 * never waits. A service of several processes keeps nonces in its database instead, and marks them there in one
 * transaction.
 *
 * @param capacity how many nonces it remembers, of some 200 bytes each. When none has expired it refuses more
 */
public class NonceLedger(capacity: Int) : AutoCloseable {
    private val handle: FfiNonceLedger

    init {
        require(capacity > 0) { "capacity must be at least 1, and is $capacity" }
        handle = native { FfiNonceLedger(capacity.toUInt()) }
    }

    /**
     * Writes the nonce of a request down, before the request is sent.
     *
     * @param request the request
     * @param at the present moment
     * @throws AttestaException when the nonce was given out before, has expired, or the ledger is full. Do not send the
     *   request then
     */
    public fun issue(request: SignedRequest, at: At = At.Now): Unit = issue(request.nonce, request.expires, at)

    /**
     * Writes a nonce down, before its request is sent.
     *
     * @param nonce the nonce
     * @param expires until when it counts, that moment excluded
     * @param at the present moment
     * @throws AttestaException when the nonce could be guessed or was given out before, has expired, or the ledger is
     *   full. Do not send the request then
     */
    public fun issue(nonce: String, expires: Instant, at: At = At.Now): Unit =
        native { handle.issue(nonce, expires.epochSeconds, at.toNative()) }

    /**
     * Takes a nonce back, once: for an answer that was found valid, before anything rests on it.
     *
     * @param nonce the nonce of this verifier's own request
     * @param at the present moment
     * @throws AttestaException when the moment is out of the calendar
     */
    public fun redeem(nonce: String, at: At = At.Now): Redeemed = native { handle.redeem(nonce, at.toNative()) }

    /** Frees it, and forgets every nonce. Whoever uses it then gets an [IllegalStateException]. */
    override fun close(): Unit = handle.close()
}
