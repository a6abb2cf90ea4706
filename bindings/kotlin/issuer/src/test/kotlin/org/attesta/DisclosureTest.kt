package org.attesta

import com.google.gson.JsonParser
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** Parts of a credential, copies that nobody can link, and the words of other schemes. */
class DisclosureTest {
    private val cast = Cast()
    private val request = Attesta.newRequest(BANK)

    @AfterEach
    fun close() = cast.close()

    private fun pointer(format: CredentialFormat, claim: String) =
        if (format == CredentialFormat.SD_JWT) "/credentialSubject$claim" else claim

    @ParameterizedTest
    @EnumSource(CredentialFormat::class, names = ["SD_JWT", "SD_JWT_VC"])
    fun `what is not disclosed is not there`(format: CredentialFormat) = runBlocking<Unit> {
        val guarantee = cast.guarantee(format)
        suspend fun subject(disclose: Disclose): String {
            val answer = Attesta.present(listOf(guarantee), disclose, request, cast.tenant)
            return cast.bank.verify(answer, request).use { report ->
                assertOutcome(Outcome.VALID, report)
                assertEquals(format, report.credentials.single().format)
                report.accepted.single().subject
            }
        }
        val district = subject(Disclose.Only(pointer(format, "/address/district")))
        assertTrue("深水埗" in district && "陳" !in district, district)
        assertTrue("陳" in subject(Disclose.Everything))
        assertFalse("深水埗" in subject(Disclose.Only()))
        val nowhere = Disclose.Only(pointer(format, "/income"))
        refusal { Attesta.present(listOf(guarantee), nowhere, request, cast.tenant) }
        refusal { Attesta.present(listOf(guarantee), Disclose.Only("address"), request, cast.tenant) }
    }

    @Test
    fun `a format that hides nothing is not shown in part`() = runBlocking<Unit> {
        val hiding = setOf(CredentialFormat.SD_JWT, CredentialFormat.SD_JWT_VC, CredentialFormat.ECDSA_SD2023)
        for (format in CredentialFormat.entries - hiding) SoftwareSigner.generate(keyFor(format)).use { ngo ->
            val guarantee = cast.guarantee(format, signer = ngo)
            val district = Disclose.Only("/credentialSubject/address/district")
            refusal { Attesta.present(listOf(guarantee), district, request, cast.tenant) }
            refusal { Attesta.derive(guarantee, district) }
        }
    }

    @Test
    fun `a copy that is bound to nobody shows just its part, and no bank takes it`() = runBlocking<Unit> {
        val district = Disclose.Only("/address/district")
        val copy = Attesta.derive(cast.guarantee(CredentialFormat.SD_JWT_VC), district)
        cast.bank.verify(copy, request).use { report ->
            assertOutcome(Outcome.INVALID, report)
            assertTrue(report.accepted.isEmpty())
        }
        val policy = Policy.Json("""{"type":"Policy","version":1,"holderBinding":"not-required"}""")
        Verifier(policy, listOf(trustList(cast.ngo.didKey))).use { desk ->
            val accepted = desk.verify(copy).use { assertOutcome(Outcome.VALID, it); it.accepted.single() }
            assertTrue("深水埗" in accepted.subject && "陳" !in accepted.subject)
        }
        refusal { Attesta.derive("paper", Disclose.Everything) }
    }

    @Test
    fun `copies have nothing in common but what they say, and a record without the person`() = runBlocking<Unit> {
        val keys = List(3) { SoftwareSigner.generate(Algorithm.ES256) }
        val claims = Claims.example(Kind.PROOF_OF_ADDRESS)
        val copies = Attesta.issueCopies(claims, keys.map { CopyFor(Holder.Did(it.didKey)) }, cast.ngo)
        assertEquals(3, copies.credentials.size)
        val signatures = copies.credentials.map { it.substringBefore('~').substringAfterLast('.') }
        assertEquals(3, signatures.toSet().size)
        val disclosures = copies.credentials.flatMap { it.split('~').drop(1).filter(String::isNotEmpty) }
        assertEquals(disclosures.size, disclosures.toSet().size, "two copies share a disclosure")
        for ((copy, key) in copies.credentials.zip(keys)) {
            val answer = Attesta.present(listOf(copy), Disclose.Only("/address/district"), request, key)
            cast.bank.verify(answer, request).use { assertOutcome(Outcome.VALID, it) }
            assertEquals("present.other-holder", refusal {
                Attesta.present(listOf(copy), Disclose.Everything, request, cast.tenant)
            })
            assertFalse(key.didKey in copies.record)
        }
        assertTrue(JsonParser.parseString(copies.record).isJsonObject)
        assertFalse("陳" in copies.record || "$copies".length > 40)
    }

