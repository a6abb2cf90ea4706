import Foundation
import Testing

@testable import Attesta

@Suite("Many tasks, and cancelled ones")
struct TaskTests {
    let people = People()
    let request = PresentationRequest(audience: "https://bank.example", nonce: "n-0S6_WzA2Mj")

    @Test("A hundred tasks share one verifier, and each gets the answer to its own document")
    func hundredTasks() async throws {
        let verifier = try people.verifier()
        let letter = try await people.letter()
        let good = try await request.answer(with: [letter], signer: people.tenant)
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
                    let shown = try await request.answer(with: [letter], signer: signer)
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
        let task = Task { [request] in try await request.answer(with: [letter], signer: signer) }
        await asked.wait()

        let began = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - began < .seconds(2))

        person.signal()
        await answered.wait()
        // The key is as usable as before.
        _ = try await request.answer(with: [letter], signer: tenant)
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

    @Test("Waiting for a person holds up neither the main thread nor other tasks")
    func nobodyIsHeldUp() async throws {
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
        // More than the machine has processors, so that they would fill all threads that tasks share.
        let waiting = (0..<2 * ProcessInfo.processInfo.activeProcessorCount).map { _ in
            Task { [request] in try await request.answer(with: [letter], signer: hesitant) }
        }
        let report = try await people.verifier(.default).verify(letter, at: .now(is: bankDay))
        #expect(report.outcome == .valid)
        #expect(await MainActor.run { true })
        for _ in waiting { person.signal() }
        for task in waiting { _ = try await task.value }
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
