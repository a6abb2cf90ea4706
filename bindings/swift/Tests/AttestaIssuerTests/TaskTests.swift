import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

@Suite("Many tasks, and cancelled ones")
struct TaskTests {
    let people = People()
    let request = PresentationRequest(audience: "https://bank.example", nonce: "n-0S6_WzA2Mj")

    @Test("A hundred tasks share one verifier, and each gets the answer to its own document")
    func hundredTasks() async throws {
        let verifier = try people.verifier()
        let letter = try await people.letter()
        let good = try await request.answer(with: [letter], showing: .everything, signer: people.tenant)
        let bad = String(good.dropLast())
        let outcomes = try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
            for number in 0..<100 {
                group.addTask { [request] in
                    let shown = number.isMultiple(of: 2) ? good : bad
                    let report = try await verifier.verify(
                        shown,
                        expecting: .answer(to: request),
                        at: .now(is: bankDay)
                    )
                    return (number, report.outcome)
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(outcomes.count == 100)
        for (number, outcome) in outcomes {
            #expect(outcome == (number.isMultiple(of: 2) ? .valid : .invalid))
        }
    }

    @Test("A hundred tasks sign with one signer at once")
    func hundredSignatures() async throws {
        let letter = try await people.letter()
        let tenant = people.tenant
        let signer = FakeSigner(description: { try tenant.describe() }, signature: { try tenant.sign($0) })
        let verifier = try people.verifier()
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let request = PresentationRequest(audience: "https://bank.example", nonce: "nonce-\(number)-of-100")
                    let shown = try await request.answer(with: [letter], showing: .everything, signer: signer)
                    let report = try await verifier.verify(
                        shown,
                        expecting: .answer(to: request),
                        at: .now(is: bankDay)
                    )
                    return report.outcome
                }
            }
            for try await outcome in group { #expect(outcome == .valid) }
        }
    }

    @Test("A task that is cancelled before it begins never reaches the key")
    func cancelledBefore() async throws {
        let touched = Flag()
        let signer = FakeSigner(
            description: {
                touched.raise()
                throw SignerError.unavailable
            },
            signature: { $0 }
        )
        let gate = Gate()
        let task = Task {
            await gate.wait()
            return try await Issuer(signer: signer).issue(.example(of: .licence))
        }
        task.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await Task.sleep(for: .milliseconds(50))
        #expect(!touched.isRaised)
    }

    @Test("A task that is cancelled while a person hesitates goes on at once, and what is signed later is dropped")
    func cancelledMeanwhile() async throws {
        let asked = Gate()
        let person = DispatchSemaphore(value: 0)
        let answered = Gate()
        let tenant = people.tenant
        let signer = FakeSigner(
            description: { try tenant.describe() },
            signature: { message in
                asked.open()
                person.wait()
                defer { answered.open() }
                return try tenant.sign(message)
            }
        )
        let letter = try await people.letter()
        let task = Task { [request] in try await request.answer(with: [letter], showing: .everything, signer: signer) }
        await asked.wait()

        let began = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - began < .seconds(2))

