package org.attesta

import com.google.gson.JsonParser
import com.google.gson.JsonPrimitive
import com.nimbusds.jose.JWSObject
import com.nimbusds.jose.crypto.ECDSAVerifier
import com.nimbusds.jose.jwk.ECKey
import com.nimbusds.jose.util.X509CertUtils
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps
import eu.europa.ec.eudi.sdjwt.NimbusSdJwtOps.asJwtVerifier
import java.security.MessageDigest
import java.security.cert.X509Certificate
import java.security.interfaces.ECPublicKey
import kotlin.time.Clock
import kotlin.time.Duration.Companion.days
import kotlin.time.Instant
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.put
import org.bouncycastle.asn1.x509.KeyUsage
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/**
 * Who asks and who issues is known by a certificate. Authorities, chains and keys are made for each run, by
 * BouncyCastle; the JDK judges the chains beside attesta, and Nimbus and the EUDI library what is signed.
 */
class CertificateTest {
    private val cast = Cast()
    private val root = Authority.root("CN=The Root of Banks,O=The Association of Banks,C=HK")
    private val authority = root.appoint("CN=Banks in Kowloon,O=The Association of Banks,C=HK")
    private val key = SoftwareSigner.generate(Algorithm.ES256)
    private val stranger = SoftwareSigner.generate(Algorithm.ES256)
    private val before = Clock.System.now().let { it - 10.days..it - 1.days }
    private val after = Clock.System.now().let { it + 1.days..it + 10.days }

    @AfterEach
    fun close() {
        stranger.close()
        key.close()
        cast.close()
    }

    private fun bank(by: Authority = authority, validity: ClosedRange<Instant> = THIS_YEAR) =
        by.certify(key.publicKey, BANK_NAME, dnsName(HOST), validity = validity)

    private suspend fun ask(chain: List<X509Certificate>, dnsName: String? = HOST, signer: Signer = key) =
        Attesta.createRequest(Ask.Credentials(district()), signer, chain.toIdentity(), dnsName)

    private suspend fun known(request: String, vararg lists: String = arrayOf(certifying(root))) =
        Asker.known(request, lists.toList())

    @Test
    fun `a bank asks by its certificate, and the holder sees its certified name`() = runBlocking {
        val hardware = HardwareKey()
        val chain = authority.certify(hardware.pair.public, BANK_NAME, dnsName(HOST))
        assertTrue(chain.leadsTo(root.certificate))
        for ((dnsName, id) in listOf(HOST to "x509_san_dns:$HOST", null to "x509_hash:${thumbprint(chain.first())}")) {
            val uri = "https://$HOST/answers"
            val ask = Ask.Credentials(district())
            val request = Attesta.createRequest(ask, hardware, chain.toIdentity(), dnsName, responseUri = uri)
            assertEquals(id, request.clientId)
            JWSObject.parse(request.text).run {
                assertEquals(chain, header.x509CertChain.map { X509CertUtils.parse(it.decode()) })
                assertTrue(verify(ECDSAVerifier(hardware.pair.public as ECPublicKey)))
            }

            val answer = known(request.text).use { asker ->
                Consent.of(asker, listOf(cast.guarantee(CredentialFormat.SD_JWT_VC))).use { consent ->
                    val shown = consent.screen.asker
                    assertTrue(shown.isKnown)
                    assertEquals(BANK_NAME to "The Association of Banks", shown.subject to shown.name)
                    assertEquals("$BANK_NAME asks, for whom The Association of Banks answers.", shown.inWords)
                    assertEquals(id to uri, shown.id to shown.responseUri)
                    assertTrue(consent.screen.warnings.isEmpty())
                    Attesta.answer(consent, cast.tenant)
                }
            }
            cast.bank.verify(answer.json, request).use { report ->
                assertOutcome(Outcome.VALID, report)
                val claims = (report.accepted.single().claims as Claims.OfAddress).claims
                assertEquals("深水埗" to null, claims.address?.district to claims.name)
            }
            val other = Attesta.createRequest(ask, hardware, chain.toIdentity(), dnsName)
            cast.bank.verify(answer.json, other).use { assertEquals("nonce.other", it.reason?.code) }
        }
    }

    @Test
    fun `whoever is known by a DID has no certified name`() = runBlocking {
        AskingBank("proof-of-address").use { bank ->
            val asker = Asker.known(bank.ask(district()).text, listOf(bank.list)).use { it.description }
            assertEquals("Harbour Bank" to null, asker.name to asker.subject)
        }
        val asker = Asker.unauthenticated(ask(bank()).text).use { it.description }
        assertFalse(asker.isKnown)
        assertNull(asker.subject, "the certificate was not looked at")
    }

