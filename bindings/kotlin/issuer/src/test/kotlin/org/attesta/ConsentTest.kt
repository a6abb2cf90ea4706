package org.attesta

import com.google.gson.JsonParser
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.Instant
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** A bank asks, a phone consents and answers, the bank compares what came with its own request. */
class ConsentTest {
    private val cast = Cast()
    private val bank = AskingBank("proof-of-address")

    @AfterEach
    fun close() {
        bank.close()
        cast.close()
    }

    private fun guarantee(format: CredentialFormat = CredentialFormat.SD_JWT_VC) = cast.guarantee(format)

    private suspend fun known(request: SignedRequest, vararg lists: String = arrayOf(bank.list)) =
        Asker.known(request.text, lists.toList())

    private suspend fun consent(request: SignedRequest, vararg held: String = arrayOf(guarantee())) =
        known(request).use { Consent.of(it, held.toList()) }

    @ParameterizedTest
    @EnumSource(CredentialFormat::class, names = ["SD_JWT", "SD_JWT_VC"])
    fun `the bank gets just the district, and the ledger lets it count once`(format: CredentialFormat) = runBlocking {
        val tenant = Holder.Did(cast.tenant.didKey)
        val licence = Attesta.issue(Claims.example(Kind.LICENCE), cast.ngo, tenant, format = format)
        val ask = Ask.Credentials(district(format))
        val uri = "https://bank.example/answers"
        val request = Attesta.createRequest(ask, bank.key, responseUri = uri, state = "account-4711_")
        val ledger = NonceLedger(8).apply { issue(request) }

        val answer = known(request).use { asker ->
            assertEquals("Harbour Bank", asker.description.name)
            assertTrue(asker.description.isKnown)
            Consent.of(asker, listOf(licence, guarantee(format))).use { consent ->
                val screen = consent.screen
                assertEquals(asker.description, screen.asker)
                assertEquals(request.clientId to request.expires, screen.asker.id to screen.asker.expires)
                val shown = screen.shown.single()
                assertEquals(Triple("home", 1, Kind.PROOF_OF_ADDRESS), Triple(shown.id, shown.position, shown.kind))
                assertTrue(shown.claims.single().pointer.endsWith("/address/district"))
                assertEquals("\"深水埗\"", shown.claims.single().value())
                assertEquals(7.days, shown.validUntil!! - shown.validFrom!!)
                assertEquals(cast.ngo.didKey to listOf(cast.tenant.publicJwk), shown.issuer to shown.holderKeys)
                assertTrue(shown.isBound && !shown.showsMore)
                assertTrue(screen.warnings.isEmpty() && screen.unanswered.isEmpty())
                // The signer that fits is found among others.
                Attesta.answer(consent, listOf(cast.ngo, bank.key, cast.tenant))
            }
        }
        assertEquals(uri to "account-4711_", answer.responseUri to answer.state)
        assertTrue(answer.form.startsWith("vp_token=%7B%22home%22"), answer.form)

        cast.bank.verify(answer.json, request).use { report ->
            assertOutcome(Outcome.VALID, report)
            val accepted = report.accepted.single()
            assertTrue("深水埗" in accepted.subject && "陳" !in accepted.subject)
            val claims = (accepted.claims as Claims.OfAddress).claims
            assertEquals("深水埗", claims.address?.district)
            assertNull(claims.name)
        }
        assertEquals(Redeemed.ONCE, ledger.redeem(request.nonce))
        assertEquals(Redeemed.AGAIN, ledger.redeem(request.nonce), "a copy of the answer")
    }

    @Test
    fun `an answer counts for its own request alone`() = runBlocking {
        val request = bank.ask(district())
        val answer = Attesta.answer(consent(request), cast.tenant).json
        suspend fun reason(expected: Expected) = cast.bank.verify(answer, expected).use { report ->
            assertEquals(report.outcome == Outcome.VALID, report.accepted.isNotEmpty())
            report.reason?.code
        }
        assertNull(reason(Expected.AnswerToRequest(request.text)))
        assertEquals("nonce.other", reason(Expected.AnswerToRequest(bank.ask(district()).text)))
        val other = AskingBank("*").use { it.ask(district()) }
        assertEquals("audience.other", reason(Expected.AnswerToRequest(other.text)))

        val plain = PresentationRequest(request.clientId, request.nonce)
        fun query(claim: String) = """{"credentials":[{"id":"home","format":"dc+sd-jwt","claims":[{"path":["$claim"]}],
            "meta":{"vct_values":["https://w3id.org/attesta/vct/proof-of-address/1"]}}]}"""
        assertNull(reason(Expected.AnswerToQuery(plain, query("address"))))
        assertEquals("disclosure.not-answered", reason(Expected.AnswerToQuery(plain, query("name"))))
        assertEquals("parse.unknown-format", refusal { reason(Expected.AnswerToRequest("no request")) })
        assertTrue(refusal { reason(Expected.AnswerToQuery(plain, "{}")) }.startsWith("dcql."))
    }

