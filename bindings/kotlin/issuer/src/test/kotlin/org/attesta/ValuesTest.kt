package org.attesta

import com.google.gson.JsonElement
import com.google.gson.JsonParser
import kotlin.time.Instant
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** What values print, how they compare, and what errors say. */
class ValuesTest {
    @ParameterizedTest
    @EnumSource(Kind::class)
    fun `nothing that is printed by default shows a person`(kind: Kind) = runBlocking {
        Cast().use { cast ->
            val claims = Claims.example(kind)
            val credential = Attesta.issue(claims, cast.ngo, Holder.Did(cast.tenant.didKey))
            val report = Verifier(Preset.DEFAULT, listOf(trustList(cast.ngo.didKey))).verify(credential)
            assertOutcome(Outcome.VALID, report)
            val parts = when (claims) {
                is Claims.OfAddress -> with(claims.claims) { listOf(this, address, officer, organisation, consent) }
                is Claims.OfLicence -> with(claims.claims) { listOf(this, vehicle) + categories }
                is Claims.OfSkill -> with(claims.claims) { listOf(this, skill, awardingBody, programme) }
            }
            val values = parts + listOf(claims, report, report.accepted, report.credentials, report.reason)
            val printed = values.joinToString("\n") + cast.tenant + cast.ngo + cast.bank
            for (text in texts(JsonParser.parseString(claims.toJson()))) {
                assertFalse(printed.contains(text), "\"$text\" is printed")
            }
            assertFalse(printed.contains(cast.tenant.didKey))
            assertFalse(printed.contains(JsonParser.parseString(cast.ngo.privateJwk()).asJsonObject["d"].asString))
        }
    }

    /** The texts that are somebody's: longer than a code, and no link. */
    private fun texts(json: JsonElement): List<String> = when {
        json.isJsonObject -> json.asJsonObject.asMap().values.flatMap(::texts)
        json.isJsonArray -> json.asJsonArray.flatMap(::texts)
        json.isJsonPrimitive && json.asJsonPrimitive.isString -> listOf(json.asString).filter { it.length > 3 }
        else -> emptyList()
    }

    @Test
    fun `bytes compare by their content`() {
        val moment = Instant.parse("2026-11-20T09:00:00Z")
        fun document(vararg bytes: Byte) =
            Material(ResourceType.DOCUMENT, "did:web:a.example", bytes, moment, MaterialSource.Fetched)
        assertEquals(document(1, 2), document(1, 2))
        assertEquals(document(1, 2).hashCode(), document(1, 2).hashCode())
        assertNotEquals(document(1, 2), document(1, 3))
        assertFalse(document(1, 2).toString().contains("[B@"))

        fun description(vararg key: Byte) = SignerDescription(Algorithm.ES256, SignatureEncoding.DER, key)
        assertEquals(description(1, 2), description(1, 2))
        assertEquals(description(1, 2).hashCode(), description(1, 2).hashCode())
        assertNotEquals(description(1, 2), description(2, 2))
        assertNotEquals(description(1), SignerDescription(Algorithm.ES256, SignatureEncoding.RAW, byteArrayOf(1)))
    }

    @Test
    fun `claims compare by what they say`() {
        val example = (Claims.example(Kind.PROOF_OF_ADDRESS) as Claims.OfAddress).claims
        val moved = example.copy(address = example.address?.copy(unit = "7"))
        assertNotEquals(Claims.OfAddress(example), Claims.OfAddress(moved))
        assertEquals(Claims.OfAddress(example), Claims.OfAddress(moved.copy(address = example.address)))
    }

