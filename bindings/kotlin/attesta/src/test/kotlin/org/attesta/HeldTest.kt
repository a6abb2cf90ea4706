package org.attesta

import java.io.File
import kotlin.time.Instant
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The phones' library with what an issuer's app issued: it shows and verifies, and has nothing to issue with. */
class HeldTest {
    private fun example(name: String) = File(System.getProperty("attesta.examples"), name).readText()

    private val guarantee = example("guarantee.jwt").trim()
    private val morning = At.AsOf(Instant.parse("2026-11-15T09:00:00Z"))
    private val request = Attesta.newRequest(BANK)

    private fun shown(key: SoftwareSigner) =
        runBlocking { Attesta.present(listOf(guarantee), Disclose.Everything, request, key, morning) }

    @Test
    fun `what is held is shown and verified, and a bare copy is not enough`() = runBlocking<Unit> {
        val bank = Verifier(Preset.BANK_ADDRESS, listOf(example("trust-list.json")))
        SoftwareSigner.fromPrivateJwk(example("holder.jwk")).use { key ->
            bank.use {
                it.verify(shown(key), request, morning).use { report ->
                    assertOutcome(Outcome.VALID, report)
                    val claims = report.accepted.single().claims as Claims.OfAddress
                    assertEquals("深水埗", claims.claims.address?.district)
                }
                assertOutcome(Outcome.INVALID, it.verify(guarantee, request, morning))
            }
        }
    }

    @Test
    fun `somebody else's key shows nothing`() = runBlocking<Unit> {
        SoftwareSigner.generate(Algorithm.ES256).use { thief -> refusal { shown(thief) } }
    }

    @Test
    fun `the library has nothing to issue with`() {
        val own = Class.forName("org.attesta.ffi.Attesta_ffiKt").methods.map { it.name.substringBefore('-') }
        assertTrue("present" in own)
        assertEquals(emptyList<String>(), own.filter { it.startsWith("issue") || it == "addProof" || "Webvh" in it })
    }
}
