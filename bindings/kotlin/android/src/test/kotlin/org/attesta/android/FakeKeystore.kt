package org.attesta.android

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyPairGeneratorSpi
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.ProviderException
import java.security.PublicKey
import java.security.SecureRandom
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration

/** Stands where Android Keystore stands on a phone: its names, this JVM's own P-256. */
class FakeKeystore : Provider("AndroidKeyStore", "1", "a key store for tests") {
    init {
        put("KeyPairGenerator.EC", Generator::class.java.name)
        put("KeyStore.AndroidKeyStore", Store::class.java.name)
        reset()
    }

    companion object {
        val keys = mutableMapOf<String, KeyPair>()

        /** What was asked for, in order. */
        val asked = mutableListOf<KeyGenParameterSpec>()
        var hasStrongBox = true
        var onGenerate: () -> Unit = {}
        var onGetKey: () -> Unit = {}

        fun reset() {
            keys.clear()
            asked.clear()
            hasStrongBox = true
            onGenerate = {}
            onGetKey = {}
        }
    }

    class Generator : KeyPairGeneratorSpi() {
        private lateinit var specification: KeyGenParameterSpec

        override fun initialize(size: Int, random: SecureRandom?) = error("a size alone says too little")

        override fun initialize(parameters: AlgorithmParameterSpec, random: SecureRandom?) {
            specification = parameters as KeyGenParameterSpec
        }

        override fun generateKeyPair(): KeyPair {
            asked += specification
            onGenerate()
            if (specification.isStrongBoxBacked && !hasStrongBox) throw ProviderException("no StrongBox")
            val generator = KeyPairGenerator.getInstance("EC", "SunEC")
            generator.initialize(specification.algorithmParameterSpec)
            return generator.generateKeyPair().also { keys[specification.keystoreAlias] = it }
        }
    }

    class Store : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? {
            onGetKey()
            return keys[alias]?.private
        }

        override fun engineGetCertificate(alias: String): Certificate? = keys[alias]?.let { Leaf(it.public) }

        override fun engineDeleteEntry(alias: String) {
            keys.remove(alias)
        }

        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit
        override fun engineContainsAlias(alias: String) = alias in keys
        override fun engineAliases(): Enumeration<String> = Collections.enumeration(keys.keys)
        override fun engineSize() = keys.size
        override fun engineIsKeyEntry(alias: String) = alias in keys
        override fun engineIsCertificateEntry(alias: String) = false
        override fun engineGetCertificateAlias(certificate: Certificate?): String? = null
        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null
        override fun engineGetCreationDate(alias: String): Date? = null
        override fun engineStore(stream: OutputStream?, password: CharArray?) = refuse()
        override fun engineSetKeyEntry(a: String, b: Key?, c: CharArray?, d: Array<out Certificate>?) = refuse()
        override fun engineSetKeyEntry(a: String, b: ByteArray?, c: Array<out Certificate>?) = refuse()
        override fun engineSetCertificateEntry(a: String, b: Certificate?) = refuse()

        private fun refuse(): Nothing = error("the signer has no business with this")
    }

    private class Leaf(private val key: PublicKey) : Certificate("X.509") {
        override fun getPublicKey() = key
        override fun getEncoded() = byteArrayOf()
        override fun verify(key: PublicKey?) = Unit
        override fun verify(key: PublicKey?, provider: String?) = Unit
        override fun toString() = "leaf"
    }
}
