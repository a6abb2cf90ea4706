package org.attesta

import java.io.File
import java.util.concurrent.TimeUnit
import org.junit.jupiter.api.Assertions.assertEquals

/** Calls the library twice and prints what happens. [loaded] runs it in a JVM of its own. */
fun main() = repeat(2) {
    try {
        println("loaded ${Attesta.libraryVersion}")
    } catch (error: AttestaException) {
        println("${error.code} ${error.message} ${error.hint}")
    }
}

/** What [main] prints with the library at that path; with the one that belongs to these bindings if there is none. */
fun loaded(library: String?): String {
    val java = File(System.getProperty("java.home"), "bin/java").path
    val override = listOfNotNull(library?.let { "-Duniffi.component.attesta_ffi.libraryOverride=$it" })
    val classPath = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
    val command = listOf(java) + override + listOf("-cp", classPath, "org.attesta.LoadTwiceKt")
    val process = ProcessBuilder(command).redirectErrorStream(true).start()
    val output = process.inputStream.bufferedReader().readText()
    check(process.waitFor(60, TimeUnit.SECONDS)) { "the JVM does not end" }
    return output
}

/** The first call and the second say the same. */
fun assertTold(code: String, output: String) {
    val told = output.trim().lines()
    assertEquals(listOf(code, code), told.map { it.substringBefore(' ') }, output)
    assertEquals(told[0], told[1])
}
