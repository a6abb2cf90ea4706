package org.attesta

import java.io.IOException
import java.util.concurrent.CancellationException
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Whatever an app's signer does, there is a clear error and never a credential. */
class SignerFaultsTest {
    private val cast = Cast()

    @AfterEach
    fun close() = cast.close()

    private fun faultOf(signer: Signer): AttestaException =
        assertThrows(AttestaException::class.java) { cast.guarantee(signer = signer) }.also {
            assertTrue(it.message.isNotBlank() && it.hint.isNotBlank())
        }

    private fun signing(sign: (ByteArray) -> ByteArray) = object : HardwareKey() {
        override fun sign(message: ByteArray) = sign(message)
    }

    private fun described(describe: (HardwareKey) -> SignerDescription) = object : HardwareKey() {
        override fun describe() = describe(this)
    }

    @Test
    fun `a signer that works, so that the others are known to fail for their fault`() {
        val signer = HardwareKey()
        assertTrue(cast.guarantee(signer = signer).count { it == '.' } == 2)
    }

    @Test
    fun `its own exceptions keep their names`() {
        val faults = mapOf(
            "signer.cancelled" to SignerException.Cancelled(),
            "signer.unavailable" to SignerException.Unavailable(),
            "signer.failed" to SignerException.Failed(-25293),
        )
        for ((code, thrown) in faults) {
            val error = faultOf(signing { throw thrown })
            assertEquals(code, error.code)
            assertSame(thrown, error.cause)
            assertEquals(code, faultOf(described { throw thrown }).code)
        }
        assertTrue(faultOf(signing { throw SignerException.Failed(-25293) }).message.contains("-25293"))
    }

    @Test
    fun `any other exception is the cause, and its text stays out of the message`() {
        val faults = listOf(
            IOException("at 12 Yu Chau Street"),
            IllegalStateException("at 12 Yu Chau Street"),
            NullPointerException(),
            StackOverflowError(),
            OutOfMemoryError("at 12 Yu Chau Street"),
            object : Throwable("at 12 Yu Chau Street") {},
        )
        for (thrown in faults) {
            for (signer in listOf(signing { throw thrown }, described { throw thrown })) {
                val error = faultOf(signer)
                assertEquals("signer.unexpected", error.code)
                assertSame(thrown, error.cause)
                assertFalse(error.message.contains("Yu Chau") || error.message.contains("org.attesta"))
            }
        }
    }

    @Test
    fun `a cancellation or an interruption inside the signer is told, and cancels nobody else`() {
        assertEquals("signer.cancelled", faultOf(signing { throw InterruptedException("no") }).code)
        assertEquals("signer.cancelled", faultOf(signing { throw CancellationException("no") }).code)
    }

    @Test
    fun `garbage instead of a signature`() {
        for (garbage in listOf(0, 1, 63, 65, 72, 100_000)) {
            assertEquals("signer.malformed", faultOf(signing { ByteArray(garbage) { 0x30 } }).code, "$garbage bytes")
        }
    }

    @Test
    fun `raw where DER was declared, and DER where raw was`() {
        val raw = object : HardwareKey() {
            override fun sign(message: ByteArray) = signed("SHA256withECDSAinP1363Format", message)
        }
        assertEquals("signer.encoding", faultOf(raw).code)
        val der = described { SignerDescription(Algorithm.ES256, SignatureEncoding.RAW, it.point) }
        assertEquals("signer.encoding", faultOf(der).code)
    }

    @Test
    fun `a public key that is another's, of another type, or none`() {
        val other = described { SignerDescription(Algorithm.ES256, SignatureEncoding.DER, HardwareKey().point) }
        assertEquals("signer.key-mismatch", faultOf(other).code)
        for (bytes in listOf(ByteArray(0), ByteArray(32) { 1 }, ByteArray(65) { 4 }, ByteArray(64))) {
            val error = faultOf(described { SignerDescription(Algorithm.ES256, SignatureEncoding.DER, bytes) })
            assertTrue(error.code.startsWith("key."), error.code)
        }
        val edwards = described { SignerDescription(Algorithm.ED25519, SignatureEncoding.DER, it.point) }
        assertTrue(faultOf(edwards).code.startsWith("key."))
    }

    @Test
    fun `a signature over something else, or with another hash`() {
        val elsewhere = object : HardwareKey() {
            override fun sign(message: ByteArray) = super.sign(message + 0)
        }
        assertEquals("signer.key-mismatch", faultOf(elsewhere).code)
        val otherHash = object : HardwareKey() {
            override fun sign(message: ByteArray) = signed("SHA512withECDSA", message)
        }
        assertEquals("signer.key-mismatch", faultOf(otherHash).code)
    }

    @Test
    fun `presenting meets the same faults`() = runBlocking {
        val phone = HardwareKey()
        val guarantee = cast.guarantee(holder = Holder.Did(Keys.didKeyOf(phone.describe().publicJwk())))
        val broken = object : Signer {
            override fun describe() = phone.describe()
            override fun sign(message: ByteArray): ByteArray = throw SignerException.Cancelled()
        }
        val request = Attesta.newRequest(BANK)
        suspend fun present(key: Signer) = Attesta.present(listOf(guarantee), Disclose.Everything, request, key)
        assertOutcome(Outcome.VALID, cast.bank.verify(present(phone), request))
        val error = assertThrows(AttestaException::class.java) {
            runBlocking { present(broken) }
        }
        assertEquals("signer.cancelled", error.code)
    }

    @Test
    fun `a library that failed goes on working`() {
        repeat(50) { faultOf(signing { error("again") }) }
        assertTrue(cast.guarantee().isNotEmpty())
    }
}
