import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

@Suite("From the bank's question to the tenant's consent and back")
struct ConsentTests {
    let people = People()
    let at = At.now(is: bankDay)
    static let district = AskFor(.proofOfAddress, id: "home", pointers: ["/address/country", "/address/district"])

    private func ask(_ asked: AskFor = Self.district, by signer: SoftwareSigner? = nil) async throws -> SignedRequest {
        try await Requester(signer: signer ?? people.bank).request(.kinds([asked]), at: at)
    }

    private func known(_ request: SignedRequest) async throws -> Asker {
        try await .known(request.text, trusting: [people.phonesList()], at: at)
    }

    private func consent(to request: SignedRequest, format: CredentialFormat = .sdJwtVc) async throws -> Consent {
        try await .to(known(request), with: [people.letter(format: format)], at: at)
    }

    private func decide(_ answer: String, _ request: SignedRequest) async throws -> Report {
        try await people.verifier().verify(answer, expecting: .answer(to: request), at: at)
    }

    @Test("The bank learns what it asked for, and nothing else")
    func theBankLearnsThePart() async throws {
        let ledger = try NonceLedger(capacity: 10)
        let request = try await ask()
        try ledger.issue(request, at: at)
        let consent = try await consent(to: request)

        #expect(consent.asker.isKnown)
        #expect(consent.asker.name == "Harbour Bank")
        #expect(consent.asker.id == request.clientID)
        #expect(consent.asker.inWords.contains("Harbour Bank"))
        #expect(consent.asker.responseURI == nil)
        #expect(consent.asker.expires == request.expires)
        #expect(consent.unanswered.isEmpty && consent.warnings.isEmpty && consent.optional.isEmpty)
        let shown = try #require(consent.shown.first)
        #expect(shown.kind == .proofOfAddress && shown.position == 0 && shown.isBound && !shown.showsMore)
        #expect(shown.issuer == people.ngo.didKey)
        #expect(shown.validUntil == date("2026-03-08T00:00:00Z"))
        #expect(try shown.holderJWKs.map { try PublicKey(jwk: $0).didKey } == [people.tenant.didKey])
        #expect(shown.claims.map(\.pointer) == ["/address/country", "/address/district"])
        #expect(shown.claims[0].valueJSON() == "\"HK\"")

        let answer = try await consent.answer(signers: [people.stranger, people.tenant], at: at)
        let report = try await decide(answer.json, request)
        #expect(report.outcome == .valid, "\(report)")
        let accepted = try #require(report.accepted.first)
        guard case .proofOfAddress(let claims)? = accepted.claims else {
            Issue.record("the claims are of another kind")
            return
        }
        #expect(claims.address?.country == "HK")
        #expect(claims.address?.district != nil)
        #expect(claims.name == nil && claims.address?.street == nil && claims.officer == nil)
        #expect(!accepted.subjectJSON.contains("street"))
        #expect(try ledger.redeem(request.nonce, at: at) == .once)
    }

    @Test("An answer that was copied is refused by the ledger, and by every other request")
    func replay() async throws {
        let ledger = try NonceLedger(capacity: 10)
        let (request, next) = (try await ask(), try await ask())
        for request in [request, next] { try ledger.issue(request, at: at) }
        let answer = try await consent(to: request).answer(signer: people.tenant, at: at)
        #expect(try await decide(answer.json, request).outcome == .valid)
        #expect(try ledger.redeem(request.nonce, at: at) == .once)
        // Valid once more, and still of no use.
        #expect(try await decide(answer.json, request).outcome == .valid)
        #expect(try ledger.redeem(request.nonce, at: at) == .again)
        #expect(try await decide(answer.json, next).reason?.code == "nonce.other")
        let thief = try await ask(by: people.stranger)
        #expect(try await decide(answer.json, thief).reason?.code == "audience.other")
        #expect(try await decide(answer.json, thief).accepted.isEmpty)
    }

