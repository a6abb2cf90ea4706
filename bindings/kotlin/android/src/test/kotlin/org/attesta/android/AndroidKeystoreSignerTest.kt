package org.attesta.android

import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import java.security.ProviderException
import java.security.Security
import java.security.Signature
import java.security.UnrecoverableKeyException
import java.security.interfaces.ECPublicKey
import kotlinx.coroutines.runBlocking
import org.attesta.Attesta
import org.attesta.AttestaException
import org.attesta.Disclose
import org.attesta.Keys
import org.attesta.Outcome
import org.attesta.Preset
import org.attesta.SignatureEncoding
import org.attesta.SignerException
import org.attesta.SoftwareSigner
import org.attesta.Verifier
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test

/** The signer on this JVM, with a provider that answers to Android Keystore's name. No phone takes part. */
class AndroidKeystoreSignerTest {
    private val keystore = FakeKeystore()

    @BeforeEach
    fun install() {
        Security.addProvider(keystore)
    }

    @AfterEach
    fun remove() = Security.removeProvider(keystore.name)

    private fun create(
        protection: KeyProtection = KeyProtection.None,
        unlock: Unlock? = null,
        sdk: Int = 34,
    ) = AndroidKeystoreSigner.create("holder", protection, unlock, sdk)

    @Test
    fun `the key only signs, over SHA-256, on P-256`() {
        create()
        val asked = FakeKeystore.asked.single()
        assertEquals(KeyProperties.PURPOSE_SIGN, asked.purposes)
        assertEquals(listOf(KeyProperties.DIGEST_SHA256), asked.digests.toList())
        assertEquals("secp256r1", (asked.algorithmParameterSpec as java.security.spec.ECGenParameterSpec).name)
        assertFalse(asked.isUserAuthenticationRequired)
    }

    @Test
    fun `it is in StrongBox where there is one`() {
        create()
        assertTrue(FakeKeystore.asked.single().isStrongBoxBacked)
    }

    @Test
    fun `without StrongBox it falls back`() {
        FakeKeystore.hasStrongBox = false
        create()
        assertEquals(listOf(true, false), FakeKeystore.asked.map { it.isStrongBoxBacked })
    }

    @Test
    fun `Android before 9 is not asked for StrongBox, and its refusal is told`() {
        create(sdk = 27)
        assertFalse(FakeKeystore.asked.single().isStrongBoxBacked)
        FakeKeystore.onGenerate = { throw ProviderException("no") }
        assertThrows(SignerException.Failed::class.java) { create(sdk = 27) }
        assertEquals(2, FakeKeystore.asked.size)
    }

    @Test
    fun `each protection is asked for as each Android spells it`() {
        val unlock = Unlock { it }
        create(KeyProtection.EveryUse, unlock, sdk = 34)
        create(KeyProtection.Recently(30), sdk = 34)
        create(KeyProtection.EveryUse, unlock, sdk = 23)
        create(KeyProtection.Recently(30), sdk = 23)
        assertTrue(FakeKeystore.asked.all { it.isUserAuthenticationRequired })
        // Before Android 11 nothing is set for every use: it is what Android takes for granted.
        assertEquals(listOf(0, 30, 0, 30), FakeKeystore.asked.map { it.userAuthenticationValidityDurationSeconds })
        val either = KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL
        assertEquals(listOf(either, either), FakeKeystore.asked.take(2).map { it.userAuthenticationType })
    }

    @Test
    fun `every use without a way to ask, and no seconds at all, are the caller's mistakes`() {
        assertThrows(IllegalArgumentException::class.java) { create(KeyProtection.EveryUse) }
        assertThrows(IllegalArgumentException::class.java) { KeyProtection.Recently(0) }
    }

    @Test
    fun `the description is the certificate's point, uncompressed, whatever zeros it begins with`() {
        repeat(600) {
            val description = create().describe()
            val point = (FakeKeystore.keys.getValue("holder").public as ECPublicKey).w
            assertEquals(SignatureEncoding.DER, description.encoding)
            assertEquals(65, description.publicKey.size)
            assertEquals(4, description.publicKey[0])
            assertEquals(point.affineX, java.math.BigInteger(1, description.publicKey.copyOfRange(1, 33)))
            assertEquals(point.affineY, java.math.BigInteger(1, description.publicKey.copyOfRange(33, 65)))
        }
    }

    @Test
    fun `a key is found again, and gone when removed`() {
        val made = create()
        assertEquals(made.describe(), AndroidKeystoreSigner.find("holder")?.describe())
        AndroidKeystoreSigner.remove("holder")
        assertNull(AndroidKeystoreSigner.find("holder"))
        assertThrows(SignerException.Unavailable::class.java) { made.sign(byteArrayOf(1)) }
    }

    @Test
    fun `the person unlocks each signature`() {
        var asked = 0
        val signer = create(KeyProtection.EveryUse, { signature -> signature.also { asked++ } })
        val signature = signer.sign(byteArrayOf(1, 2, 3))
        assertEquals(1, asked)
        val verification = Signature.getInstance("SHA256withECDSA")
        verification.initVerify(FakeKeystore.keys.getValue("holder").public)
        verification.update(byteArrayOf(1, 2, 3))
        assertTrue(verification.verify(signature))
    }

    @Test
    fun `each fault of the key store has a signer's name for it`() {
        val signer = create()
        fun thrown(error: () -> Throwable): SignerException {
            FakeKeystore.onGetKey = { throw error() }
            return assertThrows(SignerException::class.java) { signer.sign(byteArrayOf(1)) }
        }
        assertInstanceOf(SignerException.Cancelled::class.java, thrown(::UserNotAuthenticatedException))
        assertInstanceOf(SignerException.Unavailable::class.java, thrown(::KeyPermanentlyInvalidatedException))
        assertInstanceOf(SignerException.Unavailable::class.java, thrown(::UnrecoverableKeyException))
        assertEquals(0L, (thrown { ProviderException("locked out") } as SignerException.Failed).platformCode)
        val coded = { ProviderException(android.security.KeyStoreException(-26, "busy")) }
        assertTrue(thrown(coded) is SignerException.Failed)
    }

    @Test
    fun `a phone answers a desk with it`() = runBlocking {
        val phone = create()
        val library = SoftwareSigner.generate(org.attesta.Algorithm.ED25519)
        val card = libraryCard(library, Keys.didKeyOf(phone.describe().publicJwk()))
        val request = Attesta.newRequest("https://bank.example")
        val answer = Attesta.present(listOf(card), Disclose.Everything, request, phone)
        Verifier(Preset.DEFAULT, listOf(trusting(library))).use {
            assertEquals(Outcome.VALID, it.verify(answer, request).outcome)
        }

        FakeKeystore.onGetKey = { throw UserNotAuthenticatedException() }
        val error = assertThrows(AttestaException::class.java) {
            runBlocking { Attesta.present(listOf(card), Disclose.Everything, request, phone) }
        }
        assertEquals("signer.cancelled", error.code)
        assertInstanceOf(SignerException.Cancelled::class.java, error.cause)
    }
}
