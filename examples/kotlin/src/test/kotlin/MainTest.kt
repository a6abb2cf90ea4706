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
        assertTrue("Accepted. Tai Nan Street Neighbourhood Centre vouches that" in told, told)
        val tricks = told.substringAfter("What the bank does not accept, and why\n").trim().split("\n - ")
        val expected = listOf(
            "Refused. The presentation answers another request",
            "Refused. It was handed over as a bare copy",
            "Refused. ",
            "Refused. ",
            "Open. ",
            "Not signed. The credential was issued to another key",
        )
        assertEquals(expected.size, tricks.size, told)
        for ((start, trick) in expected.zip(tricks)) assertTrue(trick.lines()[1].trim().startsWith(start), trick)
        assertEquals(1, Regex("Accepted\\.").findAll(told).count(), told)
    }

    private fun printed(block: () -> Unit): String {
        val before = System.out
        val bytes = ByteArrayOutputStream()
        System.setOut(PrintStream(bytes, true))
        try {
            block()
        } finally {
            System.setOut(before)
        }
        return bytes.toString()
    }
}
