import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

@Suite("Parts of credentials, and copies of them")
struct DisclosureTests {
    let people = People()
    let at = At.now(is: bankDay)
    let request = PresentationRequest(audience: "https://bank.example", nonce: "n-0S6_WzA2Mj-n-0S6_WzA")

    @Test("The holder shows a part, and what cannot be hidden", arguments: [CredentialFormat.sdJwt, .sdJwtVc])
    func part(format: CredentialFormat) async throws {
        // Into the whole document of the one, into the claims file of the other.
        let root = format == .sdJwt ? "/credentialSubject" : ""
        let letter = try await people.letter(format: format)
        func shown(_ disclose: Disclose) async throws -> AcceptedCredential {
            let answer = try await request.answer(with: [letter], showing: disclose, signer: people.tenant, at: at)
            let report = try await people.verifier(.default).verify(answer, expecting: .answer(to: request), at: at)
            return try #require(report.accepted.first, "\(report)")
        }
        let part = try await shown(.only(["\(root)/address/country", "\(root)/address/district"]))
        let all = try await shown(.everything)
        let name = try #require(nameOf(all))
        #expect(all.subjectJSON.contains("street") && nameOf(part) == nil)
        #expect(!part.subjectJSON.contains("street") && !part.subjectJSON.contains(name))
        for wrong in ["\(root)/nowhere", "no pointer"] {
            let answer = await error(of: {
                try await request.answer(with: [letter], showing: .only([wrong]), signer: people.tenant, at: at)
            })
            #expect(answer != nil)
        }
    }

    private func nameOf(_ accepted: AcceptedCredential) -> String? {
        if case .proofOfAddress(let claims)? = accepted.claims { claims.name } else { nil }
    }

    @Test(
        "A format that hides nothing is not shown in part",
        arguments: [CredentialFormat.jwt, .cose, .eddsaJcs2022, .eddsaRdfc2022]
    )
    func noPart(format: CredentialFormat) async throws {
        let letter = try await people.letter(format: format)
        let tenant = format == .jwt ? people.tenant : people.ngo
        let answer = await error(of: {
            try await request.answer(with: [letter], showing: .only(["/name"]), signer: tenant, at: at)
        })
        #expect(answer != nil)
        #expect(await error(of: { try await Derivation.derive(from: letter, showing: .everything) }) != nil)
    }

    @Test("A derived copy shows its part to anybody, and proves no holder")
    func derived() async throws {
        let letter = try await people.letter(format: .sdJwtVc)
        let copy = try await Derivation.derive(from: letter, showing: .only(["/address/country"]))
        let report = try await people.verifier(.default).verify(copy, at: at)
        #expect(report.credentials.first?.format == .sdJwtVc)
        #expect(!report.accepted.contains { $0.subjectJSON.contains("street") })
        #expect(copy.utf8.count < letter.utf8.count)
        let asked = try await people.verifier().verify(copy, expecting: .answer(to: request), at: at)
        #expect(asked.outcome != .valid && asked.accepted.isEmpty)
    }

    @Test("Each copy is bound to its own key, and the register says nothing of the person")
    func copies() async throws {
        let keys = try (0..<3).map { _ in try SoftwareSigner(generating: .es256) }
        let recipients = keys.enumerated().map { number, key in
            CopyFor(
                .key(key.publicJWK),
                status: #"{"status_list":{"idx":\#(number),"uri":"https://ngo.example/status/1"}}"#
            )
        }
        let copies = try await Issuer(signer: people.ngo).issueCopies(
            .example(of: .proofOfAddress),
            to: recipients,
            validFrom: "2026-03-01"
        )
        #expect(copies.credentials.count == 3 && Set(copies.credentials).count == 3)
        let record = try JSON(Data(copies.recordJSON.utf8))
        #expect(try record["copies"]?.array().count == 3)
        #expect(!copies.recordJSON.contains("陳"))
        for (position, copy) in copies.credentials.enumerated() {
            _ = try await request.answer(with: [copy], showing: .only([]), signer: keys[position], at: at)
            let other = await error(of: {
                try await request.answer(with: [copy], showing: .only([]), signer: keys[(position + 1) % 3], at: at)
            })
            #expect(other?.code == "present.other-holder")
        }
    }

