import org.attesta.*

suspend fun askAndVerify(guarantee: String, key: Signer, bank: Signer, mayAsk: String, believed: String): String? {
    // The bank asks for the district and for nothing else. It keeps this request until the answer is there.
    val district = AskFor("home", Kind.PROOF_OF_ADDRESS, CredentialFormat.SD_JWT_VC, listOf("/address/district"))
    val request = Attesta.createRequest(Ask.Credentials(district), bank)
    // The tenant's phone knows the bank by its own list, shows what would be seen, and signs just that.
    val asker = Asker.known(request.text, listOf(mayAsk))
    val consent = asker.use { Consent.of(it, listOf(guarantee)) }
    for (claim in consent.screen.shown.flatMap { it.claims }) println("${asker.description.name}: ${claim.value()}?")
    val answer = consent.use { Attesta.answer(it, key) }
    // The bank decides, by its own policy, its own request, and the issuers that it believes.
    Verifier(Preset.BANK_ADDRESS, listOf(believed)).use { desk ->
        val report = desk.verify(answer.json, request)
        if (report.outcome != Outcome.VALID) println(report.reason?.message)
        return (report.accepted.firstOrNull()?.claims as? Claims.OfAddress)?.claims?.address?.district
    }
}
