package org.attesta

import java.io.IOException
import java.net.ConnectException
import java.net.SocketTimeoutException
import java.net.UnknownHostException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import javax.net.ssl.SSLHandshakeException
import kotlin.time.Instant
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

private const val NGO = "did:web:ngo.example"
private const val NGO_URL = "https://ngo.example/.well-known/did.json"

/** A desk that may fetch what it misses. */
class NetworkTest {
    private val key = SoftwareSigner.generate(Algorithm.ED25519)
    private val shelf = Shelf()
    private val network = Network(shelf)
    private val desk = Verifier(Preset.DEFAULT, listOf(trustList(NGO)))
    private val licence = runBlocking {
        val holder = SoftwareSigner.generate(Algorithm.ES256)
        Attesta.issue(Claims.example(Kind.LICENCE), key, Holder.Did(holder.didKey), Identity.Did("$NGO#key-1"))
    }

    @AfterEach
    fun close() = listOf(network, desk, key).forEach(AutoCloseable::close)

    private fun judged(network: Network = this.network, desk: Verifier = this.desk) =
        runBlocking { desk.verifyOnline(licence, network) }

    @Test
    fun `what is missing is fetched once, and who learnt of it is said`() {
        shelf.put(NGO_URL, "application/did+json", document(NGO, key))
        val first = judged()
        assertOutcome(Outcome.VALID, first.report)
        assertEquals(listOf("fetched"), first.steps.map { it.outcome })
        assertTrue(first.steps.single().revealed!!.endsWith("."))
        val request = shelf.asked.single()
        assertEquals(NGO_URL, request.url)
        assertTrue("Accept-Encoding" to "identity" in request.headers, "${request.headers}")
        assertTrue(request.headers.any { it.first == "Accept" && "application/did+json" in it.second })
        assertEquals(listOf("kept"), judged().steps.map { it.outcome })
        assertEquals(1, shelf.asked.size)
        assertNull(first.thrown)
    }

    @Test
    fun `for a stranger's document nobody is asked`() {
        shelf.put(NGO_URL, JSON_TYPE, document(NGO, key))
        val report = judged(desk = Verifier(Preset.DEFAULT, listOf(trustList("did:web:other.example"))))
        assertOutcome(Outcome.UNDETERMINED, report.report)
        assertTrue(report.steps.isEmpty() && shelf.asked.isEmpty())
    }

    @Test
    fun `what a fetcher throws, and what it should not have brought, leaves it open`() {
        val sound = document(NGO, key)
        val wrong = mapOf<suspend () -> FetchAnswer, String>(
            suspend { throw FetchException.Unavailable() } to "fetch.unavailable",
            suspend { throw FetchException.NotPublic("192.168.1.1") } to "fetch.not-public",
            suspend { throw FetchException.TooLarge() } to "fetch.too-large",
            suspend { throw UnknownHostException() } to "fetch.unknown-host",
            suspend { throw ConnectException() } to "fetch.connect",
            suspend { throw SSLHandshakeException("no") } to "fetch.tls",
            suspend { throw SocketTimeoutException() } to "fetch.timeout",
            suspend { throw IOException() } to "fetch.cut-off",
            suspend { answer(404, JSON_TYPE, "") } to "fetch.status",
            suspend { answer(-1, JSON_TYPE, sound) } to "fetch.status",
            suspend { answer(301, JSON_TYPE, sound) } to "fetch.redirect",
            suspend { answer(200, JSON_TYPE, sound, "https://other.example/") } to "fetch.redirect",
            suspend { answer(200, JSON_TYPE, sound, "http://ngo.example/") } to "fetch.redirect",
            suspend { answer(200, "text/html", sound) } to "fetch.content-type",
            suspend { FetchAnswer(200, emptyList(), sound.encodeToByteArray()) } to "fetch.content-type",
            suspend { answer(200, JSON_TYPE, " ".repeat(10_000_000)) } to "fetch.too-large",
        )
        for ((answer, code) in wrong) {
            shelf.answer(NGO_URL, answer)
            val report = judged(Network(shelf))
            assertOutcome(Outcome.UNDETERMINED, report.report)
            assertEquals(code, report.steps.single().code)
            assertTrue(report.report.accepted.isEmpty())
            assertNull(report.thrown, code)
        }
        shelf.put(NGO_URL, JSON_TYPE, document("did:web:other.example", key))
        val other = judged(Network(shelf))
        assertFalse(other.report.outcome == Outcome.VALID)
        assertEquals("unusable", other.steps.single().outcome)
    }

