package example

import org.attesta.Answer
import org.attesta.Asker
import org.attesta.Attesta
import org.attesta.Consent
import org.attesta.ConsentScreen
import org.attesta.Signer

/**
 * A tenant's phone: a key that never leaves it, the guarantee that was issued to that key, and a list of who may ask.
 *
 * On Android, [key] is an `AndroidKeystoreSigner`.
 */
class Phone(private val key: Signer, private val trustList: String) {
    private val guarantees = mutableListOf<String>()

    fun keep(guarantee: String) {
        guarantees += guarantee
    }

    /**
     * What the tenant hands over: just what [agrees] saw on the screen, signed for whoever asks and this request alone.
     * Null when the tenant says no. Somebody who is not in the list gets no answer, but an exception.
     */
    suspend fun answer(request: String, agrees: (ConsentScreen) -> Boolean = { true }): Answer? =
        Asker.known(request, listOf(trustList)).use { asker ->
            Consent.of(asker, guarantees).use { consent ->
                if (agrees(consent.screen)) Attesta.answer(consent, key) else null
            }
        }
}

/** What the tenant reads before anything is signed. */
fun ConsentScreen.inWords(): String {
    val claims = shown.flatMap { it.claims }.joinToString { "${it.pointer} = ${it.value()}" }
    return (listOf(asker.inWords, "It would see $claims.") + warnings.map { it.text }).joinToString(" ")
}
