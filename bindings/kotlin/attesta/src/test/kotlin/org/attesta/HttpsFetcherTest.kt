package org.attesta

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpsConfigurator
import com.sun.net.httpserver.HttpsServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.security.KeyStore
import java.security.PrivateKey
import java.security.cert.X509Certificate
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLException
import javax.net.ssl.SSLSocketFactory
import javax.net.ssl.TrustManagerFactory
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The platform's client against a real server on the loopback address. */
class HttpsFetcherTest {
    private val authority = Authority.root("CN=Test Authority")
    private val served = AtomicInteger()
    private val stuck = CountDownLatch(1)
    private val threads = Executors.newCachedThreadPool()
    private val server = HttpsServer.create(InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0).apply {
        val key = HardwareKey().pair
        val chain = authority.certify(key.public, "CN=localhost", dnsName("localhost"))
        httpsConfigurator = HttpsConfigurator(context(key.private to chain, authority))
        executor = threads
        page("/sound") { it.send(200, "{}") }
        page("/moved") {
            it.responseHeaders.add("Location", "/sound")
            it.send(302, "")
        }
        page("/gone") { it.send(404, "no") }
        page("/endless") { exchange ->
            exchange.sendResponseHeaders(200, 0)
            runCatching { while (true) exchange.responseBody.write(ByteArray(10_000)) }
        }
        page("/short") { exchange ->
            exchange.sendResponseHeaders(200, 100)
            exchange.responseBody.write(1)
            exchange.responseBody.flush()
            runCatching { exchange.close() }
        }
        page("/stuck") { stuck.await() }
        start()
    }

    @AfterEach
    fun stop() {
        stuck.countDown()
        server.stop(0)
        threads.shutdownNow()
    }

    private fun HttpsServer.page(path: String, answer: (HttpExchange) -> Unit) {
        createContext(path) {
            served.incrementAndGet()
            answer(it)
        }
    }

    private fun HttpExchange.send(status: Int, body: String) {
        responseHeaders.add("Content-Type", JSON_TYPE)
        sendResponseHeaders(status, if (body.isEmpty()) -1 else body.length.toLong())
        if (body.isNotEmpty()) responseBody.write(body.toByteArray())
        close()
    }

    private fun context(own: Pair<PrivateKey, List<X509Certificate>>?, trusted: Authority): SSLContext {
        fun store() = KeyStore.getInstance("PKCS12").apply { load(null) }
        val keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
        val mine = store().also { store ->
            own?.let { (key, chain) -> store.setKeyEntry("own", key, charArrayOf(), chain.toTypedArray()) }
        }
        keys.init(mine, charArrayOf())
        val trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
        trust.init(store().apply { setCertificateEntry("authority", trusted.certificate) })
        return SSLContext.getInstance("TLS").apply { init(keys.keyManagers, trust.trustManagers, null) }
    }

    private fun sockets(trusted: Authority = authority): SSLSocketFactory = context(null, trusted).socketFactory

    private fun fetch(path: String, fetcher: Fetcher, host: String = "localhost") = runBlocking {
        val url = "https://$host:${server.address.port}$path"
        fetcher.fetch(FetchRequest(url, listOf("Accept" to JSON_TYPE, "Accept-Encoding" to "identity"), 1000, 5))
    }

    private val fetcher = HttpsFetcher(sockets()) { true }

    private inline fun <reified E : Throwable> refused(block: () -> Any?): E =
        runCatching(block).exceptionOrNull().let { it as? E ?: throw AssertionError("${E::class}: $it", it) }

    @Test
    fun `a page comes with its status and its headers, and a redirect is not followed`() {
        val sound = fetch("/sound", fetcher)
        assertEquals(200 to "{}", sound.status to sound.body.decodeToString())
        assertTrue(sound.headers.any { (name, value) -> name.equals("content-type", true) && value == JSON_TYPE })
        assertEquals(302, fetch("/moved", fetcher).status)
        assertEquals(404, fetch("/gone", fetcher).status)
        assertEquals(3, served.get())
    }

    @Test
    fun `an address that is not public is asked for nothing`() {
        refused<FetchException.NotPublic> { fetch("/sound", HttpsFetcher()) }
        // The name changes between the question and the connection.
        val asked = AtomicInteger()
        val rebound = HttpsFetcher(sockets()) { asked.incrementAndGet() <= InetAddress.getAllByName("localhost").size }
        refused<FetchException.NotPublic> { fetch("/sound", rebound) }
        assertEquals(0, served.get())
    }

    @Test
    fun `reading stops at the bounds`() {
        refused<FetchException.TooLarge> { fetch("/endless", fetcher) }
        refused<FetchException.CutOff> { fetch("/short", fetcher) }
        refused<TimeoutCancellationException> {
            runBlocking { withTimeout(300) { fetcher.fetch(FetchRequest(url("/stuck"), emptyList(), 1000, 60)) } }
        }
    }

    private fun url(path: String) = "https://localhost:${server.address.port}$path"

    @Test
    fun `a certificate of nobody's, or of another name, is none`() {
        refused<SSLException> { fetch("/sound", HttpsFetcher(sockets(Authority.root("CN=Other"))) { true }) }
        refused<SSLException> { fetch("/sound", fetcher, host = "127.0.0.1") }
        assertEquals(0, served.get())
    }

    @Test
    fun `nothing but https is spoken`() {
        refused<FetchException.Unavailable> {
            runBlocking { fetcher.fetch(FetchRequest("http://localhost:1/", emptyList(), 1, 1)) }
        }
    }
}