        person.signal()
        await answered.wait()
        // The key is as usable as before.
        _ = try await request.answer(with: [letter], showing: .everything, signer: tenant)
    }

    @Test("A cancelled verification throws and gives no report")
    func cancelledVerification() async throws {
        let verifier = try people.verifier()
        let gate = Gate()
        let task = Task {
            await gate.wait()
            return try await verifier.verify("x")
        }
        task.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await verifier.verify("x").outcome == .invalid)
    }

    @Test("Tasks that are cancelled at any moment end with an answer or a cancellation, and once")
    func cancelledAnywhen() async throws {
        let verifier = try people.verifier(.default)
        let letter = try await people.letter()
        for microseconds in 0..<200 {
            let task = Task { try await verifier.verify(letter, at: .now(is: bankDay)) }
            try await Task.sleep(for: .microseconds(microseconds * 5))
            task.cancel()
            do {
                #expect(try await task.value.outcome == .valid)
            } catch is CancellationError {}
        }
    }

    @Test("A hundred threads share one verifier, and each gets the answer to its own document")
    func hundredThreads() async throws {
        let verifier = try people.verifier()
        let letter = try await people.letter()
        let good = Data(try await request.answer(with: [letter], showing: .everything, signer: people.tenant).utf8)
        let bad = Data(good.dropLast())
        let answers = AsyncStream<(Int, Outcome?)>.makeStream()
        for number in 0..<100 {
            Thread.detachNewThread { [request] in
                let report = try? verifier.verifyHere(
                    number.isMultiple(of: 2) ? good : bad,
                    expecting: .answer(to: request),
                    at: .now(is: bankDay)
                )
                answers.continuation.yield((number, report?.outcome))
            }
        }
        var numbers = Set<Int>()
        for await (number, outcome) in answers.stream.prefix(100) {
            #expect(outcome == (number.isMultiple(of: 2) ? .valid : .invalid))
            numbers.insert(number)
        }
        #expect(numbers.count == 100)
    }

    // The system's pool has some 64 threads, and the library has at most 256 that wait.
    @Test("People who hesitate hold up neither the main thread nor anybody else", arguments: [8, 100, 300])
    func nobodyIsHeldUp(count: Int) async throws {
        let person = DispatchSemaphore(value: 0)
        let tenant = people.tenant
        let hesitant = FakeSigner(
            description: { try tenant.describe() },
            signature: { message in
                person.wait()
                return try tenant.sign(message)
            }
        )
        let letter = try await people.letter()
        let verifier = try people.verifier(.default)
        let waiting = (0..<count).map { _ in
            Task { [request] in try await request.answer(with: [letter], showing: .everything, signer: hesitant) }
        }
        // If this hangs, the people answer after a while, and the test fails.
        let verified = Flag()
        let watch = Task.detached {
            for _ in 0..<600 where !verified.isRaised { try await Task.sleep(for: .milliseconds(100)) }
            for _ in 0..<count { person.signal() }
            return verified.isRaised
        }
        try await Task.sleep(for: .milliseconds(200))
        let report = try await verifier.verify(letter, at: .now(is: bankDay))
        #expect(report.outcome == .valid)
        // A key in memory waits for nobody.
        _ = try await request.answer(with: [letter], showing: .everything, signer: tenant)
        #expect(await MainActor.run { true })
        verified.raise()
        #expect(try await watch.value)
        for task in waiting { _ = try await task.value }
    }

    @Test("A signer is let go when its signature is made, refused or no longer waited for")
    func signersAreLetGo() async throws {
        final class Owned: Signer {
            let gone: Flag
            let key: SoftwareSigner
            let answer: @Sendable (Data) throws -> Data
            init(_ key: SoftwareSigner, gone: Flag, answer: @escaping @Sendable (Data) throws -> Data) {
                (self.key, self.gone, self.answer) = (key, gone, answer)
            }
            deinit { gone.raise() }
            func describe() throws -> SignerDescription { try key.describe() }
            func sign(_ message: Data) throws -> Data { try answer(message) }
        }
        let letter = try await people.letter()
        let tenant = people.tenant
        let asked = Gate()
        let person = DispatchSemaphore(value: 0)
        let answers: [@Sendable (Data) throws -> Data] = [
            { try tenant.sign($0) },
            { _ in throw SignerError.cancelled },
            { message in
                asked.open()
                person.wait()
                return try tenant.sign(message)
            },
        ]
        for (number, answer) in answers.enumerated() {
            let gone = Flag()
            let task = Task { [request] in
                try await request.answer(
                    with: [letter],
                    showing: .everything,
                    signer: Owned(tenant, gone: gone, answer: answer)
                )
            }
            if number == 2 {
                await asked.wait()
                task.cancel()
            }
            _ = await task.result
            if number == 2 {
                #expect(!gone.isRaised)
                person.signal()
            }
            for _ in 0..<100 where !gone.isRaised { try await Task.sleep(for: .milliseconds(20)) }
            #expect(gone.isRaised, "signer \(number)")
        }
    }

    @Test("The key is never used on the main thread, even when the caller is there")
    @MainActor
    func notOnTheMainThread() async throws {
        let onMain = Flag()
        let tenant = people.tenant
        let signer = FakeSigner(
            description: {
                if Thread.isMainThread { onMain.raise() }
                return try tenant.describe()
            },
            signature: { try tenant.sign($0) }
        )
        _ = try await Issuer(signer: signer).issue(.example(of: .licence))
        #expect(!onMain.isRaised)
    }
}

final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var raised = false
    func raise() { lock.withLock { raised = true } }
    var isRaised: Bool { lock.withLock { raised } }
}

/// Opened once; whoever waits goes on then.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func open() { continuation.finish() }

    /// A cancelled task waits as well.
    func wait() async {
        await Task.detached { [stream] in for await _ in stream {} }.value
    }
}
