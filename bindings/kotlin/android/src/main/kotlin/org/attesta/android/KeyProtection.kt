package org.attesta.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.spec.ECGenParameterSpec

/** What the phone asks of its user before a key signs. */
public sealed interface KeyProtection {
    /** Nothing: the key signs whenever the app asks. */
    public data object None : KeyProtection

    /** A fingerprint, a face or, from Android 11 on, the screen lock, for each signature. */
    public data object EveryUse : KeyProtection

    /**
     * That the phone was unlocked a short while ago. When it was not, signing ends in
     * [org.attesta.SignerException.Cancelled]: the app asks its user and tries again.
     *
     * @property seconds how long ago at most
     */
    public data class Recently(val seconds: Int) : KeyProtection {
        init {
            require(seconds > 0) { "seconds must be at least 1, and is $seconds" }
        }
    }
}

/** What Android Keystore is asked for: a P-256 key that only signs, over SHA-256 only. */
internal fun specification(
    alias: String,
    protection: KeyProtection,
    strongBox: Boolean,
    sdk: Int,
): KeyGenParameterSpec = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN).run {
    setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
    setDigests(KeyProperties.DIGEST_SHA256)
    if (strongBox) setIsStrongBoxBacked(true)
    when (protection) {
        KeyProtection.None -> {}
        KeyProtection.EveryUse -> demandUser(seconds = 0, sdk)
        is KeyProtection.Recently -> demandUser(protection.seconds, sdk)
    }
    build()
}

private fun KeyGenParameterSpec.Builder.demandUser(seconds: Int, sdk: Int) {
    setUserAuthenticationRequired(true)
    if (sdk >= Build.VERSION_CODES.R) {
        val either = KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL
        setUserAuthenticationParameters(seconds, either)
    } else if (seconds > 0) {
        @Suppress("DEPRECATION") // Its successor came with Android 11. Without it, every use asks.
        setUserAuthenticationValidityDurationSeconds(seconds)
    }
}
