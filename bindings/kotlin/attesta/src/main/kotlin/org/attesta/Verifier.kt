package org.attesta

import kotlin.time.Instant
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.attesta.ffi.AcceptedCredential as FfiAcceptedCredential
import org.attesta.ffi.Report as FfiReport
import org.attesta.ffi.Verifier as FfiVerifier
import org.attesta.ffi.rememberSeen

/**
 * Decides about credentials and presentations: a policy, the issuers that it trusts, and what they publish.
 *
 * Make one and keep it: policy, lists and materials are read once. It never changes, and many threads may use it at
 * once. Nothing is fetched but by [verifyOnline]. Closing frees its memory at once; one that is never closed is freed
 * some time after nothing refers to it any more.
 */
public class Verifier private constructor(private val handle: FfiVerifier) : AutoCloseable {
    /**
     * @param policy what is demanded
     * @param trustLists trust lists (JSON); where two name one issuer, the first decides
     * @param materials issuers' key documents and metadata, and those of types
     * @throws AttestaException when the policy, a trust list or a piece of material cannot be read
     */
    public constructor(policy: Policy, trustLists: List<String>, materials: List<Material> = emptyList()) :
        this(native { FfiVerifier(policy.toNative(), trustLists, materials.map(Material::toNative)) })

    /**
     * @param preset what is demanded
     * @param trustLists trust lists (JSON); where two name one issuer, the first decides
     * @param materials issuers' key documents and metadata, and those of types
     * @throws AttestaException when a trust list or a piece of material cannot be read
     */
    public constructor(preset: Preset, trustLists: List<String>, materials: List<Material> = emptyList()) :
        this(Policy.Named(preset), trustLists, materials)

    /**
     * A second verifier with more materials, such as those that [Report.missing] named.
     *
     * @throws AttestaException when a piece of material cannot be read
     */
    public fun withMaterials(materials: List<Material>): Verifier =
        Verifier(native { handle.withMaterials(materials.map(Material::toNative)) })

    /**
     * This verifier, knowing what was seen before: what is older fails `material.rollback`.
     *
     * @param seen what [Report.remembering] gave
     * @throws AttestaException when it cannot be read
     */
    public fun remembering(seen: String): Verifier = Verifier(native { handle.remembering(seen) })

    /**
     * Decides, and says why. Whatever the bytes are, the answer is a report; only [Report.outcome] says whether to rely
     * on them. Runs on a background thread.
     *
     * @param presented a credential or a presentation, as it was handed over
     * @param expected what was asked for
     * @param at the moment that is judged
     * @throws AttestaException when the moment is out of the calendar, or what is expected cannot be read
     */
    public suspend fun verify(
        presented: ByteArray,
        expected: Expected = Expected.Nothing,
        at: At = At.Now,
    ): Report = withContext(Dispatchers.Default) {
        Report(native { handle.verify(presented, expected.toNative(), at.toNative()) })
    }

    /**
     * Decides about a text. See the other [verify].
     *
     * @param presented a credential or a presentation, as it was handed over
     * @param expected what was asked for
     * @param at the moment that is judged
     * @throws AttestaException when the moment is out of the calendar, or what is expected cannot be read
     */
    public suspend fun verify(presented: String, expected: Expected = Expected.Nothing, at: At = At.Now): Report =
        verify(presented.encodeToByteArray(), expected, at)

    /**
     * Decides about an answer to a request that asks for nothing by name.
     *
     * @param presented a presentation, as it was handed over
     * @param request the request, as this verifier kept it
     * @param at the moment that is judged
     * @throws AttestaException when the moment is out of the calendar
     */
    public suspend fun verify(presented: String, request: PresentationRequest, at: At = At.Now): Report =
        verify(presented, Expected.Answer(request), at)

    /**
     * Decides about an answer to a request of this verifier's own: whether all came that it asked for.
     *
     * @param answer [Answer.json], as it was handed over or posted
     * @param request the request, as this verifier kept it, never as it came back
     * @param at the moment that is judged
     * @throws AttestaException when the moment is out of the calendar
     */
    public suspend fun verify(answer: String, request: SignedRequest, at: At = At.Now): Report =
        verify(answer, Expected.AnswerToRequest(request.text), at)

    /**
     * Decides, and fetches what is missing, within fixed bounds of time and size. Nothing is fetched for a document
     * that is not by an issuer whom this verifier trusts. Runs on background threads; cancelling ends what is being fetched.
     *
     * @param presented a credential or a presentation, as it was handed over
     * @param network who fetches
     * @param expected what was asked for
     * @param at the moment that is judged
     * @throws AttestaException when the moment is out of the calendar, or what is expected cannot be read. What cannot
     *   be fetched is no exception: the report says what is open
     */
    public suspend fun verifyOnline(
        presented: String,
        network: Network,
        expected: Expected = Expected.Nothing,
        at: At = At.Now,
    ): OnlineReport = verifyOnline(presented.encodeToByteArray(), network, expected, at)

