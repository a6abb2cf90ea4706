package org.attesta

import kotlin.time.Clock
import kotlin.time.Duration.Companion.days
import kotlin.time.Instant
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** An NGO vouches for a tenant's address, the tenant shows it, a bank decides. */
class LoopTest {
    private val cast = Cast()
    private val request = Attesta.newRequest(BANK)

    @AfterEach
    fun close() = cast.close()

    private fun answer(guarantee: String = cast.guarantee(), signer: Signer = cast.tenant) =
        runBlocking { Attesta.present(listOf(guarantee), Disclose.Everything, request, signer) }

    private fun decide(presented: String, asked: PresentationRequest = request, at: At = At.Now) =
        runBlocking { cast.bank.verify(presented, asked, at) }

    @Test
    fun `the bank accepts the tenant's answer, and reads the address`() {
        val report = decide(answer())
        assertOutcome(Outcome.VALID, report)
        assertNull(report.reason)
        assertTrue(report.missing.isEmpty())
        val accepted = report.accepted.single()
        assertEquals(cast.ngo.didKey, accepted.issuer)
        assertEquals("Street Centre", accepted.issuerName)
        assertEquals(Kind.PROOF_OF_ADDRESS, accepted.kind)
        assertEquals(Claims.example(Kind.PROOF_OF_ADDRESS), accepted.claims)
        assertEquals(7.days, accepted.validUntil!! - accepted.validFrom!!)
        assertEquals("HK", (accepted.claims as Claims.OfAddress).claims.address?.country)
        assertEquals(cast.tenant.didKey, report.presentations.single().holder)
        assertEquals(CredentialFormat.JWT, report.credentials.single().format)
    }

    @ParameterizedTest
    @EnumSource(CredentialFormat::class)
    fun `every format makes the round that the key fits`(format: CredentialFormat) {
        val signer = SoftwareSigner.generate(keyFor(format))
        val bank = Verifier(Preset.BANK_ADDRESS, listOf(trustList(signer.didKey)))
        val report = runBlocking { bank.verify(answer(cast.guarantee(format, signer = signer)), request) }
        assertOutcome(Outcome.VALID, report)
        assertEquals(format, report.credentials.single().format)
    }

    @ParameterizedTest
    @EnumSource(Kind::class)
    fun `every kind's example is issued, verified and read back`(kind: Kind) = runBlocking {
        val claims = Claims.example(kind)
        assertEquals(kind, claims.kind)
        assertEquals(claims, Claims.fromJson(kind, claims.toJson()))
        val credential = Attesta.issue(claims, cast.ngo, Holder.Did(cast.tenant.didKey))
        val desk = Verifier(Policy.Named(Preset.DEFAULT), listOf(trustList(cast.ngo.didKey)))
        val report = desk.verify(credential)
        assertOutcome(Outcome.VALID, report)
        assertEquals(claims, report.accepted.single().claims)
    }

    @Test
    fun `a key in hardware presents what was issued to it as a bare key`() {
        val phone = HardwareKey()
        val guarantee = cast.guarantee(holder = Holder.Key(phone.describe().publicJwk()))
        assertOutcome(Outcome.VALID, decide(answer(guarantee, phone)))
    }

    @Test
    fun `any credential of the data model is issued from JSON`() = runBlocking {
        val document = """{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],
            "validUntil":"2100-01-01T00:00:00Z","credentialSubject":{"id":"${cast.tenant.didKey}","member":true}}"""
        val credential = Attesta.issueDocument(document, cast.ngo)
        val report = Verifier(Preset.DEFAULT, listOf(trustList(cast.ngo.didKey))).verify(credential)
        assertOutcome(Outcome.VALID, report)
        assertNull(report.accepted.single().claims)
        assertTrue(report.accepted.single().subject.contains("\"member\":true"))
    }

    @Test
    fun `a changed flat is refused`() {
        val (head, body, signature) = cast.guarantee().split(".")
        val other = String(java.util.Base64.getUrlDecoder().decode(body)).replace("Sham Shui Po", "Kwun Tong")
        assertNotEquals(body, base64url(other.toByteArray()))
        refused("proof.mismatch", decide(answer("$head.${base64url(other.toByteArray())}.$signature")))
    }

    @Test
    fun `yesterday's answer to a new request is refused`() {
        refused("nonce.other", decide(answer(), Attesta.newRequest(BANK)))
    }

