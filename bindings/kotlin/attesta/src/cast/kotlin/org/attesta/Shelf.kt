package org.attesta

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList

const val JSON_TYPE = "application/json"

/** A network that a test writes down, and what was asked of it. */
class Shelf : Fetcher {
    private val answers = ConcurrentHashMap<String, suspend () -> FetchAnswer>()
    val asked = CopyOnWriteArrayList<FetchRequest>()

    fun put(url: String, type: String, body: String) = answer(url) { answer(200, type, body) }

    fun answer(url: String, answer: suspend () -> FetchAnswer) {
        answers[url] = answer
    }

    override suspend fun fetch(request: FetchRequest): FetchAnswer {
        asked += request
        return answers[request.url]?.invoke() ?: answer(404, "text/plain", "")
    }
}

fun answer(status: Int, type: String, body: String, url: String? = null) =
    FetchAnswer(status, listOf("Content-Type" to type), body.encodeToByteArray(), url)

/** The document of a did:web with one key, `key-1`. */
fun document(did: String, key: SoftwareSigner) = """{"id":"$did","verificationMethod":[{
    "id":"$did#key-1","type":"Multikey","controller":"$did",
    "publicKeyMultibase":"${Keys.jwkToMultikey(key.publicJwk)}"}],"assertionMethod":["$did#key-1"]}"""
