package org.attesta

import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import org.attesta.ffi.InternalException
import org.attesta.ffi.libraryVersion
import org.attesta.ffi.uniffiEnsureInitialized

/** The version of these bindings. The library that they load must be of the same one. */
internal const val BINDINGS_VERSION = "0.1.0"

/** The native library: loaded once, on the first call. */
internal object Library {
    private val failure: AttestaException? by lazy(::load)

    /**
     * @throws AttestaException when there is no library, or one that these bindings do not fit. Every call says so
     *   again, where the JVM alone would answer the second one with a bare NoClassDefFoundError.
     */
    fun ensureLoaded() {
        failure?.let { throw AttestaException(it.code, it.message, it.hint, it.cause) }
    }

    private fun load(): AttestaException? = try {
        uniffiEnsureInitialized()
        mismatch(libraryVersion())
    } catch (error: LinkageError) {
        val reason = error.cause ?: error
        when {
            reason is UnsatisfiedLinkError && reason.message.orEmpty().startsWith("Unable to load library") ->
                AttestaException(
                    "bindings.library-missing",
                    "The library attesta_ffi for this system could not be loaded.",
                    "Depend on the AAR or jar that was built for this system, or set jna.library.path to its folder.",
                    reason,
                )
            else -> otherVersion("another one", reason)
        }
    }

    /** What is wrong with a library of that version; null when nothing is. */
    internal fun mismatch(loaded: String): AttestaException? =
        if (loaded == BINDINGS_VERSION) null else otherVersion(loaded, null)

    private fun otherVersion(loaded: String, cause: Throwable?) = AttestaException(
        "bindings.version",
        "The library attesta_ffi is of another version: bindings $BINDINGS_VERSION, library $loaded.",
        "Take library and bindings from the same AAR or jar, and build the app anew.",
        cause,
    )
}

/** What using something after it was closed is answered with. */
internal const val CLOSED = "It was closed before, and cannot be used any more."

/**
 * Something native that is given to calls as an argument. The generated code guards against closing only what a call is
 * made on: an argument that another thread closes would be freed under the call's hands.
 */
internal class Lent<H : AutoCloseable>(private val handle: H) : AutoCloseable {
    /** The owner, and every call that is under way. */
    private val users = AtomicInteger(1)
    private val isClosed = AtomicBoolean(false)

    fun <T> lend(call: (H) -> T): T {
        enter()
        try {
            return call(handle)
        } finally {
            leave()
        }
    }

    /** Refuses further calls at once, and frees the memory when the last one under way has returned. */
    override fun close() {
        if (isClosed.compareAndSet(false, true)) leave()
    }

    private fun enter() {
        do {
            val before = users.get()
            check(before > 0 && !isClosed.get()) { CLOSED }
        } while (!users.compareAndSet(before, before + 1))
    }

    private fun leave() {
        if (users.decrementAndGet() == 0) handle.close()
    }
}

/** Calls the library, and turns what it throws into what this layer promises. */
internal inline fun <T> native(block: () -> T): T {
    Library.ensureLoaded()
    return try {
        block()
    } catch (error: org.attesta.ffi.AttestaException.Failed) {
        throw AttestaException(error.code, error.explanation, error.hint)
    } catch (_: IllegalStateException) {
        // What the generated code throws for a handle whose memory is gone, in words of its own.
        throw IllegalStateException(CLOSED)
    } catch (_: InternalException) {
        throw AttestaException(
            "bindings.internal",
            "The library broke off where it never should.",
            "This is a fault in attesta: please report it.",
        )
    }
}
