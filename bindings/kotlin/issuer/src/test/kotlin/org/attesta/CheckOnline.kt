import org.attesta.*

suspend fun checkOnline(shown: String, trustList: String, network: Network, seen: String?): String {
    Verifier(Preset.DEFAULT, listOf(trustList)).use { plain ->
        val desk = seen?.let(plain::remembering) ?: plain
        desk.verifyOnline(shown, network).use { online ->
            println(online.report.reason?.message ?: "In order.")
            for (step in online.steps) println("${step.outcome}: ${step.revealed ?: "Nobody was asked."}")
            // Kept for the next time: a log or a list that is older than this is then refused.
            return online.report.remembering(seen)
        }
    }
}
