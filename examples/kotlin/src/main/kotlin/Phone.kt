package example

import org.attesta.Attesta
import org.attesta.PresentationRequest
import org.attesta.Signer

/**
 * A tenant's phone: a key that never leaves it, and the guarantee that was issued to that key.
 *
 * On Android, [key] is an `AndroidKeystoreSigner`.
 */
class Phone(private val key: Signer) {
    private val guarantees = mutableListOf<String>()

    fun keep(guarantee: String) {
        guarantees += guarantee
    }

    /** What the tenant hands over: the guarantee, signed for this desk and this request alone. */
    suspend fun answer(request: PresentationRequest): String = Attesta.present(guarantees, request, key)
}
