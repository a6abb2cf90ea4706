package org.attesta

import kotlin.io.path.Path
import kotlin.system.exitProcess
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.TimeSource
import kotlin.time.measureTime
import kotlinx.coroutines.runBlocking

/** The longest that the first verification of a process may take, library and classes already loaded. */
private val FIRST_VERIFY_CEILING = 150.milliseconds

/**
 * How many processes are started for what only a fresh one can tell. The median of them counts: on a busy machine one
 * alone says more about the machine.
 */
private const val FRESH_PROCESSES = 9

/** The argument that makes this program such a process. */
private const val FRESH = "fresh"

/** The kind of credential that is measured, with every member of its example. */
private val KIND = Kind.PROOF_OF_ADDRESS

/**
 * `make kotlin-bench`: a line for each operation, as `make bench` prints them, and each the median of many. The first two
 * are of fresh processes.
 */
fun main(arguments: Array<String>): Unit = runBlocking {
    if (arguments.contentEquals(arrayOf(FRESH))) return@runBlocking println(loadAndFirst().joinToString(" "))
    val (load, first) = List(FRESH_PROCESSES) { inAFreshProcess() }.let { times ->
        List(2) { which -> times.map { it[which] }.sorted()[times.size / 2].nanoseconds }
    }
    line("load", load)
    line("first verify vc+jwt Ed25519", first)

    median("call") { Attesta.libraryVersion }
    for ((algorithm, name) in listOf(Algorithm.ED25519 to "Ed25519", Algorithm.ES256 to "ES256")) {
        SoftwareSigner.generate(algorithm).use { key ->
            val holder = Holder.Did(key.didKey)
            val request = Attesta.newRequest(BANK)
            val token = Attesta.issue(Claims.example(KIND), key, holder)
            val answer = Attesta.present(listOf(token), Disclose.Everything, request, key)
            val verifier = Verifier(Preset.DEFAULT, listOf(trustList(key.didKey)))
            median("verify vc+jwt $name proof-of-address") {
                verifier.verify(token).use { check(it.outcome == Outcome.VALID) }
            }
            median("verify vp+jwt $name proof-of-address") {
                verifier.verify(answer, request).use { check(it.outcome == Outcome.VALID) }
            }
            median("verify vp+jwt $name, claims read") {
                verifier.verify(answer, request).use { check(it.accepted.single().claims is Claims.OfAddress) }
            }
            median("present vp+jwt $name proof-of-address") {
                Attesta.present(listOf(token), Disclose.Everything, request, key)
            }
            median("issue vc+jwt $name proof-of-address") { Attesta.issue(Claims.example(KIND), key, holder) }
        }
    }
    if (first > FIRST_VERIFY_CEILING) {
        System.err.println("The first verification took $first, where at most $FIRST_VERIFY_CEILING are allowed.")
        exitProcess(1)
    }
}

/** Nanoseconds: to load the library, and to verify for the first time after that. */
private suspend fun loadAndFirst(): List<Long> {
    val load = measureTime { Attesta.libraryVersion }
    val first = Cast().use { cast ->
        val token = cast.guarantee()
        val desk = Verifier(Preset.DEFAULT, listOf(trustList(cast.ngo.didKey)))
        measureTime { check(desk.verify(token).outcome == Outcome.VALID) }
    }
    return listOf(load, first).map { it.inWholeNanoseconds }
}

private fun inAFreshProcess(): List<Long> {
    val java = Path(System.getProperty("java.home"), "bin", "java").toString()
    val classpath = System.getProperty("java.class.path")
    val process = ProcessBuilder(java, "-classpath", classpath, "org.attesta.BenchKt", FRESH)
        .redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val said = process.inputStream.bufferedReader().readText()
    check(process.waitFor() == 0) { "a fresh process ended with ${process.exitValue()}" }
    return said.trim().split(' ').map(String::toLong).also { check(it.size == 2) }
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

/** Allocations and a ratio are the core's to measure. */
private fun line(name: String, time: Duration) =
    println("%-46s   %9d ns   %6s allocs   %7s".format("kotlin $name", time.inWholeNanoseconds, "-", "-"))
