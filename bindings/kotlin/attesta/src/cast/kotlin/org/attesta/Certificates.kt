package org.attesta

import com.nimbusds.jose.jwk.ECKey
import java.math.BigInteger
import java.security.GeneralSecurityException
import java.security.KeyPair
import java.security.PublicKey
import java.security.SecureRandom
import java.security.cert.CertPathValidator
import java.security.cert.CertificateFactory
import java.security.cert.PKIXParameters
import java.security.cert.TrustAnchor
import java.security.cert.X509Certificate
import java.util.Base64
import java.util.Date
import javax.security.auth.x500.X500Principal
import kotlin.time.Clock
import kotlin.time.Duration.Companion.days
import kotlin.time.Instant
import org.bouncycastle.asn1.ASN1Object
import org.bouncycastle.asn1.x500.X500Name
import org.bouncycastle.asn1.x509.BasicConstraints
import org.bouncycastle.asn1.x509.Extension
import org.bouncycastle.asn1.x509.GeneralName
import org.bouncycastle.asn1.x509.GeneralNames
import org.bouncycastle.asn1.x509.KeyUsage
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder

/** From yesterday on, for a year: no certificate here outlives its run by much, and none expires before it. */
val THIS_YEAR = Clock.System.now().let { it - 1.days..it + 365.days }

/** An authority that certifies keys, by BouncyCastle. Its key is P-256, and made for this run. */
class Authority private constructor(
    private val keys: KeyPair,
    val certificate: X509Certificate,
    private val above: List<X509Certificate>,
) {
    private val name get() = nameOf(certificate.subjectX500Principal.name)

    /** An authority below this one. */
    fun appoint(subject: String): Authority {
        val keys = HardwareKey().pair
        val certificate = signed(keys.public, nameOf(subject), name, this.keys, THIS_YEAR, AUTHORITY)
        return Authority(keys, certificate, listOf(certificate) + above)
    }

    /** What leads from the certificate of this key up to the root, which is left out. */
    fun certify(
        key: PublicKey,
        subject: String,
        vararg names: GeneralName,
        validity: ClosedRange<Instant> = THIS_YEAR,
        usage: Int = KeyUsage.digitalSignature,
    ): List<X509Certificate> {
        val constraints = listOf(BasicConstraints(false), KeyUsage(usage))
        return listOf(signed(key, nameOf(subject), name, keys, validity, constraints, names)) + above
    }

    companion object {
        private val AUTHORITY = listOf(BasicConstraints(true), KeyUsage(KeyUsage.keyCertSign or KeyUsage.cRLSign))

        /** One that nobody stands above. */
        fun root(subject: String): Authority {
            val (keys, name) = HardwareKey().pair to nameOf(subject)
            return Authority(keys, signed(keys.public, name, name, keys, THIS_YEAR, AUTHORITY), emptyList())
        }

        /** As the JDK reads RFC 4514: the most specific part stands first in the text, and last in the certificate. */
        private fun nameOf(text: String) = X500Name.getInstance(X500Principal(text).encoded)

        private fun signed(
            key: PublicKey,
            subject: X500Name,
            issuer: X500Name,
            issuerKeys: KeyPair,
            validity: ClosedRange<Instant>,
            constraints: List<ASN1Object>,
            names: Array<out GeneralName> = emptyArray(),
        ): X509Certificate {
            val (from, until) = listOf(validity.start, validity.endInclusive).map { Date(it.toEpochMilliseconds()) }
            val serial = BigInteger(64, SecureRandom()).add(BigInteger.ONE)
            val builder = JcaX509v3CertificateBuilder(issuer, serial, from, until, subject, key)
                .addExtension(Extension.basicConstraints, true, constraints[0])
                .addExtension(Extension.keyUsage, true, constraints[1])
            if (names.isNotEmpty()) builder.addExtension(Extension.subjectAlternativeName, false, GeneralNames(names))
            val signer = JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.private)
            return JcaX509CertificateConverter().getCertificate(builder.build(signer))
        }
    }
}

fun dnsName(name: String) = GeneralName(GeneralName.dNSName, name)

fun uri(uri: String) = GeneralName(GeneralName.uniformResourceIdentifier, uri)

/** Base64 of the DER, as `x5c` and trust lists have it. */
fun X509Certificate.toBase64(): String = Base64.getEncoder().encodeToString(encoded)

fun List<X509Certificate>.toIdentity() = Identity.Certificate(
    joinToString("") {
        val lines = it.toBase64().chunked(64).joinToString("\n")
        "-----BEGIN CERTIFICATE-----\n$lines\n-----END CERTIFICATE-----\n"
    },
)

/** Whether the JDK finds that this chain leads to that anchor now (RFC 5280 section 6). */
fun List<X509Certificate>.leadsTo(anchor: X509Certificate): Boolean = try {
    val path = CertificateFactory.getInstance("X.509").generateCertPath(this)
    val parameters = PKIXParameters(setOf(TrustAnchor(anchor, null))).apply { isRevocationEnabled = false }
    CertPathValidator.getInstance("PKIX").validate(path, parameters)
    true
} catch (_: GeneralSecurityException) {
    false
}

/** The list of somebody who lets this authority say who asks and who issues. */
fun certifying(authority: Authority, vararg subjects: String): String {
    val limit = if (subjects.isEmpty()) "" else subjects.joinToString("\",\"", "\"subjects\":[\"", "\"],")
    return """{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[{$limit
        "certificate":"${authority.certificate.toBase64()}","name":{"en":"The Association of Banks"},
        "issues":["*"],"verifies":["proof-of-address"]}]}"""
}

/** The key as the JDK has it, to be certified. */
val SoftwareSigner.publicKey: PublicKey get() = ECKey.parse(publicJwk).toPublicKey()
