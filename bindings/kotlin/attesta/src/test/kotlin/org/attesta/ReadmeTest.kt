package org.attesta

import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import askAndVerify

/** The README's code is AskAndVerify.kt, word for word, and does what the README says. */
class ReadmeTest {
    @Test
    fun `the README shows the code that is compiled here`() {
        val shown = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
            .findAll(File(System.getProperty("attesta.readme")).readText()).first().groupValues[1]
        val compiled = File("src/test/kotlin/org/attesta/AskAndVerify.kt").readText()
        assertEquals(compiled.trim(), shown.trim())
    }

    @Test
    fun `the bank learns the district from whom it believes, and nobody else gets an answer`() = runBlocking<Unit> {
        Cast().use { cast ->
            AskingBank("proof-of-address").use { bank ->
                val guarantee = cast.guarantee(CredentialFormat.SD_JWT_VC)
                suspend fun played(mayAsk: String, believed: String) =
                    askAndVerify(guarantee, cast.tenant, bank.key, mayAsk, trustList(believed))
                assertEquals("深水埗", played(bank.list, cast.ngo.didKey))
                assertNull(played(bank.list, cast.tenant.didKey))
                val others = whoMayAsk(cast.ngo.didKey, "*")
                assertEquals("request.unknown-asker", refusal { played(others, cast.ngo.didKey) })
            }
        }
    }
}
