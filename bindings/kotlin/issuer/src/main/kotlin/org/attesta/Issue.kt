package org.attesta

import org.attesta.ffi.CopiesOptions
import org.attesta.ffi.DocumentOptions
import org.attesta.ffi.IssueOptions
import org.attesta.ffi.ProofOptions

/** A scheme of others, in whose words a credential can be issued. */
public typealias Scheme = org.attesta.ffi.Scheme

/** What an attestation is by European law. */
public typealias LegalCategory = org.attesta.ffi.LegalCategory

/** Which key a certificate is bound to. */
public typealias KeyBoundTo = org.attesta.ffi.KeyBoundTo

/** Under which scheme a credential is issued, as what by law, and bound to which key. */
public typealias SchemeTerms = org.attesta.ffi.SchemeTerms

/** Whom a credential is issued to. */
public sealed interface Holder {
    /**
     * By a DID.
     *
     * @property did the DID, such as `did:key:zDn...`
     */
    public data class Did(val did: String) : Holder

    /**
     * By a public key alone.
     *
     * @property jwk the key as a public JWK
     */
    public data class Key(val jwk: String) : Holder
}

internal fun Holder.toNative(): org.attesta.ffi.Holder = when (this) {
    is Holder.Did -> org.attesta.ffi.Holder.Did(did)
    is Holder.Key -> org.attesta.ffi.Holder.Key(jwk)
}

/**
 * Whom one of several copies is for.
 *
 * @property holder the key that this copy alone is bound to
 * @property status its own slot in a status list: the `credentialStatus` entry, as JSON; for `dc+sd-jwt` the object
 *   under `status`
 */
public data class CopyFor(val holder: Holder, val status: String? = null) {
    internal fun toNative() = org.attesta.ffi.CopyFor(holder.toNative(), status)
}

/**
 * Copies of one credential that nobody can link, and what the issuer remembers of them. The text form shows nothing.
 *
 * @property credentials each copy as it is handed over, in the order in which they were asked for
 * @property record one line of the issuer's register, as JSON: by it all copies are revoked together. It says nothing
 *   of the person. Keep it before a copy is handed over
 */
public class Copies internal constructor(public val credentials: List<String>, public val record: String) {
    /** The number of copies. */
    override fun toString(): String = "Copies(credentials=${credentials.size})"
}

/**
 * Issues a credential of one of the three kinds.
 *
 * @param signer the issuer's key
 * @param holder whom it is issued to; a proof of address must have a holder
 * @param issuer in whose name; that of the signer's did:key otherwise
 * @param format how it is secured
 * @param validFrom the first day on which it is valid, such as 2026-03-31; today (UTC) otherwise
 * @param validDays for how many days it is valid; what has no status counts for 7 at most
 * @param status the `credentialStatus` entry, as JSON; for `dc+sd-jwt` the object under `status`
 * @param scheme the scheme of others under which it is issued; the kind's own type and words otherwise
 * @param mandatory JSON pointers into the document to what is always shown, beside what every verifier needs; only
 *   as `ecdsa-sd-2023`
 * @return a token, or a JSON document; of `vc+cose`, whose own form is bytes, see [Attesta.bytesOf]
 * @throws AttestaException when the claims are not of their kind, an option has the wrong form, or nothing is
 *   signed
 */
public suspend fun Attesta.issue(
    claims: Claims,
    signer: Signer,
    holder: Holder? = null,
    issuer: Identity? = null,
    format: CredentialFormat = CredentialFormat.JWT,
    validFrom: String? = null,
    validDays: Int = 7,
    status: String? = null,
    scheme: SchemeTerms? = null,
    mandatory: List<String> = emptyList(),
): String {
    val days = days(validDays)
    val options =
        IssueOptions(holder?.toNative(), issuer?.toNative(), format, validFrom, days, status, scheme, mandatory)
    return Attesta.signing { nativeWith(signer) { org.attesta.ffi.issue(claims.toNative(), options, it) } }
}

