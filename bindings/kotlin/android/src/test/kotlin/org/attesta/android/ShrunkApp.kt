package org.attesta.android

import kotlinx.coroutines.runBlocking
import org.attesta.Algorithm
import org.attesta.Attesta
import org.attesta.AttestaException
import org.attesta.Claims
import org.attesta.Disclose
import org.attesta.Holder
import org.attesta.Kind
import org.attesta.Preset
import org.attesta.Signer
import org.attesta.SignerException
import org.attesta.SoftwareSigner
import org.attesta.Verifier

/** The whole loop in an app's few lines. [ConsumerRulesTest] shrinks it and runs it in a JVM of its own. */
fun main() = runBlocking {
    val ngo = SoftwareSigner.generate(Algorithm.ED25519)
    val tenant = SoftwareSigner.generate(Algorithm.ES256)
    val guarantee = Attesta.issue(Claims.example(Kind.PROOF_OF_ADDRESS), ngo, Holder.Did(tenant.didKey))
    val request = Attesta.newRequest("https://bank.example")
    val answer = Attesta.present(listOf(guarantee), Disclose.Everything, request, tenant)
    val trust = """{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z",
        "entries":[{"id":"${ngo.didKey}","name":{"en":"Centre"},"issues":["proof-of-address"]}]}"""
    Verifier(Preset.BANK_ADDRESS, listOf(trust)).use { bank ->
        print("${bank.verify(answer, request).outcome} ${bank.verify(guarantee, request).outcome} ")
    }
    val locked = object : Signer {
        override fun describe() = tenant.describe()
        override fun sign(message: ByteArray): ByteArray = throw SignerException.Cancelled()
    }
    try {
        print(Attesta.present(listOf(guarantee), Disclose.Everything, request, locked))
    } catch (error: AttestaException) {
        println(error.code)
    }
}