    @Test
    fun `a list may name whom of all that an authority certifies it means`() = runBlocking<Unit> {
        val request = ask(bank()).text
        assertEquals(BANK_NAME, known(request, certifying(root, BANK_NAME)).use { it.description.subject })
        val others = certifying(root, "CN=other.example,O=Other Bank")
        assertEquals("certificate.subject-not-listed", refusal { known(request, others) })
    }

    @Test
    fun `a request whose certificates do not hold is refused, by the JDK as well`() = runBlocking<Unit> {
        val namesake = Authority.root("CN=The Root of Banks,O=The Association of Banks,C=HK")
        val lists = certifying(root)
        assertTrue(bank().leadsTo(root.certificate))
        for ((chain, code) in listOf(
            bank(validity = before) to "certificate.expired",
            bank(validity = after) to "certificate.not-yet-valid",
            bank(Authority.root("CN=Somebody")) to "certificate.unknown-anchor",
            bank(namesake) to "certificate.signature",
            bank(namesake.appoint("CN=Banks in Kowloon,O=The Association of Banks,C=HK")) to "certificate.signature",
            bank().take(1) to "certificate.unknown-anchor",
        )) {
            assertFalse(chain.leadsTo(root.certificate), code)
            assertEquals(code, refusal { known(ask(chain).text, lists) })
            assertEquals(code, refusal { known(ask(chain, dnsName = null).text, lists) })
        }
        // What a key may be used for the JDK leaves to whoever calls it.
        val encrypting = authority.certify(key.publicKey, BANK_NAME, dnsName(HOST), usage = KeyUsage.keyAgreement)
        assertTrue(encrypting.leadsTo(root.certificate))
        assertEquals("certificate.key-usage", refusal { known(ask(encrypting).text, lists) })
    }

    @Test
    fun `a certificate speaks for its own names and its own key alone`() = runBlocking<Unit> {
        for (host in listOf("other.example", "evil-$HOST", "$HOST.evil.example", "www.$HOST")) {
            assertEquals("request.other-key", refusal { known(ask(bank(), host).text) })
        }
        for (name in listOf(dnsName("*.example"), uri("https://$HOST"))) {
            val chain = authority.certify(key.publicKey, "CN=$HOST", name)
            assertEquals("request.other-key", refusal { known(ask(chain).text) })
        }
        val elsewhere = "https://other.example/answers"
        val posting = refusal {
            val ask = Ask.Credentials(district())
            Attesta.createRequest(ask, key, bank().toIdentity(), HOST, responseUri = elsewhere)
        }
        assertEquals("request.response-uri", posting)

        val request = ask(bank()).text
        assertEquals("issue.other-certificate", refusal { ask(bank(), signer = stranger) })
        assertEquals("request.signature", refusal { known(resigned(request, stranger)) })
        // The thief's own certificate beside the bank's name, and the other way around.
        val thief = authority.certify(stranger.publicKey, "CN=thief.example", dnsName("thief.example"))
        val own = ask(thief, "thief.example", stranger).text
        assertEquals("CN=thief.example", known(own).use { it.description.subject })
        val claiming = part(own, 1).apply { addProperty("client_id", "x509_san_dns:$HOST") }
        assertEquals("request.other-key", refusal { known(forged(part(own, 0), claiming, stranger)) })
        val borrowed = forged(part(request, 0), part(request, 1), stranger)
        assertEquals("request.signature", refusal { known(borrowed) })
        val bare = part(request, 0).apply { remove("x5c") }
        assertEquals("request.no-key", refusal { known(forged(bare, part(request, 1), key)) })
    }

    private suspend fun issue(chain: List<X509Certificate>, signer: Signer = key) = Attesta.issue(
        Claims.example(Kind.LICENCE),
        signer,
        Holder.Did(cast.tenant.didKey),
        chain.toIdentity(),
        CredentialFormat.SD_JWT_VC,
    )

    private suspend fun judged(
        credential: String,
        list: String = certifying(root),
    ): Triple<Outcome, String?, AcceptedCredential?> {
        val request = Attesta.newRequest(BANK)
        val shown = Attesta.present(listOf(credential), Disclose.Everything, request, cast.tenant)
        return Verifier(Preset.LICENCE_CHECK, listOf(list)).use { desk ->
            desk.verify(shown, request).use { Triple(it.outcome, it.reason?.code, it.accepted.singleOrNull()) }
        }
    }

