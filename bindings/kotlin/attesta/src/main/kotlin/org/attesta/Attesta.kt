package org.attesta

import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import org.attesta.ffi.RequestOptions

/**
 * Asking, answering and presenting; in the issuers' library, `attesta-issuer`, issuing too.
 *
 * The functions that sign run on a background thread, never on the caller's: a [Signer] may wait there for a
 * fingerprint. Cancelling the coroutine interrupts the signer; whatever it still returns or throws is thrown away.
 */
public object Attesta {
    /** The version of the library that was loaded, such as 0.1.0. */
    public val libraryVersion: String get() = native { org.attesta.ffi.libraryVersion() }

    /**
     * What was issued or presented as the bytes that a file of its format holds: of `vc+cose` and `vp+cose` the message
     * in the envelope, of every other format the text itself.
     *
     * @param secured what was issued or presented
     * @throws AttestaException when it is an envelope whose data is no base64
     */
    public fun bytesOf(secured: String): ByteArray = native { org.attesta.ffi.bytesOf(secured) }

    /**
     * Asks holders for credentials: a request with a fresh nonce, signed with the verifier's key. Keep it until the
     * answer is verified, and its nonce in a [NonceLedger].
     *
     * @param ask what is asked for
     * @param signer the verifier's key
     * @param verifier in whose name; that of the signer's did:key otherwise
     * @param dnsName a DNS name in the verifier's certificate, by which wallets then know it; the certificate's hash
     *   otherwise
     * @param responseUri the https URL where the answer goes by POST; it is handed over by hand otherwise
     * @param state what comes back with the answer
     * @param validFor for how long it may be answered, in whole seconds
     * @param at the present moment
     * @throws AttestaException when the query or an option has the wrong form, the identity is not the key's, or
     *   nothing is signed
     */
    public suspend fun createRequest(
        ask: Ask,
        signer: Signer,
        verifier: Identity? = null,
        dnsName: String? = null,
        responseUri: String? = null,
        state: String? = null,
        validFor: Duration = 10.minutes,
        at: At = At.Now,
    ): SignedRequest {
        val seconds = validFor.inWholeSeconds
        require(seconds in 1..UInt.MAX_VALUE.toLong()) { "validFor must be at least a second, and is $validFor" }
        val options = RequestOptions(verifier?.toNative(), dnsName, responseUri, state, seconds.toUInt())
        return signing {
            nativeWith(signer) { org.attesta.ffi.createRequest(ask.toNative(), options, at.toNative(), it) }
        }.let(::SignedRequest)
    }

    /**
     * Signs what the holder agreed to, each credential with the signer among these whose key it was issued to, for
     * whoever asks and this one request. Nothing is sent anywhere.
     *
     * @param consent what the holder agreed to
     * @param signers the holder's keys, of which [ShownCredential.holderKeys] says which are needed
     * @param at the moment of the answer
     * @throws AttestaException when nothing would be shown, the request has ended, no signer has the key, or nothing is
     *   signed
     */
    public suspend fun answer(consent: Consent, signers: List<Signer>, at: At = At.Now): Answer = signing {
        nativeWith(signers) { hosts -> consent.handle.lend { org.attesta.ffi.answer(it, hosts, at.toNative()) } }
    }.let(::Answer)

    /**
     * Signs what the holder agreed to, with their one key. See the other [answer].
     *
     * @param consent what the holder agreed to
     * @param signer the key that the credentials were issued to
     * @param at the moment of the answer
     * @throws AttestaException as the other
     */
    public suspend fun answer(consent: Consent, signer: Signer, at: At = At.Now): Answer =
        answer(consent, listOf(signer), at)

    /**
     * A request by this verifier, with a fresh nonce of 128 random bits. It asks for nothing by name and is not signed:
     * who answers must know otherwise who asks, and for what. Keep it until the answer is verified.
     *
     * @param audience who the verifier is, as it names itself: a DID, a URL, a client id
     * @throws AttestaException when the system has no random bits to give
     */
    public fun newRequest(audience: String): PresentationRequest = native { org.attesta.ffi.newRequest(audience) }

    /**
     * Presents credentials, signed with the holder's key for this request. Nothing is sent anywhere.
     *
     * @param credentials as the issuers gave them
     * @param disclose how much of each is shown
     * @param request what the verifier asked
     * @param signer the key that the credentials were issued to
     * @param at the moment of the answer, which only an SD-JWT says
     * @param contexts those that credentials name and the library does not have, where their proofs sign RDF
     * @return a token for token credentials, a JSON document with a proof for Data Integrity credentials, one that holds
     *   a message for `vc+cose`, and for an SD-JWT the credential itself with what is disclosed
     * @throws AttestaException when something else than credentials is given, one cannot hide what it should, they
     *   belong to another key, or nothing is signed
     */
    public suspend fun present(
        credentials: List<String>,
        disclose: Disclose,
        request: PresentationRequest,
        signer: Signer,
        at: At = At.Now,
        contexts: List<GivenContext> = emptyList(),
    ): String = presentBytes(credentials.map(String::encodeToByteArray), disclose, request, signer, at, contexts)

    /**
     * Presents credentials that may be bytes, as those of `vc+cose` in their own form. See [present]; [bytesOf] gives
     * the answer in that form.
     *
     * @param credentials as the issuers gave them
     * @param disclose how much of each is shown
     * @param request what the verifier asked
     * @param signer the key that the credentials were issued to
     * @param at the moment of the answer
     * @param contexts as for [present]
     * @throws AttestaException as [present]
     */
    public suspend fun presentBytes(
        credentials: List<ByteArray>,
        disclose: Disclose,
        request: PresentationRequest,
        signer: Signer,
        at: At = At.Now,
        contexts: List<GivenContext> = emptyList(),
    ): String {
        val (shown, moment, given) = Triple(disclose.toNative(), at.toNative(), contexts.map(GivenContext::toNative))
        return signing {
            nativeWith(signer) { org.attesta.ffi.present(credentials, shown, request, moment, it, given) }
        }
    }

    /**
     * A copy of an SD-JWT or of an `ecdsa-sd-2023` document that shows just this and is bound to nobody: whoever gets
     * it can show it on.
     *
     * @param credential as the issuer gave it
     * @param disclose how much of it is shown
     * @param contexts those that the document names and the library does not have
     * @throws AttestaException when it is none of these as its issuer gave it, or has nothing at one of the places
     */
    public suspend fun derive(
        credential: String,
        disclose: Disclose,
        contexts: List<GivenContext> = emptyList(),
    ): String = withContext(Dispatchers.Default) {
        val given = contexts.map(GivenContext::toNative)
        native { org.attesta.ffi.derive(credential.encodeToByteArray(), disclose.toNative(), given) }
    }

    // Dispatchers.IO, not Default: a signer may wait for a person, and Default has only as many threads as cores.
    internal suspend fun <T> signing(block: () -> T): T {
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
