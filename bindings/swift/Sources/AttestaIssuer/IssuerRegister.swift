import Attesta
import Foundation

import class AttestaFFI.IssuerRegister
import protocol AttestaFFI.RegisterStore
import enum AttestaFFI.StoreFailure
import struct AttestaFFI.StoredValue

/// Where a register keeps its bytes, under keys of ASCII: the app's own database.
///
/// Nothing is ever deleted. Called from several threads, which may block.
public protocol RegisterStore: Sendable {
    /// What stands under the key.
    func value(of key: String) throws -> Data?

    /// What stands under keys that begin with `prefix`, in the order of the keys' bytes, from the first after `after` on,
    /// `limit` at most.
    func page(of prefix: String, after: String?, limit: Int) throws -> [(key: String, value: Data)]

    /// Writes all of `written` if under each key of `expected` just that stands, or nothing for nil; else nothing of it,
    /// and throws ``RegisterStoreConflict``. When this returns, it survives the end of the app and the loss of power.
    func commit(_ written: [String: Data], expecting expected: [String: Data?]) throws
}

/// What a write to a ``RegisterStore`` builds on was changed by somebody else. The library tries again.
public struct RegisterStoreConflict: Error, Hashable, Sendable {
    public init() {}
}

/// An issuer's register: its status lists, whose places are taken, and which copies one word revokes.
///
/// Verifiers learn of a change when the list is published.
public struct IssuerRegister: Sendable {
    private let register: AttestaFFI.IssuerRegister

    /// - Parameter store: Where it is kept. Without one it is gone when nothing refers to it any more, which is for tests
    ///   alone.
    /// - Throws: `AttestaError` when the store fails, or holds something else.
    public init(_ store: (any RegisterStore)? = nil) throws {
        register = try calling { try AttestaFFI.IssuerRegister(store: store.map(HostStore.init)) }
    }

    /// Begins a status list.
    ///
    /// - Parameters:
    ///   - url: Where it will be published.
    ///   - kind: What it is for.
    ///   - signer: The issuer's key.
    ///   - identity: In whose name; that of the signer's `did:key` otherwise.
    ///   - format: How a list that is a credential is secured; a token otherwise.
    /// - Throws: `AttestaError` when the register has it already, or the URL is none; `CancellationError` when the task was
    ///   cancelled.
    public func createList(
        _ url: String,
        _ kind: StatusListKind,
        signer: any Signer,
        as identity: Identity? = nil,
        format: CredentialFormat? = nil
    ) async throws {
        try await inBackground(.ownThread) { [register] in
            try calling {
                try register.createList(
                    url: url,
                    kind: kind,
                    issuer: identity,
                    format: format,
                    signer: signer.forLibrary
                )
            }
        }
    }

    /// Takes a place for each of so many copies, at random and for ever.
    ///
    /// - Returns: Their status entries, for `CopyFor` and `Issuer`.
    /// - Throws: `AttestaError` when there is no such list, or it is full; `CancellationError` when the task was cancelled.
    public func allocate(_ count: Int = 1, in list: String) async throws -> [String] {
        try await inBackground(.ownThread) { [register] in
            try calling { try register.allocate(list: list, count: UInt32(clamping: count)) }
        }
    }

    /// Remembers what was signed. Hand the copies over after this only.
    ///
    /// - Returns: The reference by which all of them are changed.
    /// - Throws: `AttestaError` when one of that reference is there, or the store fails; `CancellationError` when the task
    ///   was cancelled.
    public func record(_ copies: Copies) async throws -> String {
        try await inBackground(.ownThread) { [register] in
            try calling { try register.record(recordJson: copies.recordJSON) }
        }
    }

    /// Changes what all copies say that belong to a reference: all of them, or none.
    ///
    /// - Throws: `AttestaError` when there is no such reference, its lists are for something else, or it was revoked;
    ///   `CancellationError` when the task was cancelled.
    public func change(_ reference: String, _ change: RegisterChange) async throws -> Changed {
        try await inBackground(.ownThread) { [register] in
            try calling { try register.change(reference: reference, change: change) }
        }
    }

    /// Signs a list as it is now, to be put under its URL.
    ///
    /// - Parameters:
    ///   - list: The list's URL.
    ///   - signer: The key of the list's issuer.
    ///   - identity: In whose name, as when it was begun.
    ///   - days: After so many days it ends: publish the next one before.
    ///   - refresh: How many seconds verifiers keep it before they ask again.
    ///   - at: The present moment.
    /// - Throws: `AttestaError` when there is no such list, it was published at a later time, or the issuer is another;
    ///   `CancellationError` when the task was cancelled.
    public func publish(
        _ list: String,
        signer: any Signer,
        as identity: Identity? = nil,
        days: UInt32 = 7,
        refresh: UInt32 = 43_200,
        at: At = .now
    ) async throws -> String {
        try await inBackground(.ownThread) { [register] in
            try calling {
                try register.publish(
                    list: list,
                    issuer: identity,
                    validDays: days,
                    ttlSeconds: refresh,
                    at: at,
                    signer: signer.forLibrary
                )
            }
        }
    }

    /// The digests of all that a key signed, by the id of its verification method: what a compromise notice about it
    /// accepts.
    ///
    /// - Throws: `AttestaError` when the store fails; `CancellationError` when the task was cancelled.
    public func digests(signedBy method: String) async throws -> [String] {
        try await inBackground(.ownThread) { [register] in
            try calling { try register.digests(signedBy: method) }
        }
    }
}

/// The app's store as the library calls it.
private final class HostStore: AttestaFFI.RegisterStore {
    private let store: any RegisterStore

    init(_ store: any RegisterStore) {
        self.store = store
    }

    func get(key: String) throws -> Data? {
        try translated { try store.value(of: key) }
    }

    func page(prefix: String, after: String?, limit: UInt32) throws -> [StoredValue] {
        try translated { try store.page(of: prefix, after: after, limit: Int(limit)) }
            .map { StoredValue(key: $0.key, value: $0.value) }
    }

    func commit(expected: [StoredValue], written: [StoredValue]) throws {
        let wanted = Dictionary(expected.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        let new = written.compactMap { stored in stored.value.map { (stored.key, $0) } }
        try translated {
            try store.commit(Dictionary(new, uniquingKeysWith: { _, last in last }), expecting: wanted)
        }
    }

    private func translated<T>(_ call: () throws -> T) throws -> T {
        do {
            return try call()
        } catch is RegisterStoreConflict {
            throw StoreFailure.Conflict
        } catch {
            throw StoreFailure.Failed
        }
    }
}
