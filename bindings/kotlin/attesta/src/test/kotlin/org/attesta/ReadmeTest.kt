package org.attesta

import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import showAndVerify

/** The README's code is ShowAndVerify.kt, word for word, and does what the README says. */
class ReadmeTest {
    @Test
    fun `the README shows the code that is compiled here`() {
        val shown = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
            .findAll(File(System.getProperty("attesta.readme")).readText()).first().groupValues[1]
        val compiled = File("src/test/kotlin/org/attesta/ShowAndVerify.kt").readText()
        assertEquals(compiled.trim(), shown.trim())
    }

    @Test
    fun `it accepts whom the bank trusts, and nobody else`() = runBlocking {
        Cast().use { cast ->
            val accepted = showAndVerify(cast.guarantee(), cast.tenant, trustList(cast.ngo.didKey))
            assertTrue(accepted?.claims is Claims.OfAddress)
            assertNull(showAndVerify(cast.guarantee(), cast.tenant, trustList(cast.tenant.didKey)))
        }
    }
}
