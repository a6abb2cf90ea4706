package org.attesta

import com.google.gson.JsonElement
import com.google.gson.JsonParser
import com.nimbusds.jose.JWSObject
import com.nimbusds.jose.crypto.ECDSAVerifier
import com.nimbusds.jose.crypto.Ed25519Verifier
import com.nimbusds.jose.jwk.Curve
import com.nimbusds.jose.jwk.ECKey
import com.nimbusds.jose.jwk.JWK
import com.nimbusds.jose.jwk.OctetKeyPair
import com.nimbusds.jose.util.Base64URL
import com.nimbusds.jwt.SignedJWT
import eu.europa.ec.eudi.sdjwt.KeyBindingError
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps.recreateClaims
import eu.europa.ec.eudi.sdjwt.SdJwt
import eu.europa.ec.eudi.sdjwt.SdJwtVerificationException
import eu.europa.ec.eudi.sdjwt.VerificationError
import eu.europa.ec.eudi.sdjwt.vc.ClaimPathElement
import java.math.BigInteger
import java.util.Base64
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.bouncycastle.jce.ECNamedCurveTable
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.junit.jupiter.params.provider.EnumSource

/**
 * The EUDI reference library and Nimbus JOSE verify what attesta issues and presents. What one refuses, so does the
 * other, and for the same reason. Every run makes fresh keys.
 */
class VerifiedElsewhereTest {
    @ParameterizedTest
    @CsvSource("ED25519,false", "ED25519,true", "ES256,false", "ES256,true")
    fun `the EUDI library reads the same from what attesta issues and presents`(algorithm: Algorithm, byJwk: Boolean) =
        runBlocking {
            Exchange(algorithm, byJwk).use { exchange ->
                val issued = exchange.issue()
                val whole = DIDS.verify(issued).getOrThrow()
                exchange.desk.verify(issued).use { report ->
                    assertOutcome(Outcome.VALID, report)
                    assertEquals(JsonParser.parseString(report.accepted.single().subject), claims(whole))
                }
                AskingBank("proof-of-address").use { bank ->
                    val pointers = listOf("/address/district", "/address/country", "/name", "/officer")
                    val request = bank.ask(district().copy(pointers = pointers))
                    val consent = Asker.known(request.text, listOf(bank.list)).use { Consent.of(it, listOf(issued)) }
                    val answer = Attesta.answer(consent, exchange.holder)
                    val presented = JsonParser.parseString(answer.json).asJsonObject
                        .getAsJsonObject("vp_token").getAsJsonArray("home").single().asString

                    val challenge = challenge(request.clientId, request.nonce)
                    val (shown, binding) = DIDS.verify(presented, challenge).getOrThrow()
                    exchange.desk.verify(answer.json, request).use { report ->
                        assertOutcome(Outcome.VALID, report)
                        assertEquals(JsonParser.parseString(report.accepted.single().subject), claims(shown))
                    }
                    assertEquals(consent.screen.shown.single().claims.map { it.pointer }.toSet(), leaves(shown))
                    assertTrue(claims(whole).asJsonObject.size() > claims(shown).asJsonObject.size())
                    assertEquals(request.nonce, binding.jwtClaimsSet.getStringClaim("nonce"))
                }
            }
        }

