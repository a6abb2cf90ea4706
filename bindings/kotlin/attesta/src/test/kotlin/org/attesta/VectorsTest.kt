package org.attesta

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import com.google.gson.JsonPrimitive
import java.io.File
import kotlin.time.Instant
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** The project's own vectors, as they are, with reports equal field by field. */
class VectorsTest {
    private val root = File(System.getProperty("attesta.vectors"))
    private val files = root.walk()
        .filter { it.extension == "json" && it.parentFile.name in setOf("valid", "invalid") }
        .sorted()
        .toList()

    @TestFactory
    fun `every vector has the report that its file holds`(): List<DynamicTest> = files.map { file ->
        dynamicTest(file.relativeTo(root).path) {
            val vector = read(file)
            assertEquals(emptyList<String>(), differences(vector["report"], judge(vector)), file.path)
            check(vector.has("presented") != vector.has("presentedBase64url")) { "a vector has one of the two" }
            val isValid = vector["report"].asJsonObject["outcome"].asString == "valid"
            assertEquals(isValid, file.parentFile.name == "valid", file.path)
        }
    }

    @Test
    fun `what is fetched decides as what is at hand`() = runBlocking<Unit> {
        val names = listOf(
            "licence/valid/not-revoked", "licence/invalid/revoked", "licence/invalid/suspended",
            "other/valid/replaced-key-within-the-days-that-the-policy-gives", "other/invalid/replaced-key",
            "other/invalid/log-cut-off", "other/valid/log-with-its-witnesses",
            "other/valid/stolen-key-but-confirmed", "other/invalid/backdated-by-a-stolen-key",
        )
        for (name in names) {
            val vector = read(File(root, "vc-jwt/$name.json"))
            val shelf = Shelf()
            vector["materials"].asJsonArray.map(::material).forEach { publish(shelf, it) }
            val at = moment(vector["at"].asJsonObject)
            Verifier(policy(vector), vector["trust"].asJsonArray.map(JsonElement::toString)).use { plain ->
                val desk = vector["seen"]?.let { plain.remembering(it.toString()) } ?: plain
                val online = Network(shelf).use {
                    desk.verifyOnline(vector["presented"].asString, it, expected(vector["expected"]), at)
                }
                val found = JsonParser.parseString(online.report.toJson())
                assertEquals(codes(vector["report"]), codes(found), name)
                assertEquals(vector["report"].asJsonObject["outcome"], found.asJsonObject["outcome"], name)
                assertTrue(online.steps.isNotEmpty() && online.steps.all { it.outcome == "fetched" }, "${online.steps}")
            }
        }
    }

    private fun codes(report: JsonElement) = report.asJsonObject["credentials"].asJsonArray
        .flatMap { it.asJsonObject["checks"].asJsonArray }.map { it.asJsonObject["code"].asString }

    private fun publish(shelf: Shelf, material: Material) {
        val host = material.url.substringAfterLast(':')
        val (url, type) = when (material.type) {
            ResourceType.LOG -> "https://$host/.well-known/did.jsonl" to "text/jsonl"
            ResourceType.LOG_WITNESSES -> "https://$host/.well-known/did-witness.json" to JSON_TYPE
            else -> material.url to "application/jwt"
        }
        shelf.put(url, type, material.bytes.decodeToString())
    }

    @Test
    fun `there are vectors of every format, of each some that must be refused`() {
        val folders = CredentialFormat.entries.map(::folder)
        val there = root.list().orEmpty().filter { File(root, it).isDirectory }
        assertEquals((folders + "any").sorted(), there.sorted())
        for (folder in folders) {
            val (valid, invalid) = files.filter { it.startsWith(File(root, folder)) }
                .partition { it.parentFile.name == "valid" }
            assertTrue(valid.isNotEmpty() && invalid.isNotEmpty(), folder)
        }
    }

    private fun folder(format: CredentialFormat) = when (format) {
        CredentialFormat.JWT -> "vc-jwt"
        CredentialFormat.SD_JWT -> "vc-sd-jwt"
        CredentialFormat.SD_JWT_VC -> "dc-sd-jwt"
        CredentialFormat.COSE -> "vc-cose"
        CredentialFormat.EDDSA_JCS2022 -> "eddsa-jcs-2022"
        CredentialFormat.ECDSA_JCS2019 -> "ecdsa-jcs-2019"
        CredentialFormat.EDDSA_RDFC2022 -> "eddsa-rdfc-2022"
        CredentialFormat.ECDSA_RDFC2019 -> "ecdsa-rdfc-2019"
        CredentialFormat.ECDSA_SD2023 -> "ecdsa-sd-2023"
    }

    @Test
    fun `there are vectors, and at least as many that must be refused as accepted`() {
        val (valid, invalid) = files.partition { it.parentFile.name == "valid" }
        assertTrue(valid.size >= 10 && invalid.size >= valid.size, "${valid.size} valid, ${invalid.size} invalid")
    }

