package org.attesta

import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import org.attesta.ffi.IssuerRegister as FfiIssuerRegister
import org.attesta.ffi.RegisterStore as FfiRegisterStore
import org.attesta.ffi.StoreFailure as FfiStoreFailure
import org.attesta.ffi.StoredValue

/** What a status list is for. */
public typealias StatusListKind = org.attesta.ffi.StatusListKind

/** What is said anew of copies that were issued. */
public typealias RegisterChange = org.attesta.ffi.RegisterChange

/** How many copies a change has reached, and which lists are to be published anew. */
public typealias Changed = org.attesta.ffi.Changed

/**
 * Where a register keeps its bytes, under keys of ASCII: the app's own database. Nothing is ever deleted. Called from
 * several threads, which may block.
 */
public interface RegisterStore {
    /** What stands under the key. */
    public fun get(key: String): ByteArray?

    /**
     * What stands under keys that begin with [prefix], in the order of the keys, from the first after [after] on,
     * [limit] at most.
     */
    public fun page(prefix: String, after: String?, limit: Int): List<Pair<String, ByteArray>>

    /**
     * Writes all of [written] if under each key of [expected] just that stands, or nothing for null; else nothing of
     * it. When this returns, it survives the end of the app and the loss of power.
     *
     * @throws StoreConflictException when something is not as expected
     */
    public fun commit(expected: Map<String, ByteArray?>, written: Map<String, ByteArray>)
}

/** What a write to a [RegisterStore] builds on was changed by somebody else. The library tries again. */
public class StoreConflictException : Exception("somebody else changed the store at the same moment")

/**
 * An issuer's register: its status lists, whose places are taken, and which copies one word revokes. Verifiers learn of
 * a change when the list is published.
 *
 * @param store where it is kept; without one it is gone when it is closed, which is for tests alone
 * @throws AttestaException when the store fails, or holds something else
 */
public class IssuerRegister(store: RegisterStore? = null) : AutoCloseable {
    private val host = store?.let(::HostStore)
    private val handle = native { FfiIssuerRegister(host) }

    /**
     * Begins a status list.
     *
     * @param url where it will be published
     * @param kind what it is for
     * @param signer the issuer's key
     * @param issuer in whose name, as for [Attesta.issue]
     * @param format how a list that is a credential is secured; `vc+jwt` otherwise
     * @throws AttestaException when the register has it already, or the URL is none
     */
    public suspend fun createList(
        url: String,
        kind: StatusListKind,
        signer: Signer,
        issuer: Identity? = null,
        format: CredentialFormat? = null,
    ): Unit = stored { nativeWith(signer) { handle.createList(url, kind, issuer?.toNative(), format, it) } }

    /**
     * Takes a place for each of so many copies, at random and for ever.
     *
     * @param list the list's URL
     * @param count how many
     * @return their status entries, for [CopyFor] and [Attesta.issue]
     * @throws AttestaException when there is no such list, or it is full
     */
    public suspend fun allocate(list: String, count: Int = 1): List<String> {
        require(count > 0) { "count must be at least 1, and is $count" }
        return stored { native { handle.allocate(list, count.toUInt()) } }
    }

    /**
     * Remembers what was signed. Hand the copies over after this only.
     *
     * @param copies what [Attesta.issueCopies] gave
     * @return the reference by which all of them are changed
     * @throws AttestaException when one of that reference is there, or the store fails
     */
    public suspend fun record(copies: Copies): String = stored { native { handle.record(copies.record) } }

    /**
     * Changes what all copies say that belong to a reference: all of them, or none.
     *
     * @param reference what [record] gave
     * @param change what is said anew
     * @throws AttestaException when there is no such reference, its lists are for something else, or it was revoked
     */
    public suspend fun change(reference: String, change: RegisterChange): Changed =
        stored { native { handle.change(reference, change) } }

    /**
     * Signs a list as it is now, to be put under its URL.
     *
     * @param list the list's URL
     * @param signer the key of the list's issuer
     * @param issuer in whose name, as when it was begun
     * @param validDays after so many days it ends: publish the next one before
     * @param refresh how long verifiers keep it before they ask again, in whole seconds
     * @param at the present moment
     * @throws AttestaException when there is no such list, it was published at a later time, or the issuer is another
     */
    public suspend fun publish(
        list: String,
        signer: Signer,
        issuer: Identity? = null,
        validDays: Int = 7,
        refresh: Duration = 12.hours,
        at: At = At.Now,
    ): String {
        require(validDays > 0) { "validDays must be at least 1, and is $validDays" }
        require(refresh.isPositive() && refresh < 36_500.days) { "refresh is $refresh" }
        val seconds = refresh.inWholeSeconds.toUInt()
        return stored {
            nativeWith(signer) {
                handle.publish(list, issuer?.toNative(), validDays.toUInt(), seconds, at.toNative(), it)
            }
        }
    }

    /**
     * The digests of all that a key signed: what a compromise notice about it accepts.
     *
     * @param signedBy the id of its verification method
     * @throws AttestaException when the store fails
     */
    public suspend fun digests(signedBy: String): List<String> = stored { native { handle.digests(signedBy) } }

    /** Frees it. What its store holds stays. */
    override fun close(): Unit = handle.close()

    /** What the app's own store threw becomes the cause. */
    private suspend fun <T> stored(call: () -> T): T = Attesta.signing {
        try {
            call()
        } catch (error: AttestaException) {
            val thrown = host?.thrown?.takeIf { error.cause == null && error.code == "store.medium" } ?: throw error
            throw AttestaException(error.code, error.message, error.hint, thrown)
        }
    }
}

/** The app's store as the library calls it. */
private class HostStore(private val store: RegisterStore) : FfiRegisterStore {
    @Volatile
    var thrown: Throwable? = null

    override fun get(key: String): ByteArray? = guarded { store.get(key) }

    override fun page(prefix: String, after: String?, limit: UInt): List<StoredValue> = guarded {
        store.page(prefix, after, limit.toInt()).map { (key, value) -> StoredValue(key, value) }
    }

    override fun commit(expected: List<StoredValue>, written: List<StoredValue>): Unit = guarded {
        store.commit(
            expected.associate { it.key to it.value },
            written.associate { it.key to requireNotNull(it.value) },
        )
    }

    @Suppress("TooGenericExceptionCaught") // Whatever comes out of an app's code must not unwind through the library.
    private inline fun <T> guarded(block: () -> T): T = try {
        block()
    } catch (_: StoreConflictException) {
        throw FfiStoreFailure.Conflict()
    } catch (error: Throwable) {
        thrown = error
        throw FfiStoreFailure.Failed()
    }
}