    @Test
    fun `every mistake has a code, a message and a hint`() = runBlocking<Unit> {
        Cast().use { cast ->
            val example = (Claims.example(Kind.PROOF_OF_ADDRESS) as Claims.OfAddress).claims
            val tenant = Holder.Did(cast.tenant.didKey)
            val good = Claims.OfAddress(example)
            val request = Attesta.newRequest(BANK)
            val all = Disclose.Everything
            val mistakes = listOf<suspend () -> Any>(
                { Attesta.issue(Claims.OfAddress(ProofOfAddress()), cast.ngo, tenant) },
                { Attesta.issue(Claims.OfAddress(example.copy(birthDate = "17.6.1991")), cast.ngo, tenant) },
                { Attesta.issue(good, cast.ngo, holder = null) },
                { Attesta.issue(good, cast.ngo, Holder.Did("nobody")) },
                { Attesta.issue(good, cast.ngo, Holder.Key("{}")) },
                { Attesta.issue(good, cast.ngo, tenant, issuer = Identity.Did(cast.tenant.didKey)) },
                { Attesta.issue(good, cast.ngo, tenant, validFrom = "tomorrow") },
                { Attesta.issue(good, cast.ngo, tenant, validDays = Int.MAX_VALUE) },
                { Attesta.issue(good, cast.ngo, tenant, format = CredentialFormat.ECDSA_JCS2019) },
                { Attesta.issue(good, cast.ngo, tenant, status = "none") },
                { Attesta.issueDocument("{}", cast.ngo) },
                { Attesta.present(emptyList(), all, request, cast.tenant) },
                { Attesta.present(listOf("paper"), all, request, cast.tenant) },
                { Attesta.present(listOf(cast.guarantee()), all, PresentationRequest("", ""), cast.tenant) },
                { Verifier(Policy.Json("""{"type":"Policy","version":1,"relax":["proof"]}"""), emptyList()) },
                { Verifier(Preset.DEFAULT, listOf("{}")) },
                { Claims.fromJson(Kind.LICENCE, """{"name":"A","nickname":"B"}""") },
                { SoftwareSigner.fromPrivateJwk("""{"kty":"oct","k":"AAAA"}""") },
                { Keys.didKeyOf(cast.ngo.privateJwk()) },
                { Keys.multikeyToJwk("z6Mk") },
            )
            for ((number, mistake) in mistakes.withIndex()) {
                val error = try {
                    throw AssertionError("mistake $number went through: ${mistake()}")
                } catch (error: AttestaException) {
                    error
                }
                assertTrue(Regex("[a-z-]+(\\.[a-z-]+)+").matches(error.code), "mistake $number: ${error.code}")
                assertTrue(error.message.isNotBlank() && error.hint.endsWith("."), "mistake $number: $error")
                assertFalse("code=" in error.message || "hint=" in error.message, error.message)
                assertEquals(error.message, error.localizedMessage)
            }
            assertThrows(IllegalArgumentException::class.java) {
                runBlocking { Attesta.issue(good, cast.ngo, tenant, validDays = 0) }
            }
        }
    }

    @Test
    fun `keys are written in each form, and read back`() {
        for (algorithm in Algorithm.entries) {
            SoftwareSigner.generate(algorithm).use { key ->
                val multikey = Keys.jwkToMultikey(key.publicJwk)
                val again = JsonParser.parseString(Keys.multikeyToJwk(multikey))
                assertEquals(JsonParser.parseString(key.publicJwk), again)
                assertEquals("did:key:$multikey", key.didKey)
                assertEquals(key.publicJwk, key.describe().publicJwk())
                val short = key.describe().publicKey.dropLast(1).toByteArray()
                val cut = SignerDescription(algorithm, SignatureEncoding.RAW, short)
                assertEquals("key.length", assertThrows(AttestaException::class.java) { cut.publicJwk() }.code)
                assertEquals(key.didKey, Keys.didKeyOf(key.publicJwk))
                assertEquals(key.didJwk, Keys.didJwkOf(key.publicJwk))
                assertTrue(Keys.resolve(key.didJwk).contains("verificationMethod"))
                SoftwareSigner.fromPrivateJwk(key.privateJwk()).use { again ->
                    assertEquals(key.describe(), again.describe())
                    assertNotEquals(0, again.sign(byteArrayOf(1)).size)
                }
            }
        }
    }
}