    @Test
    fun `a turned expectation is noticed, wherever it stands`() {
        val vector = read(files.first { it.parentFile.name == "valid" })
        val report = judge(vector)
        var turned = 0
        fun turn(at: JsonElement, put: (JsonElement) -> Unit) {
            when {
                at.isJsonObject -> at.asJsonObject.asMap().toList().forEach { (name, value) ->
                    turn(value) { at.asJsonObject.add(name, it) }
                    at.asJsonObject.remove(name)
                    assertEquals(1, differences(vector["report"], report).size)
                    at.asJsonObject.add(name, value)
                }
                at.isJsonArray -> at.asJsonArray.toList().forEachIndexed { index, value ->
                    turn(value) { at.asJsonArray.set(index, it) }
                }
                else -> {
                    put(JsonPrimitive("turned"))
                    assertEquals(1, differences(vector["report"], report).size)
                    put(at)
                    turned += 1
                }
            }
        }
        turn(vector["report"]) {}
        assertTrue(turned > 50, "only $turned places")
        assertEquals(emptyList<String>(), differences(vector["report"], report))
        vector["report"].asJsonObject["credentials"].asJsonArray.add(JsonObject())
        assertEquals(1, differences(vector["report"], report).size)
    }

    private fun read(file: File): JsonObject {
        val vector = JsonParser.parseString(file.readText()).asJsonObject
        val unknown = vector.keySet() - MEMBERS
        check(unknown.isEmpty()) { "members that this runner does not know: $unknown" }
        return vector
    }

    private fun judge(vector: JsonObject): JsonElement = runBlocking {
        val presented = vector["presented"]?.asString?.encodeToByteArray()
            ?: java.util.Base64.getUrlDecoder().decode(vector["presentedBase64url"].asString)
        val trust = vector["trust"].asJsonArray.map(JsonElement::toString)
        Verifier(policy(vector), trust, vector["materials"].asJsonArray.map(::material)).use { plain ->
            val verifier = vector["seen"]?.let { plain.remembering(it.toString()) } ?: plain
            verifier.verify(presented, expected(vector["expected"]), moment(vector["at"].asJsonObject)).use {
                JsonParser.parseString(it.toJson())
            }
        }
    }

    private fun policy(vector: JsonObject) = vector["policy"].let { policy ->
        if (policy.isJsonObject) Policy.Json(policy.toString()) else Policy.Named(preset(policy.asString))
    }

    private fun preset(name: String) = Preset.valueOf(constant(name))

    private fun constant(name: String) = name.uppercase().replace('-', '_')

    private fun moment(at: JsonObject): At {
        val (name, time) = at.entrySet().single()
        return when (name) {
            "now" -> At.NowIs(Instant.parse(time.asString))
            "asOf" -> At.AsOf(Instant.parse(time.asString))
            else -> error("a moment that this runner does not know: $name")
        }
    }

    private fun expected(asked: JsonElement?): Expected {
        val members = asked?.asJsonObject ?: return Expected.Nothing
        check(members.keySet() - "query" == setOf("audience", "nonce")) { "other members: ${members.keySet()}" }
        val request = PresentationRequest(members["audience"].asString, members["nonce"].asString)
        return members["query"]?.let { Expected.AnswerToQuery(request, it.toString()) } ?: Expected.Answer(request)
    }

    private fun material(material: JsonElement): Material = material.asJsonObject.run {
        val unknown = keySet() - setOf("type", "resource", "document", "text", "obtained", "source")
        check(unknown.isEmpty()) { "members that this runner does not know: $unknown" }
        check(has("document") != has("text")) { "a material has either document or text" }
        val source = get("source").let { source ->
            when {
                source.isJsonObject -> MaterialSource.Asserted(source.asJsonObject["assertedBy"].asString)
                else -> MaterialSource.Fetched.also { check(source.asString == "fetched") { "source $source" } }
            }
        }
        val bytes = (get("text")?.asString ?: get("document").toString()).encodeToByteArray()
        val type = get("type")?.asString ?: "document"
        val obtained = Instant.parse(get("obtained").asString)
        Material(ResourceType.valueOf(constant(type)), get("resource").asString, bytes, obtained, source)
    }

    /** Where two documents differ, as JSON pointers. */
    private fun differences(expected: JsonElement?, found: JsonElement?, at: String = ""): List<String> = when {
        expected is JsonObject && found is JsonObject -> (expected.keySet() + found.keySet()).flatMap {
            differences(expected[it], found[it], "$at/$it")
        }
        expected is JsonArray && found is JsonArray && expected.size() == found.size() ->
            expected.indices().flatMap { differences(expected[it], found[it], "$at/$it") }
        expected == found -> emptyList()
        else -> listOf("$at: expected $expected, found $found")
    }

    private fun JsonArray.indices() = 0 until size()

    private companion object {
        val MEMBERS = setOf(
            "description", "at", "expected", "policy", "trust", "materials", "seen", "presented",
            "presentedBase64url", "report",
        )
    }
}
