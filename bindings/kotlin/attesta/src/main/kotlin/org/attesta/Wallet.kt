package org.attesta

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.attesta.ffi.Asker as FfiAsker
import org.attesta.ffi.Consent as FfiConsent

/**
 * Whoever made a request, and what they ask for. It never changes, and many threads may use it at once.
 *
 * Closing frees its memory at once; one that is never closed is freed some time after nothing refers to it any more.
 *
 * @property description who asks, for a screen
 */
public class Asker private constructor(
    internal val handle: Lent<FfiAsker>,
    public val description: AskerDescription,
) : AutoCloseable {
    private constructor(handle: FfiAsker) : this(Lent(handle), AskerDescription(handle.describe()))

    /** Frees it. A [Consent] that was made with it stays. Whoever uses it then gets an [IllegalStateException]. */
    override fun close(): Unit = handle.close()

    /** Whether who asks is known, and nothing of what is asked. */
    override fun toString(): String = "Asker(id=${description.id}, isKnown=${description.isKnown})"

    /** Reads requests. */
    public companion object {
        /**
         * Reads a request that must come from somebody in the holder's trust lists: it is signed by whom it names, in
         * time, and asks for no more than the list lets that party ask for. The first list that knows the party
         * decides. Runs on a background thread.
         *
         * @param request the request, as it was received or scanned
         * @param trustLists the holder's trust lists (JSON)
         * @param materials what was fetched of what [missing] named, and contexts that the credentials name: each counts
         *   if one of the lists pins its hash
         * @param at the present moment
         * @throws AttestaException when any of this does not hold, or a trust list or material cannot be read. Show
         *   nothing then
         */
        public suspend fun known(
            request: String,
            trustLists: List<String>,
            materials: List<Material> = emptyList(),
            at: At = At.Now,
        ): Asker = withContext(Dispatchers.Default) {
            val bytes = request.encodeToByteArray()
            native { Asker(FfiAsker.known(bytes, trustLists, materials.map(Material::toNative), at.toNative())) }
        }

        /**
         * Reads a request without asking who made it. Such a request gets at most what is public. Only where a person
         * decided so. Runs on a background thread.
         *
         * @param request the request, as it was received or scanned
         * @param at the present moment
         * @throws AttestaException when it cannot be read, or is not in time
         */
        public suspend fun unauthenticated(request: String, at: At = At.Now): Asker =
            withContext(Dispatchers.Default) {
                native { Asker(FfiAsker.unauthenticated(request.encodeToByteArray(), at.toNative())) }
            }

        /**
         * What must be fetched before [known] can say who made this request; empty where nothing would help. Only what
         * belongs to parties in the trust lists. Runs on a background thread.
         *
         * @param request the request, as it was received or scanned
         * @param trustLists the holder's trust lists (JSON)
         * @param materials what is at hand already
         * @param at the present moment
         * @throws AttestaException when a trust list or material cannot be read
         */
        public suspend fun missing(
            request: String,
            trustLists: List<String>,
            materials: List<Material> = emptyList(),
            at: At = At.Now,
        ): List<MissingResource> = withContext(Dispatchers.Default) {
            val (bytes, given) = request.encodeToByteArray() to materials.map(Material::toNative)
            native { org.attesta.ffi.missingForRequest(bytes, trustLists, given, at.toNative()) }
        }
    }
}

/**
 * What the holder is asked to agree to: a request, laid over what they have. It never changes, and many threads may use
 * it at once; every decision of the holder makes another. Show [screen], and sign with [Attesta.answer].
 *
 * Closing frees its memory at once; one that is never closed is freed some time after nothing refers to it any more.
 *
 * @property screen all that a screen needs to ask the holder. It stays when this is closed
 */
public class Consent private constructor(
    internal val handle: Lent<FfiConsent>,
    public val screen: ConsentScreen,
) : AutoCloseable {
    private constructor(handle: FfiConsent) : this(Lent(handle), ConsentScreen(handle.screen()))

    /**
     * The same without a credential. If the verifier insists on it, nothing at all is shown. Runs on a background
     * thread, as do the others.
     *
     * @param id the name under which it was asked for
     * @throws AttestaException when nothing would be shown under that name
     */
    public suspend fun without(id: String): Consent = changed { it.without(id) }

    /**
     * The same without a claim of a credential, or what it stands in. If the verifier insists on it, nothing at all is
     * shown.
     *
     * @param id the name under which the credential was asked for
     * @param pointer the claim's JSON pointer, as in [ShownClaim.pointer]
     * @throws AttestaException when it would not be shown, or cannot be hidden by itself
     */
    public suspend fun withoutClaim(id: String, pointer: String): Consent = changed { it.withoutClaim(id, pointer) }

    /**
     * The same with something that is only welcome.
     *
     * @param position its position, one of [ConsentScreen.optional]
     * @throws AttestaException when there is no such position
     */
    public suspend fun withOptional(position: Int): Consent {
        require(position >= 0) { "position must be at least 0, and is $position" }
        return changed { it.withOptional(position.toUInt()) }
    }

    private suspend fun changed(change: (FfiConsent) -> FfiConsent): Consent =
        withContext(Dispatchers.Default) { native { handle.lend { Consent(change(it)) } } }

    /** Frees it. Whoever uses it then, [screen] aside, gets an [IllegalStateException]. */
    override fun close(): Unit = handle.close()

    /** Nothing of what would be shown. */
    override fun toString(): String = "Consent(asker=${screen.asker.id})"

    /** Lays requests over credentials. */
    public companion object {
        /**
         * Lays a request over these credentials. Of those that fit, the one that discloses least is chosen, and either
         * all that is asked for is shown or nothing. Runs on a background thread.
         *
         * @param asker who asks, and for what
         * @param credentials as their issuers gave them
         * @param at the present moment
         * @throws AttestaException when the request asks for a claim that its kind never has, or something else than
         *   credentials is given
         */
        public suspend fun of(asker: Asker, credentials: List<String>, at: At = At.Now): Consent =
            ofBytes(asker, credentials.map(String::encodeToByteArray), at)

        /**
         * Lays a request over credentials that may be bytes, as those of `vc+cose` in their own form. See [of].
         *
         * @param asker who asks, and for what
         * @param credentials as their issuers gave them
         * @param at the present moment
         * @throws AttestaException as [of]
         */
        public suspend fun ofBytes(asker: Asker, credentials: List<ByteArray>, at: At = At.Now): Consent =
            withContext(Dispatchers.Default) {
                native { asker.handle.lend { Consent(FfiConsent(it, credentials, at.toNative())) } }
            }
    }
}
