package org.attesta

import java.util.TreeMap
import kotlin.time.Clock
import kotlin.time.Duration.Companion.days
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

private const val LOG_URL = "https://ngo.example/.well-known/did.jsonl"
private const val LIST = "https://ngo.example/status/1"
private val TODAY = Clock.System.now()

private fun on(day: Int) = At.NowIs(TODAY + day.days)

/** An issuer that lasts: its keys change, and it takes back what it said. */
class LastingTest {
    private val shelf = Shelf()
    private val update = SoftwareSigner.generate(Algorithm.ED25519)
    private val next = SoftwareSigner.generate(Algorithm.ED25519)
    private val last = SoftwareSigner.generate(Algorithm.ED25519)
    private val phone = HardwareKey()
    private val phoneName = Keys.jwkToMultikey(phone.describe().publicJwk())

    private fun began(): DidFiles = runBlocking {
        val change = DidChange(addKeys = listOf(phone.describe().publicJwk()), nextKeys = listOf(next.publicJwk))
        DidWebvh.create("ngo.example", update, change, on(-3)).files!!
    }

    private fun judged(desk: Verifier, shown: String, day: Int): OnlineReport =
        runBlocking { Network(shelf).use { desk.verifyOnline(shown, it, at = on(day)) } }

    private fun licence(issuer: String): String = runBlocking {
        Attesta.issue(
            Claims.example(Kind.LICENCE), phone, Holder.Did(next.didKey), Identity.Did(issuer),
            validFrom = (TODAY - 2.days).toString().take(10),
        )
    }

    @Test
    fun `a phone's key issues, a key in a safe takes over, and the DID ends`() = runBlocking {
        val first = began()
        val shown = licence("${first.did}#$phoneName")
        val within = """{"type":"Policy","version":1,"rotatedKeys":{"within":"30d"}}"""
        val strict = Verifier(Preset.DEFAULT, listOf(trustList(first.did)))
        val lenient = Verifier(Policy.Json(within), listOf(trustList(first.did)))
        shelf.put(LOG_URL, "text/jsonl", first.log)
        assertOutcome(Outcome.VALID, judged(strict, shown, -1).report)

        val rotation = { key: SoftwareSigner ->
            DidChange(
                addKeys = listOf(last.publicJwk), removeKeys = listOf(phoneName),
                updateKeys = listOf(key.publicJwk), nextKeys = listOf(last.publicJwk),
            )
        }
        assertTrue(refusal { DidWebvh.update(first, rotation(update), update, on(0)) }.startsWith("webvh."))
        val second = DidWebvh.update(first, rotation(next), next, on(0)).files!!
        shelf.put(LOG_URL, "text/jsonl", second.log)
        assertEquals("key.validity.rotated-out", judged(strict, shown, 0).report.reason?.code)
        val stands = judged(lenient, shown, 0)
        assertOutcome(Outcome.VALID, stands.report)

        // Whoever saw the rotation takes no log without it.
        val seen = stands.report.remembering()
        shelf.put(LOG_URL, "text/jsonl", first.log)
        val cut = judged(lenient.remembering(seen), shown, 0).report
        assertEquals("material.rollback.shorter-log", cut.reason?.code)

        // Offline, by the same log as material.
        val log = Material(
            ResourceType.LOG, first.did, second.log.encodeToByteArray(), TODAY, MaterialSource.Fetched,
        )
        assertOutcome(Outcome.VALID, lenient.withMaterials(listOf(log)).verify(shown, at = on(0)))

        // With a checkpoint the rest alone is loaded.
        val kept = DidWebvh.read(first.did, first.log.encodeToByteArray(), at = on(1))
        val rest = second.log.encodeToByteArray().drop(kept.readBytes.toInt()).toByteArray()
        val resumed = DidWebvh.read(first.did, rest, checkpoint = kept.checkpointJson, at = on(1))
        assertEquals(DidWebvh.read(first.did, second.log.encodeToByteArray(), at = on(1)), resumed)
        assertTrue(
            refusal { DidWebvh.read(first.did, byteArrayOf(1) + rest, checkpoint = kept.checkpointJson, at = on(1)) }
                .isNotBlank(),
        )

        // As material, a checkpoint of one's own stands for what came before it; anybody else's does not.
        val checkpoint = "${kept.checkpointJson}\n".encodeToByteArray() + rest
        fun knowing(source: MaterialSource) =
            lenient.withMaterials(listOf(Material(ResourceType.LOG, first.did, checkpoint, TODAY, source)))
        assertOutcome(Outcome.VALID, knowing(MaterialSource.Own).verify(shown, at = on(0)))
        val told = MaterialSource.Asserted("did:web:somebody.example")
        assertOutcome(Outcome.UNDETERMINED, knowing(told).verify(shown, at = on(0)))
        assertEquals("material.checkpoint-of-nobody", refusal { knowing(MaterialSource.Fetched) })

        val ended = DidWebvh.update(second, DidChange(deactivate = true), last, on(2)).files!!
        assertNull(DidWebvh.read(ended.did, ended.log.encodeToByteArray(), at = on(3)).documentJson)
        shelf.put(LOG_URL, "text/jsonl", ended.log)
        Network(shelf).use { network ->
            assertTrue("\"deactivated\":true" in network.resolve(ended.did, at = on(3)).json)
            val versions = listOf(1L, 2L).map { network.resolve(ended.did, versionNumber = it, at = on(3)).json }
            assertTrue(phoneName in versions[0] && phoneName !in versions[1])
            val then = network.resolve(ended.did, versionTime = TODAY - 1.days, at = on(3)).json
            assertTrue(phoneName in then, then)
            assertTrue("error" in network.resolve(ended.did, versionNumber = 9, at = on(3)).json)
        }
    }

