package example

import java.util.Base64
import org.attesta.Algorithm
import org.attesta.Attesta
import org.attesta.AttestaException
import org.attesta.Claims
import org.attesta.Holder
import org.attesta.Kind
import org.attesta.SoftwareSigner

/** A proof of address for somebody who has no lease and no utility bill. All is done for real, with fresh keys. */
suspend fun main() {
    val centre = SoftwareSigner.generate(Algorithm.ED25519)
    val tenantKey = SoftwareSigner.generate(Algorithm.ES256)
    val stranger = SoftwareSigner.generate(Algorithm.ES256)

    println("1. The street centre vouches for the tenant's address, for 90 days, and binds it to the phone's key.")
    val claims = Claims.example(Kind.PROOF_OF_ADDRESS)
    val guarantee = Attesta.issue(claims, centre, Holder.Did(tenantKey.didKey))
    val phone = Phone(tenantKey).apply { keep(guarantee) }

    Desk("https://onboarding.bank.example", trustListOf(centre)).use { desk ->
        println("2. The bank asks, and the tenant's phone answers this request alone.")
        val request = desk.ask()
        val answer = phone.answer(request)
        println("3. The bank decides.\n   ${desk.decide(answer, request)}\n\nWhat the bank does not accept, and why")

        println(" - Yesterday's answer to a new request.\n   ${desk.decide(answer, desk.ask())}")

        println(" - A bare copy of the guarantee.\n   ${desk.decide(guarantee, request)}")

        val forged = Phone(tenantKey).apply { keep(withOtherFlat(guarantee)) }.answer(request)
        println(" - A forged copy with another flat.\n   ${desk.decide(forged, request)}")

        val old = Attesta.issue(claims, centre, Holder.Did(tenantKey.didKey), validFrom = "2026-01-05")
        val late = Phone(tenantKey).apply { keep(old) }.answer(request)
        println(" - One that has run out.\n   ${desk.decide(late, request)}")

        val invented = Attesta.issue(claims, stranger, Holder.Did(tenantKey.didKey))
        val unknown = Phone(tenantKey).apply { keep(invented) }.answer(request)
        println(" - One from somebody whom the bank does not know.\n   ${desk.decide(unknown, request)}")

        try {
            println(desk.decide(Phone(stranger).apply { keep(guarantee) }.answer(request), request))
        } catch (error: AttestaException) {
            println(" - Somebody else's phone, with a copy of the guarantee.")
            println("   Not signed. ${error.message.replaceFirstChar(Char::uppercase)}. ${error.hint}")
        }
    }
}

private fun trustListOf(centre: SoftwareSigner) = """
    {"type": "TrustList", "version": 1, "issued": "2026-01-01T00:00:00Z", "entries": [
      {"id": "${centre.didKey}", "name": {"en": "Tai Nan Street Neighbourhood Centre"}, "issues": ["proof-of-address"]}
    ]}"""

/** What a forger does: writes another flat into the signed text, and leaves the signature as it was. */
private fun withOtherFlat(guarantee: String): String {
    val (head, body, signature) = guarantee.split(".")
    val text = String(Base64.getUrlDecoder().decode(body)).replace(Regex(""""unit":"[^"]*""""), "\"unit\":\"9\"")
    return "$head.${Base64.getUrlEncoder().withoutPadding().encodeToString(text.toByteArray())}.$signature"
}