    @Test
    fun `what a fetcher throws by mistake is handed back, and cancels nobody`() {
        val mistake = IllegalArgumentException("PIN 4711")
        shelf.answer(NGO_URL) { throw mistake }
        val report = judged()
        assertOutcome(Outcome.UNDETERMINED, report.report)
        assertSame(mistake, report.thrown)
        assertFalse("4711" in report.report.toJson() || report.steps.any { "4711" in it.toString() })
    }

    @Test
    fun `cancelling ends what is being fetched`() = runBlocking {
        val (waiting, ended) = CountDownLatch(1) to CompletableFuture<Unit>()
        shelf.answer(NGO_URL) {
            waiting.countDown()
            try {
                awaitCancellation()
            } finally {
                ended.complete(Unit)
            }
        }
        val job = launch(Dispatchers.Default) { desk.verifyOnline(licence, network) }
        assertTrue(waiting.await(20, TimeUnit.SECONDS))
        withTimeout(20_000) { job.cancelAndJoin() }
        assertTrue(ended.isDone)
    }

    @Test
    fun `only public addresses are public`() {
        assertTrue(Network.isPublic("8.8.8.8") && Network.isPublic("2a00:1450:4001::1"))
        for (address in listOf("127.0.0.1", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "ngo.example", "")) {
            assertFalse(Network.isPublic(address), address)
        }
    }

    @Test
    fun `a DID and what is in it is resolved, and what is none says so`() = runBlocking {
        shelf.put(NGO_URL, JSON_TYPE, document(NGO, key))
        assertTrue("\"$NGO#key-1\"" in network.resolve(NGO).json)
        assertTrue("Multikey" in network.resolve("$NGO#key-1").json)
        assertEquals(listOf(NGO_URL, NGO_URL), shelf.asked.map { it.url })
        assertTrue("error" in network.resolve("$NGO#key-2").json)
        shelf.asked.clear()
        for (no in listOf("did:web:127.0.0.1", "did:web:localhost%2F..", "did:example:a", "https://ngo.example", "")) {
            assertTrue("error" in network.resolve(no).json, no)
        }
        assertTrue(shelf.asked.isEmpty())
        val resolver = DidResolver("https://resolver.example/1.0/identifiers/", listOf("ethr"))
        val asked = "https://resolver.example/1.0/identifiers/did%3Aethr%3A0xa"
        shelf.put(asked, "application/did", """{"id":"did:ethr:0xa"}""")
        val answer = Network(shelf, listOf(resolver)).use { it.resolve("did:ethr:0xa") }
        assertTrue("\"didDocument\":{\"id\":\"did:ethr:0xa\"}" in answer.json, answer.json)
        val inside = DidResolver("https://10.0.0.1/", listOf("ethr"))
        assertEquals("url.ip-address", refusal { Network(shelf, listOf(inside)).use { it.resolve("did:ethr:0xa") } })
    }

    @Test
    fun `a network that was closed says so`() {
        network.close()
        assertThrows(IllegalStateException::class.java) { judged() }
    }

    @Test
    fun `a moment that is no moment is refused`() = runBlocking {
        val far = Instant.fromEpochSeconds(Long.MAX_VALUE / 4)
        assertNotEquals("", refusal { Network(shelf).use { it.resolve("did:web:ngo.example", at = At.NowIs(far)) } })
    }
}