    @Test
    fun `copies that could be linked are not issued`() = runBlocking<Unit> {
        val claims = Claims.example(Kind.PROOF_OF_ADDRESS)
        val twice = List(2) { CopyFor(Holder.Did(cast.tenant.didKey)) }
        refusal { Attesta.issueCopies(claims, twice, cast.ngo) }
        refusal { Attesta.issueCopies(claims, emptyList(), cast.ngo) }
        val slot = """{"status_list":{"idx":7,"uri":"https://ngo.example/status/1"}}"""
        val oneSlot = List(2) { CopyFor(Holder.Did(SoftwareSigner.generate(Algorithm.ES256).didKey), slot) }
        refusal { Attesta.issueCopies(claims, oneSlot, cast.ngo) }
        refusal { Attesta.issueCopies(claims, listOf(CopyFor(Holder.Did("nobody"))), cast.ngo) }
    }

    @Test
    fun `a proof of address is issued as a certificate of residence too, as dc+sd-jwt alone`() = runBlocking<Unit> {
        val bare = Claims.example(Kind.PROOF_OF_ADDRESS)
        val file = JsonParser.parseString(bare.toJson()).asJsonObject.apply {
            addProperty("familyName", "Virtanen")
            addProperty("givenName", "Aino")
            add("placeOfBirth", JsonParser.parseString("""{"locality":"Turku","country":"FI"}"""))
            add("nationalities", JsonParser.parseString("""["FI"]"""))
            add(
                "address",
                JsonParser.parseString(
                    """{"formatted":"Esimerkkikatu 12, 00100 Helsinki","country":"FI","locality":"Helsinki",
                    "postalCode":"00100","street":"Esimerkkikatu","houseNumber":"12"}""",
                ),
            )
            getAsJsonObject("organisation").addProperty("country", "FI")
        }
        val full = Claims.fromJson(Kind.PROOF_OF_ADDRESS, file.toString())
        val terms = SchemeTerms(Scheme.CERTIFICATE_OF_RESIDENCE, LegalCategory.NON_QUALIFIED, KeyBoundTo.HOLDER)
        suspend fun issue(claims: Claims, format: CredentialFormat, scheme: SchemeTerms = terms) =
            Attesta.issue(claims, cast.ngo, Holder.Did(cast.tenant.didKey), format = format, scheme = scheme)

        val certificate = issue(full, CredentialFormat.SD_JWT_VC)
        val answer = Attesta.present(listOf(certificate), Disclose.Everything, request, cast.tenant)
        cast.bank.verify(answer, request).use { report ->
            assertOutcome(Outcome.VALID, report)
            assertEquals(Kind.PROOF_OF_ADDRESS, report.accepted.single().kind)
            assertTrue("attestation_legal_category" in report.accepted.single().subject)
        }
        assertEquals("draft.scheme-format", refusal { issue(full, CredentialFormat.JWT) })
        assertTrue(refusal { issue(bare, CredentialFormat.SD_JWT_VC) }.startsWith("scheme."))
        val skill = terms.copy(scheme = Scheme.VERIFIED_SKILL)
        assertTrue(refusal { issue(full, CredentialFormat.SD_JWT_VC, skill) }.startsWith("scheme."))
    }

    @Test
    fun `a certificate that is none names nobody`() = runBlocking<Unit> {
        val claims = Claims.example(Kind.LICENCE)
        refusal { Attesta.issue(claims, cast.ngo, issuer = Identity.Certificate("no PEM")) }
    }
}
