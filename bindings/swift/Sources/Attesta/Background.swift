import Foundation

/// Where work goes that the caller does not do itself.
package enum Place {
    /// On a thread of the system's pool. Work there must not wait for anybody: the pool is shared and small.
    case pool
    /// On a thread that belongs to nobody else, since an app's own signer may wait for a person.
    case ownThread
}

/// Runs `work` on neither the caller's thread nor one of the few that all of Swift's tasks share.
///
/// A cancelled task goes on at once with a `CancellationError`. Work that has not begun then never does; work that has
/// ends by itself, and what it made is dropped.
package func inBackground<T: Sendable>(_ place: Place, _ work: @escaping @Sendable () throws -> T) async throws -> T {
    let answer = Promise<T>()
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            guard answer.isAwaited(by: continuation) else { return }
            let run: @Sendable () -> Void = {
                guard !answer.isGiven else { return }
                answer.give(Result { try Cancellation.$current.withValue(cancellation, operation: work) })
            }
            switch place {
            case .pool: DispatchQueue.global(qos: .userInitiated).async(execute: run)
            case .ownThread: SigningThreads.shared.run(run)
            }
        }
    } onCancel: {
        answer.give(.failure(CancellationError()))
        cancellation.cancel()
    }
}

/// Threads that may wait: one for each signature that is under way, so that nobody waits for another's answer.
private final class SigningThreads: @unchecked Sendable {
    static let shared = SigningThreads()

    /// More signatures than this wait for their turn. A system that runs out of threads would stop the app.
    private static let most = 256

    // Only touched while the lock is held, which the compiler cannot see.
    private var running = 0
    private var waiting: [@Sendable () -> Void] = []
    private let lock = NSLock()

    func run(_ work: @escaping @Sendable () -> Void) {
        let hasThread = lock.withLock {
            guard running < Self.most else {
                waiting.append(work)
                return false
            }
            running += 1
            return true
        }
        guard hasThread else { return }
        let thread = Thread { [self] in
            work()
            while let next = next() { next() }
        }
        thread.name = "org.attesta.signing"
        thread.qualityOfService = .userInitiated
        thread.start()
    }

    private func next() -> (@Sendable () -> Void)? {
        lock.withLock {
            guard waiting.isEmpty else { return waiting.removeFirst() }
            running -= 1
            return nil
        }
    }
}

/// Tells work under way that its task was cancelled: whoever waits for a person then takes the question back.
final class Cancellation: @unchecked Sendable {
    /// Of the work that this thread does, if a task waits for it.
    @TaskLocal static var current: Cancellation?

    // Only touched while the lock is held, which the compiler cannot see.
    private var isCancelled = false
    private var handler: (@Sendable () -> Void)?
    private let lock = NSLock()

    /// Runs `operation`, and `handler` once if the task is or was cancelled before the operation ends.
    static func handled<T>(by handler: @escaping @Sendable () -> Void, _ operation: () throws -> T) rethrows -> T {
        guard let current else { return try operation() }
        if current.set(handler) { handler() }
        defer { _ = current.set(nil) }
        return try operation()
    }

    /// Whether it is too late.
    private func set(_ handler: (@Sendable () -> Void)?) -> Bool {
        lock.withLock {
            self.handler = handler
            return isCancelled
        }
    }

    func cancel() {
        let handler = lock.withLock {
            isCancelled = true
            return self.handler
        }
        handler?()
    }
}

/// Passes on the first answer that is given, and no other.
private final class Promise<T: Sendable>: @unchecked Sendable {
    // Only touched while the lock is held, which the compiler cannot see.
    private var continuation: CheckedContinuation<T, any Error>?
    private var given: Result<T, any Error>?
    private let lock = NSLock()

    var isGiven: Bool {
        lock.withLock { given != nil }
    }

    /// Whether there is still something to wait for: a task may be cancelled before it gets here.
    func isAwaited(by continuation: CheckedContinuation<T, any Error>) -> Bool {
        let early = lock.withLock {
            self.continuation = given == nil ? continuation : nil
            return given
        }
        if let early { continuation.resume(with: early) }
        return early == nil
    }

    func give(_ answer: Result<T, any Error>) {
        let waiting = lock.withLock {
            guard given == nil else { return CheckedContinuation<T, any Error>?.none }
            given = answer
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(with: answer)
    }
}
