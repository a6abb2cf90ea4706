import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

@Suite("From the NGO's letter to the bank's decision")
struct LoopTests {
    let people = People()
    let request = try! PresentationRequest.fresh(audience: "https://bank.example")

    @Test(
        "The bank accepts the tenant's answer and reads the address",
        arguments: CredentialFormat.allCases
    )
    func theBankAccepts(format: CredentialFormat) async throws {
        let issuer = try SoftwareSigner(generating: format.algorithm)
        let letter = try await Issuer(signer: issuer).issue(
            .example(of: .proofOfAddress),
            to: .did(people.tenant.didKey),
            format: format,
            validFrom: "2026-03-01"
        )
        let shown = try await request.answer(
            with: [letter],
            showing: .everything,
            signer: people.tenant,
            at: .now(is: bankDay)
        )
        let list = people.trustList.replacingOccurrences(of: people.ngo.didKey, with: issuer.didKey)
        let verifier = try Verifier(policy: .preset(.bankAddress), trusting: [list])

        let report = try await verifier.verify(shown, expecting: .answer(to: request), at: .now(is: bankDay))

        #expect(report.outcome == .valid)
        #expect(report.reason == nil)
        #expect(report.missing.isEmpty)
        let accepted = try #require(report.accepted.first)
        #expect(accepted.issuer == issuer.didKey)
        #expect(accepted.issuerName == "Neighbourhood Centre")
        #expect(accepted.kind == .proofOfAddress)
        #expect(accepted.validFrom == date("2026-03-01T00:00:00Z"))
        #expect(accepted.validUntil == date("2026-03-08T00:00:00Z"))
        guard case .proofOfAddress(let claims)? = accepted.claims else {
            Issue.record("the claims are of another kind")
            return
        }
        #expect(try Claims.proofOfAddress(claims) == .example(of: .proofOfAddress))
        #expect(claims.address?.country == "HK")
        #expect(report.credentials.map(\.format) == [format])
    }

    @Test("A letter with a proof inside lies on a memory stick: nobody presents it")
    func letterAsAFile() async throws {
        let letter = try await people.letter(format: .eddsaJcs2022)
        let report = try await people.verifier(.default).verify(letter, at: .now(is: bankDay))
        #expect(report.outcome == .valid)
        #expect(report.accepted.map(\.kind) == [.proofOfAddress])
        #expect(report.presentations.isEmpty)
    }

    @Test("A licence and a skill come through as what they were", arguments: [Kind.licence, .skillCertification])
    func otherKinds(kind: Kind) async throws {
        let claims = try Claims.example(of: kind)
        let shown = try await Issuer(signer: people.ngo).issue(
            claims,
            to: .key(jwk: people.tenant.publicJWK),
            validFrom: "2026-03-01"
        )
        let report = try await people.verifier(.default).verify(shown, at: .now(is: bankDay))
        #expect(report.outcome == .valid)
        #expect(report.accepted.map(\.claims) == [claims])
    }

    @Test("A membership card, any document of the data model, is issued today and read today")
    func anyDocument() async throws {
        let document = """
            {"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential","MembershipCard"],
             "validFrom":"2026-01-01T00:00:00Z","validUntil":"2100-01-01T00:00:00Z","credentialSubject":{"number":"0142"}}
            """
        let card = try await Issuer(signer: people.ngo).issue(document: document)
        let list = """
            {"type":"TrustList","version":1,"issued":"\(ISO8601DateFormatter().string(from: Date()))","entries":[
              {"id":"\(people.ngo.didKey)","issues":["MembershipCard"]}]}
            """
        let report = try await Verifier(trusting: [list]).verify(card)
        #expect(report.accepted.map(\.subjectJSON) == [#"{"number":"0142"}"#])
        #expect(report.accepted.map(\.kind) == [nil])
    }

    @Test("The bank's nonce is used once: an answer to another request is refused")
    func replay() async throws {
        let letter = try await people.letter()
        let shown = try await request.answer(with: [letter], showing: .everything, signer: people.tenant)
        let next = try PresentationRequest.fresh(audience: request.audience)
        let report = try await people.verifier().verify(shown, expecting: .answer(to: next), at: .now(is: bankDay))
        #expect(report.outcome == .invalid)
        #expect(report.reason?.id == "nonce")
        #expect(report.accepted.isEmpty)
    }