/**
 * Issues any credential of VC Data Model 2.0. Its own members stay; `id`, `issuer` and `validFrom` (today) are
 * added where they are absent.
 *
 * @param document the credential, as JSON
 * @param signer the issuer's key
 * @param holder whom it is issued to
 * @param issuer in whose name, as for [issue]
 * @param format how it is secured
 * @param mandatory JSON pointers to what is always shown, as for [issue]
 * @param contexts those that the document names and the library does not have; what no context defines is not
 *   signed but refused
 * @return a token, or a JSON document
 * @throws AttestaException when the document breaks the data model, an option has the wrong form, or nothing is
 *   signed
 */
public suspend fun Attesta.issueDocument(
    document: String,
    signer: Signer,
    holder: Holder? = null,
    issuer: Identity? = null,
    format: CredentialFormat = CredentialFormat.JWT,
    mandatory: List<String> = emptyList(),
    contexts: List<GivenContext> = emptyList(),
): String {
    val given = contexts.map(GivenContext::toNative)
    val options = DocumentOptions(holder?.toNative(), issuer?.toNative(), format, mandatory, given)
    return Attesta.signing { nativeWith(signer) { org.attesta.ffi.issueDocument(document, options, it) } }
}

/**
 * Adds a proof to a document with a Data Integrity proof, or to one that has none yet: another party's, or the
 * issuer's own that builds on others'. Whether those that are there hold is not asked. The issuer's proof decides,
 * with those that it builds on; any other is reported and changes nothing.
 *
 * @param document the document, as JSON
 * @param signer the key of whoever adds it
 * @param format the way of signing; the suite is then that of the signer's key
 * @param signedBy in whose name; that of the signer's did:key otherwise
 * @param id a URL by which later proofs can name this one, such as a fresh `urn:uuid`
 * @param previous the ids of the proofs that this one builds on: it fails where one of them is taken away or does
 *   not hold
 * @param contexts those that the document names and the library does not have
 * @param at the present moment
 * @throws AttestaException when the format has no place for another proof, the text is no document, it has too many
 *   proofs, [previous] names none of them, or nothing is signed
 */
public suspend fun Attesta.addProof(
    document: String,
    signer: Signer,
    format: CredentialFormat,
    signedBy: Identity? = null,
    id: String? = null,
    previous: List<String> = emptyList(),
    contexts: List<GivenContext> = emptyList(),
    at: At = At.Now,
): String {
    val given = contexts.map(GivenContext::toNative)
    val options = ProofOptions(format, signedBy?.toNative(), id, previous, given)
    return Attesta.signing { nativeWith(signer) { org.attesta.ffi.addProof(document, options, at.toNative(), it) } }
}

/**
 * Issues one credential many times over to one person, each copy to a key of its own, so that those who were shown
 * different copies cannot tell that they are the same.
 *
 * @param copies whom each copy is for
 * @param signer the issuer's key
 * @param issuer in whose name, as for [issue]
 * @param format how they are secured
 * @param validFrom the first day on which they are valid; today (UTC) otherwise
 * @param validDays for how many days they are valid; what has no status counts for 7 at most
 * @throws AttestaException when two copies could be linked, as by a key or slot that stands twice; and as [issue]
 */
public suspend fun Attesta.issueCopies(
    claims: Claims,
    copies: List<CopyFor>,
    signer: Signer,
    issuer: Identity? = null,
    format: CredentialFormat = CredentialFormat.SD_JWT_VC,
    validFrom: String? = null,
    validDays: Int = 7,
): Copies {
    val options = CopiesOptions(issuer?.toNative(), format, validFrom, days(validDays))
    val recipients = copies.map(CopyFor::toNative)
    return Attesta.signing {
        nativeWith(signer) { org.attesta.ffi.issueCopies(claims.toNative(), recipients, options, it) }
    }.run { Copies(credentials, recordJson) }
}

private fun days(number: Int): UInt {
    require(number > 0) { "validDays must be at least 1, and is $number" }
    return number.toUInt()
}
