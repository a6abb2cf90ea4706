package example

import org.attesta.Algorithm
import org.attesta.Ask
import org.attesta.AskFor
import org.attesta.Attesta
import org.attesta.Claims
import org.attesta.CredentialFormat
import org.attesta.Kind
import org.attesta.NonceLedger
import org.attesta.Outcome
import org.attesta.Preset
import org.attesta.Redeemed
import org.attesta.Report
import org.attesta.SignedRequest
import org.attesta.SoftwareSigner
import org.attesta.Verifier

/** A bank's desk: it asks for what it needs, and decides by its own policy and its own list of organisations. */
class Desk(trustList: String) : AutoCloseable {
    private val key = SoftwareSigner.generate(Algorithm.ES256)
    private val verifier = Verifier(Preset.BANK_ADDRESS, listOf(trustList))
    private val ledger = NonceLedger(capacity = 1_000)

    /** What the bank publishes of itself, for the phones' trust lists. */
    val did: String get() = key.didKey

    /** A request that may be answered once, for ten minutes. */
    suspend fun ask(vararg claims: String): SignedRequest {
        val home = AskFor("home", Kind.PROOF_OF_ADDRESS, CredentialFormat.SD_JWT_VC, claims.toList())
        return Attesta.createRequest(Ask.Credentials(home), key).also(ledger::issue)
    }

    /** What the clerk reads. The request is the one that the desk kept. */
    suspend fun decide(answer: String, request: SignedRequest): String =
        verifier.verify(answer, request).use { report ->
            when (report.outcome) {
                Outcome.VALID -> if (ledger.redeem(request.nonce) == Redeemed.ONCE) accepted(report) else COPY
                Outcome.INVALID -> "Refused. ${reason(report)}"
                Outcome.UNDETERMINED -> "Open. ${reason(report)}"
            }
        }

    private fun accepted(report: Report): String {
        val guarantee = report.accepted.single()
        val claims = (guarantee.claims as Claims.OfAddress).claims
        val name = claims.name ?: "nothing, for it did not ask"
        return "Accepted. ${guarantee.issuerName} vouches for somebody who lives in ${claims.address?.district}. " +
            "Of the name the bank knows $name."
    }

    private fun reason(report: Report): String = report.reason?.run { "$message $hint" }.orEmpty()

    override fun close() {
        ledger.close()
        verifier.close()
        key.close()
    }

    private companion object {
        const val COPY = "Refused. This answer came before. Ask anew."
    }
}