    @Test
    fun `a key in a phone's hardware cannot change a DID`() = runBlocking {
        val jwk = phone.describe().publicJwk()
        assertNotEquals("", refusal { DidWebvh.create("ngo.example", phone, DidChange()) })
        assertNotEquals("", refusal { DidWebvh.create("ngo.example", update, DidChange(updateKeys = listOf(jwk))) })
        assertNotEquals("", refusal { DidWebvh.create("10.0.0.1", update, DidChange()) })
    }

    @Test
    fun `an entry waits until its witness has agreed`() = runBlocking {
        val first = began()
        val change = DidChange(
            updateKeys = listOf(next.publicJwk), nextKeys = listOf(last.publicJwk),
            witnesses = Witnesses(1u, listOf(update.publicJwk)),
        )
        val entry = DidWebvh.update(first, change, next, on(0))
        assertNull(entry.files)
        suspend fun agreed(key: SoftwareSigner) = DidWebvh.witness(entry.did, first, entry.entry, key, on(0))
        assertEquals("webvh.not-a-witness", refusal { agreed(last) })
        assertNotEquals("", refusal { DidWebvh.finish(entry.did, first, entry.entry, emptyList(), on(0)) })
        val files = DidWebvh.finish(entry.did, first, entry.entry, listOf(agreed(update)), on(0))
        val witnesses = files.witnesses!!.encodeToByteArray()
        assertEquals(entry.versionId, DidWebvh.read(files.did, files.log.encodeToByteArray(), witnesses).versionId)
        assertNotEquals("", refusal { DidWebvh.read(files.did, files.log.encodeToByteArray()) })
    }

    /** An app's database, which fails when it is told to. */
    private class Database : RegisterStore {
        val values = TreeMap<String, ByteArray>()
        var broken: Exception? = null

        private fun open() = values.also { broken?.let { throw it } }

        @Synchronized
        override fun get(key: String) = open()[key]

        @Synchronized
        override fun page(prefix: String, after: String?, limit: Int) = open().entries
            .filter { (key) -> key.startsWith(prefix) && (after == null || key > after) }
            .take(limit).map { it.toPair() }

        @Synchronized
        override fun commit(expected: Map<String, ByteArray?>, written: Map<String, ByteArray>) {
            if (!expected.all { (key, was) -> open()[key].contentEquals(was) }) throw StoreConflictException()
            values += written
        }
    }

    @Test
    fun `a guarantee is revoked by its reference, and an old list does not bring it back`() = runBlocking {
        val (ngo, database) = SoftwareSigner.generate(Algorithm.ED25519) to Database()
        val begun = IssuerRegister(database)
        begun.createList(LIST, StatusListKind.TOKEN, ngo)
        assertEquals("register.list-twice", refusal { begun.createList(LIST, StatusListKind.TOKEN, ngo) })
        val places = begun.allocate(LIST, 2)
        val keys = List(2) { SoftwareSigner.generate(Algorithm.ES256) }
        val copies = Attesta.issueCopies(
            Claims.example(Kind.LICENCE), places.zip(keys) { place, key -> CopyFor(Holder.Key(key.publicJwk), place) },
            ngo, validDays = 90,
        )
        val reference = begun.record(copies)
        assertEquals("register.reference-twice", refusal { begun.record(copies) })
        val desk = Verifier(Preset.DEFAULT, listOf(trustList(ngo.didKey)))
        fun judged(day: Int, copy: Int = 0, by: Verifier = desk) = judged(by, copies.credentials[copy], day).report
        judged(0).let { report ->
            assertOutcome(Outcome.UNDETERMINED, report)
            assertEquals("status.list.unavailable", report.reason?.code)
        }
        val standing = begun.publish(LIST, ngo, validDays = 30, at = on(0))
        shelf.put(LIST, "application/statuslist+jwt", standing)
        assertOutcome(Outcome.VALID, judged(0))
        begun.close()

        IssuerRegister(database).use { register ->
            assertEquals(Changed(2u, listOf(LIST)), register.change(reference, RegisterChange.REVOKE))
            assertEquals("register.revoked", refusal { register.change(reference, RegisterChange.REINSTATE) })
            assertEquals("register.clock", refusal { register.publish(LIST, ngo, at = on(-1)) })
            shelf.put(LIST, "application/statuslist+jwt", register.publish(LIST, ngo, validDays = 30, at = on(1)))
            val revoked = judged(1, copy = 1)
            assertEquals("status.revocation.revoked", revoked.reason?.code)

            shelf.put(LIST, "application/statuslist+jwt", standing)
            val remembering = desk.remembering(revoked.remembering())
            assertEquals("material.rollback.older-list", judged(1, by = remembering).reason?.code)
            val late = judged(31)
            assertOutcome(Outcome.UNDETERMINED, late)
            val status = late.credentials.single().checks.single { it.id == "status.list" }
            assertTrue(status.code in setOf("status.list.expired", "status.list.stale"), status.code)
            assertEquals(31.days.inWholeSeconds.toULong(), status.ageSeconds)

            val full = IllegalStateException("the disk is full")
            database.broken = full
            val error = runCatching { register.allocate(LIST) }.exceptionOrNull() as AttestaException
            assertEquals("store.medium" to full, error.code to error.cause)
        }
        database.broken = null
        database.values["version"] = byteArrayOf(9)
        assertEquals("store.damaged", refusal { IssuerRegister(database) })
        assertFalse(standing.isBlank())
    }
}