    @Test
    fun `somebody unknown gets nothing of a proof of address, in no format`() = runBlocking<Unit> {
        val request = AskingBank("*").use { it.ask(district()) }
        val others = listOf(bank.list, whoMayAsk("did:web:bank.example", "*"))
        for (lists in listOf(emptyList(), others.take(1), others)) {
            assertEquals("request.unknown-asker", refusal { Asker.known(request.text, lists) })
            assertTrue(Asker.missing(request.text, lists).isEmpty())
        }
        val held = listOf(CredentialFormat.SD_JWT_VC, CredentialFormat.SD_JWT, CredentialFormat.JWT).map(::guarantee)
        val consent = Asker.unauthenticated(request.text).use { Consent.of(it, held) }
        val screen = consent.screen
        assertFalse(screen.asker.isKnown)
        assertNull(screen.asker.name)
        assertTrue(screen.shown.isEmpty())
        assertEquals("home" to "consent.not-public", screen.unanswered.single().run { id to code })
        assertEquals(WarningType.UNAUTHENTICATED, screen.warnings.single().type)
        assertEquals("answer.nothing", refusal { Attesta.answer(consent, cast.tenant) })
    }

    @Test
    fun `somebody unknown gets what is public of a licence`() = runBlocking {
        val asked = AskFor("work", Kind.LICENCE, CredentialFormat.SD_JWT_VC, listOf("/title", "/name"))
        val request = AskingBank("*").use { it.ask(asked) }
        val holder = Holder.Did(cast.tenant.didKey)
        val format = CredentialFormat.SD_JWT_VC
        val licence = Attesta.issue(Claims.example(Kind.LICENCE), cast.ngo, holder, format = format)
        val screen = Asker.unauthenticated(request.text).use { Consent.of(it, listOf(licence)).screen }
        assertEquals(listOf("/title"), screen.shown.single().claims.map { it.pointer })
    }

    @Test
    fun `whoever asks for more than they may is refused`() = runBlocking {
        AskingBank("licence").use { other ->
            suspend fun asking(vararg asked: AskFor) =
                other.ask(*asked).let { request -> refusal { Asker.known(request.text, listOf(other.list)) } }
            val licence = AskFor("work", Kind.LICENCE, CredentialFormat.SD_JWT_VC, listOf("/title"))
            assertEquals("request.may-not-ask", asking(district()))
            assertEquals("request.may-not-ask", asking(licence, district()))
            assertEquals("dcql.path.not-in-kind", refusal { other.ask(licence.copy(pointers = listOf("/income"))) })
            val income = """{"credentials":[{"id":"work","format":"dc+sd-jwt","claims":[{"path":["income"]}],
                "meta":{"vct_values":["https://w3id.org/attesta/vct/licence/1"]}}]}"""
            val fishing = Attesta.createRequest(Ask.Query(income), other.key)
            val asker = Asker.known(fishing.text, listOf(other.list))
            assertEquals("request.claim-not-in-kind", refusal { Consent.of(asker, emptyList()) })
            // The first list that knows who asks decides, not one that allows more.
            val lists = listOf(other.list, whoMayAsk(other.key.didKey, "*"))
            assertEquals("request.may-not-ask", refusal { Asker.known(other.ask(district()).text, lists) })
        }
    }

    @Test
    fun `a request that was changed, is late, or is none`() = runBlocking {
        val request = bank.ask(district())
        val signature = bank.ask(district()).text.substringAfterLast('.')
        val changed = request.text.substringBeforeLast('.') + "." + signature
        assertEquals("request.signature", refusal { Asker.known(changed, listOf(bank.list)) })
        val late = At.NowIs(request.expires)
        assertEquals("request.expired", refusal { Asker.known(request.text, listOf(bank.list), at = late) })
        assertEquals("request.expired", refusal { Asker.unauthenticated(request.text, late) })
        val consent = consent(request)
        assertEquals("request.expired", refusal { Attesta.answer(consent, cast.tenant, late) })
        for (nothing in listOf("", "{}", "e30.e30.AA", "\u0000", "%PDF-1.7")) {
            refusal { Asker.known(nothing, listOf(bank.list)) }
            refusal { Asker.unauthenticated(nothing) }
        }
        assertTrue(refusal { known(request, "[]") }.startsWith("trust-list."))
    }

