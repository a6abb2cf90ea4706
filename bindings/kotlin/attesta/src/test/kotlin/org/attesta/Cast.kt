package org.attesta

import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals

const val BANK = "https://onboarding.bank.example"

/** Everybody who takes part, with keys made for this run. */
class Cast : AutoCloseable {
    val ngo: SoftwareSigner = SoftwareSigner.generate(Algorithm.ED25519)
    val tenant: SoftwareSigner = SoftwareSigner.generate(Algorithm.ES256)
    val bank = Verifier(Preset.BANK_ADDRESS, listOf(trustList(ngo.didKey)))

    fun guarantee(
        format: CredentialFormat = CredentialFormat.JWT,
        holder: Holder = Holder.Did(tenant.didKey),
        signer: Signer = ngo,
        validFrom: String? = null,
    ): String = runBlocking {
        Attesta.issue(Claims.example(Kind.PROOF_OF_ADDRESS), signer, holder, format = format, validFrom = validFrom)
    }

    override fun close() {
        bank.close()
        tenant.close()
        ngo.close()
    }
}

fun trustList(vararg issuers: String): String {
    val entries = issuers.joinToString(",") { """{"id":"$it","name":{"en":"Street Centre"},"issues":["*"]}""" }
    return """{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[$entries]}"""
}

fun assertOutcome(expected: Outcome, report: Report) = assertEquals(expected, report.outcome, report::toJson)

/** A P-256 key of the JVM: what a phone's hardware looks like from here, DER and all. */
open class HardwareKey : Signer {
    val pair: KeyPair = KeyPairGenerator.getInstance("EC").run {
        initialize(ECGenParameterSpec("secp256r1"))
        generateKeyPair()
    }

    val point: ByteArray
        get() = (pair.public as ECPublicKey).w.run {
            byteArrayOf(4) + listOf(affineX, affineY).flatMap { number ->
                val digits = number.toByteArray().dropWhile { it == 0.toByte() }
                List(32 - digits.size) { 0.toByte() } + digits
            }
        }

    override fun describe() = SignerDescription(Algorithm.ES256, SignatureEncoding.DER, point)

    override fun sign(message: ByteArray): ByteArray = signed("SHA256withECDSA", message)

    fun signed(algorithm: String, message: ByteArray): ByteArray = Signature.getInstance(algorithm).run {
        initSign(pair.private)
        update(message)
        sign()
    }
}
