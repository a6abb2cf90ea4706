package example

import org.attesta.Attesta
import org.attesta.Claims
import org.attesta.Outcome
import org.attesta.PresentationRequest
import org.attesta.Preset
import org.attesta.Report
import org.attesta.Verifier

/** A bank's desk: it asks, and decides by its own policy and its own list of organisations. */
class Desk(private val name: String, trustList: String) : AutoCloseable {
    private val verifier = Verifier(Preset.BANK_ADDRESS, listOf(trustList))

    fun ask(): PresentationRequest = Attesta.newRequest(name)

    /** What the clerk reads. */
    suspend fun decide(answer: String, request: PresentationRequest): String =
        verifier.verify(answer, request).use { report ->
            when (report.outcome) {
                Outcome.VALID -> accepted(report)
                Outcome.INVALID -> "Refused. ${reason(report)}"
                Outcome.UNDETERMINED -> "Open. ${reason(report)}"
            }
        }

    private fun accepted(report: Report): String {
        val guarantee = report.accepted.single()
        val claims = (guarantee.claims as Claims.OfAddress).claims
        return "Accepted. ${guarantee.issuerName} vouches that ${claims.nameLatin} lives at " +
            "${claims.address?.formattedLatin}, and has known the person since ${claims.knownSince}."
    }

    private fun reason(report: Report): String = report.reason?.run { "$message $hint" }.orEmpty()

    override fun close() = verifier.close()
}
