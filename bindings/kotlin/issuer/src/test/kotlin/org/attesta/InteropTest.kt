package org.attesta

import com.nimbusds.jose.JOSEObjectType
import com.nimbusds.jose.JWSAlgorithm
import com.nimbusds.jose.JWSHeader
import com.nimbusds.jose.JWSObject
import com.nimbusds.jose.JWSSigner
import com.nimbusds.jose.Payload
import com.nimbusds.jose.crypto.ECDSASigner
import com.nimbusds.jose.crypto.ECDSAVerifier
import com.nimbusds.jose.crypto.Ed25519Signer
import com.nimbusds.jose.crypto.Ed25519Verifier
import com.nimbusds.jose.jwk.Curve
import com.nimbusds.jose.jwk.ECKey
import com.nimbusds.jose.jwk.JWK
import com.nimbusds.jose.jwk.OctetKeyPair
import com.nimbusds.jose.jwk.gen.ECKeyGenerator
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** Nimbus JOSE and attesta read each other's tokens and keys. Every run makes fresh keys. */
class InteropTest {
    private val request = Attesta.newRequest(BANK)

    @ParameterizedTest
    @EnumSource(Algorithm::class)
    fun `Nimbus verifies what attesta signs`(algorithm: Algorithm) = runBlocking {
        SoftwareSigner.generate(algorithm).use { signer ->
            val token = Attesta.issue(Claims.example(Kind.LICENCE), signer, Holder.Did(signer.didKey))
            val answer = Attesta.present(listOf(token), Disclose.Everything, request, signer)
            for (text in listOf(token, answer)) {
                assertTrue(holds(text, JWK.parse(signer.publicJwk)))
                assertFalse(holds(changed(text), JWK.parse(signer.publicJwk)))
            }
            assertEquals("vc+jwt", JWSObject.parse(token).header.type.type)
            assertEquals(request.nonce, JWSObject.parse(answer).payload.toJSONObject()["nonce"])
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm::class)
    fun `attesta verifies what Nimbus signs`(algorithm: Algorithm) = runBlocking {
        val key = generate(algorithm)
        val did = Keys.didKeyOf(key.toPublicJWK().toJSONString())
        val payload = """{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"],
            "issuer":"$did","validFrom":"2026-01-01T00:00:00Z","validUntil":"2100-01-01T00:00:00Z",
            "credentialSubject":{"id":"$did","member":true}}"""
        val header = JWSHeader.Builder(joseName(algorithm)).type(JOSEObjectType("vc+jwt"))
            .keyID("$did#${did.removePrefix("did:key:")}").build()
        val token = JWSObject(header, Payload(payload)).apply { sign(signer(key)) }.serialize()
        Verifier(Preset.DEFAULT, listOf(trustList(did))).use { desk ->
            desk.verify(token).use { assertOutcome(Outcome.VALID, it) }
            desk.verify(changed(token)).use {
                assertOutcome(Outcome.INVALID, it)
                assertEquals("proof.mismatch", it.reason?.code)
            }
        }
        assertTrue(holds(token, key.toPublicJWK()))
    }

    @ParameterizedTest
    @EnumSource(Algorithm::class)
    fun `a private key that Nimbus made signs here`(algorithm: Algorithm) = runBlocking {
        val key = generate(algorithm)
        SoftwareSigner.fromPrivateJwk(key.toJSONString()).use { signer ->
            assertEquals(key.toPublicJWK(), JWK.parse(signer.publicJwk))
            val token = Attesta.issue(Claims.example(Kind.LICENCE), signer, Holder.Did(signer.didKey))
            assertTrue(holds(token, key.toPublicJWK()))
            assertFalse(holds(token, generate(algorithm).toPublicJWK()))
        }
    }

    private fun changed(token: String): String {
        val (head, body, signature) = token.split(".")
        val text = String(java.util.Base64.getUrlDecoder().decode(body)).replace("www.w3.org", "other.example")
        return "$head.${base64url(text.toByteArray())}.$signature".also { check(it != token) }
    }

    private fun holds(token: String, key: JWK): Boolean = JWSObject.parse(token).verify(
        if (key is OctetKeyPair) Ed25519Verifier(key) else ECDSAVerifier(key.toECKey()),
    )

    private fun signer(key: JWK): JWSSigner = if (key is OctetKeyPair) Ed25519Signer(key) else ECDSASigner(key as ECKey)

    private fun generate(algorithm: Algorithm): JWK = when (algorithm) {
        Algorithm.ED25519 -> OctetKeyPairGenerator(Curve.Ed25519).generate()
        Algorithm.ES256 -> ECKeyGenerator(Curve.P_256).generate()
        Algorithm.ES384 -> ECKeyGenerator(Curve.P_384).generate()
        Algorithm.ES512 -> ECKeyGenerator(Curve.P_521).generate()
    }

    private fun joseName(algorithm: Algorithm): JWSAlgorithm = when (algorithm) {
        Algorithm.ED25519 -> JWSAlgorithm.Ed25519
        Algorithm.ES256 -> JWSAlgorithm.ES256
        Algorithm.ES384 -> JWSAlgorithm.ES384
        Algorithm.ES512 -> JWSAlgorithm.ES512
    }
}
