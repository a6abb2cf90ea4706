import Foundation
import Testing

@testable import AttestaIssuer

/// An app's database, which fails when it is told to.
private final class Database: RegisterStore, @unchecked Sendable {
    private let lock = NSLock()
    private var values: [String: Data] = [:]
    private var isBroken = false

    func breakDown() {
        lock.withLock { isBroken = true }
    }

    private func open<T>(_ call: (inout [String: Data]) throws -> T) throws -> T {
        try lock.withLock {
            if isBroken { throw CocoaError(.fileWriteOutOfSpace) }
            return try call(&values)
        }
    }

    func value(of key: String) throws -> Data? { try open { $0[key] } }

    func page(of prefix: String, after: String?, limit: Int) throws -> [(key: String, value: Data)] {
        try open { values in
            let found = values.filter { $0.key.hasPrefix(prefix) && (after.map($0.key.isBehind) ?? true) }
            return found.sorted { $1.key.isBehind($0.key) }.prefix(limit).map { ($0.key, $0.value) }
        }
    }

    func commit(_ written: [String: Data], expecting expected: [String: Data?]) throws {
        try open { values in
            guard expected.allSatisfy({ values[$0.key] == $0.value }) else { throw RegisterStoreConflict() }
            values.merge(written) { $1 }
        }
    }
}

extension String {
    /// In the order of the bytes.
    fileprivate func isBehind(_ other: String) -> Bool { other.utf8.lexicographicallyPrecedes(utf8) }
}

@Suite("An issuer that lasts")
struct LastingTests {
    static let log = "https://ngo.example/.well-known/did.jsonl"
    static let list = "https://ngo.example/status/1"
    let people = People()
    let shelf = Shelf()
    let next = try! SoftwareSigner(generating: .ed25519)
    let last = try! SoftwareSigner(generating: .ed25519)

    private var phone: SoftwareSigner { people.tenant }
    private var phoneName: String { try! PublicKey(jwk: phone.publicJWK).multikey }

    private func on(_ day: Double) -> At { .now(is: bankDay.addingTimeInterval(day * 86_400)) }