    @Test("Another bank cannot pass the tenant's answer on")
    func anotherBank() async throws {
        let shown = try await request.answer(with: [people.letter()], showing: .everything, signer: people.tenant)
        let elsewhere = PresentationRequest(audience: "https://other.example", nonce: request.nonce)
        let report = try await people.verifier().verify(shown, expecting: .answer(to: elsewhere), at: .now(is: bankDay))
        #expect(report.outcome == .invalid)
        #expect(report.reason?.id == "audience")
    }

    @Test("A copied letter is of no use: the stranger cannot sign for the tenant")
    func copiedLetter() async throws {
        let letter = try await people.letter()
        await #expect(throws: AttestaError.self) {
            try await request.answer(with: [letter], showing: .everything, signer: people.stranger)
        }
        let report = try await people.verifier().verify(letter, expecting: .answer(to: request), at: .now(is: bankDay))
        #expect(report.outcome != .valid)
        #expect(report.accepted.isEmpty)
    }

    @Test("A letter that was changed after signing says nothing")
    func changedLetter() async throws {
        let letter = try await people.letter()
        let changed =
            letter.prefix(400) + (letter[letter.index(letter.startIndex, offsetBy: 400)] == "A" ? "B" : "A")
            + letter.dropFirst(401)
        let report = try await people.verifier(.default).verify(String(changed), at: .now(is: bankDay))
        #expect(report.outcome == .invalid)
        #expect(report.accepted.isEmpty)
        #expect(report.unconfirmed.isEmpty)
    }

    @Test("A letter by somebody whom the bank does not know is undetermined, its claims set apart")
    func unknownIssuer() async throws {
        let letter = try await Issuer(signer: people.stranger).issue(
            .example(of: .proofOfAddress),
            to: .did(people.tenant.didKey),
            validFrom: "2026-03-01"
        )
        let report = try await people.verifier(.default).verify(letter, at: .now(is: bankDay))
        #expect(report.outcome == .undetermined)
        #expect(report.reason?.id == "issuer.trust")
        #expect(report.accepted.isEmpty)
        #expect(report.unconfirmed.map(\.position) == [0])
    }

    @Test("A letter that ended is refused on the day it ends, and was valid the day before")
    func endedLetter() async throws {
        let letter = try await people.letter()
        let verifier = try people.verifier(.default)
        let before = try await verifier.verify(letter, at: .now(is: date("2026-03-07T23:59:59Z")))
        let after = try await verifier.verify(letter, at: .now(is: date("2026-03-08T00:00:00Z")))
        let early = try await verifier.verify(letter, at: .now(is: date("2026-02-28T23:00:00Z")))
        #expect(before.outcome == .valid)
        #expect(after.outcome == .invalid)
        #expect(after.reason?.id == "valid-until")
        #expect(early.outcome == .invalid)
        #expect(early.reason?.id == "valid-from")
    }

    @Test("A key document that is missing is named, fetched by the app, and then decides")
    func missingDocument() async throws {
        let did = "did:web:ngo.example"
        let letter = try await Issuer(signer: people.ngo, as: .did("\(did)#key-1")).issue(
            .example(of: .proofOfAddress),
            to: .did(people.tenant.didKey),
            validFrom: "2026-03-01"
        )
        let list = people.trustList.replacingOccurrences(of: people.ngo.didKey, with: did)
        let verifier = try Verifier(trusting: [list])

        let first = try await verifier.verify(letter, at: .now(is: bankDay))
        #expect(first.outcome == .undetermined)
        #expect(first.missing.map(\.url) == [did])

        let document = """
            {"@context":["https://www.w3.org/ns/did/v1"],"id":"\(did)","verificationMethod":[{"id":"\(did)#key-1",
             "type":"JsonWebKey","controller":"\(did)","publicKeyJwk":\(people.ngo.publicJWK)}],
             "assertionMethod":["\(did)#key-1"]}
            """
        let fetched = VerificationMaterial(first.missing[0], bytes: Data(document.utf8), obtained: bankDay)
        let second = try await verifier.adding([fetched]).verify(letter, at: .now(is: bankDay))
        #expect(second.outcome == .valid)
        #expect(second.accepted.map(\.issuer) == [did])
    }
}
