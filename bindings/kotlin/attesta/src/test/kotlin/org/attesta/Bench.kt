package org.attesta

import kotlin.system.exitProcess
import kotlin.time.Duration
import kotlin.time.TimeSource
import kotlin.time.measureTime
import kotlinx.coroutines.runBlocking

/** The longest that the first verification of a process may take, library and classes already loaded. */
private const val FIRST_VERIFY_CEILING_MS = 150L

/**
 * `make kotlin-bench`: a line for each operation, in nanoseconds, as `make bench` prints them. The first two are of a
 * fresh process, once; the others are the median of many.
 */
fun main() = runBlocking {
    line("load", measureTime { Attesta.libraryVersion })
    val first = Cast().use { cast ->
        val token = cast.guarantee()
        val desk = Verifier(Preset.DEFAULT, listOf(trustList(cast.ngo.didKey)))
        measureTime { check(desk.verify(token).outcome == Outcome.VALID) }
    }
    line("first verify vc+jwt Ed25519", first)

    median("call") { Attesta.libraryVersion }
    for ((algorithm, name) in listOf(Algorithm.ED25519 to "Ed25519", Algorithm.ES256 to "ES256")) {
        SoftwareSigner.generate(algorithm).use { key ->
            val holder = Holder.Did(key.didKey)
            val request = Attesta.newRequest(BANK)
            val token = Attesta.issue(Claims.example(Kind.PROOF_OF_ADDRESS), key, holder)
            val answer = Attesta.present(listOf(token), request, key)
            val verifier = Verifier(Preset.DEFAULT, listOf(trustList(key.didKey)))
            median("verify vc+jwt $name") { verifier.verify(token).use { check(it.outcome == Outcome.VALID) } }
            median("verify vp+jwt $name") {
                verifier.verify(answer, request).use { check(it.outcome == Outcome.VALID) }
            }
            median("verify vp+jwt $name and read claims") {
                verifier.verify(answer, request).use { check(it.accepted.single().claims is Claims.OfAddress) }
            }
            median("present vp+jwt $name") { Attesta.present(listOf(token), request, key) }
            median("issue vc+jwt $name") { Attesta.issue(Claims.example(Kind.PROOF_OF_ADDRESS), key, holder) }
        }
    }
    if (first.inWholeMilliseconds > FIRST_VERIFY_CEILING_MS) {
        System.err.println("The first verification took $first, where at most $FIRST_VERIFY_CEILING_MS ms are allowed.")
        exitProcess(1)
    }
}

private suspend fun median(name: String, operation: suspend () -> Unit) {
    repeat(500) { operation() }
    val times = List(1_001) {
        val start = TimeSource.Monotonic.markNow()
        operation()
        start.elapsedNow()
    }
    line(name, times.sorted()[times.size / 2])
}

private fun line(name: String, time: Duration) =
    println("kotlin %-44s %12d ns".format(name, time.inWholeNanoseconds))
