package org.attesta.android

import kotlinx.coroutines.runBlocking
import org.attesta.Algorithm
import org.attesta.Attesta
import org.attesta.AttestaException
import org.attesta.Disclose
import org.attesta.Preset
import org.attesta.Signer
import org.attesta.SignerException
import org.attesta.SoftwareSigner
import org.attesta.Verifier

/** The whole loop in an app's few lines. [ConsumerRulesTest] shrinks it and runs it in a JVM of its own. */
fun main() = runBlocking {
    val library = SoftwareSigner.generate(Algorithm.ED25519)
    val tenant = SoftwareSigner.generate(Algorithm.ES256)
    val card = libraryCard(library, tenant.didKey)
    val request = Attesta.newRequest("https://bank.example")
    val answer = Attesta.present(listOf(card), Disclose.Everything, request, tenant)
    Verifier(Preset.DEFAULT, listOf(trusting(library))).use { bank ->
        print("${bank.verify(answer, request).outcome} ${bank.verify(card, request).outcome} ")
    }
    val locked = object : Signer {
        override fun describe() = tenant.describe()
        override fun sign(message: ByteArray): ByteArray = throw SignerException.Cancelled()
    }
    try {
        print(Attesta.present(listOf(card), Disclose.Everything, request, locked))
    } catch (error: AttestaException) {
        println(error.code)
    }
}
