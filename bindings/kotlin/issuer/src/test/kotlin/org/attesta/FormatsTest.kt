package org.attesta

import com.google.gson.JsonParser
import java.security.MessageDigest
import java.util.Base64
import kotlin.time.Clock
import kotlin.time.Duration.Companion.hours
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** What single formats have: statements signed one by one, messages of bytes, several proofs, contexts of others. */
class FormatsTest {
    private val cast = Cast()
    private val request = Attesta.newRequest(BANK)
    private val district = "/credentialSubject/address/district"

    @AfterEach
    fun close() = cast.close()

    private fun bank(ngo: SoftwareSigner) = Verifier(Preset.BANK_ADDRESS, listOf(trustList(ngo.didKey)))

    private fun desk(ngo: SoftwareSigner, pins: String = "[]", materials: List<Material> = emptyList()) = Verifier(
        // What can hide a status is open where it shows none.
        Policy.Json(
            """{"type":"Policy","version":1,"holderBinding":"not-required","relax":["status.list"],"contexts":$pins}""",
        ),
        listOf(trustList(ngo.didKey)),
        materials,
    )

    @ParameterizedTest
    @EnumSource(CredentialFormat::class)
    fun `what was changed after signing is refused in every format`(format: CredentialFormat) = runBlocking<Unit> {
        SoftwareSigner.generate(keyFor(format)).use { ngo ->
            val held = cast.guarantee(format, signer = ngo)
            val shown = Attesta.present(listOf(held), Disclose.Everything, request, cast.tenant)
            val changed = if ("Sham Shui Po" in shown) {
                shown.replace("Sham Shui Po", "Sham Shui Pa")
            } else {
                val middle = shown.indexOfAny(charArrayOf('.', ',')) + 120
                shown.replaceRange(middle, middle + 1, if (shown[middle] == 'A') "B" else "A")
            }
            assertNotEquals(shown, changed)
            bank(ngo).use { bank ->
                bank.verify(shown, request).use {
                    assertOutcome(Outcome.VALID, it)
                    assertEquals(format, it.credentials.single().format)
                    assertTrue(it.credentials.single().otherProofs.isEmpty())
                }
                for (text in listOf(changed, held)) bank.verify(text, request).use {
                    assertOutcome(Outcome.INVALID, it)
                    assertTrue(it.accepted.isEmpty() && it.unconfirmed.isEmpty())
                }
            }
        }
    }

    @Test
    fun `of signed statements only what was chosen is seen`() = runBlocking<Unit> {
        val format = CredentialFormat.ECDSA_SD2023
        val claims = Claims.example(Kind.PROOF_OF_ADDRESS)
        val tenant = Holder.Did(cast.tenant.didKey)
        val country = listOf("/credentialSubject/address/country")
        SoftwareSigner.generate(Algorithm.ES256).use { ngo ->
            val held = Attesta.issue(claims, ngo, tenant, format = format, mandatory = country)
            suspend fun shown(disclose: Disclose) = Attesta.present(listOf(held), disclose, request, cast.tenant)
            bank(ngo).use { bank ->
                val part = shown(Disclose.Only(district))
                bank.verify(part, request).use {
                    assertOutcome(Outcome.VALID, it)
                    val subject = it.accepted.single().subject
                    assertTrue("深水埗" in subject && "\"HK\"" in subject, subject)
                }
                assertFalse("陳" in part || "大南街" in part)
                val least = shown(Disclose.Only())
                bank.verify(least, request).use { assertOutcome(Outcome.VALID, it) }
                assertTrue("\"HK\"" in least && "深水埗" !in least)
            }
            desk(ngo).use { desk ->
                desk.verify(held).use {
                    assertOutcome(Outcome.INVALID, it)
                    assertEquals("proof.for-its-holder", it.reason?.code)
                }
                val copy = Attesta.derive(held, Disclose.Only(district))
                desk.verify(copy).use { assertOutcome(Outcome.VALID, it) }
                assertFalse("陳" in copy)
                desk.verify(copy.replace("深水埗", "觀塘")).use { assertEquals("proof.mismatch", it.reason?.code) }
                refusal { Attesta.derive(copy, Disclose.Only()) }
            }
            refusal { shown(Disclose.Only("/credentialSubject/income")) }
            val nowhere = listOf("/credentialSubject/income")
            refusal { Attesta.issue(claims, ngo, tenant, format = format, mandatory = nowhere) }
            refusal { Attesta.issue(claims, cast.ngo, tenant, format = format) }
        }
        assertEquals("issue.mandatory-format", refusal { Attesta.issue(claims, cast.ngo, tenant, mandatory = country) })
    }

