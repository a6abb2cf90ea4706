package org.attesta

import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicReference
import kotlin.concurrent.thread
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Handles, threads and cancelled coroutines. */
class LifecycleTest {
    private val cast = Cast()
    private val request = Attesta.newRequest(BANK)
    private val answer = runBlocking {
        Attesta.present(listOf(cast.guarantee()), Disclose.Everything, request, cast.tenant)
    }

    @AfterEach
    fun close() = cast.close()

    @Test
    fun `what is closed refuses, and closing twice is nothing`() {
        val verifier = Verifier(Preset.DEFAULT, emptyList())
        val report = runBlocking { verifier.verify(answer, request) }
        val signer = SoftwareSigner.generate(Algorithm.ED25519)
        listOf(verifier, report, signer).forEach { handle -> repeat(2) { handle.close() } }
        val uses = listOf<() -> Unit>(
            { runBlocking { verifier.verify(answer, request) } },
            { verifier.withMaterials(emptyList()) },
            { report.accepted },
            { report.toJson() },
            { signer.privateJwk() },
            { signer.describe() },
            { signer.sign(byteArrayOf(1)) },
            { cast.guarantee(signer = signer) },
        )
        assertEquals("Report(outcome=${report.outcome})", report.toString())
        for (use in uses) {
            val error = assertThrows(IllegalStateException::class.java) { use() }
            assertEquals(CLOSED, error.message)
        }
    }

    @Test
    fun `what was read from a report stays when it is closed`() = runBlocking {
        val report = cast.bank.verify(answer, request)
        val accepted = report.use { it.accepted }
        assertEquals(accepted, report.accepted)
        assertEquals(Kind.PROOF_OF_ADDRESS, accepted.single().kind)
    }

    @Test
    fun `a report outlives its verifier`() = runBlocking {
        val verifier = Verifier(Preset.BANK_ADDRESS, listOf(trustList(cast.ngo.didKey)))
        val report = verifier.use { it.verify(answer, request) }
        assertOutcome(Outcome.VALID, report)
    }

    @Test
    fun `a hundred threads share one verifier`() {
        val start = CountDownLatch(1)
        val fault = AtomicReference<Throwable>()
        val threads = List(100) { number ->
            thread {
                try {
                    start.await()
                    val asked = if (number % 2 == 0) request else Attesta.newRequest(BANK)
                    val expected = if (number % 2 == 0) Outcome.VALID else Outcome.INVALID
                    repeat(3) {
                        runBlocking { cast.bank.verify(answer, asked).use { assertOutcome(expected, it) } }
                    }
                } catch (error: Throwable) {
                    fault.set(error)
                }
            }
        }
        start.countDown()
        threads.forEach { it.join() }
        fault.get()?.let { throw it }
    }

    @Test
    fun `closing while others verify harms nobody`() {
        repeat(20) {
            val verifier = Verifier(Preset.BANK_ADDRESS, listOf(trustList(cast.ngo.didKey)))
            runBlocking(Dispatchers.Default) {
                repeat(8) {
                    launch {
                        try {
                            assertOutcome(Outcome.VALID, verifier.verify(answer, request))
                        } catch (error: IllegalStateException) {
                            assertEquals(CLOSED, error.message)
                        }
                    }
                }
                launch { verifier.close() }
            }
        }
    }

    @Test
    fun `nothing runs on the caller's thread`() = runBlocking {
        val caller = Thread.currentThread()
        val phone = object : HardwareKey() {
            lateinit var signedOn: Thread

            override fun sign(message: ByteArray): ByteArray {
                signedOn = Thread.currentThread()
                return super.sign(message)
            }
        }
        Attesta.issue(Claims.example(Kind.LICENCE), phone, Holder.Did(cast.tenant.didKey))
        assertNotSame(caller, phone.signedOn)
    }

