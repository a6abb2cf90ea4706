import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

@Suite("A desk that may fetch what it misses")
struct NetworkTests {
    static let ngo = "did:web:ngo.example"
    static let url = "https://ngo.example/.well-known/did.json"
    let people = People()
    let shelf = Shelf()

    private func licence() async throws -> String {
        try await Issuer(signer: people.ngo, as: .did("\(Self.ngo)#key-1")).issue(
            .example(of: .licence),
            to: .did(people.tenant.didKey),
            validFrom: "2026-03-01"
        )
    }

    private func judged(_ network: OnlineNetwork? = nil, trusting issuer: String = NetworkTests.ngo) async throws
        -> OnlineReport
    {
        try await Verifier(trusting: [AttestaIssuerTests.trusting(issuer)]).verify(
            licence(),
            over: network ?? OnlineNetwork(shelf),
            at: .now(is: bankDay)
        )
    }

    @Test("What is missing is fetched once, and who learnt of it is said")
    func fetched() async throws {
        shelf.put(Self.url, "application/did+json", try document(of: Self.ngo, key: people.ngo))
        let network = try OnlineNetwork(shelf)
        let first = try await judged(network)
        #expect(first.report.outcome == .valid)
        #expect(first.steps.map(\.outcome) == ["fetched"])
        #expect(first.steps[0].revealed?.hasSuffix(".") == true)
        let request = try #require(shelf.asked.first)
        #expect(request.url == Self.url)
        #expect(request.headers["Accept-Encoding"] == "identity")
        #expect(request.headers["Accept"]?.contains("application/did+json") == true)
        #expect(try await judged(network).steps.map(\.outcome) == ["kept"])
        #expect(shelf.asked.count == 1)
    }

    @Test("For a stranger's document nobody is asked")
    func stranger() async throws {
        shelf.put(Self.url, json, try document(of: Self.ngo, key: people.ngo))
        let report = try await judged(trusting: "did:web:other.example")
        #expect(report.report.outcome == .undetermined)
        #expect(report.steps.isEmpty && shelf.asked.isEmpty)
    }

    @Test("What a fetcher throws, and what it should not have brought, leaves it open")
    func wrong() async throws {
        struct Talkative: Error { let text = "PIN 4711" }
        let sound = try document(of: Self.ngo, key: people.ngo)
        let long = String(repeating: " ", count: 10_000_000)
        let wrong: [(@Sendable () async throws -> FetchAnswer, String)] = [
            ({ throw FetchError.unavailable }, "fetch.unavailable"),
            ({ throw Talkative() }, "fetch.unavailable"),
            ({ throw FetchError.unknownHost }, "fetch.unknown-host"),
            ({ throw FetchError.notPublic(address: "192.168.1.1") }, "fetch.not-public"),
            ({ throw FetchError.noConnection }, "fetch.connect"),
            ({ throw FetchError.tls }, "fetch.tls"),
            ({ throw FetchError.timeout }, "fetch.timeout"),
            ({ throw FetchError.tooLarge }, "fetch.too-large"),
            ({ throw FetchError.cutOff }, "fetch.cut-off"),
            ({ Shelf.answer(404, json, "") }, "fetch.status"),
            ({ Shelf.answer(-1, json, sound) }, "fetch.status"),
            ({ Shelf.answer(302, json, sound) }, "fetch.redirect"),
            ({ Shelf.answer(200, json, sound, url: "https://other.example/") }, "fetch.redirect"),
            ({ Shelf.answer(200, json, sound, url: "http://ngo.example/") }, "fetch.redirect"),
            ({ Shelf.answer(200, "text/html", sound) }, "fetch.content-type"),
            ({ FetchAnswer(status: 200, headers: [:], body: Data(sound.utf8)) }, "fetch.content-type"),
            ({ Shelf.answer(200, json, long) }, "fetch.too-large"),
        ]
        for (answer, code) in wrong {
            shelf.answer(Self.url, answer)
            let report = try await judged()
            #expect(report.report.outcome == .undetermined)
            #expect(report.steps.map(\.code) == [code])
            #expect(report.report.accepted.isEmpty)
            #expect(!"\(report)".contains("4711"))
        }
        shelf.put(Self.url, json, try document(of: "did:web:other.example", key: people.ngo))
        let other = try await judged()
        #expect(other.report.outcome != .valid)
        #expect(other.steps.map(\.outcome) == ["unusable"])
    }

    @Test("Cancelling ends what is being fetched")
    func cancelled() async throws {
        let (began, ended) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        shelf.answer(Self.url) {
            began.continuation.finish()
            defer { ended.continuation.finish() }
            try await Task.sleep(nanoseconds: 3_600_000_000_000)
            return Shelf.answer(200, json, "")
        }
        let task = Task { try await judged() }
        for await _ in began.stream {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        for await _ in ended.stream {}
    }

    @Test("Only public addresses are public")
    func publicAddresses() throws {
        #expect(OnlineNetwork.isPublic("8.8.8.8") && OnlineNetwork.isPublic("2a00:1450:4001::1"))
        for address in ["127.0.0.1", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "ngo.example", ""] {
            #expect(!OnlineNetwork.isPublic(address), "\(address)")
        }
    }

    @Test("A DID and what is in it is resolved, and what is none says so")
    func resolving() async throws {
        shelf.put(Self.url, json, try document(of: Self.ngo, key: people.ngo))
        let network = try OnlineNetwork(
            shelf,
            resolvers: [DidResolver(endpoint: "https://resolver.example/1.0/identifiers/", methods: ["ethr"])]
        )
        #expect(try await network.resolve(Self.ngo).json.contains("\"\(Self.ngo)#key-1\""))
        #expect(try await network.resolve("\(Self.ngo)#key-1").json.contains("JsonWebKey"))
        #expect(try await network.resolve("\(Self.ngo)#key-2").json.contains("error"))
        let asked = shelf.asked.count
        for no in ["did:web:127.0.0.1", "did:web:localhost%2F..", "did:example:a", "https://ngo.example", ""] {
            #expect(try await network.resolve(no).json.contains("error"), "\(no)")
        }
        #expect(shelf.asked.count == asked)
        let ethr = #"{"id":"did:ethr:0xa"}"#
        shelf.put("https://resolver.example/1.0/identifiers/did%3Aethr%3A0xa", "application/did", ethr)
        #expect(try await network.resolve("did:ethr:0xa").json.contains("\"didDocument\":\(ethr)"))
        let own = DidResolver(endpoint: "https://10.0.0.1/", methods: ["ethr"])
        let inside = try OnlineNetwork(shelf, resolvers: [own])
        #expect(await error(of: { try await inside.resolve("did:ethr:0xa") })?.code == "url.ip-address")
    }

    @Test("URLSession is not let into the phone's own network")
    func inside() async throws {
        func refused(_ url: String) async -> FetchError? {
            do {
                _ = try await URLSessionFetcher().fetch(
                    FetchRequest(url: url, headers: [:], maxBytes: 1000, maxSeconds: 5)
                )
                return nil
            } catch {
                return error as? FetchError
            }
        }
        #expect(await refused("https://127.0.0.1:1/") == .notPublic(address: "127.0.0.1"))
        guard case .notPublic = await refused("https://localhost:1/") else {
            Issue.record("localhost is asked")
            return
        }
        #expect(await refused("http://ngo.example/") == .unavailable)
        #expect(await refused("https://name.invalid/") == .unknownHost)
    }
}
