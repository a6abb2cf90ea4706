package org.attesta

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** These bindings with the phones' library, which has nothing for issuers. */
class OtherLibraryTest {
    @Test
    fun `the library of these bindings loads`() {
        assertEquals("loaded $BINDINGS_VERSION\n".repeat(2), loaded(null))
    }

    @Test
    fun `the phones' library in its place is told`() {
        val native = File(System.getProperty("attesta.phones"))
        val phones = native.walk().single { it.name.startsWith("libattesta_ffi.") }
        assertTold("bindings.version", loaded(phones.path))
    }
}