    @Test
    fun `an authority issues by its certificate, and is known by its certified name`() = runBlocking {
        val chain = bank()
        val issued = issue(chain)
        assertEquals(setOf("typ", "alg", "x5c"), part(issued, 0).keySet())
        assertFalse(part(issued, 1).has("iss"), "the certificate names the issuer")
        val (outcome, reason, accepted) = judged(issued)
        assertEquals(Outcome.VALID to null, outcome to reason)
        assertEquals(BANK_NAME to "The Association of Banks", accepted?.issuer to accepted?.issuerName)
        assertEquals(Claims.example(Kind.LICENCE), accepted?.claims)

        // The EUDI library, with the certified key. It takes x5c by itself only beside an https `iss`, as below.
        assertTrue(chain.leadsTo(root.certificate))
        val certified = ECDSAVerifier(chain.first().publicKey as ECPublicKey).asJwtVerifier()
        assertTrue(NimbusSdJwtOps.verify(certified, issued).isSuccess)
        val forgery = resigned(issued.substringBefore('~'), stranger) + issued.dropWhile { it != '~' }
        assertTrue(NimbusSdJwtOps.verify(certified, forgery).isFailure)
        assertEquals("proof.mismatch", judged(forgery).second)
    }

    @Test
    fun `a credential whose certificates do not hold is not believed`() = runBlocking {
        val namesake = Authority.root("CN=The Root of Banks,O=The Association of Banks,C=HK")
        for ((chain, code) in listOf(
            bank(validity = before) to "key.binding.certificate",
            bank(validity = after) to "key.binding.certificate",
            bank(namesake) to "key.binding.certificate",
            bank(Authority.root("CN=Somebody")) to "key.binding.unknown-anchor",
            bank().take(1) to "key.binding.unknown-anchor",
        )) {
            assertFalse(chain.leadsTo(root.certificate), code)
            val (outcome, reason, accepted) = judged(issue(chain))
            assertEquals(code, reason)
            assertNull(accepted)
            assertEquals(if (code.endsWith("anchor")) Outcome.UNDETERMINED else Outcome.INVALID, outcome)
        }
        val elsewhere = judged(issue(bank()), trustList("did:web:ngo.example"))
        assertEquals("key.binding.unknown-anchor" to null, elsewhere.second to elsewhere.third)
        val others = judged(issue(bank()), certifying(root, "CN=other.example,O=Other Bank"))
        assertEquals("issuer.trust.unknown" to null, others.second to others.third)
        assertEquals("issue.other-certificate", refusal { issue(bank(), stranger) })
        for (format in CredentialFormat.entries - CredentialFormat.SD_JWT_VC) {
            refusal { Attesta.issue(Claims.example(Kind.LICENCE), key, issuer = bank().toIdentity(), format = format) }
        }
    }

    @Test
    fun `an issuer's name beside the certificate must be among its alternative names, for the EUDI library as well`() =
        runBlocking {
            val anchored = NimbusSdJwtOps.SdJwtVcVerifier.usingX5c { chain -> chain.leadsTo(root.certificate) }
            val chain = authority.certify(key.publicKey, BANK_NAME, dnsName(HOST), uri("https://names.example/bank"))
            val expired = authority.certify(key.publicKey, BANK_NAME, dnsName(HOST), validity = before)
            val foreign = bank(Authority.root("CN=Somebody"))
            for ((certificates, issuer, code) in listOf(
                Triple(chain, "https://$HOST", null),
                Triple(chain, "https://$HOST/branches/1", null),
                Triple(chain, "https://names.example/bank", null),
                Triple(chain, "https://other.example", "key.binding.other-name"),
                Triple(chain, "https://$HOST.evil.example", "key.binding.other-name"),
                Triple(chain, "https://names.example/other", "key.binding.other-name"),
                Triple(chain, cast.ngo.didKey, "key.binding.other-name"),
                Triple(expired, "https://$HOST", "key.binding.certificate"),
                Triple(foreign, "https://$HOST", "key.binding.unknown-anchor"),
            )) {
                val issued = issue(certificates)
                val payload = part(issued, 1).apply { add("iss", JsonPrimitive(issuer)) }
                val named = forged(part(issued, 0), payload, key) + issued.dropWhile { it != '~' }
                val (outcome, reason, accepted) = judged(named)
                assertEquals(code, reason, issuer)
                assertEquals(code == null, outcome == Outcome.VALID)
                assertEquals(if (code == null) issuer else null, accepted?.issuer)
                assertEquals(code == null, anchored.verify(named).isSuccess, "the EUDI library: $issuer")
            }
        }

    private companion object {
        const val HOST = "bank.example"

        // Most specific first, as RFC 4514 writes it.
        const val BANK_NAME = "CN=bank.example,O=Harbour Bank,C=HK"

        fun thumbprint(certificate: X509Certificate): String =
            base64url(MessageDigest.getInstance("SHA-256").digest(certificate.encoded))
    }
}
