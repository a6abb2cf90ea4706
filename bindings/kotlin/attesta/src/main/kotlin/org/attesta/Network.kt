package org.attesta

import java.io.IOException
import java.io.InterruptedIOException
import java.net.ConnectException
import java.net.UnknownHostException
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicReference
import javax.net.ssl.SSLException
import kotlin.time.Duration.Companion.seconds
import kotlin.time.Instant
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.job
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.attesta.ffi.FetchAnswer as FfiFetchAnswer
import org.attesta.ffi.FetchCache as FfiFetchCache
import org.attesta.ffi.FetchFailure as FfiFetchFailure
import org.attesta.ffi.FetchRequest as FfiFetchRequest
import org.attesta.ffi.Fetcher as FfiFetcher
import org.attesta.ffi.HttpHeader
import org.attesta.ffi.ResolveOptions
import org.attesta.ffi.isPublicAddress
import org.attesta.ffi.resolveOnline

/** Something that was wanted from the network: what became of it, and what that told to whom. */
public typealias FetchStep = org.attesta.ffi.FetchStep

/** Somebody who resolves DIDs of methods that the library does not know. Their word is all there is. */
public typealias DidResolver = org.attesta.ffi.DidResolver

/**
 * One thing to fetch, by GET.
 *
 * @property url where: an https URL with a domain name, which was looked at
 * @property headers all headers that are sent. Send no others: no cookie, no credential, no referrer
 * @property maxBytes stop reading after so many bytes of the body
 * @property maxSeconds give up after so many seconds in all. The coroutine is cancelled then
 */
public class FetchRequest internal constructor(
    public val url: String,
    public val headers: List<Pair<String, String>>,
    public val maxBytes: Long,
    public val maxSeconds: Int,
)

/**
 * What a server answered, whatever its status.
 *
 * @property status the status, such as 200
 * @property headers the headers as they came
 * @property body the body as it came, not decompressed
 * @property url the address that answered, if the client says so. Redirects are not followed: another origin is refused
 */
public class FetchAnswer(
    public val status: Int,
    public val headers: List<Pair<String, String>>,
    public val body: ByteArray,
    public val url: String? = null,
)

/**
 * Fetches one thing by the platform's own client. [HttpsFetcher] is one.
 *
 * What is to be fetched was looked at: https, a domain name, nothing that two readers of addresses read differently.
 * What comes is looked at again: its origin, status, type, encoding and size. What the library cannot see is yours:
 * - a phone is inside a network, and a stranger's name may lead into it: ask [Network.isPublic] about every IP address
 *   before anything is sent to it;
 * - check TLS, follow no redirect, use no cookie, credential, cache or proxy that the person did not set up for this;
 * - stop reading at [FetchRequest.maxBytes], and when the coroutine is cancelled.
 *
 * Several fetches run at once. A client that blocks does so in `runInterruptible(Dispatchers.IO)`.
 */
public fun interface Fetcher {
    /**
     * Fetches it, or says why not.
     *
     * @throws FetchException when no server answered. Other exceptions of reading count as what they say; whatever else
     *   comes out is [OnlineReport.thrown]
     */
    public suspend fun fetch(request: FetchRequest): FetchAnswer
}

/** Why a [Fetcher] has no answer. */
public sealed class FetchException(message: String, cause: Throwable?) : IOException(message, cause) {
    /** There is no network, or the app or the person does not want to fetch now. */
    public class Unavailable(cause: Throwable? = null) : FetchException("it could not be fetched", cause)

    /** The domain name could not be looked up. */
    public class UnknownHost(cause: Throwable? = null) : FetchException("its name could not be looked up", cause)

    /**
     * The domain name leads into a network that is not public.
     *
     * @property address the IP address
     */
    public class NotPublic(public val address: String, cause: Throwable? = null) :
        FetchException("its name leads to $address, which is not a public address", cause)

    /** Nobody answers there. */
    public class NoConnection(cause: Throwable? = null) : FetchException("no connection could be made", cause)

    /** There is no TLS, or a certificate that is not good for this name. */
    public class Tls(cause: Throwable? = null) : FetchException("there is no secure connection", cause)

    /** It took longer than it may. */
    public class Timeout(cause: Throwable? = null) : FetchException("it took too long", cause)

    /** The body is longer than it may be. */
    public class TooLarge(cause: Throwable? = null) : FetchException("it has more bytes than it may", cause)

    /** The connection broke before all was there. */
    public class CutOff(cause: Throwable? = null) : FetchException("it broke off before it was whole", cause)
}

/**
 * A network: who fetches, and what was fetched and need not be fetched again while the app runs.
 *
 * Make one and keep it; many coroutines may use it at once. Closing forgets what was kept.
 *
 * @param fetcher who fetches
 * @param resolvers where [resolve] asks for DIDs of other methods. A verification asks those of its trust lists
 */
