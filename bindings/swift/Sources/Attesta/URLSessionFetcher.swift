import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Fetches with `URLSession`: https alone, no redirects, no cookies, no credentials, no cache, from public addresses.
///
/// The name is looked up, and every address behind it must be public. `URLSession` then looks it up once more and does not
/// say before it sends where it sends to: a name that changes in between can still lead into the phone's network, where
/// the only thing that arrives is a GET without a word about the person, over TLS with a certificate for that name. On
/// Apple's systems what such an address answers is thrown away. Whoever cannot accept that writes a ``Fetcher`` over
/// `NWConnection`.
public struct URLSessionFetcher: Fetcher {
    /// With the certificates that the system trusts.
    public init() {}

    public func fetch(_ request: FetchRequest) async throws -> FetchAnswer {
        guard let url = URL(string: request.url), url.scheme == "https", let host = url.host else {
            throw FetchError.unavailable
        }
        // `getaddrinfo` blocks, and the threads of tasks are few.
        try await inBackground(.ownThread) { try Self.check(host: host) }
        var asked = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalAndRemoteCacheData)
        for (name, value) in request.headers { asked.setValue(value, forHTTPHeaderField: name) }
        let reading = Reading(most: request.maxBytes)
        let session = URLSession(
            configuration: Self.configuration(seconds: request.maxSeconds),
            delegate: reading,
            delegateQueue: nil
        )
        defer { session.invalidateAndCancel() }
        let task = session.dataTask(with: asked)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                reading.begin(continuation)
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
    }

    private static func configuration(seconds: Int) -> URLSessionConfiguration {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.timeoutIntervalForRequest = TimeInterval(seconds)
        configuration.timeoutIntervalForResource = TimeInterval(seconds)
        return configuration
    }

    /// Whether all addresses behind a name are public.
    static func check(host: String) throws {
        var hints = addrinfo()
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0 else { throw FetchError.unknownHost }
        defer { freeaddrinfo(found) }
        var next = found
        while let entry = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(text.count)
            guard
                getnameinfo(entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, length, nil, 0, NI_NUMERICHOST) == 0
            else { throw FetchError.unknownHost }
            let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let address = String(decoding: bytes, as: UTF8.self)
            guard OnlineNetwork.isPublic(String(address.prefix { $0 != "%" })) else {
                throw FetchError.notPublic(address: address)
            }
            next = entry.pointee.ai_next
        }
    }
}

/// What comes of one request, up to its bound.
private final class Reading: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let most: Int

    // Only touched while the lock is held, which the compiler cannot see.
    private var continuation: CheckedContinuation<FetchAnswer, any Error>?
    private var response: HTTPURLResponse?
    private var body = Data()
    private var reason: FetchError?
    private let lock = NSLock()

    init(most: Int) {
        self.most = most
    }

    func begin(_ continuation: CheckedContinuation<FetchAnswer, any Error>) {
        lock.withLock { self.continuation = continuation }
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        // The answer is then the redirect itself, which the library refuses.
        lock.withLock { self.response = response }
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession,
        dataTask: URLSessionDataTask,
        didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        let isTooLarge = response.expectedContentLength > Int64(most)
        lock.withLock {
            self.response = response as? HTTPURLResponse
            if isTooLarge { reason = .tooLarge }
        }
        completionHandler(isTooLarge ? .cancel : .allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLarge = lock.withLock {
            guard data.count <= most - body.count else {
                reason = .tooLarge
                return true
            }
            body.append(data)
            return false
        }
        if isTooLarge { dataTask.cancel() }
    }

    #if canImport(Darwin)
        func urlSession(
            _ session: URLSession,
            task: URLSessionTask,
            didFinishCollecting metrics: URLSessionTaskMetrics
        ) {
            let addresses = metrics.transactionMetrics.compactMap(\.remoteAddress)
            let isInside: (String) -> Bool = { !OnlineNetwork.isPublic(String($0.prefix { $0 != "%" })) }
            guard let inside = addresses.first(where: isInside) else { return }
            lock.withLock { reason = .notPublic(address: inside) }
        }
    #endif

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let (waiting, result): (CheckedContinuation<FetchAnswer, any Error>?, Result<FetchAnswer, any Error>) =
            lock.withLock {
                defer { continuation = nil }
                if let reason { return (continuation, .failure(reason)) }
                if let error { return (continuation, .failure(Self.reason(of: error))) }
                guard let response else { return (continuation, .failure(FetchError.cutOff)) }
                return (continuation, .success(answer(response)))
            }
        waiting?.resume(with: result)
    }

    private func answer(_ response: HTTPURLResponse) -> FetchAnswer {
        var headers: [String: String] = [:]
        for case (let name as String, let value as String) in response.allHeaderFields { headers[name] = value }
        return FetchAnswer(
            status: response.statusCode,
            headers: headers,
            body: body,
            url: response.url?.absoluteString
        )
    }

    private static func reason(of error: any Error) -> FetchError {
        switch (error as? URLError)?.code {
        case .cannotFindHost?, .dnsLookupFailed?: .unknownHost
        case .cannotConnectToHost?: .noConnection
        case .timedOut?: .timeout
        case .networkConnectionLost?: .cutOff
        case .secureConnectionFailed?, .serverCertificateHasBadDate?, .serverCertificateUntrusted?,
            .serverCertificateHasUnknownRoot?, .serverCertificateNotYetValid?:
            .tls
        default: .unavailable
        }
    }
}
