package org.attesta.android

import android.os.Build
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import java.security.GeneralSecurityException
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.UnrecoverableKeyException
import java.security.interfaces.ECPublicKey
import org.attesta.Algorithm
import org.attesta.SignatureEncoding
import org.attesta.Signer
import org.attesta.SignerDescription
import org.attesta.SignerException

/**
 * Lets a person unlock one signature, with a `BiometricPrompt` and a `CryptoObject` around it. Called on a background
 * thread: show the prompt on the main thread and wait for it here.
 *
 * Return the signature of the prompt's result. Throw [SignerException.Cancelled] when the person says no.
 */
public fun interface Unlock {
    /** Waits until the person has unlocked [signature], and returns it. */
    public fun unlock(signature: Signature): Signature
}

/**
 * A P-256 key in Android Keystore, which no app can read, not even this one. From Android 6 (API 23) on.
 *
 * Its public half comes from the key's certificate, and its signatures are DER. Signing waits for secure hardware:
 * [org.attesta.Attesta] calls it on a background thread, and so should whoever else does.
 */
public class AndroidKeystoreSigner private constructor(
    private val alias: String,
    private val publicKey: ByteArray,
    private val unlock: Unlock?,
) : Signer {
    /** ES256, DER, and the point from the key's certificate. */
    override fun describe(): SignerDescription =
        SignerDescription(Algorithm.ES256, SignatureEncoding.DER, publicKey.copyOf())

    /**
     * Signs, after [Unlock] where the key asks for its user.
     *
     * @throws SignerException when there is no signature
     */
    override fun sign(message: ByteArray): ByteArray = translated {
        val key = keystore().getKey(alias, null) as? PrivateKey ?: throw SignerException.Unavailable()
        val locked = Signature.getInstance("SHA256withECDSA").apply { initSign(key) }
        val signature = unlock?.unlock(locked) ?: locked
        signature.update(message)
        signature.sign()
    }

    /** Makes, finds and removes keys. */
    public companion object {
        /**
         * Makes a new key under this alias, in place of an older one, with StrongBox where the phone has it.
         *
         * @param alias the app's own name for the key
         * @param protection what the phone asks of its user before the key signs
         * @param unlock needed for [KeyProtection.EveryUse]
         * @throws SignerException when the key store makes no key, for instance because the phone has no screen lock
         */
        public fun create(
            alias: String,
            protection: KeyProtection = KeyProtection.None,
            unlock: Unlock? = null,
        ): AndroidKeystoreSigner = create(alias, protection, unlock, Build.VERSION.SDK_INT)

        internal fun create(
            alias: String,
            protection: KeyProtection,
            unlock: Unlock?,
            sdk: Int,
        ): AndroidKeystoreSigner {
            require(protection != KeyProtection.EveryUse || unlock != null) {
                "KeyProtection.EveryUse needs an Unlock that asks the person"
            }
            translated {
                try {
                    generate(alias, protection, strongBox = sdk >= Build.VERSION_CODES.P, sdk)
                } catch (error: ProviderException) {
                    // StrongBoxUnavailableException is one of these; some phones throw another when it is full or busy.
                    if (sdk < Build.VERSION_CODES.P) throw error
                    generate(alias, protection, strongBox = false, sdk)
                }
            }
            return find(alias, unlock) ?: throw SignerException.Unavailable()
        }

        /**
         * The key under this alias; null when there is none.
         *
         * @param unlock as it was when the key was made
         * @throws SignerException when the key store cannot be read
         */
        public fun find(alias: String, unlock: Unlock? = null): AndroidKeystoreSigner? = translated {
            val key = keystore().getCertificate(alias)?.publicKey as? ECPublicKey ?: return@translated null
            AndroidKeystoreSigner(alias, point(key), unlock)
        }

        /**
         * Removes the key for good. Credentials that were issued to it can no longer be presented.
         *
         * @throws SignerException when the key store cannot be written
         */
        public fun remove(alias: String): Unit = translated { keystore().deleteEntry(alias) }

        private fun generate(alias: String, protection: KeyProtection, strongBox: Boolean, sdk: Int) {
            KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, KEYSTORE).run {
                initialize(specification(alias, protection, strongBox, sdk))
                generateKeyPair()
            }
        }
    }
}

private const val KEYSTORE = "AndroidKeyStore"
private const val COORDINATE_BYTES = 32

private fun keystore(): KeyStore = KeyStore.getInstance(KEYSTORE).apply { load(null) }

/** The uncompressed point (SEC 1 section 2.3.3): 4, x, y. */
private fun point(key: ECPublicKey): ByteArray {
    val coordinates = listOf(key.w.affineX, key.w.affineY).map { coordinate ->
        val digits = coordinate.toByteArray().dropWhile { it == 0.toByte() }
        if (digits.size > COORDINATE_BYTES) throw SignerException.Unavailable()
        ByteArray(COORDINATE_BYTES - digits.size) + digits
    }
    return byteArrayOf(4) + coordinates[0] + coordinates[1]
}

/** What the key store throws, as a signer says it. */
private inline fun <T> translated(block: () -> T): T = try {
    block()
} catch (error: UserNotAuthenticatedException) {
    throw SignerException.Cancelled(error)
} catch (error: KeyPermanentlyInvalidatedException) {
    throw SignerException.Unavailable(error)
} catch (error: UnrecoverableKeyException) {
    throw SignerException.Unavailable(error)
} catch (error: GeneralSecurityException) {
    throw SignerException.Failed(platformCode(error), error)
} catch (error: ProviderException) {
    throw SignerException.Failed(platformCode(error), error)
}

/** The code that Android Keystore gives since Android 13, wherever in the chain of causes; 0 otherwise. */
private fun platformCode(error: Throwable): Long = generateSequence(error, Throwable::cause)
    .take(MAX_CAUSES)
    .filter { it.javaClass.name == "android.security.KeyStoreException" }
    .map { KeystoreCode.of(it) }
    .firstOrNull() ?: 0

private const val MAX_CAUSES = 16

/** In a class of its own, so that older phones never load what they do not have. */
private object KeystoreCode {
    fun of(error: Throwable): Long =
        if (error is android.security.KeyStoreException) error.numericErrorCode.toLong() else 0
}