    @Test
    fun `a consent to single statements says what cannot be hidden`() = runBlocking<Unit> {
        val format = CredentialFormat.ECDSA_SD2023
        val country = "/credentialSubject/address/country"
        val claims = Claims.example(Kind.PROOF_OF_ADDRESS)
        val tenant = Holder.Did(cast.tenant.didKey)
        SoftwareSigner.generate(Algorithm.ES256).use { ngo ->
            val held = Attesta.issue(claims, ngo, tenant, format = format, mandatory = listOf(country))
            AskingBank("proof-of-address").use { asking ->
                val asked = asking.ask(district(format))
                val asker = Asker.known(asked.text, listOf(asking.list))
                val answer = asker.use { Consent.of(it, listOf(held)) }.use { consent ->
                    val shown = consent.screen.shown.single()
                    assertEquals(listOf(country, district), shown.claims.map { it.pointer })
                    assertTrue(shown.showsMore && shown.isBound)
                    assertEquals(listOf(WarningType.SHOWS_MORE), consent.screen.warnings.map { it.type })
                    assertEquals("consent.not-separable", refusal { consent.withoutClaim(shown.id, country) })
                    assertEquals("answer.no-key", refusal { Attesta.answer(consent, cast.ngo) })
                    Attesta.answer(consent, cast.tenant)
                }
                assertTrue("深水埗" in answer.json && "陳" !in answer.json && "大南街" !in answer.json)
                bank(ngo).use { bank ->
                    bank.verify(answer.json, asked).use { assertOutcome(Outcome.VALID, it) }
                    val changed = answer.json.replace("深水埗", "觀塘")
                    bank.verify(changed, asked).use { assertOutcome(Outcome.INVALID, it) }
                    val another = asking.ask(district(format))
                    bank.verify(answer.json, another).use { assertOutcome(Outcome.INVALID, it) }
                }
            }
        }
    }

    @Test
    fun `a message of bytes goes as text and as bytes`() = runBlocking<Unit> {
        val held = cast.guarantee(CredentialFormat.COSE)
        val file = Attesta.bytesOf(held)
        val expected = Expected.Answer(request)
        for (credential in listOf(file, held.encodeToByteArray())) {
            val shown = Attesta.presentBytes(listOf(credential), Disclose.Everything, request, cast.tenant)
            val message = Attesta.bytesOf(shown)
            assertEquals(0xd2.toByte(), message[0])
            cast.bank.verify(shown, request).use { assertOutcome(Outcome.VALID, it) }
            cast.bank.verify(message, expected).use { assertOutcome(Outcome.VALID, it) }
            for (place in listOf(10, message.size / 2, message.size - 1)) {
                val changed = message.clone().also { it[place] = (it[place].toInt() xor 1).toByte() }
                cast.bank.verify(changed, expected).use { assertOutcome(Outcome.INVALID, it) }
            }
            cast.bank.verify(message.dropLast(1).toByteArray(), expected).use { assertOutcome(Outcome.INVALID, it) }
            Network(Shelf()).use { network ->
                cast.bank.verifyOnline(message, network, expected).use {
                    assertOutcome(Outcome.VALID, it.report)
                    assertTrue(it.steps.isEmpty())
                }
            }
        }
        cast.bank.verify(file, expected).use { assertOutcome(Outcome.INVALID, it) }
        val token = cast.guarantee()
        assertArrayEquals(token.encodeToByteArray(), Attesta.bytesOf(token))
        refusal { Attesta.bytesOf(held.replace("base64,", "base64,#")) }

        AskingBank("proof-of-address").use { asking ->
            val asked = asking.ask(district(CredentialFormat.COSE))
            val consent = Asker.known(asked.text, listOf(asking.list)).use { Consent.ofBytes(it, listOf(file)) }
            val answer = consent.use { Attesta.answer(it, cast.tenant) }
            cast.bank.verify(answer.json, asked).use { assertOutcome(Outcome.VALID, it) }
        }
    }