    @Test
    fun `an answer made for another desk is refused`() {
        refused("audience.other", decide(answer(), PresentationRequest("https://shop.example", request.nonce)))
    }

    @Test
    fun `a bare copy is refused`() = refused("holder.binding.not-presented", decide(cast.guarantee()))

    @Test
    fun `one that has run out is refused, and was good when it was`() {
        val guarantee = cast.guarantee(validFrom = "2026-01-05")
        val report = decide(answer(guarantee))
        refused("valid-until.past", report)
        val then = At.AsOf(Instant.parse("2026-01-10T12:00:00Z"))
        assertOutcome(Outcome.VALID, decide(answer(guarantee), at = then))
    }

    @Test
    fun `one from tomorrow waits for tomorrow`() {
        val tomorrow = Clock.System.now() + 1.days
        val answer = answer(cast.guarantee(validFrom = tomorrow.toString().take(10)))
        refused("valid-from.future", decide(answer))
        assertOutcome(Outcome.VALID, decide(answer, at = At.NowIs(tomorrow)))
    }

    @Test
    fun `an issuer whom nobody knows is undetermined, and its claims are unconfirmed`() {
        val stranger = SoftwareSigner.generate(Algorithm.ED25519)
        val report = decide(answer(cast.guarantee(signer = stranger)))
        assertOutcome(Outcome.UNDETERMINED, report)
        assertEquals("issuer.trust.unknown", report.reason?.code)
        assertTrue(report.accepted.isEmpty())
        val unconfirmed = report.unconfirmed.single()
        assertEquals(0u, unconfirmed.position)
        assertTrue(unconfirmed.subjectJson.contains("Sham Shui Po"))
        assertFalse("$unconfirmed".contains("Sham Shui Po"))
    }

    @Test
    fun `bytes that are nothing get a report too`() = runBlocking {
        for (bytes in listOf(byteArrayOf(), ByteArray(100_000) { 0xff.toByte() }, "{}".toByteArray())) {
            assertOutcome(Outcome.INVALID, cast.bank.verify(bytes, Expected.Answer(request)))
        }
    }

    @Test
    fun `a credential of another key is not presented`() {
        val thief = SoftwareSigner.generate(Algorithm.ES256)
        val error = assertThrows(AttestaException::class.java) { answer(signer = thief) }
        assertEquals("present.other-holder", error.code)
    }

    @Test
    fun `the bank fetches the key document that is missing, and asks again`() = runBlocking {
        val did = "did:web:ngo.example"
        val guarantee = Attesta.issue(
            Claims.example(Kind.PROOF_OF_ADDRESS), cast.ngo, Holder.Did(cast.tenant.didKey), Identity.Did("$did#key-1"),
        )
        val answer = answer(guarantee)
        val bank = Verifier(Preset.BANK_ADDRESS, listOf(trustList(did)))
        val open = bank.verify(answer, request)
        assertOutcome(Outcome.UNDETERMINED, open)
        val missing = open.missing.single()
        assertEquals(ResourceType.DOCUMENT to did, missing.type to missing.url)
        assertTrue(missing.reveals.endsWith("."), missing.reveals)

        val document = """{"@context":["https://www.w3.org/ns/did/v1.1"],"id":"$did","verificationMethod":[{
            "id":"$did#key-1","type":"Multikey","controller":"$did",
            "publicKeyMultibase":"${Keys.jwkToMultikey(cast.ngo.publicJwk)}"}],"assertionMethod":["$did#key-1"]}"""
        val fetched = Material(missing, document.toByteArray(), Clock.System.now())
        assertOutcome(Outcome.VALID, bank.withMaterials(listOf(fetched)).verify(answer, request))
        val told = fetched.run { Material(type, url, bytes, obtained, MaterialSource.Asserted("a pack")) }
        assertOutcome(Outcome.UNDETERMINED, bank.withMaterials(listOf(told)).verify(answer, request))
        assertOutcome(Outcome.UNDETERMINED, bank.verify(answer, request))
    }

    private fun refused(code: String, report: Report) {
        assertOutcome(Outcome.INVALID, report)
        assertEquals(code, report.reason?.code, report::toJson)
        assertTrue(report.accepted.isEmpty())
        assertTrue(report.unconfirmed.isEmpty())
        assertInstanceOf(Check::class.java, report.reason)
        assertTrue(report.reason!!.hint.isNotBlank())
    }
}

fun base64url(bytes: ByteArray): String = java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