    @ParameterizedTest
    @CsvSource("ED25519,true", "ES256,false")
    fun `what the EUDI library refuses, attesta refuses`(algorithm: Algorithm, byJwk: Boolean) = runBlocking<Unit> {
        Exchange(algorithm, byJwk).use { exchange ->
            val (request, other) = Attesta.newRequest(BANK) to Attesta.newRequest(BANK)
            val issued = exchange.issue()
            suspend fun shown(request: PresentationRequest, vararg pointers: String, of: String = issued) =
                Attesta.present(listOf(of), Disclose.Only(*pointers), request, exchange.holder)
            val presented = shown(request, "/name", "/address/district")
            val (bare, binding) = presented.substringBeforeLast('~') + "~" to presented.substringAfterLast('~')
            val name = bare.split('~').single { "陳大文" in decoded(it) }
            val changed = bare.replace(name, base64url(decoded(name).replace("陳大文", "陳小文").toByteArray()))
            val foreign = exchange.issue().split('~').single { "陳大文" in decoded(it) }
            val withoutName = bare.replace("$name~", "")

            val token = bare.substringBefore('~')
            val signatureOfAnother = bare.replace(token, resigned(token, exchange.impostor))
            val bindingOfAnother = shown(request, "/address/district").substringAfterLast('~')
            val elsewhere = request.copy(audience = "https://thief.example")
            val past = exchange.issue("2020-01-01")

            // What is made here by hand is made as attesta makes it.
            val again = rebound(bare, presented, exchange.holder)
            for (text in listOf(presented, again)) assertBoth(exchange, text, request, null, null)
            for ((text, code, reason) in listOf(
                Triple(shown(other, "/name"), "nonce.other", INVALID_BINDING),
                Triple(shown(elsewhere, "/name"), "audience.other", INVALID_BINDING),
                Triple(rebound(bare, presented, exchange.stranger), "holder.binding.other-key", INVALID_BINDING),
                Triple(bare + bindingOfAnother, OTHER_DISCLOSURES, INVALID_BINDING),
                Triple(withoutName + binding, OTHER_DISCLOSURES, INVALID_BINDING),
                Triple(bare, "holder.binding.not-presented", "MissingKeyBindingJwt"),
                Triple(rebound(changed, presented, exchange.holder), "disclosure.broken", "MissingDigests"),
                Triple(rebound("$bare$foreign~", presented, exchange.holder), "disclosure.broken", "MissingDigests"),
                Triple(rebound(signatureOfAnother, presented, exchange.holder), "proof.mismatch", "InvalidJwt"),
                Triple(shown(request, "/name", of = past), "valid-until.past", "InvalidJwt"),
            )) {
                assertBoth(exchange, text, request, code, reason)
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm::class)
    fun `Nimbus verifies both signatures of an SD-JWT, whatever the algorithm`(algorithm: Algorithm) = runBlocking {
        Exchange(algorithm, false).use { exchange ->
            val request = Attesta.newRequest(BANK)
            val presented = Attesta.present(listOf(exchange.issue()), Disclose.Only("/name"), request, exchange.holder)
            for ((text, key) in listOf(
                presented.substringBefore('~') to exchange.issuer,
                presented.substringAfterLast('~') to exchange.holder,
            )) {
                assertTrue(holds(text, key))
                assertFalse(holds(text, exchange.stranger))
                val payload = part(text, 1).apply { addProperty("iat", 1) }
                val (head, _, signature) = text.split('.')
                assertFalse(holds("$head.${base64url(payload.toString().toByteArray())}.$signature", key))
            }
        }
    }

    private suspend fun assertBoth(
        exchange: Exchange,
        text: String,
        request: PresentationRequest,
        code: String?,
        reason: String?,
    ) {
        val theirs = DIDS.verify(text, challenge(request.audience, request.nonce)).exceptionOrNull()
        val refusal = theirs?.let { nameOf((it as SdJwtVerificationException).reason) }
        assertEquals(reason, refusal, "the EUDI library: $code")
        exchange.desk.verify(text, request).use { ours ->
            assertOutcome(if (code == null) Outcome.VALID else Outcome.INVALID, ours)
            assertEquals(code, ours.reason?.code, ours::toJson)
            assertEquals(code == null, ours.accepted.isNotEmpty())
        }
    }

    private fun holds(token: String, key: SoftwareSigner): Boolean = JWSObject.parse(token).run {
        val jwk = JWK.parse(key.publicJwk)
        verify(if (jwk is OctetKeyPair) Ed25519Verifier(jwk) else ECDSAVerifier(jwk.toECKey()))
    }

    private companion object {
        const val INVALID_BINDING = "InvalidKeyBindingJwt"
        const val OTHER_DISCLOSURES = "holder.binding.other-disclosures"

        /** What is not the subject's: SD-JWT VC section 3.2.2.2, and RFC 7519 section 4.1. */
        val REGISTERED = setOf("iss", "nbf", "exp", "iat", "cnf", "vct", "vct#integrity", "status")

        val DIDS = NimbusSdJwtOps.SdJwtVcVerifier.usingDID { did, _ -> listOf(keyOf(did)) }

        fun challenge(audience: String, nonce: String) = buildJsonObject {
            put("aud", audience)
            put("nonce", nonce)
        }

        fun claims(credential: SdJwt<SignedJWT>): JsonElement {
            val all = JsonParser.parseString(credential.recreateClaims(null).toString()).asJsonObject
            return all.apply { REGISTERED.forEach(::remove) }
        }

        /** The claims without parts that the EUDI library found disclosed, as JSON pointers. */
        fun leaves(credential: SdJwt<SignedJWT>): Set<String> {
            val pointers = mutableSetOf<String>()
            credential.recreateClaims { path, disclosure ->
                if (disclosure != null) {
                    pointers += path.value.joinToString("") { element ->
                        when (element) {
                            is ClaimPathElement.Claim -> "/${element.name}"
                            is ClaimPathElement.ArrayElement -> "/${element.index}"
                            ClaimPathElement.AllArrayElements -> error("not a place")
                        }
                    }
                }
            }
            return pointers.filter { one -> pointers.none { it.startsWith("$one/") } }.toSet()
        }

        fun nameOf(reason: VerificationError): String = when (reason) {
            is VerificationError.KeyBindingFailed -> when (reason.details) {
                KeyBindingError.InvalidKeyBindingJwt -> "InvalidKeyBindingJwt"
                KeyBindingError.MissingKeyBindingJwt -> "MissingKeyBindingJwt"
                else -> reason.toString()
            }
            VerificationError.InvalidJwt -> "InvalidJwt"
            is VerificationError.MissingDigests -> "MissingDigests"
            else -> reason.toString()
        }

        fun decoded(disclosure: String): String = try {
            Base64.getUrlDecoder().decode(disclosure).decodeToString()
        } catch (_: IllegalArgumentException) {
            "" // The token itself, whose parts are joined by dots.
        }

        /** did:jwk and did:key, read without attesta. */
        fun keyOf(did: String): JWK {
            if (did.startsWith("did:jwk:")) return JWK.parse(Base64URL(did.removePrefix("did:jwk:")).decodeToString())
            val bytes = base58(did.removePrefix("did:key:z"))
            val (code, key) = bytes.take(2) to bytes.drop(2).toByteArray()
            if (code == listOf(0xed.toByte(), 0x01.toByte())) {
                return OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(key)).build()
            }
            check(code == listOf(0x80.toByte(), 0x24.toByte())) { "neither Ed25519 nor P-256" }
            val point = ECNamedCurveTable.getParameterSpec("secp256r1").curve.decodePoint(key)
            val (x, y) = listOf(point.affineXCoord, point.affineYCoord).map { Base64URL.encode(it.encoded) }
            return ECKey.Builder(Curve.P_256, x, y).build()
        }

        /** Of keys, whose first byte is not 0. */
        fun base58(text: String): ByteArray {
            val digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
            val number = text.fold(BigInteger.ZERO) { sum, digit ->
                sum * 58.toBigInteger() + digits.indexOf(digit).toBigInteger()
            }
            return number.toByteArray().dropWhile { it == 0.toByte() }.toByteArray()
        }
    }

    /** An issuer, a holder, a stranger with the holder's type of key and one with the issuer's, and a desk. */
    private class Exchange(algorithm: Algorithm, byJwk: Boolean) : AutoCloseable {
        val issuer = SoftwareSigner.generate(algorithm)
        val holder = SoftwareSigner.generate(algorithm)
        val stranger = SoftwareSigner.generate(algorithm)
        val impostor = SoftwareSigner.generate(algorithm)
        private val did = if (byJwk) issuer.didJwk else issuer.didKey
        val desk = Verifier(Preset.DEFAULT, listOf(trustList(did)))

        suspend fun issue(validFrom: String? = null): String = Attesta.issue(
            Claims.example(Kind.PROOF_OF_ADDRESS),
            issuer,
            Holder.Key(holder.publicJwk),
            Identity.Did(did),
            CredentialFormat.SD_JWT_VC,
            validFrom,
        )

        override fun close() = listOf(desk, issuer, holder, stranger, impostor).forEach(AutoCloseable::close)
    }
}