    @Test
    fun `an officer signs beside the issuer, or before it`() = runBlocking<Unit> {
        val (own, officers) = CredentialFormat.EDDSA_RDFC2022 to CredentialFormat.ECDSA_RDFC2019
        val issued = cast.guarantee(own)
        SoftwareSigner.generate(Algorithm.ES256).use { officer ->
            desk(cast.ngo).use { desk ->
                val both = Attesta.addProof(issued, officer, officers)
                desk.verify(both).use {
                    assertOutcome(Outcome.VALID, it)
                    val other = it.credentials.single().otherProofs.single()
                    assertEquals(CheckResult.PASS to false, other.result to other.isBuiltOn)
                    assertTrue(other.verificationMethod!!.startsWith(officer.didKey))
                }
                val id = "urn:uuid:5d2a1c0e-9a4e-4c39-9c34-0d7a6a1f2b3c"
                val bare = JsonParser.parseString(issued).asJsonObject.apply { remove("proof") }
                val signed = Attesta.addProof(bare.toString(), officer, officers, id = id)
                val chained = Attesta.addProof(signed, cast.ngo, own, previous = listOf(id))
                desk.verify(chained).use {
                    assertOutcome(Outcome.VALID, it)
                    assertTrue(it.credentials.single().otherProofs.single().isBuiltOn)
                }
                val cut = JsonParser.parseString(chained).asJsonObject.apply { getAsJsonArray("proof").remove(0) }
                desk.verify(cut.toString()).use { assertOutcome(Outcome.INVALID, it) }
                desk.verify(signed).use { assertNotEquals(Outcome.VALID, it.outcome) }
                assertEquals("data-integrity.chain-missing", refusal {
                    Attesta.addProof(issued, cast.ngo, own, previous = listOf(id))
                })
            }
            assertEquals("issue.one-proof", refusal { Attesta.addProof(issued, officer, CredentialFormat.JWT) })
            refusal { Attesta.addProof(cast.guarantee(), officer, officers) }
        }
    }

    @ParameterizedTest
    @EnumSource(CredentialFormat::class, names = ["EDDSA_RDFC2022", "ECDSA_RDFC2019", "ECDSA_SD2023"])
    fun `a context of somebody else counts by its pinned hash`(format: CredentialFormat) = runBlocking<Unit> {
        val url = "https://register.example/context/v1"
        val file = """{"@context":{"member":"https://register.example/vocab#member"}}""".encodeToByteArray()
        val given = listOf(GivenContext(url, file))
        val document = """{"@context":["https://www.w3.org/ns/credentials/v2","$url"],"type":["VerifiableCredential"],
            "validUntil":"2100-01-01T00:00:00Z","credentialSubject":{"id":"${cast.tenant.didKey}","member":true}}"""
        SoftwareSigner.generate(keyFor(format)).use { ngo ->
            refusal { Attesta.issueDocument(document, ngo, format = format) }
            val issued = Attesta.issueDocument(document, ngo, format = format, contexts = given)
            val empty = listOf(GivenContext(url, byteArrayOf()))
            refusal { Attesta.issueDocument(document, ngo, format = format, contexts = empty) }
            val member = Disclose.Only("/credentialSubject/member")
            val held = if (format == CredentialFormat.ECDSA_SD2023) {
                refusal { Attesta.derive(issued, member) }
                Attesta.derive(issued, member, given)
            } else {
                issued
            }
            val hash = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(file))
            val pins = """[{"id":"$url","digest":"sha256-$hash"}]"""
            fun material(bytes: ByteArray) =
                Material(ResourceType.CONTEXT, url, bytes, Clock.System.now() - 1.hours, MaterialSource.Own)
            suspend fun judged(pins: String, vararg files: ByteArray) =
                desk(ngo, pins, files.map(::material)).use { it.verify(held) }
            judged(pins, file).use {
                assertOutcome(Outcome.VALID, it)
                assertTrue("\"member\":true" in it.accepted.single().subject)
            }
            val other = file.decodeToString().replace("#member", "#debtor").encodeToByteArray()
            for (report in listOf(judged("[]", file), judged(pins, other), judged(pins))) report.use {
                assertNotEquals(Outcome.VALID, it.outcome)
                assertTrue(it.accepted.isEmpty())
            }
            judged(pins).use {
                assertOutcome(Outcome.UNDETERMINED, it)
                assertTrue(it.missing.any { missing -> missing.type == ResourceType.CONTEXT && missing.url == url })
            }
        }
    }

    @Test
    fun `given contexts compare by their bytes`() {
        fun context(vararg bytes: Byte) = GivenContext("https://register.example/context/v1", bytes)
        assertEquals(context(1), context(1))
        assertEquals(context(1).hashCode(), context(1).hashCode())
        assertNotEquals(context(1), context(2))
        assertFalse("[B@" in context(1).toString())
    }
}
