package org.attesta

import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import org.junit.jupiter.api.Assertions.assertEquals

const val BANK = "https://onboarding.bank.example"

/** Everybody who takes part, with keys made for this run. */
class Cast : AutoCloseable {
    val ngo: SoftwareSigner = SoftwareSigner.generate(Algorithm.ED25519)
    val tenant: SoftwareSigner = SoftwareSigner.generate(Algorithm.ES256)
    val bank = Verifier(Preset.BANK_ADDRESS, listOf(trustList(ngo.didKey)))

    override fun close() {
        bank.close()
        tenant.close()
        ngo.close()
    }
}

/** The type of key that a format is for. */
fun keyFor(format: CredentialFormat): Algorithm = when (format) {
    CredentialFormat.ECDSA_JCS2019, CredentialFormat.ECDSA_RDFC2019, CredentialFormat.ECDSA_SD2023 -> Algorithm.ES256
    else -> Algorithm.ED25519
}

fun trustList(vararg issuers: String): String {
    val entries = issuers.joinToString(",") { """{"id":"$it","name":{"en":"Street Centre"},"issues":["*"]}""" }
    return """{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[$entries]}"""
}

/** A bank that asks, and the list by which the tenant's phone knows it. */
class AskingBank(vararg verifies: String) : AutoCloseable {
    val key: SoftwareSigner = SoftwareSigner.generate(Algorithm.ES256)
    val list = whoMayAsk(key.didKey, *verifies)

    suspend fun ask(vararg asked: AskFor, validFor: Duration = 10.minutes, at: At = At.Now): SignedRequest =
        Attesta.createRequest(Ask.Credentials(*asked), key, validFor = validFor, at = at)

    override fun close() = key.close()
}

fun whoMayAsk(did: String, vararg verifies: String): String {
    val kinds = verifies.joinToString(",") { "\"$it\"" }
    return """{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z",
        "entries":[{"id":"$did","name":{"en":"Harbour Bank"},"verifies":[$kinds]}]}"""
}

/** The part of a proof of address that a bank needs first. */
fun district(format: CredentialFormat = CredentialFormat.SD_JWT_VC) =
    AskFor("home", Kind.PROOF_OF_ADDRESS, format, listOf("/address/district"))

/** The code of what is refused; it must say what happened, and what to do. */
suspend fun refusal(block: suspend () -> Any?): String {
    val error = try {
        throw AssertionError("it was not refused: ${block()}")
    } catch (error: AttestaException) {
        error
    }
    check(error.message.isNotBlank() && error.hint.isNotBlank()) { "${error.code} explains nothing" }
    return error.code
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
