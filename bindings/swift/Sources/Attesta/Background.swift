import Foundation

/// Runs `work` on a thread that belongs to nobody else, since it may wait for a person: neither the caller's thread nor
/// one of the few that all of Swift's tasks share.
///
/// A cancelled task goes on at once with a `CancellationError`. Work that has not begun then never does; work that has
/// ends by itself, and what it made is dropped.
func inBackground<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    let answer = Answer<T>()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            guard answer.isAwaited(by: continuation) else { return }
            DispatchQueue.global(qos: .userInitiated).async {
                guard !answer.isGiven else { return }
                answer.give(Result { try work() })
            }
        }
    } onCancel: {
        answer.give(.failure(CancellationError()))
    }
}

/// Passes on the first answer that is given, and no other.
private final class Answer<T: Sendable>: @unchecked Sendable {
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
