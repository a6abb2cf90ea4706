import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

/// Chains of certificates for one key, which are shared by all languages. Each moment and each key in them is fixed.
struct Certificates {
    let key: SoftwareSigner
    /// The moment at which they are judged.
    let moment: Date
    let anchor: String
    /// Whom they certify.
    let subject: String
    let dnsName: String
    let uri: String
    private let chains: [String: JSON]

    init() throws {
        let file = try JSON(VectorTests.read("certificates.json"))
        func text(_ member: String) throws -> String { try #require(file[member]).string() }
        let keys = try #require(try JSON(VectorTests.read("keys.json"))["keys"]).array()
        let notary = try #require(keys.first { $0["name"] == .string("notary") })
        key = try SoftwareSigner(privateJWK: #require(notary["privateJwk"]).text())
        moment = try #require(file["at"]).date()
        (anchor, subject) = (try text("anchor"), try text("subject"))
        (dnsName, uri) = (try text("dnsName"), try text("uri"))
        chains = try #require(file["chains"]).object()
    }

    func chain(_ name: String) throws -> [String] {
        try #require(chains[name]).array().map { try $0.string() }
    }

    /// The chain as an identity.
    func identity(_ name: String) throws -> Identity {
        .certificate(
            try chain(name).map { "-----BEGIN CERTIFICATE-----\n\($0)\n-----END CERTIFICATE-----\n" }.joined()
        )
    }

    /// The list of somebody who lets the authority say who asks and who issues: of all, or with this subject alone.
    func list(subject: String? = nil) -> String {
        let limit = subject.map { "\"subjects\":[\"\($0)\"]," } ?? ""
        return """
            {"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[{\(limit)
              "certificate":"\(anchor)","name":{"en":"The Association of Notaries"},
              "issues":["*"],"verifies":["proof-of-address"]}]}
            """
    }
}

/// A compact token that says what it likes, signed with this key: what a forger makes.
private func forged(header: JSON, payload: JSON, key: SoftwareSigner) throws -> String {
    let input = try [header, payload].map { base64url(try $0.data()) }.joined(separator: ".")
    return "\(input).\(base64url(try key.sign(Data(input.utf8))))"
}

/// Header and payload of a compact token.
private func parts(_ token: Substring) throws -> (header: JSON, payload: JSON) {
    let parts = try token.split(separator: ".").prefix(2).map { try JSON(Vector.decode(base64url: String($0))) }
    return (parts[0], parts[1])
}

private func base64url(_ data: Data) -> String {
    data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        .replacingOccurrences(of: "=", with: "")
}

@Suite("Whoever is known by a certificate")
struct CertificateTests {
    let people = People()
    let certificates: Certificates
    let at: At

    init() throws {
        certificates = try Certificates()
        at = .now(is: certificates.moment)
    }

    private func ask(
        chain: String = "sound",
        by signer: SoftwareSigner? = nil,
        dnsName: String? = "notary.example",
        responseURI: String? = nil
    ) async throws -> SignedRequest {
        let requester = Requester(
            signer: signer ?? certificates.key,
            as: try certificates.identity(chain),
            dnsName: dnsName
        )
        return try await requester.request(.kinds([ConsentTests.district]), responseURI: responseURI, at: at)
    }

    private func known(_ request: String, trusting list: String? = nil) async throws -> Asker {
        try await .known(request, trusting: [list ?? certificates.list()], at: at)
    }

    @Test("The holder sees the certified name of who asks, and the answer is accepted", arguments: [true, false])
    func certifiedName(byName: Bool) async throws {
        let uri = "https://notary.example/answers"
        let request = try await ask(dnsName: byName ? "notary.example" : nil, responseURI: uri)
        #expect(byName == (request.clientID == "x509_san_dns:notary.example"))
        #expect(byName != request.clientID.hasPrefix("x509_hash:"))

        let letter = try await people.letter(format: .sdJwtVc, validFrom: "2026-03-05")
        let consent = try await Consent.to(known(request.text), with: [letter], at: at)
        #expect(consent.asker.isKnown && consent.warnings.isEmpty)
        #expect(consent.asker.subject == certificates.subject)
        #expect(consent.asker.name == "The Association of Notaries")
        #expect(
            consent.asker.inWords == "\(certificates.subject) asks, for whom The Association of Notaries answers."
        )
        #expect(consent.asker.id == request.clientID)
        #expect(consent.asker.responseURI == uri)
        #expect(consent.shown.first?.claims.map(\.pointer) == ["/address/country", "/address/district"])

        let answer = try await consent.answer(signer: people.tenant, at: at)
        let desk = try people.verifier()
        let report = try await desk.verify(answer.json, expecting: .answer(to: request), at: at)
        #expect(report.outcome == .valid, "\(report)")
        let accepted = try #require(report.accepted.first)
        #expect(accepted.subjectJSON.contains("HK") && !accepted.subjectJSON.contains("street"))
        let other = try await ask()
        let replayed = try await desk.verify(answer.json, expecting: .answer(to: other), at: at)
        #expect(replayed.outcome == .invalid && replayed.accepted.isEmpty)
    }

    @Test("Whoever is known by a DID, or not at all, has no certified name")
    func noCertifiedName() async throws {
        let request = try await Requester(signer: people.bank).request(.kinds([ConsentTests.district]), at: at)
        let bank = try await Asker.known(request.text, trusting: [people.phonesList()], at: at)
        #expect(bank.name == "Harbour Bank" && bank.subject == nil)
        let stranger = try await Asker.unauthenticated(ask().text, at: at)
        #expect(!stranger.isKnown && stranger.name == nil && stranger.subject == nil)
    }

    @Test(
        "A request whose certificates do not hold is refused",
        arguments: [
            ("expired", "certificate.expired"), ("notYetValid", "certificate.not-yet-valid"),
            ("otherAnchor", "certificate.unknown-anchor"), ("forgedAnchor", "certificate.signature"),
            ("authorityNotSent", "certificate.unknown-anchor"), ("keyForOtherThings", "certificate.key-usage"),
        ]
    )
    func refusedRequests(chain: String, code: String) async throws {
        for dnsName in ["notary.example", nil] {
            let request = try await ask(chain: chain, dnsName: dnsName).text
            #expect(await error(of: { try await known(request) })?.code == code)
        }
    }

    @Test("A certificate speaks for its own names and its own key alone")
    func otherNamesAndKeys() async throws {
        for name in ["other.example", "evil-notary.example", "notary.example.evil.example", "www.notary.example"] {
            let request = try await ask(dnsName: name).text
            #expect(await error(of: { try await known(request) })?.code == "request.other-key")
        }
        let elsewhere = await error(of: { try await ask(responseURI: "https://other.example/answers") })
        #expect(elsewhere?.code == "request.response-uri")
        #expect(await error(of: { try await ask(by: people.stranger) })?.code == "issue.other-certificate")
        #expect(await error(of: { try await ask(chain: "otherKey") })?.code == "issue.other-certificate")

        let request = try await ask().text
        let (header, payload) = try parts(request[...])
        let stolen = try forged(header: header, payload: payload, key: people.stranger)
        #expect(await error(of: { try await known(stolen) })?.code == "request.signature")
        // What is made here by hand is made as the library makes it.
        let own = try forged(header: header, payload: payload, key: certificates.key)
        #expect(try await known(own).subject == certificates.subject)

        let listed = try await known(request, trusting: certificates.list(subject: certificates.subject))
        #expect(listed.subject == certificates.subject)
        let others = certificates.list(subject: "CN=Other Notary Office")
        let refused = await error(of: { try await known(request, trusting: others) })
        #expect(refused?.code == "certificate.subject-not-listed")
    }

    private func issue(chain: String = "sound", by signer: SoftwareSigner? = nil) async throws -> String {
        try await Issuer(signer: signer ?? certificates.key, as: certificates.identity(chain)).issue(
            .example(of: .licence),
            to: .did(people.tenant.didKey),
            format: .sdJwtVc,
            validFrom: "2026-03-05"
        )
    }

    private func judge(_ credential: String, trusting list: String? = nil, at moment: At? = nil) async throws -> Report
    {
        let request = try PresentationRequest.fresh(audience: "https://desk.example")
        let shown = try await request.answer(
            with: [credential],
            showing: .everything,
            signer: people.tenant,
            at: moment ?? at
        )
        let desk = try Verifier(policy: .preset(.licenceCheck), trusting: [list ?? certificates.list()])
        return try await desk.verify(shown, expecting: .answer(to: request), at: moment ?? at)
    }

    @Test("An authority issues by its certificate, and is known by its certified name, now and looking back")
    func issuing() async throws {
        let issued = try await issue()
        for moment in [at, .asOf(certificates.moment)] {
            let report = try await judge(issued, at: moment)
            #expect(report.outcome == .valid, "\(report)")
            let accepted = try #require(report.accepted.first)
            #expect(accepted.issuer == certificates.subject)
            #expect(accepted.issuerName == "The Association of Notaries")
            #expect(try accepted.claims == .example(of: .licence))
        }
    }

    @Test(
        "A credential whose certificates do not hold is not believed",
        arguments: [
            ("expired", "key.binding.certificate"), ("notYetValid", "key.binding.certificate"),
            ("forgedAnchor", "key.binding.certificate"), ("keyForOtherThings", "key.binding.certificate"),
            ("otherAnchor", "key.binding.unknown-anchor"), ("authorityNotSent", "key.binding.unknown-anchor"),
        ]
    )
    func refusedCredentials(chain: String, code: String) async throws {
        let report = try await judge(issue(chain: chain))
        #expect(report.outcome == (code.hasSuffix("anchor") ? .undetermined : .invalid))
        #expect(report.reason?.code == code)
        #expect(report.accepted.isEmpty)
    }

    @Test("An issuer's name beside the certificate must be among its alternative names; another key signs nothing")
    func namedIssuers() async throws {
        let issued = try await issue()
        let (token, disclosures) = (issued.prefix { $0 != "~" }, issued.drop { $0 != "~" })
        let (header, payload) = try parts(token)
        #expect(payload["iss"] == nil)
        func named(_ issuer: String?, key: SoftwareSigner) throws -> String {
            var members = try payload.object()
            members["iss"] = issuer.map(JSON.string)
            return try forged(header: header, payload: .object(members), key: key) + disclosures
        }
        for issuer in ["https://notary.example", "https://notary.example/offices/1", certificates.uri] {
            let report = try await judge(named(issuer, key: certificates.key))
            #expect(report.outcome == .valid, "\(report)")
            #expect(report.accepted.first?.issuer == issuer)
        }
        let others = [
            "https://other.example", "https://notary.example.evil.example", "https://register.example/notaries/8",
            people.ngo.didKey, certificates.subject,
        ]
        for issuer in others {
            let report = try await judge(named(issuer, key: certificates.key))
            #expect(report.outcome == .invalid && report.accepted.isEmpty)
            #expect(
                report.credentials.first?.checks.map(\.code).contains("key.binding.other-name") == true,
                "\(issuer)"
            )
        }
        #expect(try await judge(named(nil, key: people.stranger)).reason?.code == "proof.mismatch")
        #expect(await error(of: { try await issue(by: people.stranger) })?.code == "issue.other-certificate")
        let elsewhere = try await judge(issued, trusting: people.trustList)
        #expect(elsewhere.outcome == .undetermined && elsewhere.reason?.code == "key.binding.unknown-anchor")
        for format in CredentialFormat.allCases where format != .sdJwtVc {
            let issuer = Issuer(signer: certificates.key, as: try certificates.identity("sound"))
            #expect(await error(of: { try await issuer.issue(.example(of: .licence), format: format) }) != nil)
        }
    }
}
