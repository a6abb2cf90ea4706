package org.attesta

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.runInterruptible
import org.attesta.ffi.DocumentOptions
import org.attesta.ffi.IssueOptions

/**
 * Issuing and presenting.
 *
 * The functions that sign run on a background thread, never on the caller's: a [Signer] may wait there for a
 * fingerprint. Cancelling the coroutine interrupts the signer; whatever it still returns or throws is thrown away.
 */
public object Attesta {
    /** The version of the library that was loaded, such as 0.1.0. */
    public val libraryVersion: String get() = native { org.attesta.ffi.libraryVersion() }

    /**
     * Issues a credential of one of the three kinds.
     *
     * @param signer the issuer's key
     * @param holder whom it is issued to; a proof of address must have a holder
     * @param issuer the issuer's DID, with the key's fragment unless it is a did:key or did:jwk; the signer's did:key
     *   otherwise
     * @param format how it is secured
     * @param validFrom the first day on which it is valid, such as 2026-03-31; today (UTC) otherwise
     * @param validDays for how many days it is valid
     * @param status the `credentialStatus` entry, as JSON
     * @return a compact token, or a JSON document with a proof
     * @throws AttestaException when the claims are not of their kind, an option has the wrong form, or nothing is
     *   signed
     */
    public suspend fun issue(
        claims: Claims,
        signer: Signer,
        holder: Holder? = null,
        issuer: String? = null,
        format: CredentialFormat = CredentialFormat.JWT,
        validFrom: String? = null,
        validDays: Int = 90,
        status: String? = null,
    ): String {
        require(validDays > 0) { "validDays must be at least 1, and is $validDays" }
        val options = IssueOptions(holder?.toNative(), issuer, format, validFrom, validDays.toUInt(), status)
        return signing { nativeWith(signer) { org.attesta.ffi.issue(claims.toNative(), options, it) } }
    }

    /**
     * Issues any credential of VC Data Model 2.0. Its own members stay; `id`, `issuer` and `validFrom` (today) are
     * added where they are absent.
     *
     * @param document the credential, as JSON
     * @param signer the issuer's key
     * @param holder whom it is issued to
     * @param issuer the issuer's DID, as for [issue]
     * @param format how it is secured
     * @return a compact token, or a JSON document with a proof
     * @throws AttestaException when the document breaks the data model, an option has the wrong form, or nothing is
     *   signed
     */
    public suspend fun issueDocument(
        document: String,
        signer: Signer,
        holder: Holder? = null,
        issuer: String? = null,
        format: CredentialFormat = CredentialFormat.JWT,
    ): String {
        val options = DocumentOptions(holder?.toNative(), issuer, format)
        return signing { nativeWith(signer) { org.attesta.ffi.issueDocument(document, options, it) } }
    }

    /**
     * A request by this verifier, with a fresh nonce of 128 random bits. Keep it until the answer is verified.
     *
     * @param audience who the verifier is, as it names itself: a DID, a URL, a client id
     * @throws AttestaException when the system has no random bits to give
     */
    public fun newRequest(audience: String): PresentationRequest = native { org.attesta.ffi.newRequest(audience) }

    /**
     * Presents credentials as they were issued, signed with the holder's key for this request. Nothing is sent
     * anywhere.
     *
     * @param credentials as the issuers gave them
     * @param request what the verifier asked
     * @param signer the key that the credentials were issued to
     * @return a token for token credentials, and a JSON document with a proof for the others
     * @throws AttestaException when something else than credentials is given, they belong to another key, or nothing is
     *   signed
     */
    public suspend fun present(credentials: List<String>, request: PresentationRequest, signer: Signer): String {
        val bytes = credentials.map(String::encodeToByteArray)
        return signing { nativeWith(signer) { org.attesta.ffi.present(bytes, request, it) } }
    }

    // Dispatchers.IO, not Default: a signer may wait for a person, and Default has only as many threads as cores.
    private suspend fun <T> signing(block: () -> T): T {
        val caller = currentCoroutineContext()[Job]
        return runInterruptible(Dispatchers.IO) {
            try {
                block()
            } catch (error: AttestaException) {
                // Whatever a signer makes of being interrupted, the caller sees its own cancellation. A signer that was
                // interrupted by somebody else is no cancellation: that would vanish without a word.
                caller?.ensureActive()
                throw error
            }
        }
    }
}