    @Test
    fun `cancelling while the signer waits for a person interrupts it`() = runBlocking {
        val waiting = CountDownLatch(1)
        val interrupted = AtomicBoolean(false)
        val phone = object : HardwareKey() {
            override fun sign(message: ByteArray): ByteArray {
                waiting.countDown()
                try {
                    CountDownLatch(1).await()
                } catch (error: InterruptedException) {
                    interrupted.set(true)
                    throw error
                }
                return super.sign(message)
            }
        }
        val seen = AtomicReference<Throwable>()
        val job = launch(Dispatchers.Default) {
            try {
                Attesta.issue(Claims.example(Kind.LICENCE), phone, Holder.Did(cast.tenant.didKey))
            } catch (error: Throwable) {
                seen.set(error)
                throw error
            }
        }
        assertTrue(waiting.await(20, TimeUnit.SECONDS))
        withTimeout(20_000) { job.cancelAndJoin() }
        assertTrue(interrupted.get())
        assertTrue(seen.get() is CancellationException, "${seen.get()}")
    }

    @Test
    fun `verifying leaves the caller's thread, so that an app goes on drawing`() = runBlocking {
        val busy = CountDownLatch(1)
        val more = 4 * Runtime.getRuntime().availableProcessors() + 4
        val crowd = List(more) { launch(Dispatchers.Default) { busy.await() } }
        val report = CompletableFuture<Report>()
        try {
            // All background threads are taken: only on this one could it be finished when `launch` returns.
            launch(start = CoroutineStart.UNDISPATCHED) { report.complete(cast.bank.verify(answer, request)) }
            assertFalse(report.isDone)
        } finally {
            busy.countDown()
        }
        crowd.joinAll()
        withTimeout(20_000) { while (!report.isDone) delay(1) }
        assertOutcome(Outcome.VALID, report.get())
    }

    @Test
    fun `whatever a signer makes of being interrupted, the caller sees the cancellation`() {
        val ways = mapOf<String, HardwareKey.(ByteArray) -> ByteArray>(
            "says that it was cancelled" to { throw SignerException.Cancelled() },
            "says that it failed" to { throw SignerException.Failed(7) },
            "breaks" to { error("broken") },
            "signs all the same" to { signed("SHA256withECDSA", it) },
            "returns garbage" to { byteArrayOf(1) },
        )
        for ((name, way) in ways) runBlocking {
            val waiting = CountDownLatch(1)
            val phone = object : HardwareKey() {
                override fun sign(message: ByteArray): ByteArray = try {
                    waiting.countDown()
                    CountDownLatch(1).await()
                    error("nobody interrupts")
                } catch (_: InterruptedException) {
                    way(message)
                }
            }
            val seen = CompletableFuture<Result<String>>()
            val job = launch(Dispatchers.Default) {
                seen.complete(
                    runCatching { Attesta.issue(Claims.example(Kind.LICENCE), phone, Holder.Did(cast.tenant.didKey)) },
                )
            }
            assertTrue(waiting.await(20, TimeUnit.SECONDS))
            withTimeout(20_000) { job.cancelAndJoin() }
            assertTrue(seen.get().exceptionOrNull() is CancellationException, "$name: ${seen.get()}")
        }
    }

    @Test
    fun `a coroutine without a job, as of a main that suspends, is served too`() {
        val answered = CompletableFuture<Result<Outcome>>()
        suspend {
            val token = Attesta.issue(Claims.example(Kind.LICENCE), cast.ngo, Holder.Did(cast.tenant.didKey))
            Verifier(Preset.DEFAULT, listOf(trustList(cast.ngo.didKey))).verify(token).outcome
        }.startCoroutine(Continuation(EmptyCoroutineContext) { answered.complete(it) })
        assertEquals(Outcome.VALID, answered.get(20, TimeUnit.SECONDS).getOrThrow())
    }

    @Test
    fun `cancelled verifications leave the verifier as it was`() = runBlocking {
        repeat(50) { round ->
            val job = async(Dispatchers.Default) { cast.bank.verify(answer, request) }
            if (round % 2 == 0) delay(1)
            job.cancelAndJoin()
        }
        cast.bank.verify(answer, request).use { assertOutcome(Outcome.VALID, it) }
    }

    @Test
    fun `signers of many coroutines do not wait for each other`() = runBlocking {
        val together = CountDownLatch(8)
        val phone = object : HardwareKey() {
            override fun sign(message: ByteArray): ByteArray {
                together.countDown()
                check(together.await(20, TimeUnit.SECONDS)) { "the others were not let in" }
                return super.sign(message)
            }
        }
        List(8) {
            async { Attesta.issue(Claims.example(Kind.LICENCE), phone, Holder.Did(cast.tenant.didKey)) }
        }.forEach { it.await() }
    }
}