    @Test
    fun `another key does not answer, and a signer's fault is told`() = runBlocking {
        val consent = consent(bank.ask(district()))
        assertEquals("answer.no-key", refusal { Attesta.answer(consent, bank.key) })
        assertEquals("answer.no-key", refusal { Attesta.answer(consent, emptyList()) })
        val thrown = SignerException.Cancelled()
        val locked = object : Signer {
            override fun describe() = cast.tenant.describe()
            override fun sign(message: ByteArray): ByteArray = throw thrown
        }
        val error = assertThrows(AttestaException::class.java) {
            runBlocking { Attesta.answer(consent, listOf(bank.key, locked)) }
        }
        assertEquals("signer.cancelled", error.code)
        assertSame(thrown, error.cause)
        val request = assertThrows(AttestaException::class.java) {
            runBlocking { Attesta.createRequest(Ask.Credentials(district()), locked) }
        }
        assertEquals("signer.cancelled", request.code)
    }

    @Test
    fun `the holder takes something away, and nothing is shown of it`() = runBlocking<Unit> {
        val pointers = listOf("/address/district", "/name")
        val both = consent(bank.ask(district().copy(pointers = pointers)))
        assertEquals(pointers.toSet(), both.screen.shown.single().claims.map { it.pointer }.toSet())
        for (less in listOf(both.without("home"), both.withoutClaim("home", "/name"))) {
            // The bank insists on both: all or nothing.
            assertTrue(less.screen.shown.isEmpty())
            assertEquals("home", less.screen.unanswered.single().id)
            assertEquals("answer.nothing", refusal { Attesta.answer(less, cast.tenant) })
        }
        refusal { both.without("work") }
        refusal { both.withoutClaim("home", "/birthDate") }
        refusal { both.withOptional(0) }
        assertThrows(IllegalArgumentException::class.java) { runBlocking { both.withOptional(-1) } }
        assertEquals(2, both.screen.shown.single().claims.size, "the first consent has changed")
    }

    @Test
    fun `what is only welcome is shown if the holder says so`() = runBlocking {
        fun one(id: String, claim: String) = """{"id":"$id","format":"dc+sd-jwt","claims":[{"path":$claim}],
            "meta":{"vct_values":["https://w3id.org/attesta/vct/proof-of-address/1"]}}"""
        val query = """{"credentials":[${one("home", """["address","district"]""")},${one("who", """["name"]""")}],
            "credential_sets":[{"options":[["home"]]},{"options":[["who"]],"required":false}]}"""
        val request = Attesta.createRequest(Ask.Query(query), bank.key)
        val first = consent(request)
        assertEquals(listOf("home"), first.screen.shown.map { it.id })
        val more = first.withOptional(first.screen.optional.single())
        assertEquals(setOf("home", "who"), more.screen.shown.map { it.id }.toSet())
        assertEquals(listOf("home"), more.without("who").screen.shown.map { it.id })
        val answer = Attesta.answer(more, cast.tenant)
        cast.bank.verify(answer.json, request).use {
            assertOutcome(Outcome.VALID, it)
            assertEquals(2, it.accepted.size)
        }
    }

    @Test
    fun `a format that hides nothing shows all of it, and says so`() = runBlocking {
        val screen = consent(bank.ask(district(CredentialFormat.JWT)), guarantee(CredentialFormat.JWT)).screen
        val shown = screen.shown.single()
        assertTrue(shown.showsMore && shown.claims.size > 10)
        assertEquals(WarningType.SHOWS_EVERYTHING to "home", screen.warnings.single().run { type to id })
    }

    @Test
    fun `of a hundred coroutines with one nonce, one redeems it`() = runBlocking {
        val request = bank.ask(district())
        val ledger = NonceLedger(4).apply { issue(request) }
        val results = List(100) { async(Dispatchers.Default) { ledger.redeem(request.nonce) } }.awaitAll()
        assertEquals(mapOf(Redeemed.ONCE to 1, Redeemed.AGAIN to 99), results.groupingBy { it }.eachCount())
    }

    @Test
    fun `the ledger knows its own nonces, in time, and as many as fit`() = runBlocking {
        val (first, second) = List(2) { bank.ask(district()) }
        val ledger = NonceLedger(1)
        assertEquals(Redeemed.UNKNOWN, ledger.redeem(first.nonce))
        ledger.issue(first)
        assertEquals("ledger.duplicate", refusal { ledger.issue(first) })
        assertEquals("ledger.full", refusal { ledger.issue(second) })
        assertEquals("nonce.short", refusal { ledger.issue("1234", first.expires) })
        assertEquals("ledger.expired", refusal { NonceLedger(1).issue(second, At.NowIs(second.expires)) })
        assertEquals(Redeemed.EXPIRED, ledger.redeem(first.nonce, At.NowIs(first.expires)))
        assertThrows(IllegalArgumentException::class.java) { NonceLedger(0) }
        assertThrows(IllegalArgumentException::class.java) { NonceLedger(-1) }
        ledger.close()
        assertEquals(CLOSED, assertThrows(IllegalStateException::class.java) { ledger.redeem(first.nonce) }.message)
        assertEquals(CLOSED, assertThrows(IllegalStateException::class.java) { ledger.issue(first) }.message)
    }

