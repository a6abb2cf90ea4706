package org.attesta

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.net.InetAddress
import java.net.Proxy
import java.net.Socket
import java.net.URI
import javax.net.ssl.HttpsURLConnection
import javax.net.ssl.SSLSocketFactory
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * Fetches with what Android and the JVM have: https alone, no redirects, no proxy, no cache, from public addresses.
 *
 * The name is looked up and every address behind it checked; the address that was connected to is checked again before
 * anything is sent to it, so that a name which changes in between leads nowhere. A reading stops at the bounds, and
 * when it is cancelled. Cookies of a `CookieHandler` that the app set for the whole process are sent: set none.
 */
public class HttpsFetcher internal constructor(
    sockets: SSLSocketFactory,
    private val mayConnect: (InetAddress) -> Boolean,
) : Fetcher {
    /** With the certificates that the system trusts. */
    public constructor() : this(
        HttpsURLConnection.getDefaultSSLSocketFactory(),
        { Network.isPublic(it.hostAddress.orEmpty().substringBefore('%')) },
    )

    private val sockets = CheckedSockets(sockets, ::check)

    override suspend fun fetch(request: FetchRequest): FetchAnswer = coroutineScope {
        val connection = withContext(Dispatchers.IO) { prepared(request) }
        // A thread that reads from a socket does not notice that it is no longer wanted: the socket goes.
        val watch = launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                awaitCancellation()
            } finally {
                connection.disconnect()
            }
        }
        try {
            withContext(Dispatchers.IO) { answer(connection, request) }
        } catch (error: IOException) {
            // What a socket says that was taken away is not why.
            ensureActive()
            throw generateSequence<Throwable>(error) { it.cause }.firstOrNull { it is FetchException } ?: error
        } finally {
            watch.cancel()
        }
    }

    private fun prepared(request: FetchRequest): HttpsURLConnection {
        val url = URI(request.url).toURL()
        InetAddress.getAllByName(url.host).forEach(::check)
        val connection = url.openConnection(Proxy.NO_PROXY) as? HttpsURLConnection
            ?: throw FetchException.Unavailable()
        return connection.apply {
            sslSocketFactory = sockets
            instanceFollowRedirects = false
            useCaches = false
            connectTimeout = request.maxSeconds * MILLISECONDS
            readTimeout = request.maxSeconds * MILLISECONDS
            request.headers.forEach { (name, value) -> setRequestProperty(name, value) }
        }
    }

    private fun answer(connection: HttpsURLConnection, request: FetchRequest): FetchAnswer {
        val status = connection.responseCode
        if (status < 0) throw FetchException.CutOff()
        val headers = connection.headerFields.filterKeys { it != null }.flatMap { (name, values) ->
            values.map { name to it }
        }
        val announced = connection.getHeaderField("Content-Length")?.toLongOrNull()
        if (announced != null && announced > request.maxBytes) throw FetchException.TooLarge()
        val body = if (status == HttpsURLConnection.HTTP_OK) {
            connection.inputStream.use { it.readAtMost(request.maxBytes) }
        } else {
            connection.disconnect()
            byteArrayOf()
        }
        // The JVM takes a body for whole that ends before its announced length.
        val isWhole = status != HttpsURLConnection.HTTP_OK || announced == null || body.size.toLong() == announced
        if (!isWhole) throw FetchException.CutOff()
        return FetchAnswer(status, headers, body, connection.url.toString())
    }

    private fun InputStream.readAtMost(most: Long): ByteArray {
        val read = ByteArrayOutputStream()
        val chunk = ByteArray(CHUNK)
        while (true) {
            val length = read(chunk)
            if (length < 0) return read.toByteArray()
            if (read.size() + length > most) throw FetchException.TooLarge()
            read.write(chunk, 0, length)
        }
    }

    private fun check(address: InetAddress) {
        if (!mayConnect(address)) throw FetchException.NotPublic(address.hostAddress.orEmpty())
    }

    private companion object {
        const val MILLISECONDS = 1000
        const val CHUNK = 16_384
    }
}

/** Speaks TLS over connections to addresses that were checked, and over no other. */
private class CheckedSockets(private val sockets: SSLSocketFactory, private val check: (InetAddress) -> Unit) :
    SSLSocketFactory() {
    override fun getDefaultCipherSuites(): Array<String> = sockets.defaultCipherSuites

    override fun getSupportedCipherSuites(): Array<String> = sockets.supportedCipherSuites

    override fun createSocket(connected: Socket, host: String, port: Int, autoClose: Boolean): Socket {
        try {
            check(connected.inetAddress)
        } catch (error: FetchException) {
            connected.close()
            throw error
        }
        return sockets.createSocket(connected, host, port, autoClose)
    }

    // Connections are made elsewhere, and come here before anything is sent.
    override fun createSocket(host: String, port: Int): Socket = throw FetchException.Unavailable()

    override fun createSocket(host: String, port: Int, local: InetAddress, localPort: Int): Socket =
        throw FetchException.Unavailable()

    override fun createSocket(host: InetAddress, port: Int): Socket = throw FetchException.Unavailable()

    override fun createSocket(host: InetAddress, port: Int, local: InetAddress, localPort: Int): Socket =
        throw FetchException.Unavailable()
}
