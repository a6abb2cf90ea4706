import org.attesta.*

suspend fun showAndVerify(guarantee: String, phone: Signer, trustList: String): AcceptedCredential? {
    // The bank asks: this is its name, and a number that it uses once.
    val request = Attesta.newRequest("https://onboarding.bank.example")
    // The tenant's phone answers this request alone.
    val answer = Attesta.present(listOf(guarantee), Disclose.Everything, request, phone)
    // The bank decides, by its own policy and the issuers that it trusts.
    Verifier(Preset.BANK_ADDRESS, listOf(trustList)).use { bank ->
        val report = bank.verify(answer, request)
        if (report.outcome != Outcome.VALID) println(report.reason?.message)
        return report.accepted.firstOrNull()
    }
}