    @Test
    fun `what is closed refuses, and what was read from it stays`() = runBlocking {
        val request = bank.ask(district())
        val asker = known(request)
        val consent = Consent.of(asker, listOf(guarantee()))
        repeat(2) { asker.close() }
        Attesta.answer(consent, cast.tenant)
        repeat(2) { consent.close() }
        assertEquals("Harbour Bank", asker.description.name)
        assertEquals("\"深水埗\"", consent.screen.shown.single().claims.single().value())
        val uses = listOf<suspend () -> Any>(
            { Consent.of(asker, listOf(guarantee())) },
            { consent.without("home") },
            { consent.withoutClaim("home", "/address/district") },
            { consent.withOptional(0) },
            { Attesta.answer(consent, cast.tenant) },
        )
        for (use in uses) {
            val error = assertThrows(IllegalStateException::class.java) { runBlocking { use() } }
            assertEquals(CLOSED, error.message)
        }
    }

    @Test
    fun `closing while others use it harms nobody`() = runBlocking {
        val request = bank.ask(district())
        val held = guarantee()
        repeat(20) {
            val asker = known(request)
            val consent = Consent.of(asker, listOf(held))
            val uses = listOf<suspend () -> Any>(
                { Consent.of(asker, listOf(held)) },
                { consent.without("home") },
                { Attesta.answer(consent, cast.tenant) },
            )
            val others = uses.map { use ->
                async(Dispatchers.Default) { runCatching { use() }.exceptionOrNull() }
            }
            async(Dispatchers.Default) { consent.close() }.await()
            asker.close()
            for (fault in others.awaitAll().filterNotNull()) assertEquals(CLOSED, fault.message)
        }
    }

    @Test
    fun `a call under way keeps what it was lent`() {
        var isFreed = false
        val lent = Lent(AutoCloseable { isFreed = true })
        lent.lend {
            lent.close()
            assertFalse(isFreed, "it is freed under the call's hands")
            assertEquals(CLOSED, assertThrows(IllegalStateException::class.java) { lent.lend {} }.message)
        }
        assertTrue(isFreed)
        lent.close()
    }

    @Test
    fun `nothing that is printed shows what would be shown`() = runBlocking {
        val pointers = listOf("/address", "/name", "/birthDate")
        val request = bank.ask(district().copy(pointers = pointers))
        val asker = known(request)
        val consent = Consent.of(asker, listOf(guarantee()))
        val answer = Attesta.answer(consent, cast.tenant)
        val screen = consent.screen
        val shown = screen.shown.single()
        val values = shown.claims.map { it.value() }
        assertTrue(values.size >= 3)
        val prints = listOf(asker, consent, screen, screen.shown, shown.claims, answer, screen.asker)
        val printed = prints.joinToString("\n")
        val texts = values.map { JsonParser.parseString(it).asString }.filter { it.length > 2 }
        assertTrue(texts.size >= 5, "only ${texts.size} texts")
        for (text in texts) assertFalse(printed.contains(text), "\"$text\" is printed")
        for (part in listOf("陳", "Sham Shui Po", cast.tenant.didKey, "address", answer.json)) {
            assertFalse(printed.contains(part), "$part is printed")
        }
    }

    @Test
    fun `wrong requests are not written`() = runBlocking {
        suspend fun refused(ask: Ask, verifier: Identity? = null, dnsName: String? = null, uri: String? = null) =
            refusal { Attesta.createRequest(ask, bank.key, verifier, dnsName, uri) }
        val good = Ask.Credentials(district())
        assertEquals("dcql.empty", refused(Ask.Credentials()))
        assertEquals("dcql.duplicate-id", refused(Ask.Credentials(district(), district())))
        assertTrue(refused(Ask.Query("[]")).startsWith("json."))
        assertEquals("request.member", refused(good, uri = "http://bank.example"))
        assertEquals("request.other-identity", refused(good, dnsName = "bank.example"))
        assertEquals("issue.method-needed", refused(good, Identity.Did("did:web:bank.example")))
        assertEquals("issue.other-key", refused(good, Identity.Did(cast.tenant.didKey)))
        refused(good, Identity.Certificate("no PEM"))
        for (validFor in listOf((-1).seconds, 1.milliseconds, (50_000 * 24).hours * 1_000)) {
            assertThrows(IllegalArgumentException::class.java) {
                runBlocking { bank.ask(district(), validFor = validFor) }
            }
        }
        val then = Instant.parse("2026-11-20T12:00:00Z")
        assertEquals(then + 1.hours, bank.ask(district(), validFor = 1.hours, at = At.NowIs(then)).expires)
    }
}
