package example

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class MainTest {
    @Test
    fun `the phone and the desk play the whole loop, and every trick is told for what it is`() {
        val told = printed { runBlocking { main() } }
        assertTrue("   Harbour Bank asks. It would see /address/district = \"深水埗\".\n" in told, told)
        val decided = "Accepted. Tai Nan Street Neighbourhood Centre vouches for somebody who lives in 深水埗. " +
            "Of the name the bank knows nothing, for it did not ask."
        assertTrue(decided in told, told)
        val refused = told.substringAfter("What the bank does not accept, and why\n").substringBefore("\n\nWhat the phone")
        assertTricks(
            refused,
            "Refused. This answer came before",
            "Refused. The presentation answers another request",
            "Refused. ",
            "Refused. ",
            "Open. ",
        )
        val unanswered = told.substringAfter("What the phone does not answer, and why\n")
        assertTricks(unanswered, "Not answered. ", "Not answered. ", "Not answered. ")
        assertEquals(1, Regex("Accepted\\.").findAll(told).count(), told)
    }

    private fun assertTricks(told: String, vararg expected: String) {
        val tricks = told.trim().split("\n - ")
        assertEquals(expected.size, tricks.size, told)
        for ((start, trick) in expected.zip(tricks)) assertTrue(trick.lines()[1].trim().startsWith(start), trick)
    }

    private fun printed(block: () -> Unit): String {
        val before = System.out
        val bytes = ByteArrayOutputStream()
        System.setOut(PrintStream(bytes, true, Charsets.UTF_8))
        try {
            block()
        } finally {
            System.setOut(before)
        }
        return bytes.toString(Charsets.UTF_8)
    }
}
