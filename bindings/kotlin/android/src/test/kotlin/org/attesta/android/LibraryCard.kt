package org.attesta.android

import java.time.Instant
import java.time.temporal.ChronoUnit
import java.util.Base64
import org.attesta.SoftwareSigner

/** A credential that somebody else's app issued, as a token: phones' own library issues none. */
fun libraryCard(library: SoftwareSigner, holder: String): String {
    val today = Instant.now().truncatedTo(ChronoUnit.DAYS)
    val (did, name) = library.didKey to library.didKey.removePrefix("did:key:")
    val header = """{"alg":"Ed25519","cty":"vc","kid":"$did#$name","typ":"vc+jwt"}"""
    val payload = """{"@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"],
        "type":["VerifiableCredential","LibraryCard"],"issuer":"$did","validFrom":"$today",
        "validUntil":"${today.plus(7, ChronoUnit.DAYS)}","credentialSubject":{"id":"$holder"}}"""
    val input = "${base64url(header.toByteArray())}.${base64url(payload.toByteArray())}"
    return "$input.${base64url(library.sign(input.toByteArray()))}"
}

/** A list by which this library's cards count. */
fun trusting(library: SoftwareSigner) = """{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z",
    "entries":[{"id":"${library.didKey}","name":{"en":"Library"},"issues":["LibraryCard"]}]}"""

private fun base64url(bytes: ByteArray) = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