public class Network(private val fetcher: Fetcher, private val resolvers: List<DidResolver> = emptyList()) :
    AutoCloseable {
    private val cache = Lent(native { FfiFetchCache() })

    /**
     * Resolves a DID (DID Resolution 1.0), or dereferences a DID URL with a path, query or fragment: the document, at a
     * version if one is asked for, a key, a service, or addresses. Everything is fetched anew.
     *
     * @param didUrl the DID or DID URL
     * @param versionId that version of the document
     * @param versionTime the version that was current then
     * @param versionNumber the version of that number, from 1
     * @param at the present moment
     * @throws AttestaException when the moment is out of the calendar, or a resolver's address is none that is opened
     */
    public suspend fun resolve(
        didUrl: String,
        versionId: String? = null,
        versionTime: Instant? = null,
        versionNumber: Long? = null,
        at: At = At.Now,
    ): Resolution {
        val options = ResolveOptions(versionId, versionTime?.epochSeconds, versionNumber?.toULong(), resolvers)
        return fetching { host ->
            native { resolveOnline(didUrl, options, at.toNative(), host) }.let { Resolution(it.json, it.steps) }
        }
    }

    internal suspend fun <T> online(call: (FfiFetcher, FfiFetchCache) -> T): Pair<T, Throwable?> {
        var thrown: Throwable? = null
        val answer = fetching { host ->
            cache.lend { call(host, it) }.also { thrown = host.thrown }
        }
        return answer to thrown
    }

    // The library's threads wait for the fetches, each of which is a child of the caller's coroutine and ends with it.
    private suspend fun <T> fetching(call: (HostFetcher) -> T): T =
        withContext(Dispatchers.IO) { call(HostFetcher(fetcher, coroutineContext.job)) }

    /** Forgets what was kept. Whoever verifies with it then gets an [IllegalStateException]. */
    override fun close(): Unit = cache.close()

    /** What every fetcher asks. */
    public companion object {
        /**
         * Whether this IP address belongs to the public internet: no loopback, no private or link-local range, no
         * metadata of a cloud. What is no IP address does not.
         */
        public fun isPublic(address: String): Boolean = native { isPublicAddress(address) }
    }
}

/**
 * The answer to a resolution.
 *
 * @property json the result; what went wrong stands in it
 * @property steps what was fetched for it, and who learnt of it
 */
public class Resolution internal constructor(public val json: String, public val steps: List<FetchStep>)

/**
 * A decision, and what was fetched for it.
 *
 * @property report the decision. Close it when it is no longer needed
 * @property steps what was wanted from the network, in order, and who learnt of it
 * @property thrown what the app's own fetcher threw and should not have, if it did: for the app's log
 */
public class OnlineReport internal constructor(
    public val report: Report,
    public val steps: List<FetchStep>,
    public val thrown: Throwable?,
) : AutoCloseable {
    /** Frees the report. */
    override fun close(): Unit = report.close()
}

/** The app's fetcher as the library calls it: only what the library knows comes out. */
private class HostFetcher(private val fetcher: Fetcher, private val caller: Job) : FfiFetcher {
    private val unexpected = AtomicReference<Throwable?>()
    val thrown: Throwable? get() = unexpected.get()

    @Suppress("TooGenericExceptionCaught") // Whatever comes out of an app's code must not unwind through the library.
    override fun fetch(request: FfiFetchRequest): FfiFetchAnswer = try {
        // What the fetcher throws stays inside: it must not cancel the caller.
        runBlocking(caller) { runCatching { bounded(request) } }.getOrThrow()
    } catch (error: Throwable) {
        throw failure(error)
    }

    private suspend fun bounded(request: FfiFetchRequest): FfiFetchAnswer {
        val headers = request.headers.map { it.name to it.value }
        val most = request.maxBytes.toLong()
        // As a value, since coroutines copy the exceptions that pass through them.
        val answer = withTimeout(request.maxSeconds.toLong().seconds) {
            runCatching { fetcher.fetch(FetchRequest(request.url, headers, most, request.maxSeconds.toInt())) }
        }.getOrThrow()
        val named = answer.headers.map { (name, value) -> HttpHeader(name, value) }
        // A status that is no number of HTTP is none that counts.
        val status = answer.status.coerceIn(0, UShort.MAX_VALUE.toInt()).toUShort()
        // What is too long is not copied.
        if (answer.body.size > most) throw FetchException.TooLarge()
        return FfiFetchAnswer(status, named, answer.body, answer.url)
    }

    private fun failure(error: Throwable): FfiFetchFailure = when (error) {
        is FetchException -> known(error)
        is TimeoutCancellationException, is InterruptedIOException -> FfiFetchFailure.Timeout()
        is CancellationException, is InterruptedException -> FfiFetchFailure.Unavailable()
        is UnknownHostException -> FfiFetchFailure.UnknownHost()
        is SSLException -> FfiFetchFailure.Tls()
        is ConnectException -> FfiFetchFailure.NoConnection()
        is IOException -> FfiFetchFailure.CutOff()
        else -> {
            unexpected.compareAndSet(null, error)
            FfiFetchFailure.Unexpected()
        }
    }

    private fun known(error: FetchException): FfiFetchFailure = when (error) {
        is FetchException.Unavailable -> FfiFetchFailure.Unavailable()
        is FetchException.UnknownHost -> FfiFetchFailure.UnknownHost()
        is FetchException.NotPublic -> FfiFetchFailure.NotPublic(error.address)
        is FetchException.NoConnection -> FfiFetchFailure.NoConnection()
        is FetchException.Tls -> FfiFetchFailure.Tls()
        is FetchException.Timeout -> FfiFetchFailure.Timeout()
        is FetchException.TooLarge -> FfiFetchFailure.TooLarge()
        is FetchException.CutOff -> FfiFetchFailure.CutOff()
    }
}