    /**
     * Decides about bytes, such as those of `vc+cose`. See the other [verifyOnline].
     *
     * @param presented a credential or a presentation, as it was handed over
     * @param network who fetches
     * @param expected what was asked for
     * @param at the moment that is judged
     * @throws AttestaException as the other
     */
    public suspend fun verifyOnline(
        presented: ByteArray,
        network: Network,
        expected: Expected = Expected.Nothing,
        at: At = At.Now,
    ): OnlineReport {
        val (answer, thrown) = network.online { fetcher, cache ->
            native { handle.verifyOnline(presented, expected.toNative(), at.toNative(), fetcher, cache) }
        }
        return OnlineReport(Report(answer.report), answer.steps, thrown)
    }

    /** Frees it. What it decided stays. Whoever uses it then gets an [IllegalStateException]. */
    override fun close(): Unit = handle.close()
}

/**
 * The whole answer of a [Verifier]. It decides nothing until its [outcome] is looked at.
 *
 * Closing frees its memory at once; one that is never closed is freed some time after nothing refers to it any more.
 */
public class Report internal constructor(private val handle: FfiReport) : AutoCloseable {
    /** The decision over the presentation and all its credentials. */
    public val outcome: Outcome = native { handle.outcome() }

    /** The finding that stands in the way: a failure if there is one, else what is open. Null when valid. */
    public val reason: Check? by lazy { native { handle.reason() } }

    /** The credentials and their claims, if the outcome is valid; nothing otherwise. */
    public val accepted: List<AcceptedCredential> by lazy { native { handle.accepted() }.map(::AcceptedCredential) }

    /**
     * What undetermined credentials say, for a person who will decide by other means. Empty unless the outcome is
     * undetermined and the document is signed by whom it names.
     */
    public val unconfirmed: List<UnconfirmedCredential> by lazy { native { handle.unconfirmed() } }

    /** Each credential and what was found about it, in the order of the presentation. Without claims. */
    public val credentials: List<CredentialReport> by lazy { native { handle.credentials() } }

    /**
     * Each presentation around credentials, in the order of the answer. None for what was handed over without one, and
     * for an SD-JWT, whose holder signs a part of the credential itself.
     */
    public val presentations: List<PresentationReport> by lazy { native { handle.presentations() } }

    /** What the app may fetch to decide what is open, for [Verifier.withMaterials]. */
    public val missing: List<MissingResource> by lazy { native { handle.missing() } }

    /** The names of the checks that the policy in force does not require. */
    public val relaxed: List<String> by lazy { native { handle.relaxed() } }

    /** The whole report as JSON, as the command line prints it: with claims, if the outcome is valid. */
    public fun toJson(): String = native { handle.toJson() }

    /**
     * What the app keeps of what was seen, as JSON: what it kept until now, and with it what this report rests on.
     *
     * @param kept what an earlier report gave; null the first time
     * @throws AttestaException when it cannot be read
     */
    public fun remembering(kept: String? = null): String = native { rememberSeen(kept, handle) }

    /** Frees it. What was read from it stays; whoever reads more gets an [IllegalStateException]. */
    override fun close(): Unit = handle.close()

    /** The outcome alone. */
    override fun toString(): String = "Report(outcome=$outcome)"
}

/**
 * A credential that may be relied on. Its text form shows nothing of the person.
 *
 * @property issuer the issuer
 * @property issuerName the name that the verifier's own trust list gives the issuer
 * @property kind the kind, if it is one of the three
 * @property claims the typed claims, if it is one of the three kinds
 * @property subject what it says of its subject, as JSON: `credentialSubject` as it stands in the document; of a
 *   `dc+sd-jwt` its claims without the registered ones. What the holder did not disclose is not there
 * @property validFrom valid from that moment on
 * @property validUntil valid until that moment, itself excluded
 */
public class AcceptedCredential internal constructor(
    public val issuer: String,
    public val issuerName: String?,
    public val kind: Kind?,
    public val claims: Claims?,
    public val subject: String,
    public val validFrom: Instant?,
    public val validUntil: Instant?,
) {
    internal constructor(accepted: FfiAcceptedCredential) : this(
        accepted.issuer,
        accepted.issuerName,
        accepted.kind,
        accepted.claims?.toPublic(),
        accepted.subjectJson,
        accepted.validFrom?.let(Instant::fromEpochSeconds),
        accepted.validUntil?.let(Instant::fromEpochSeconds),
    )

    /** Issuer and kind, without claims. */
    override fun toString(): String = "AcceptedCredential(issuer=$issuer, kind=$kind)"
}
