package org.attesta

import java.lang.reflect.InvocationTargetException
import java.nio.file.Path
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
        assertEquals("loaded $BINDINGS_VERSION\nloaded $BINDINGS_VERSION\n", loaded(null))
    }

    @Test
    fun `no library at all`() {
        assertTold("bindings.library-missing", loaded("nowhere/libattesta_ffi.so"))
    }

    @Test
    fun `a library without the functions that these bindings call`() {
        assertTold("bindings.version", loaded(compile("int nothing(void) { return 0; }")))
    }

    @Test
    fun `a library whose functions are declared otherwise`() {
        assertTold("bindings.version", loaded(compile(library(contract = 30, checksum = 1))))
    }

    @Test
    fun `a library that another generator made`() {
        assertTold("bindings.version", loaded(compile(library(contract = 29, checksum = 1))))
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
}
