package example

import java.util.Base64
import org.attesta.Algorithm
import org.attesta.Attesta
import org.attesta.AttestaException
import org.attesta.Claims
import org.attesta.CredentialFormat
import org.attesta.Holder
import org.attesta.Kind
import org.attesta.SignedRequest
import org.attesta.SoftwareSigner
import org.attesta.example
import org.attesta.issue

private const val DISTRICT = "/address/district"

/** A proof of address, of which a bank asks for the district and gets no more. All is done for real, with fresh keys. */
suspend fun main() {
    val centre = SoftwareSigner.generate(Algorithm.ED25519)
    val key = SoftwareSigner.generate(Algorithm.ES256)
    val stranger = SoftwareSigner.generate(Algorithm.ES256)

    println("1. The street centre vouches for the tenant's address, for 90 days, and binds it to the phone's key.")
    val guarantee = guarantee(centre, key)

    Desk(issuing(centre.didKey)).use { desk ->
        val askers = asking(desk.did)
        val phone = Phone(key, askers).apply { keep(guarantee) }

        println("2. The bank asks for the district. The tenant reads on the phone:")
        val request = desk.ask(DISTRICT)
        val answer = checkNotNull(
            phone.answer(request.text) { screen ->
                println("   ${screen.inWords()}")
                true
            },
        )
        println("3. The tenant agrees, the phone answers, and the bank decides.\n   ${desk.decide(answer.json, request)}")

        println("\nWhat the bank does not accept, and why")
        println(" - The same answer again.\n   ${desk.decide(answer.json, request)}")
        println(" - Yesterday's answer to a new request.\n   ${desk.decide(answer.json, desk.ask(DISTRICT))}")
        println(" - A bare copy of the guarantee.\n   ${desk.decide(guarantee, request)}")
        val asked = desk.ask(DISTRICT)
        val forged = checkNotNull(phone.answer(asked.text)).json.let(::withOtherDistrict)
        println(" - An answer with another district in it.\n   ${desk.decide(forged, asked)}")
        val invented = Phone(key, askers).apply { keep(guarantee(stranger, key)) }
        println(" - A guarantee from somebody whom the bank does not know.\n   ${decided(desk, invented, desk.ask(DISTRICT))}")

        println("\nWhat the phone does not answer, and why")
        val thief = Phone(stranger, askers).apply { keep(guarantee) }
        println(" - Somebody else's phone, with a copy of the guarantee.\n   ${decided(desk, thief, desk.ask(DISTRICT))}")
        Desk(issuing(centre.didKey)).use { fisher ->
            println(" - Somebody asks whom the tenant's list does not have.\n   ${decided(fisher, phone, fisher.ask(DISTRICT))}")
        }
        val licences = Phone(key, asking(desk.did, "licence")).apply { keep(guarantee) }
        println(" - The bank asks for what the tenant's list does not let it ask.\n   ${decided(desk, licences, request)}")
    }
}

private suspend fun decided(desk: Desk, phone: Phone, request: SignedRequest): String = try {
    phone.answer(request.text)?.let { desk.decide(it.json, request) } ?: "The tenant said no."
} catch (error: AttestaException) {
    "Not answered. ${error.message.replaceFirstChar(Char::uppercase)}. ${error.hint}"
}

private suspend fun guarantee(issuer: SoftwareSigner, key: SoftwareSigner): String = Attesta.issue(
    Claims.example(Kind.PROOF_OF_ADDRESS),
    issuer,
    Holder.Did(key.didKey),
    format = CredentialFormat.SD_JWT_VC,
)

/** The bank's list: whom it believes. */
private fun issuing(centre: String) = list(
    """{"id": "$centre", "name": {"en": "Tai Nan Street Neighbourhood Centre"}, "issues": ["proof-of-address"]}""",
)

/** The tenant's list: who may ask, and for what. */
private fun asking(bank: String, kind: String = "proof-of-address") =
    list("""{"id": "$bank", "name": {"en": "Harbour Bank"}, "verifies": ["$kind"]}""")

private fun list(entry: String) =
    """{"type": "TrustList", "version": 1, "issued": "2026-01-01T00:00:00Z", "entries": [$entry]}"""

/** What a forger does: writes another district into what is disclosed, and leaves the signatures as they were. */
private fun withOtherDistrict(answer: String): String = answer.split("~").joinToString("~") { part ->
    val text = runCatching { String(Base64.getUrlDecoder().decode(part)) }.getOrNull()
    if (text == null || "\"district\"" !in text) return@joinToString part
    val other = text.replace(Regex(""""district",\s*"[^"]*""""), "\"district\",\"Mid-Levels\"")
    Base64.getUrlEncoder().withoutPadding().encodeToString(other.toByteArray())
}
