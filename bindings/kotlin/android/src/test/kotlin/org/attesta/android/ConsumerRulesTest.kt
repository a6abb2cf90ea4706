package org.attesta.android

import java.io.File
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/**
 * An app that is shrunk and renamed with the rules of the AAR still verifies. ProGuard stands in for R8, which reads
 * the same rules.
 */
class ConsumerRulesTest {
    @TempDir
    lateinit var folder: Path

    private val classPath = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
    private val entries = classPath.split(File.pathSeparator).map(::File)

    @Test
    fun `with the rules the shrunk app does what the app does`() {
        val rules = File("consumer-rules.pro").absolutePath
        val (exit, output) = run(shrunk("-include", rules))
        assertEquals("VALID INVALID signer.cancelled", output.trim())
        assertEquals(0, exit)
    }

    @Test
    fun `without them it fails, so that the other test is known to test something`() {
        val (exit, output) = run(shrunk())
        assertNotEquals(0, exit, output)
    }

    private fun shrunk(vararg rules: String): File {
        val app = folder.resolve("app.jar").toFile()
        val parts = entries.filter { entry -> entry.isDirectory || APP.any { it in entry.name } }.filter(File::exists)
        val base = "${System.getProperty("java.home")}/jmods/java.base.jmod(!**.jar;!module-info.class)"
        val arguments = parts.flatMap { listOf("-injars", "$it(!META-INF/versions/**,!module-info.class)") } + listOf(
            "-outjars", app.path,
            "-libraryjars", base,
            "-ignorewarnings", "-dontnote", "-dontoptimize",
            "-keep", "class org.attesta.android.ShrunkAppKt { public static void main(java.lang.String[]); }",
        ) + rules
        val (exit, output) = java("-cp", classPath, "proguard.ProGuard", *arguments.toTypedArray())
        assertEquals(0, exit, output)
        assertTrue(app.length() > 0)
        return app
    }

    private fun run(app: File) = java("-cp", app.path, "org.attesta.android.ShrunkAppKt")

    private fun java(vararg arguments: String): Pair<Int, String> {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val process = ProcessBuilder(listOf(java) + arguments).redirectErrorStream(true).start()
        val output = process.inputStream.bufferedReader().readText()
        check(process.waitFor(120, TimeUnit.SECONDS)) { "the JVM does not end" }
        return process.exitValue() to output
    }

    private companion object {
        /** What goes into an app, by the names of the jars. */
        val APP = listOf("attesta", "jna-", "kotlin-stdlib", "kotlinx-coroutines")
    }
}
