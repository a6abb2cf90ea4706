package org.attesta

import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import askAndVerify
import checkOnline

/** The README's code is AskAndVerify.kt, word for word, and does what the README says. */
class ReadmeTest {
    @Test
    fun `the README shows the code that is compiled here`() {
        val shown = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
            .findAll(File(System.getProperty("attesta.readme")).readText()).map { it.groupValues[1].trim() }.toList()
        val compiled = listOf("AskAndVerify", "CheckOnline").map {
            File("src/test/kotlin/org/attesta/$it.kt").readText().trim()
        }
        assertEquals(compiled, shown)
    }

    @Test
    fun `a desk fetches what it misses, and keeps what it saw`() = runBlocking<Unit> {
        val did = "did:web:ngo.example"
        val shelf = Shelf()
        Cast().use { cast ->
            shelf.put("https://ngo.example/.well-known/did.json", JSON_TYPE, document(did, cast.ngo))
            val holder = Holder.Did(cast.tenant.didKey)
            val shown = Attesta.issue(Claims.example(Kind.LICENCE), cast.ngo, holder, Identity.Did("$did#key-1"))
            Network(shelf).use { network ->
                val seen = checkOnline(shown, trustList(did), network, null)
                assertEquals(seen, checkOnline(shown, trustList(did), network, seen))
                assertEquals("json.", refusal { checkOnline(shown, trustList(did), network, "{") }.take(5))
            }
        }
        assertEquals(1, shelf.asked.size)
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
