import AttestaFFI
import Foundation

/// One thing to fetch, by GET.
public struct FetchRequest: Hashable, Sendable {
    /// Where: an https URL with a domain name, which was looked at.
    public let url: String
    /// All headers that are sent. Send no others: no cookie, no credential, no referrer.
    public let headers: [String: String]
    /// Stop reading after so many bytes of the body.
    public let maxBytes: Int
    /// Give up after so many seconds in all. The task is cancelled then.
    public let maxSeconds: Int
}

/// What a server answered, whatever its status.
public struct FetchAnswer: Hashable, Sendable {
    /// The status, such as 200.
    public let status: Int
    /// The headers as they came.
    public let headers: [String: String]
    /// The body as it came, not decompressed.
    public let body: Data
    /// The address that answered, if the client says so. Redirects are not followed: another origin is refused.
    public let url: String?

    /// - Parameters:
    ///   - status: The status, such as 200.
    ///   - headers: The headers as they came.
    ///   - body: The body as it came, not decompressed.
    ///   - url: The address that answered.
    public init(status: Int, headers: [String: String], body: Data, url: String? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
    }
}

/// Fetches one thing by the platform's own client. ``URLSessionFetcher`` is one.
///
/// What is to be fetched was looked at: https, a domain name, nothing that two readers of addresses read differently.
/// What comes is looked at again: its origin, status, type, encoding and size. What the library cannot see is yours:
/// - a phone is inside a network, and a stranger's name may lead into it: ask ``Network/isPublic(_:)`` about every IP
///   address before anything is sent to it;
/// - check TLS, follow no redirect, use no cookie, credential, cache or proxy that the person did not set up for this;
/// - stop reading at ``FetchRequest/maxBytes``, and when the task is cancelled.
///
/// Several fetches run at once. Throw ``FetchError`` to say why there is no answer; anything else counts as
/// ``FetchError/unavailable``.
public protocol Fetcher: Sendable {
    /// Fetches it, or says why not.
    func fetch(_ request: FetchRequest) async throws -> FetchAnswer
}

/// Why a ``Fetcher`` has no answer.
public enum FetchError: Error, Hashable, Sendable {
    /// There is no network, or the app or the person does not want to fetch now.
    case unavailable
    /// The domain name could not be looked up.
    case unknownHost
    /// The domain name leads to this IP address, which is not public.
    case notPublic(address: String)
    /// Nobody answers there.
    case noConnection
    /// There is no TLS, or a certificate that is not good for this name.
    case tls
    /// It took longer than it may.
    case timeout
    /// The body is longer than it may be.
    case tooLarge
    /// The connection broke before all was there.
    case cutOff
}

/// A network: who fetches, and what was fetched and need not be fetched again while the app runs.
///
/// Make one and keep it; any number of tasks may use it at once.
public struct Network: Sendable {
    private let fetcher: any Fetcher
    private let resolvers: [DidResolver]
    private let cache: FetchCache

    /// - Parameters:
    ///   - fetcher: Who fetches.
    ///   - resolvers: Where ``resolve(_:versionID:versionTime:versionNumber:at:)`` asks for DIDs of other methods. A
    ///     verification asks those of its trust lists.
    /// - Throws: ``AttestaError`` when the app was built with a library and bindings that do not belong together.
    public init(_ fetcher: any Fetcher, resolvers: [DidResolver] = []) throws {
        self.fetcher = fetcher
        self.resolvers = resolvers
        cache = try calling { FetchCache() }
    }

    /// Whether this IP address belongs to the public internet: no loopback, no private or link-local range, no metadata of
    /// a cloud. What is no IP address does not.
    public static func isPublic(_ address: String) -> Bool {
        (try? calling { isPublicAddress(address: address) }) ?? false
    }

    /// Resolves a DID (DID Resolution 1.0), or dereferences a DID URL with a path, query or fragment: the document, at a
    /// version if one is asked for, a key, a service, or addresses. Everything is fetched anew.
    ///
    /// - Parameters:
    ///   - didURL: The DID or DID URL.
    ///   - versionID: That version of the document.
    ///   - versionTime: The version that was current then.
    ///   - versionNumber: The version of that number, from 1.
    ///   - at: The present moment.
    /// - Throws: ``AttestaError`` when a moment is out of the calendar, or a resolver's address is none that is opened;
    ///   `CancellationError` when the task was cancelled.
    public func resolve(
        _ didURL: String,
        versionID: String? = nil,
        versionTime: Date? = nil,
        versionNumber: UInt64? = nil,
        at: At = .now
    ) async throws -> Resolution {
        let options = ResolveOptions(
            versionId: versionID,
            versionTime: versionTime?.wholeSeconds,
            versionNumber: versionNumber,
            resolvers: resolvers
        )
        return try await fetching { host in
            try calling { try resolveOnline(didUrl: didURL, options: options, at: at, fetcher: host) }
        }
    }

    func verify(with verifier: AttestaFFI.Verifier, _ presented: Data, _ expected: Expected, _ at: At) async throws
        -> OnlineReport
    {
        try await fetching { [cache] host in
            let answer = try calling {
                try verifier.verifyOnline(presented: presented, expected: expected, at: at, fetcher: host, cache: cache)
            }
            return OnlineReport(report: Report(answer.report), steps: answer.steps)
        }
    }

