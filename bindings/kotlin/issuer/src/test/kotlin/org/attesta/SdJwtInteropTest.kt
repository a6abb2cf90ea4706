package org.attesta

import com.nimbusds.jose.JOSEObjectType
import com.nimbusds.jose.JWSAlgorithm
import com.nimbusds.jose.JWSHeader
import com.nimbusds.jose.JWSObject
import com.nimbusds.jose.Payload
import com.nimbusds.jose.crypto.ECDSASigner
import com.nimbusds.jose.jwk.Curve
import com.nimbusds.jose.jwk.ECKey
import com.nimbusds.jose.jwk.gen.ECKeyGenerator
import com.google.gson.JsonParser
import eu.europa.ec.eudi.sdjwt.DisclosableObject
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps.present
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps.serialize
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps.serializeWithKeyBinding
import eu.europa.ec.eudi.sdjwt.sdJwt
import eu.europa.ec.eudi.sdjwt.vc.ClaimPath
import java.time.Instant
import java.util.Date
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * attesta decides about SD-JWTs that others made: the EUDI reference library, which issues and presents, and Nimbus JOSE,
 * which signs what is put together here by hand. Every run makes fresh keys.
 */
class SdJwtInteropTest {
    private val issuer = ecKey()
    private val holder = ecKey()
    private val stranger = ecKey()
    private val did = Keys.didKeyOf(issuer.toPublicJWK().toJSONString())
    private val kid = "$did#${did.removePrefix("did:key:")}"
    private val request = Attesta.newRequest(BANK)
    private val now = Instant.now().epochSecond

    @Test
    fun `attesta verifies what the EUDI library issues and presents`() = runBlocking {
        val issued = eudiIssuer(issuer).issue(membership()).getOrThrow()
        val shown = checkNotNull(issued.present(setOf(ClaimPath.claim("name"), ClaimPath.claim("address").claim("town"))))
        suspend fun answer(key: ECKey = holder, audience: String = BANK, nonce: String = request.nonce): String {
            val binding = NimbusSdJwtOps.kbJwtIssuer(ECDSASigner(key), JWSAlgorithm.ES256, key.toPublicJWK()) {
                audience(audience)
                claim("nonce", nonce)
                issueTime(Date.from(Instant.ofEpochSecond(now)))
            }
            return shown.serializeWithKeyBinding(binding).getOrThrow()
        }
        Verifier(Preset.DEFAULT, listOf(trustList(did))).use { desk ->
            desk.verify(issued.serialize()).use {
                assertOutcome(Outcome.VALID, it)
                assertTrue(it.accepted.single().subject.contains("B Street"))
            }
            val presented = answer()
            desk.verify(presented, request).use {
                assertOutcome(Outcome.VALID, it)
                val read = JsonParser.parseString(it.accepted.single().subject).asJsonObject
                val hidden = listOf("birthDate")
                assertEquals("A", read["name"].asString)
                assertEquals(setOf("town"), read["address"].asJsonObject.keySet())
                assertTrue(hidden.none(read::has))
            }
            val bare = presented.substringBeforeLast('~') + "~"
            val binding = presented.substringAfterLast('~')
            val forged = eudiIssuer(stranger).issue(membership()).getOrThrow().serialize()
            for ((text, code) in listOf(
                answer(key = stranger) to "holder.binding.other-key",
                answer(audience = "https://thief.example") to "audience.other",
                answer(nonce = "another") to "nonce.other",
                bare to "holder.binding.not-presented",
                issued.serialize() + binding to "holder.binding.other-disclosures",
                forged + binding to "proof.mismatch",
            )) {
                desk.verify(text, request).use { assertRefused(code, it) }
            }
        }
    }