    private func began() async throws -> DidFiles {
        let change = DidChange(addKeys: [phone.publicJWK], nextKeys: [next.publicJWK])
        return try #require(
            try await LastingDID.create(at: "ngo.example", signer: people.ngo, change, now: on(-3)).files
        )
    }

    private func judged(_ verifier: Verifier, _ shown: String, on day: Double) async throws -> Report {
        try await verifier.verify(shown, over: OnlineNetwork(shelf), at: on(day)).report
    }

    @Test("A phone's key issues, a key in a safe takes over, and the DID ends")
    func lasting() async throws {
        let first = try await began()
        let shown = try await Issuer(signer: phone, as: .did("\(first.did)#\(phoneName)")).issue(
            .example(of: .licence),
            to: .did(people.ngo.didKey),
            validFrom: "2026-03-04"
        )
        let strict = try Verifier(trusting: [trusting(first.did)])
        let policy = Policy.json(#"{"type":"Policy","version":1,"rotatedKeys":{"within":"30d"}}"#)
        let lenient = try Verifier(policy: policy, trusting: [trusting(first.did)])
        shelf.put(Self.log, "text/jsonl", first.log)
        #expect(try await judged(strict, shown, on: -1).outcome == .valid)

        func rotation(_ key: SoftwareSigner) -> DidChange {
            DidChange(
                addKeys: [last.publicJWK],
                removeKeys: [phoneName],
                updateKeys: [key.publicJWK],
                nextKeys: [last.publicJWK]
            )
        }
        let early = await error {
            try await LastingDID.update(first, rotation(people.ngo), signer: people.ngo, now: on(0))
        }
        #expect(early?.code.hasPrefix("webvh.") == true)
        let second = try #require(
            try await LastingDID.update(first, rotation(next), signer: next, now: on(0)).files
        )
        shelf.put(Self.log, "text/jsonl", second.log)
        #expect(try await judged(strict, shown, on: 0).reason?.code == "key.validity.rotated-out")
        let stands = try await judged(lenient, shown, on: 0)
        #expect(stands.outcome == .valid)

        // Whoever saw the rotation takes no log without it.
        let seen = try stands.remembering()
        shelf.put(Self.log, "text/jsonl", first.log)
        let cut = try await judged(lenient.remembering(seen), shown, on: 0)
        #expect(cut.reason?.code == "material.rollback.shorter-log")

        // Offline, by the same log as material.
        let material = VerificationMaterial(.log, url: first.did, bytes: Data(second.log.utf8), obtained: bankDay)
        #expect(try await lenient.adding([material]).verify(shown, at: on(0)).outcome == .valid)

        // With a checkpoint the rest alone is loaded.
        let kept = try await LastingDID.read(first.did, log: Data(first.log.utf8), now: on(1))
        let rest = Data(second.log.utf8.dropFirst(Int(kept.readBytes)))
        let resumed = try await LastingDID.read(first.did, log: rest, checkpoint: kept.checkpointJson, now: on(1))
        #expect(try await LastingDID.read(first.did, log: Data(second.log.utf8), now: on(1)) == resumed)
        let torn = await error {
            try await LastingDID.read(first.did, log: Data([1]) + rest, checkpoint: kept.checkpointJson, now: on(1))
        }
        #expect(torn != nil)

        // As material, a checkpoint of one's own stands for what came before it; anybody else's does not.
        func knowing(_ source: MaterialSource) throws -> Verifier {
            let checkpoint = Data("\(kept.checkpointJson)\n".utf8) + rest
            return try lenient.adding([
                VerificationMaterial(.log, url: first.did, bytes: checkpoint, obtained: bankDay, source: source)
            ])
        }
        #expect(try await knowing(.own).verify(shown, at: on(0)).outcome == .valid)
        let told = try knowing(.asserted(by: "did:web:somebody.example"))
        #expect(try await told.verify(shown, at: on(0)).outcome == .undetermined)
        #expect(error { try knowing(.fetched) }?.code == "material.checkpoint-of-nobody")

        let ended = try #require(
            try await LastingDID.update(second, DidChange(deactivate: true), signer: last, now: on(2)).files
        )
        #expect(try await LastingDID.read(ended.did, log: Data(ended.log.utf8), now: on(3)).documentJson == nil)
        shelf.put(Self.log, "text/jsonl", ended.log)
        let network = try OnlineNetwork(shelf)
        #expect(try await network.resolve(ended.did, at: on(3)).json.contains("\"deactivated\":true"))
        #expect(try await network.resolve(ended.did, versionNumber: 1, at: on(3)).json.contains(phoneName))
        #expect(try await !network.resolve(ended.did, versionNumber: 2, at: on(3)).json.contains(phoneName))
        let yesterday = bankDay.addingTimeInterval(-86_400)
        #expect(try await network.resolve(ended.did, versionTime: yesterday, at: on(3)).json.contains(phoneName))
        #expect(try await network.resolve(ended.did, versionNumber: 9, at: on(3)).json.contains("error"))
    }

    @Test("A key in a phone's hardware cannot change a DID")
    func hardware() async throws {
        let made = await error { try await LastingDID.create(at: "ngo.example", signer: phone, DidChange()) }
        #expect(made != nil)
        let named = await error {
            let change = DidChange(updateKeys: [phone.publicJWK])
            return try await LastingDID.create(at: "ngo.example", signer: next, change)
        }
        #expect(named != nil)
        #expect(await error { try await LastingDID.create(at: "10.0.0.1", signer: next, DidChange()) } != nil)
    }

    @Test("An entry waits until its witness has agreed")
    func witnessed() async throws {
        let first = try await began()
        let change = DidChange(
            updateKeys: [next.publicJWK],
            nextKeys: [last.publicJWK],
            witnesses: Witnesses(threshold: 1, keys: [people.ngo.publicJWK])
        )
        let entry = try await LastingDID.update(first, change, signer: next, now: on(0))
        #expect(entry.files == nil)
        let other = await error { try await LastingDID.witness(entry, held: first, signer: last, now: on(0)) }
        #expect(other?.code == "webvh.not-a-witness")
        #expect(await error { try await LastingDID.finish(entry, published: first, proofs: [], now: on(0)) } != nil)
        let proof = try await LastingDID.witness(entry, held: first, signer: people.ngo, now: on(0))
        let files = try await LastingDID.finish(entry, published: first, proofs: [proof], now: on(0))
        let witnesses = try #require(files.witnesses)
        let log = Data(files.log.utf8)
        let read = try await LastingDID.read(files.did, log: log, witnesses: Data(witnesses.utf8), now: on(0))
        #expect(read.versionId == entry.versionId)
        #expect(await error { try await LastingDID.read(files.did, log: log, now: on(0)) } != nil)
    }

    @Test("A guarantee is revoked by its reference, and an old list does not bring it back")
    func revoked() async throws {
        let database = Database()
        let begun = try IssuerRegister(database)
        try await begun.createList(Self.list, .token, signer: people.ngo)
        let twice = await error { try await begun.createList(Self.list, .token, signer: people.ngo) }
        #expect(twice?.code == "register.list-twice")
        let place = try await begun.allocate(in: Self.list)[0]
        let copies = try await Issuer(signer: people.ngo).issueCopies(
            .example(of: .licence),
            to: [CopyFor(.key(phone.publicJWK), status: place)],
            validFrom: "2026-03-01",
            days: 90
        )
        let reference = try await begun.record(copies)
        #expect(await error { try await begun.record(copies) }?.code == "register.reference-twice")
        let verifier = try Verifier(trusting: [trusting(people.ngo.didKey)])
        let shown = copies.credentials[0]
        let open = try await judged(verifier, shown, on: 0)
        #expect(open.outcome == .undetermined)
        #expect(open.reason?.code == "status.list.unavailable")
        let standing = try await begun.publish(Self.list, signer: people.ngo, days: 30, at: on(0))
        shelf.put(Self.list, "application/statuslist+jwt", standing)
        #expect(try await judged(verifier, shown, on: 0).outcome == .valid)

        let register = try IssuerRegister(database)
        #expect(try await register.change(reference, .revoke) == Changed(copies: 1, lists: [Self.list]))
        #expect(await error { try await register.change(reference, .reinstate) }?.code == "register.revoked")
        let early = await error { try await register.publish(Self.list, signer: people.ngo, at: on(-1)) }
        #expect(early?.code == "register.clock")
        let published = try await register.publish(Self.list, signer: people.ngo, days: 30, at: on(1))
        shelf.put(Self.list, "application/statuslist+jwt", published)
        let revoked = try await judged(verifier, shown, on: 1)
        #expect(revoked.reason?.code == "status.revocation.revoked")

        shelf.put(Self.list, "application/statuslist+jwt", standing)
        let remembering = try verifier.remembering(revoked.remembering())
        let old = try await judged(remembering, shown, on: 1)
        #expect(old.reason?.code == "material.rollback.older-list")
        let late = try await judged(verifier, shown, on: 31)
        #expect(late.outcome == .undetermined)
        let status = try #require(late.credentials[0].checks.first { $0.id == "status.list" })
        #expect(["status.list.expired", "status.list.stale"].contains(status.code))
        let age = try #require(status.ageSeconds)
        #expect(age == 2_678_400)

        database.breakDown()
        #expect(await error { try await register.allocate(in: Self.list) }?.code == "store.medium")
        #expect(error(of: { try IssuerRegister(database) })?.code == "store.medium")
    }

    private func error(_ call: () async throws -> some Any) async -> AttestaError? {
        await AttestaIssuerTests.error(of: call)
    }

    private func error(of call: () throws -> some Any) -> AttestaError? {
        AttestaIssuerTests.error(of: call)
    }
}
