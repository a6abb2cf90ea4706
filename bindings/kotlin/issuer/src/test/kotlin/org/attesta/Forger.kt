package org.attesta

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.security.MessageDigest
import java.util.Base64

/** One of the first two parts of a compact JWS: 0 is its header, 1 its payload. */
fun part(token: String, position: Int): JsonObject {
    val text = Base64.getUrlDecoder().decode(token.substringBefore('~').split('.')[position])
    return JsonParser.parseString(text.decodeToString()).asJsonObject
}

/** A compact JWS that says what it likes, signed with this key: what a forger makes. */
fun forged(header: JsonObject, payload: JsonObject, key: SoftwareSigner): String {
    val input = listOf(header, payload).joinToString(".") { base64url(it.toString().toByteArray()) }
    return "$input.${base64url(key.sign(input.toByteArray()))}"
}

/** The same token with this key's signature. */
fun resigned(token: String, key: SoftwareSigner): String {
    val input = token.substringBeforeLast('.')
    return "$input.${base64url(key.sign(input.toByteArray()))}"
}

/** This SD-JWT, which ends in `~`, with the key binding of another one that a key signs for it anew. */
fun rebound(bare: String, presented: String, key: SoftwareSigner): String {
    val binding = presented.substringAfterLast('~')
    val payload = part(binding, 1).apply { addProperty("sd_hash", digest(bare)) }
    return bare + forged(part(binding, 0), payload, key)
}

fun digest(text: String): String = base64url(MessageDigest.getInstance("SHA-256").digest(text.toByteArray()))