    @Test
    fun `attesta verifies an SD-JWT that Nimbus signs`() = runBlocking {
        val (name, town) = listOf("""["c2FsdDE","name","A"]""", """["c2FsdDI","town","C"]""").map(::disclosure)
        val issued = "${token(issuer, listOf(name, town))}~$name~$town~"
        val shown = issued.replace("$town~", "")
        fun answer(text: String, key: ECKey = holder, audience: String = BANK, made: Long = now): String {
            val payload = """{"aud":"$audience","nonce":"${request.nonce}","iat":$made,"sd_hash":"${digest(text)}"}"""
            return text + signed(key, "kb+jwt", null, payload)
        }
        Verifier(Preset.DEFAULT, listOf(trustList(did))).use { desk ->
            desk.verify(issued).use { assertOutcome(Outcome.VALID, it) }
            desk.verify(answer(shown), request).use {
                assertOutcome(Outcome.VALID, it)
                val read = JsonParser.parseString(it.accepted.single().subject).asJsonObject
                assertEquals(listOf("A", null), listOf(read["name"]?.asString, read["town"]?.asString))
            }
            val added = disclosure("""["c2FsdDM","admin",true]""")
            val binding = answer(shown).substringAfterLast('~')
            for ((text, code) in listOf(
                answer(shown, stranger) to "holder.binding.other-key",
                answer(shown, audience = "https://thief.example") to "audience.other",
                answer(shown, made = now + 3_600) to "holder.binding.future",
                shown to "holder.binding.not-presented",
                issued + binding to "holder.binding.other-disclosures",
                answer(shown.replace(token(issuer, listOf(name, town)), token(stranger, listOf(name, town)))) to
                    "proof.mismatch",
            )) {
                desk.verify(text, request).use { assertRefused(code, it) }
            }
            for (text in listOf("$shown$added~", "$shown$name~", shown.replace(name, disclosure("""["c2FsdDE","name","B"]""")))) {
                desk.verify(answer(text), request).use { report ->
                    assertOutcome(Outcome.INVALID, report)
                    val codes = report.credentials.single().checks.map { it.code }
                    assertTrue("disclosure.broken" in codes, report::toJson)
                }
            }
        }
    }

    private fun assertRefused(code: String, report: Report) {
        assertOutcome(Outcome.INVALID, report)
        assertEquals(code, report.reason?.code, report::toJson)
        assertTrue(report.accepted.isEmpty())
    }

    private fun eudiIssuer(key: ECKey) = NimbusSdJwtOps.issuer(signer = ECDSASigner(key), signAlgorithm = JWSAlgorithm.ES256) {
        type(JOSEObjectType("dc+sd-jwt"))
        keyID(kid)
    }

    private fun membership(): DisclosableObject = sdJwt {
        claim("vct", "https://members.example/card")
        claim("iss", did)
        claim("nbf", now - 60)
        claim("exp", now + 86_400)
        objClaim("cnf") {
            objClaim("jwk") { holder.toPublicJWK().toJSONObject().forEach { (name, value) -> claim(name, value as String) } }
        }
        sdClaim("name", "A")
        sdClaim("birthDate", "1980-01-01")
        sdObjClaim("address", minimumDigests = 6) {
            sdClaim("street", "B Street")
            sdClaim("town", "C")
        }
    }

    /** The same in its smallest form: two members that can be hidden. */
    private fun token(key: ECKey, disclosures: List<String>): String {
        val digests = disclosures.map { "\"${digest(it)}\"" }.sorted()
        val payload = """{"vct":"https://members.example/card","iss":"$did","nbf":${now - 60},"exp":${now + 86_400},
            "cnf":{"jwk":${holder.toPublicJWK().toJSONString()}},"_sd_alg":"sha-256","_sd":$digests}"""
        return tokens.getOrPut(key to payload) { signed(key, "dc+sd-jwt", kid, payload) }
    }

    // ECDSA makes another signature each time.
    private val tokens = mutableMapOf<Pair<ECKey, String>, String>()

    private fun signed(key: ECKey, type: String, kid: String?, payload: String): String {
        val header = JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType(type)).keyID(kid).build()
        return JWSObject(header, Payload(payload)).apply { sign(ECDSASigner(key)) }.serialize()
    }

    private fun disclosure(content: String) = base64url(content.toByteArray())

    private fun ecKey(): ECKey = ECKeyGenerator(Curve.P_256).generate()
}
