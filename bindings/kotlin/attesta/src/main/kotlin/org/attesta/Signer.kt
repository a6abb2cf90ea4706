package org.attesta

import java.util.concurrent.CancellationException
import org.attesta.ffi.SignerException as FfiSignerException
import org.attesta.ffi.Signer as FfiSigner
import org.attesta.ffi.SignerDescription as FfiSignerDescription
import org.attesta.ffi.SoftwareSigner as FfiSoftwareSigner

/**
 * A private key, wherever it lives: in a phone's secure hardware, on a card, on a server.
 *
 * Both functions are called from a background thread and may wait there for a person. That thread is interrupted when
 * the coroutine that asked is cancelled. Every signature is checked against the described public key before it is used.
 */
public interface Signer {
    /**
     * The algorithm, the encoding and the public key. Asked once for each credential or presentation.
     *
     * @throws SignerException when the key cannot be used
     */
    public fun describe(): SignerDescription

    /**
     * Signs these bytes. They are no digest: the signer hashes as its algorithm says.
     *
     * @throws SignerException when there is no signature
     */
    public fun sign(message: ByteArray): ByteArray
}

/** Why a [Signer] has no signature. What else it throws arrives as the cause of an [AttestaException]. */
public sealed class SignerException(message: String, cause: Throwable?) : Exception(message, cause) {
    /** The person said no, or did not unlock the key. */
    public class Cancelled(cause: Throwable? = null) : SignerException("signing was cancelled", cause)

    /** The key store cannot be reached now, or no longer has the key. */
    public class Unavailable(cause: Throwable? = null) : SignerException("the key cannot be used now", cause)

    /**
     * The key store refused, for a reason that it alone knows.
     *
     * @property platformCode the platform's own number for what happened; 0 where it gives none
     */
    public class Failed(public val platformCode: Long, cause: Throwable? = null) :
        SignerException("the key store failed with its code $platformCode", cause)
}

/**
 * What a signer says of itself.
 *
 * @property algorithm the algorithm that it signs with
 * @property encoding how it writes signatures
 * @property publicKey the 32 bytes of an Ed25519 key, or a point of the curve, compressed or not (SEC 1 section 2.3.3)
 */
public class SignerDescription(
    public val algorithm: Algorithm,
    public val encoding: SignatureEncoding,
    public val publicKey: ByteArray,
) {
    /**
     * The public key as a JWK: what the issuer needs to issue to this key, as `Holder.Key`.
     *
     * @throws AttestaException when the bytes are no public key of the algorithm
     */
    public fun publicJwk(): String = native { org.attesta.ffi.describedJwk(toNative()) }

    internal fun toNative() = FfiSignerDescription(algorithm, encoding, publicKey)

    /** Compares the key byte by byte. */
    override fun equals(other: Any?): Boolean = other is SignerDescription &&
        algorithm == other.algorithm && encoding == other.encoding && publicKey.contentEquals(other.publicKey)

    /** Of the key's bytes. */
    override fun hashCode(): Int = publicKey.contentHashCode()

    /** Without the key, which names its holder. */
    override fun toString(): String = "SignerDescription(algorithm=$algorithm, encoding=$encoding)"
}

/**
 * A private key in this process's memory: for tests, servers and issuers without hardware. Phones have better.
 *
 * Close it when it is no longer needed: the key is wiped from memory. One that is never closed is wiped some time after
 * nothing refers to it any more.
 */
public class SoftwareSigner private constructor(private val handle: FfiSoftwareSigner) : Signer, AutoCloseable {
    /** The private JWK (RFC 7517). Whoever reads it can sign: keep it where the platform keeps secrets. */
    public fun privateJwk(): String = native { handle.privateJwk() }

    /** The public JWK. */
    public val publicJwk: String get() = native { handle.publicJwk() }

    /** The key's `did:key`. */
    public val didKey: String get() = native { handle.didKey() }

    /** The key's `did:jwk`. */
    public val didJwk: String get() = native { handle.didJwk() }

    override fun describe(): SignerDescription = try {
        native { handle.describe() }.run { SignerDescription(algorithm, encoding, publicKey) }
    } catch (error: FfiSignerException) {
        throw error.toPublic()
    }

    override fun sign(message: ByteArray): ByteArray = try {
        native { handle.sign(message) }
    } catch (error: FfiSignerException) {
        throw error.toPublic()
    }

    /** Wipes the key. It signs no more: whoever tries gets an [IllegalStateException]. */
    override fun close(): Unit = handle.close()

    internal fun requireOpen() = check(!handle.uniffiIsDestroyed) { CLOSED }

    /** Makes and reads keys. */
    public companion object {
        /**
         * A new key from the operating system's random numbers.
         *
         * @throws AttestaException when the system has none to give
         */
        public fun generate(algorithm: Algorithm): SoftwareSigner =
            SoftwareSigner(native { FfiSoftwareSigner.generate(algorithm) })

        /**
         * Reads a private JWK, as [privateJwk] writes it.
         *
         * @throws AttestaException when the text is no private JWK of a key that signs
         */
        public fun fromPrivateJwk(jwk: String): SoftwareSigner =
            SoftwareSigner(native { FfiSoftwareSigner.fromPrivateJwk(jwk) })
    }
}

private fun FfiSignerException.toPublic(): SignerException = when (this) {
    is FfiSignerException.Cancelled -> SignerException.Cancelled()
    is FfiSignerException.Unavailable -> SignerException.Unavailable()
    is FfiSignerException.Failed -> SignerException.Failed(platformCode)
    is FfiSignerException.Unexpected -> SignerException.Failed(0)
}

/** Calls the library with a signer. What the signer threw becomes the cause of the exception. */
internal fun <T> nativeWith(signer: Signer, block: (FfiSigner) -> T): T =
    nativeWith(listOf(signer)) { block(it.single()) }

/** Calls the library with signers. What one of them threw becomes the cause of the exception. */
internal fun <T> nativeWith(signers: List<Signer>, block: (List<FfiSigner>) -> T): T {
    signers.forEach { if (it is SoftwareSigner) it.requireOpen() }
    val hosts = signers.map(::HostSigner)
    return try {
        native { block(hosts) }
    } catch (error: AttestaException) {
        val thrown = hosts.firstNotNullOfOrNull(HostSigner::thrown) ?: throw error
        throw AttestaException(error.code, error.message, error.hint, thrown)
    }
}

/** The app's signer as the library calls it: only what the library knows comes out. */
private class HostSigner(private val signer: Signer) : FfiSigner {
    @Volatile
    var thrown: Throwable? = null

    override fun describe(): FfiSignerDescription =
        guarded { signer.describe().toNative() }

    override fun sign(message: ByteArray): ByteArray = guarded { signer.sign(message) }

    @Suppress("TooGenericExceptionCaught") // Whatever comes out of an app's code must not unwind through the library.
    private inline fun <T> guarded(block: () -> T): T = try {
        block()
    } catch (error: Throwable) {
        thrown = error
        throw when (error) {
            is SignerException.Cancelled, is InterruptedException, is CancellationException ->
                FfiSignerException.Cancelled()
            is SignerException.Unavailable -> FfiSignerException.Unavailable()
            is SignerException.Failed -> FfiSignerException.Failed(error.platformCode)
            else -> FfiSignerException.Unexpected()
        }
    }
}