    @Test("Copies that could be linked are not issued")
    func linked() async throws {
        let issuer = Issuer(signer: people.ngo)
        let (one, two) = (Holder.key(people.tenant.publicJWK), Holder.key(people.stranger.publicJWK))
        let slot = #"{"status_list":{"idx":7,"uri":"https://ngo.example/status/1"}}"#
        let refused: [[CopyFor]] = [
            [], [CopyFor(one), CopyFor(one)], [CopyFor(one), CopyFor(.did(people.tenant.didKey))],
            [CopyFor(one, status: slot), CopyFor(two, status: slot)],
        ]
        for copies in refused {
            let error = await error(of: { try await issuer.issueCopies(.example(of: .proofOfAddress), to: copies) })
            #expect(error?.code == "issue.copies")
        }
        let secret = CopyFor(.key(people.tenant.privateJWK))
        let error = await error(of: { try await issuer.issueCopies(.example(of: .licence), to: [secret]) })
        #expect(error?.code == "key.private-key")
    }

    @Test("A letter in the words of another scheme comes through, and only as an SD-JWT VC")
    func scheme() async throws {
        let terms = SchemeTerms(scheme: .certificateOfResidence, legalCategory: .nonQualified, boundTo: .holder)
        let example = try Claims.example(of: .proofOfAddress)
        var file = try JSON(Data(example.json().utf8)).object()
        let more = """
            {"familyName":"Virtanen","givenName":"Aino","nationalities":["FI"],
             "placeOfBirth":{"locality":"Turku","country":"FI"},
             "address":{"formatted":"Esimerkkikatu 12, 00100 Helsinki","country":"FI","locality":"Helsinki",
              "postalCode":"00100","street":"Esimerkkikatu","houseNumber":"12"}}
            """
        file.merge(try JSON(Data(more.utf8)).object()) { $1 }
        var organisation = try #require(try file["organisation"]?.object())
        organisation["country"] = .string("FI")
        file["organisation"] = .object(organisation)
        let full = try Claims(.proofOfAddress, json: JSON.object(file).text())

        func letter(_ claims: Claims, _ format: CredentialFormat = .sdJwtVc) async throws -> String {
            try await Issuer(signer: people.ngo).issue(
                claims,
                to: .did(people.tenant.didKey),
                format: format,
                validFrom: "2026-03-01",
                under: terms
            )
        }
        #expect(await error(of: { try await letter(full, .jwt) })?.code == "draft.scheme-format")
        let bare = try #require(await error(of: { try await letter(example) }))
        #expect(bare.message.contains("placeOfBirth") && !bare.message.contains("陳"))
        #expect(await error(of: { try await letter(.example(of: .licence)) })?.code.hasPrefix("scheme.") == true)

        let shown = try await request.answer(
            with: [letter(full)],
            showing: .everything,
            signer: people.tenant,
            at: at
        )
        let report = try await people.verifier(.default).verify(shown, expecting: .answer(to: request), at: at)
        #expect(report.accepted.map(\.kind) == [.proofOfAddress], "\(report)")
        #expect(report.accepted.allSatisfy { $0.subjectJSON.contains("attestation_legal_category") })
    }

    @Test("A certificate that is none signs nothing", arguments: ["", "PEM", falseCertificate])
    func noCertificate(pem: String) async throws {
        let issuer = Issuer(signer: people.ngo, as: .certificate(pem))
        let issued = await error(of: { try await issuer.issue(.example(of: .licence), format: .sdJwtVc) })
        #expect(issued != nil)
        let requester = Requester(signer: people.bank, as: .certificate(pem), dnsName: "bank.example")
        #expect(await error(of: { try await requester.request(.kinds([ConsentTests.district])) }) != nil)
    }
}

private let falseCertificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