    /// Work that fetches waits on a thread of its own. When its task is cancelled, so is what is being fetched.
    private func fetching<T: Sendable>(_ call: @escaping @Sendable (HostFetcher) throws -> T) async throws -> T {
        let host = HostFetcher(fetcher)
        return try await withTaskCancellationHandler {
            try await inBackground(.ownThread) { try call(host) }
        } onCancel: {
            host.cancel()
        }
    }
}

/// A decision, and what was fetched for it.
public struct OnlineReport: Sendable {
    /// The decision.
    public let report: Report
    /// What was wanted from the network, in order, and who learnt of it.
    public let steps: [FetchStep]
}

extension Verifier {
    /// Decides, and fetches what is missing, within fixed bounds of time and size. Nothing is fetched for a document that
    /// is not by an issuer whom this verifier trusts.
    ///
    /// - Parameters:
    ///   - presented: The document's bytes, whatever they are.
    ///   - network: Who fetches.
    ///   - expected: What was asked.
    ///   - at: The moment that is judged.
    /// - Returns: The report, and what was fetched. What cannot be fetched is no error: the report says what is open.
    /// - Throws: ``AttestaError`` when `at` is no moment of the calendar or what is expected cannot be read;
    ///   `CancellationError` when the task was cancelled.
    public func verify(
        _ presented: Data,
        over network: Network,
        expecting expected: Expected = .nothing,
        at: At = .now
    ) async throws -> OnlineReport {
        try await network.verify(with: verifier, presented, expected, at)
    }

    /// As the other `verify` over a network, of a document that is text.
    public func verify(
        _ presented: String,
        over network: Network,
        expecting expected: Expected = .nothing,
        at: At = .now
    ) async throws -> OnlineReport {
        try await verify(Data(presented.utf8), over: network, expecting: expected, at: at)
    }
}

/// The app's fetcher as the library calls it: from threads of the library's own, which wait.
private final class HostFetcher: AttestaFFI.Fetcher, @unchecked Sendable {
    private let fetcher: any Fetcher

    // Only touched while the lock is held, which the compiler cannot see.
    private var isCancelled = false
    private var running: [Int: Task<Void, Never>] = [:]
    private var started = 0
    private let lock = NSLock()

    init(_ fetcher: any Fetcher) {
        self.fetcher = fetcher
    }

    func cancel() {
        let tasks = lock.withLock {
            isCancelled = true
            return Array(running.values)
        }
        for task in tasks { task.cancel() }
    }

    func fetch(request: AttestaFFI.FetchRequest) throws -> AttestaFFI.FetchAnswer {
        let headers = Dictionary(request.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        let asked = FetchRequest(
            url: request.url,
            headers: headers,
            maxBytes: Int(clamping: request.maxBytes),
            maxSeconds: Int(request.maxSeconds)
        )
        let answer = try waited(for: asked)
        guard answer.body.count <= asked.maxBytes else { throw FetchFailure.TooLarge }
        return AttestaFFI.FetchAnswer(
            // A status that is no number of HTTP is none that counts.
            status: UInt16(clamping: answer.status),
            headers: answer.headers.map { HttpHeader(name: $0.key, value: $0.value) },
            body: answer.body,
            url: answer.url
        )
    }

    private func waited(for request: FetchRequest) throws -> FetchAnswer {
        let (outcome, isDone) = (Outcome(), DispatchSemaphore(value: 0))
        let number = lock.withLock {
            started += 1
            return started
        }
        let task = Task.detached { [fetcher] in
            do {
                outcome.give(.success(try await fetcher.fetch(request)))
            } catch {
                outcome.give(.failure(failure(error)))
            }
            isDone.signal()
        }
        let isLate = lock.withLock {
            running[number] = task
            return isCancelled
        }
        defer { _ = lock.withLock { running.removeValue(forKey: number) } }
        if isLate { task.cancel() }
        // A fetcher that takes longer than it may is left behind.
        guard isDone.wait(timeout: .now() + .seconds(request.maxSeconds)) == .success else {
            task.cancel()
            throw FetchFailure.Timeout
        }
        return try outcome.taken().get()
    }

    /// What a fetch came to.
    private final class Outcome: @unchecked Sendable {
        private var given: Result<FetchAnswer, FetchFailure> = .failure(.Unexpected)
        private let lock = NSLock()

        func give(_ result: Result<FetchAnswer, FetchFailure>) {
            lock.withLock { given = result }
        }

        func taken() -> Result<FetchAnswer, FetchFailure> {
            lock.withLock { given }
        }
    }
}

/// What a fetcher threw, as the library knows it. The text of anything else is left out.
private func failure(_ error: any Error) -> FetchFailure {
    guard let error = error as? FetchError else { return .Unavailable }
    return switch error {
    case .unavailable: .Unavailable
    case .unknownHost: .UnknownHost
    case .notPublic(let address): .NotPublic(address: address)
    case .noConnection: .NoConnection
    case .tls: .Tls
    case .timeout: .Timeout
    case .tooLarge: .TooLarge
    case .cutOff: .CutOff
    }
}
