package org.attesta

import java.io.File
import java.lang.reflect.InvocationTargetException
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import org.attesta.ffi.RustBuffer
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Loading the library, and every way in which that goes wrong. Each runs in a JVM of its own. */
class LibraryTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `the library that was loaded has the version of these bindings`() {
        assertEquals(BINDINGS_VERSION, Attesta.libraryVersion)
        assertEquals(System.getProperty("attesta.version"), BINDINGS_VERSION)
        assertNull(Library.mismatch(BINDINGS_VERSION))
    }

    @Test
    fun `a library of another version is named as such`() {
        val error = Library.mismatch("9.9.9")
        assertEquals("bindings.version", error?.code)
        assertTrue(error!!.message.contains("library 9.9.9") && error.message.contains("bindings $BINDINGS_VERSION"))
    }

    /** No call of these bindings makes the library panic. Freeing memory that there is not does. */
    @Test
    fun `a panic in the library is an error, and the next call works`() {
        val free = RustBuffer.Companion::class.java.declaredMethods.single { it.name.startsWith("free") }
        repeat(2) {
            val nowhere = RustBuffer.ByValue().apply { capacity = 1 }
            val error =
                assertThrows(AttestaException::class.java) {
                    native {
                        try {
                            free.invoke(RustBuffer.Companion, nowhere)
                        } catch (error: InvocationTargetException) {
                            throw error.targetException
                        }
                    }
                }
            assertEquals("bindings.internal", error.code)
            assertEquals(BINDINGS_VERSION, org.attesta.ffi.libraryVersion())
        }
    }

    @Test
    fun `a good library loads in the other JVM too`() {
        assertEquals("loaded $BINDINGS_VERSION\nloaded $BINDINGS_VERSION\n", load(null))
    }

    @Test
    fun `no library at all`() {
        assertTold("bindings.library-missing", load("nowhere/libattesta_ffi.so"))
    }

    @Test
    fun `a library without the functions that these bindings call`() {
        assertTold("bindings.version", load(compile("int nothing(void) { return 0; }")))
    }

    @Test
    fun `a library whose functions are declared otherwise`() {
        assertTold("bindings.version", load(compile(library(contract = 30, checksum = 1))))
    }

    @Test
    fun `a library that another generator made`() {
        assertTold("bindings.version", load(compile(library(contract = 29, checksum = 1))))
    }

    /** The first call and the second say the same. */
    private fun assertTold(code: String, output: String) {
        val told = output.trim().lines()
        assertEquals(listOf(code, code), told.map { it.substringBefore(' ') }, output)
        assertEquals(told[0], told[1])
    }

    private fun library(contract: Int, checksum: Int): String {
        val type = Class.forName("org.attesta.ffi.IntegrityCheckingUniffiLib")
        val names = type.declaredMethods.map { it.name }.filter { it.startsWith("uniffi_") || it.startsWith("ffi_") }
        check(names.size > 10) { "the generated code has changed: $names" }
        return names.joinToString("\n") {
            "int $it(void) { return ${if (it.endsWith("contract_version")) contract else checksum}; }"
        }
    }

    private fun compile(source: String): String {
        val (code, built) = listOf("other.c", "libother.so").map { folder.resolve(it).toFile() }
        code.writeText(source)
        val compiler = ProcessBuilder("cc", "-shared", "-fPIC", "-o", built.path, code.path).inheritIO().start()
        check(compiler.waitFor() == 0) { "cc does not compile" }
        return built.path
    }

    private fun load(library: String?): String {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val override = listOfNotNull(library?.let { "-Duniffi.component.attesta_ffi.libraryOverride=$it" })
        val classPath = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
        val command = listOf(java) + override + listOf("-cp", classPath, "org.attesta.LoadTwiceKt")
        val process = ProcessBuilder(command).redirectErrorStream(true).start()
        val output = process.inputStream.bufferedReader().readText()
        check(process.waitFor(60, TimeUnit.SECONDS)) { "the JVM does not end" }
        return output
    }
}
