package org.attesta

import kotlin.time.Instant
import org.attesta.ffi.Answer as FfiAnswer
import org.attesta.ffi.AskerDescription as FfiAskerDescription
import org.attesta.ffi.ConsentScreen as FfiConsentScreen
import org.attesta.ffi.ShownClaim as FfiShownClaim
import org.attesta.ffi.ShownCredential as FfiShownCredential

/** Something that was asked for and would not be shown, and why: code, message and hint. */
public typealias UnansweredCredential = org.attesta.ffi.UnansweredCredential

/** What the holder should know before they agree: its type, the credential's name, and a text for a screen. */
public typealias Warning = org.attesta.ffi.Warning

/** What a [Warning] is about. */
public typealias WarningType = org.attesta.ffi.WarningType

/**
 * Who asks.
 *
 * @property isKnown whether who asks was authenticated, stands in the holder's trust list, and may ask for this
 * @property name the name in the holder's own trust list, never what a request or a certificate says. Of whoever is
 *   known by a certificate, that of the authority that answers for them
 * @property subject the subject of the certificate by which whoever asks is known, as RFC 4514 writes it:
 *   `CN=bank.example,O=Harbour Bank`. Null for all others
 * @property id the client identifier: the audience of the answer. Of somebody who is not known, their own word
 * @property inWords who asks, in a sentence for a screen
 * @property responseUri where the answer goes by POST; null if it is handed over by hand
 * @property expires until when the request may be answered, that moment excluded
 */
@ConsistentCopyVisibility
public data class AskerDescription internal constructor(
    public val isKnown: Boolean,
    public val name: String?,
    public val subject: String?,
    public val id: String,
    public val inWords: String,
    public val responseUri: String?,
    public val expires: Instant?,
) {
    internal constructor(asker: FfiAskerDescription) : this(
        asker.isKnown,
        asker.name,
        asker.subject,
        asker.id,
        asker.inWords,
        asker.responseUri,
        asker.expires?.let(Instant::fromEpochSeconds),
    )
}

/**
 * A claim that would be shown. Its text form shows nothing of it.
 *
 * @property pointer its JSON pointer into the credential with all that it hides
 */
@ConsistentCopyVisibility
public data class ShownClaim internal constructor(public val pointer: String, private val json: String) {
    internal constructor(claim: FfiShownClaim) : this(claim.pointer, claim.valueJson)

    /** What it says, as JSON. It is personal: for the holder's screen, and for no log. */
    public fun value(): String = json

    /** Neither place nor value. */
    override fun toString(): String = "ShownClaim(..)"
}

/**
 * A credential that would be shown, and exactly what of it. Its text form shows nothing of the person.
 *
 * @property id the name under which it was asked for
 * @property position its position among the credentials that were given
 * @property kind its kind, if it is one of the three
 * @property types its types, which are always shown
 * @property issuer its issuer, who is always shown
 * @property validFrom from when on it is valid, which is always shown
 * @property validUntil until when it is valid, itself excluded, which is always shown
 * @property claims every claim that whoever asks would come to know
 * @property showsMore whether more is shown than was asked for
 * @property isBound whether it is bound to its holder's key
 * @property holderKeys the keys with one of which it is presented, as public JWKs: for these the answer needs a signer
 */
@ConsistentCopyVisibility
public data class ShownCredential internal constructor(
    public val id: String,
    public val position: Int,
    public val kind: Kind?,
    public val types: List<String>,
    public val issuer: String,
    public val validFrom: Instant?,
    public val validUntil: Instant?,
    public val claims: List<ShownClaim>,
    public val showsMore: Boolean,
    public val isBound: Boolean,
    public val holderKeys: List<String>,
) {
    internal constructor(shown: FfiShownCredential) : this(
        shown.id,
        shown.position.toInt(),
        shown.kind,
        shown.types,
        shown.issuer,
        shown.validFrom?.let(Instant::fromEpochSeconds),
        shown.validUntil?.let(Instant::fromEpochSeconds),
        shown.claims.map(::ShownClaim),
        shown.showsMore,
        shown.isBound,
        shown.holderKeys,
    )

    /** The name under which it was asked for, and its kind. */
    override fun toString(): String = "ShownCredential(id=$id, kind=$kind)"
}

/**
 * All that a screen needs to ask the holder. Its text form shows nothing of the person.
 *
 * @property asker who asks
 * @property shown what would be shown. Empty: nothing is, and there is nothing to agree to
 * @property unanswered what was asked for and would not be shown, and why
 * @property warnings what the holder should know
 * @property optional positions of what would be welcome and is not needed, for [Consent.withOptional]
 */
@ConsistentCopyVisibility
public data class ConsentScreen internal constructor(
    public val asker: AskerDescription,
    public val shown: List<ShownCredential>,
    public val unanswered: List<UnansweredCredential>,
    public val warnings: List<Warning>,
    public val optional: List<Int>,
) {
    internal constructor(screen: FfiConsentScreen) : this(
        AskerDescription(screen.asker),
        screen.shown.map(::ShownCredential),
        screen.unanswered,
        screen.warnings,
        screen.optional.map(UInt::toInt),
    )

    /** Who asks, and how much would be shown. */
    override fun toString(): String = "ConsentScreen(asker=${asker.id}, shown=${shown.size})"
}

/**
 * An answer, ready to be sent. It holds personal data; its text form does not.
 *
 * @property json `vp_token` and `state` as one JSON object, to be handed over by hand
 * @property form the same as the body of a POST, `application/x-www-form-urlencoded`
 * @property responseUri where it goes by POST; null if it is handed over by hand
 * @property state `state`, as the request had it
 */
public class Answer internal constructor(
    public val json: String,
    public val form: String,
    public val responseUri: String?,
    public val state: String?,
) {
    internal constructor(answer: FfiAnswer) : this(answer.json, answer.form, answer.responseUri, answer.state)

    /** Where it goes. */
    override fun toString(): String = "Answer(responseUri=$responseUri)"
}