    @Test("The ledger refuses what could be guessed, came twice, ended, or is too much")
    func ledger() async throws {
        let ledger = try NonceLedger(capacity: 1)
        let (request, other) = (try await ask(), try await ask())
        let expires = request.expires
        #expect(error(of: { try ledger.issue(nonce: "short", expires: expires, at: at) })?.code == "nonce.short")
        #expect(error(of: { try ledger.issue(request, at: .now(is: expires)) })?.code == "ledger.expired")
        try ledger.issue(request, at: at)
        #expect(error(of: { try ledger.issue(request, at: at) })?.code == "ledger.duplicate")
        #expect(error(of: { try ledger.issue(other, at: at) })?.code == "ledger.full")
        #expect(try ledger.redeem(other.nonce, at: at) == .unknown)
        #expect(try ledger.redeem(request.nonce, at: .now(is: expires)) == .expired)
    }

    @Test("Of a hundred tasks with one nonce, one redeems it")
    func oneRedeems() async throws {
        let ledger = try NonceLedger(capacity: 1)
        let request = try await ask()
        try ledger.issue(request, at: at)
        let redeemed = try await withThrowingTaskGroup(of: Redeemed.self) { group in
            for _ in 0..<100 {
                group.addTask { [at] in try ledger.redeem(request.nonce, at: at) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(redeemed.filter { $0 == .once }.count == 1)
        #expect(redeemed.filter { $0 == .again }.count == 99)
    }

    @Test("Somebody unknown gets nothing of a proof of address, in any format", arguments: CredentialFormat.allCases)
    func unknownAsker(format: CredentialFormat) async throws {
        let asked = AskFor(.proofOfAddress, id: "home", format: format, pointers: ["/address/district"])
        let request = try await ask(asked, by: people.stranger)
        #expect(await error(of: { try await known(request) })?.code == "request.unknown-asker")
        let missing = try await Asker.missing(for: request.text, trusting: [people.phonesList()], at: at)
        #expect(missing.isEmpty)

        let asker = try await Asker.unauthenticated(request.text, at: at)
        #expect(!asker.isKnown && asker.name == nil)
        let issuer = try SoftwareSigner(generating: format.algorithm)
        let letter = try await people.letter(format: format, by: issuer)
        let consent = try await Consent.to(asker, with: [letter], at: at)
        #expect(consent.shown.isEmpty)
        #expect(consent.unanswered.map(\.code) == ["consent.not-public"])
        #expect(consent.unanswered.allSatisfy { !$0.message.isEmpty && !$0.hint.isEmpty })
        #expect(consent.warnings.map(\.type) == [.unauthenticated])
        #expect(consent.warnings.allSatisfy { !$0.text.isEmpty })
        let answer = await error(of: { try await consent.answer(signer: people.tenant, at: at) })
        #expect(answer?.code == "answer.nothing")
    }

    @Test("A bank that may ask for licences alone cannot ask for an address, nor for what no letter says")
    func overAsking() async throws {
        let request = try await ask()
        let lists = [people.phonesList(verifies: "licence"), people.phonesList(verifies: "*")]
        // The first list that knows who asks decides, not the one that allows more.
        let refused = await error(of: { try await Asker.known(request.text, trusting: lists, at: at) })
        #expect(refused?.code == "request.may-not-ask")
        let unknown = await error(of: { try await ask(AskFor(.proofOfAddress, id: "home", pointers: ["/income"])) })
        #expect(unknown?.code == "dcql.path.not-in-kind")
        let income = """
            {"credentials":[{"id":"home","format":"dc+sd-jwt","claims":[{"path":["income"]}],
            "meta":{"vct_values":["https://w3id.org/attesta/vct/proof-of-address/1"]}}]}
            """
        let fishing = try await Requester(signer: people.bank).request(.query(income), at: at)
        let asker = try await known(fishing)
        let nothing = await error(of: { try await Consent.to(asker, with: [people.letter(format: .sdJwtVc)], at: at) })
        #expect(nothing?.code == "request.claim-not-in-kind")
    }

    @Test("An answer that keeps back what was asked for is refused")
    func keptBack() async throws {
        let request = try await ask()
        let plain = PresentationRequest(audience: request.clientID, nonce: request.nonce)
        let letter = try await people.letter(format: .sdJwtVc)
        let shown = try await plain.answer(
            with: [letter],
            showing: .only(["/address/country"]),
            signer: people.tenant,
            at: at
        )
        #expect(try await decide(shown, request).reason?.code == "disclosure.not-answered")
        #expect(try await decide(shown, request).accepted.isEmpty)
    }

    @Test("Only the holder's key answers; a person who says no, and a key that lies, end it by name")
    func anotherKey() async throws {
        let consent = try await consent(to: ask())
        let tenant = people.tenant
        func code(_ signers: [any Signer]) async -> String? {
            await error(of: { try await consent.answer(signers: signers, at: at) })?.code
        }
        #expect(await code([]) == "answer.no-key")
        #expect(await code([people.stranger, people.ngo]) == "answer.no-key")
        let unwilling = FakeSigner(
            description: { try tenant.describe() },
            signature: { _ in throw SignerError.cancelled }
        )
        #expect(await code([unwilling]) == "signer.cancelled")
        let lying = FakeSigner(
            description: { try tenant.describe() },
            signature: { _ in Data(repeating: 7, count: 64) }
        )
        #expect(await code([lying]) == "signer.key-mismatch")
        let late = await error(of: { try await consent.answer(signer: tenant, at: .now(is: bankDay + 601)) })
        #expect(late?.code == "request.expired")
    }

    @Test("An app's own signer among others has a thread to itself, and a task that is cancelled meanwhile goes on")
    func hesitation() async throws {
        let consent = try await consent(to: ask())
        let (tenant, stranger) = (people.tenant, people.stranger)
        let (asked, person) = (Gate(), DispatchSemaphore(value: 0))
        let hesitant = FakeSigner(
            description: { try tenant.describe() },
            signature: { message in
                asked.open()
                person.wait()
                return try tenant.sign(message)
            }
        )
        let signers: [any Signer] = [stranger, hesitant]
        #expect(signers.place == .ownThread)
        #expect([stranger as any Signer, tenant].place == .pool)
        let task = Task { [at] in try await consent.answer(signers: signers, at: at) }
        await asked.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        person.signal()
        // The consent is as usable as before.
        _ = try await consent.answer(signer: tenant, at: at)
    }

    @Test("A request that was changed, is late, or is none is refused")
    func wrongRequests() async throws {
        let (request, other) = (try await ask(), try await ask())
        let parts = request.text.split(separator: "."), others = other.text.split(separator: ".")
        let lists = [people.phonesList()]
        let swapped = "\(parts[0]).\(parts[1]).\(others[2])"
        #expect(
            await error(of: { try await Asker.known(swapped, trusting: lists, at: at) })?.code == "request.signature"
        )
        let late = At.now(is: request.expires)
        #expect(
            await error(of: { try await Asker.known(request.text, trusting: lists, at: late) })?.code
                == "request.expired"
        )
        for text in ["", "{}", "e30.e30.AA", "a letter"] {
            #expect(await error(of: { try await Asker.known(text, trusting: lists, at: at) }) != nil)
            #expect(await error(of: { try await Asker.unauthenticated(text, at: at) }) != nil)
        }
        let wrong: [(Ask, String?)] = [
            (.kinds([]), nil), (.query("{}"), nil), (.kinds([Self.district]), "http://bank.example"),
        ]
        for (ask, responseURI) in wrong {
            let requester = Requester(signer: people.bank)
            #expect(await error(of: { try await requester.request(ask, responseURI: responseURI, at: at) }) != nil)
        }
    }

    @Test("The holder takes back and adds; what the bank insists on takes the whole answer with it")
    func decisions() async throws {
        let query = """
            {"credentials":[
              {"id":"home","format":"dc+sd-jwt","meta":{"vct_values":["https://w3id.org/attesta/vct/proof-of-address/1"]},
               "claims":[{"id":"n","path":["name"]},{"id":"d","path":["address","district"]}],
               "claim_sets":[["n","d"],["d"]]},
              {"id":"work","format":"vc+jwt","meta":{"type_values":[["LicenceCredential"]]}}],
             "credential_sets":[{"options":[["home"]]},{"options":[["work"]],"required":false}]}
            """
        let request = try await Requester(signer: people.bank).request(
            .query(query),
            responseURI: "https://bank.example/answers",
            state: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            at: at
        )
        let licence = try await Issuer(signer: people.ngo).issue(
            .example(of: .licence),
            to: .did(people.tenant.didKey),
            validFrom: "2026-03-01"
        )
        let asker = try await Asker.known(request.text, trusting: [people.phonesList(verifies: "*")], at: at)
        let first = try await Consent.to(asker, with: [people.letter(format: .sdJwtVc), licence], at: at)
        #expect(first.shown.map(\.id) == ["home"])
        #expect(first.optional == [1])
        #expect(await error(of: { try await first.withOptional(0) })?.code == "consent.not-shown")

        let both = try await first.withOptional(1)
        #expect(both.shown.map(\.id) == ["home", "work"])
        #expect(both.warnings.map(\.type) == [.showsEverything])
        #expect(both.warnings.map(\.id) == ["work"])
        let back = try await both.without("work")
        #expect(back.shown == first.shown)
        #expect(await error(of: { try await back.without("work") })?.code == "consent.not-shown")

        let less = try await back.without("home", claim: "/name")
        #expect(less.shown.map { $0.claims.map(\.pointer) } == [["/address/district"]])
        #expect(first.shown[0].claims.count == 2)
        let answer = try await less.answer(signer: people.tenant, at: at)
        #expect(answer.responseURI == "https://bank.example/answers")
        #expect(answer.state == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
        #expect(answer.form.hasPrefix("vp_token="))
        let report = try await decide(answer.json, request)
        #expect(report.outcome == .valid)
        #expect(report.accepted.allSatisfy { !$0.subjectJSON.contains("\"name\"") })

        let nothing = try await first.without("home")
        #expect(nothing.shown.isEmpty)
        #expect(nothing.unanswered.last?.code == "consent.withdrawn")
        #expect(await error(of: { try await nothing.answer(signer: people.tenant, at: at) })?.code == "answer.nothing")
    }

    @Test("A consent takes credentials and nothing else", arguments: ["", "{}", "a letter"])
    func noCredentials(text: String) async throws {
        let asker = try await known(ask())
        #expect(await error(of: { try await Consent.to(asker, with: [text], at: at) }) != nil)
    }

    @Test("Consents, claims and answers print and dump nothing about a person")
    func printing() async throws {
        let everything = try Claims.example(of: .proofOfAddress)
        guard case .proofOfAddress(let person) = everything else { throw CocoaError(.coderInvalidValue) }
        let (name, district) = (try #require(person.name), try #require(person.address?.district))
        let asked = AskFor(.proofOfAddress, id: "home", pointers: ["/name", "/address/district"])
        let consent = try await consent(to: ask(asked))
        let answer = try await consent.answer(signer: people.tenant, at: at)
        let copies = try await Issuer(signer: people.ngo).issueCopies(
            everything,
            to: [CopyFor(.did(people.tenant.didKey))]
        )
        let shown = try #require(consent.shown.first)
        #expect(shown.claims.contains { $0.valueJSON().contains(name) })
        #expect(shown.claims.contains { $0.valueJSON().contains(district) })
        let report = try await Verifier(trusting: []).verify(people.letter(), at: at)
        #expect(try #require(report.unconfirmed.first).subjectJSON.contains(name))

        let values: [Any] = [consent, shown, shown.claims, answer, copies, report.unconfirmed, consent.asker]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(!text.isEmpty)
                #expect(!text.contains(name) && !text.contains(district) && !text.contains("eyJ"))
            }
        }
    }
}
