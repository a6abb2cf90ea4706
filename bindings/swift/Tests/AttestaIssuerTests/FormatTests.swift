import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

@Suite("What single formats have")
struct FormatTests {
    let people = People()
    let at = At.now(is: bankDay)
    let request = PresentationRequest(audience: "https://bank.example", nonce: "n-0S6_WzA2Mj-n-0S6_WzA")
    let district = "/credentialSubject/address/district"

    private func bank(_ issuer: SoftwareSigner) throws -> Verifier {
        let list = people.trustList.replacingOccurrences(of: people.ngo.didKey, with: issuer.didKey)
        return try Verifier(policy: .preset(.bankAddress), trusting: [list])
    }

    /// A desk that also takes what nobody presents, of any kind.
    private func desk(_ issuer: SoftwareSigner, pins: String = "[]", materials: [VerificationMaterial] = []) throws
        -> Verifier
    {
        // What can hide a status is open where it shows none.
        let relaxing = #""holderBinding":"not-required","relax":["status.list"]"#
        let policy = #"{"type":"Policy","version":1,\#(relaxing),"contexts":\#(pins)}"#
        let list = #"{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":["#
        let entry = #"{"id":"\#(issuer.didKey)","issues":["*"]}]}"#
        return try Verifier(policy: .json(policy), trusting: [list + entry], materials: materials)
    }

    @Test("What was changed after signing is refused in every format", arguments: CredentialFormat.allCases)
    func changed(format: CredentialFormat) async throws {
        let issuer = try SoftwareSigner(generating: format.algorithm)
        let letter = try await people.letter(format: format, by: issuer)
        let shown = try await request.answer(with: [letter], showing: .everything, signer: people.tenant, at: at)
        var changed = shown.replacingOccurrences(of: "Sham Shui Po", with: "Sham Shui Pa")
        if changed == shown {
            let start = try #require(shown.firstIndex { $0 == "." || $0 == "," })
            let middle = shown.index(start, offsetBy: 120)
            changed.replaceSubrange(middle...middle, with: shown[middle] == "A" ? "B" : "A")
        }
        #expect(changed != shown)
        let bank = try bank(issuer)
        let report = try await bank.verify(shown, expecting: .answer(to: request), at: at)
        #expect(report.outcome == .valid, "\(report)")
        #expect(report.credentials.map(\.format) == [format])
        #expect(report.credentials.allSatisfy { $0.otherProofs.isEmpty })
        for text in [changed, letter] {
            let report = try await bank.verify(text, expecting: .answer(to: request), at: at)
            #expect(report.outcome == .invalid, "\(report)")
            #expect(report.accepted.isEmpty && report.unconfirmed.isEmpty)
        }
    }

    @Test("Of signed statements only what was chosen is seen")
    func statements() async throws {
        let key = try SoftwareSigner(generating: .es256)
        let country = ["/credentialSubject/address/country"]
        func issued(
            by signer: SoftwareSigner,
            as format: CredentialFormat = .ecdsaSd2023,
            mandatory: [String]
        ) async throws -> String {
            try await Issuer(signer: signer).issue(
                .example(of: .proofOfAddress),
                to: .did(people.tenant.didKey),
                format: format,
                validFrom: "2026-03-01",
                mandatory: mandatory
            )
        }
        let letter = try await issued(by: key, mandatory: country)
        func shown(_ pointers: [String]) async throws -> String {
            try await request.answer(with: [letter], showing: .only(pointers), signer: people.tenant, at: at)
        }
        let part = try await shown([district])
        let report = try await bank(key).verify(part, expecting: .answer(to: request), at: at)
        let accepted = try #require(report.accepted.first, "\(report)")
        #expect(accepted.subjectJSON.contains("深水埗") && accepted.subjectJSON.contains(#""HK""#))
        #expect(!part.contains("陳") && !part.contains("大南街"))
        let least = try await shown([])
        #expect(try await bank(key).verify(least, expecting: .answer(to: request), at: at).outcome == .valid)
        #expect(least.contains(#""HK""#) && !least.contains("深水埗"))

        // The issuer's copy is for the holder alone.
        let desk = try desk(key)
        let base = try await desk.verify(letter, at: at)
        #expect(base.outcome == .invalid && base.reason?.code == "proof.for-its-holder")
        let copy = try await Derivation.derive(from: letter, showing: .only([district]))
        #expect(try await desk.verify(copy, at: at).outcome == .valid)
        #expect(!copy.contains("陳"))
        let turned = copy.replacingOccurrences(of: "深水埗", with: "觀塘")
        #expect(try await desk.verify(turned, at: at).reason?.code == "proof.mismatch")
        #expect(await error(of: { try await Derivation.derive(from: copy, showing: .only([])) }) != nil)
        #expect(await error(of: { try await shown(["/credentialSubject/income"]) }) != nil)
        let nowhere = ["/credentialSubject/income"]
        #expect(await error(of: { try await issued(by: key, mandatory: nowhere) }) != nil)
        #expect(await error(of: { try await issued(by: people.ngo, mandatory: country) }) != nil)
        let token = await error(of: { try await issued(by: key, as: .jwt, mandatory: country) })
        #expect(token?.code == "issue.mandatory-format")
    }

    @Test("A consent to single statements says what cannot be hidden")
    func consent() async throws {
        let key = try SoftwareSigner(generating: .es256)
        let country = "/credentialSubject/address/country"
        let letter = try await Issuer(signer: key).issue(
            .example(of: .proofOfAddress),
            to: .did(people.tenant.didKey),
            format: .ecdsaSd2023,
            validFrom: "2026-03-01",
            mandatory: [country]
        )
        let asked = AskFor(.proofOfAddress, id: "home", format: .ecdsaSd2023, pointers: ["/address/district"])
        let requester = Requester(signer: people.bank)
        let question = try await requester.request(.kinds([asked]), at: at)
        let asker = try await Asker.known(question.text, trusting: [people.phonesList()], at: at)
        let consent = try await Consent.to(asker, with: [letter], at: at)
        let shown = try #require(consent.shown.first)
        #expect(shown.claims.map(\.pointer) == [country, district])
        #expect(shown.showsMore && shown.isBound)
        #expect(consent.warnings.map(\.type) == [.showsMore])
        let nobody = await error(of: { try await consent.answer(signer: people.ngo, at: at) })
        #expect(nobody?.code == "answer.no-key")
        let answer = try await consent.answer(signer: people.tenant, at: at).json
        #expect(answer.contains("深水埗") && !answer.contains("陳") && !answer.contains("大南街"))

        let bank = try bank(key)
        func outcome(_ answer: String, _ question: SignedRequest) async throws -> Outcome {
            try await bank.verify(answer, expecting: .answer(to: question), at: at).outcome
        }
        #expect(try await outcome(answer, question) == .valid)
        let changed = answer.replacingOccurrences(of: "深水埗", with: "觀塘")
        #expect(try await outcome(changed, question) == .invalid)
        let another = try await requester.request(.kinds([asked]), at: at)
        #expect(try await outcome(answer, another) == .invalid)
    }

    @Test("A message of bytes goes as text and as bytes")
    func message() async throws {
        let letter = try await people.letter(format: .cose)
        let file = try Envelope.bytes(of: letter)
        let bank = try people.verifier()
        func outcome(_ presented: Data) async throws -> Outcome {
            try await bank.verify(presented, expecting: .answer(to: request), at: at).outcome
        }
        for credential in [file, Data(letter.utf8)] {
            let shown = try await request.answer(
                withBytes: [credential],
                showing: .everything,
                signer: people.tenant,
                at: at
            )
            let message = try Envelope.bytes(of: shown)
            #expect(message.first == 0xd2)
            #expect(try await outcome(Data(shown.utf8)) == .valid)
            #expect(try await outcome(message) == .valid)
            for place in [10, message.count / 2, message.count - 1] {
                var changed = message
                changed[changed.startIndex + place] ^= 1
                #expect(try await outcome(changed) == .invalid)
            }
            #expect(try await outcome(message.dropLast()) == .invalid)
        }
        #expect(try await outcome(file) == .invalid)
        let token = try await people.letter()
        #expect(try Envelope.bytes(of: token) == Data(token.utf8))
        let broken = letter.replacingOccurrences(of: "base64,", with: "base64,#")
        #expect(error(of: { try Envelope.bytes(of: broken) })?.code.hasPrefix("cose.") == true)

        let asked = AskFor(.proofOfAddress, id: "home", format: .cose, pointers: ["/address/district"])
        let question = try await Requester(signer: people.bank).request(.kinds([asked]), at: at)
        let asker = try await Asker.known(question.text, trusting: [people.phonesList()], at: at)
        let answer = try await Consent.to(asker, withBytes: [file], at: at).answer(signer: people.tenant, at: at)
        #expect(try await bank.verify(answer.json, expecting: .answer(to: question), at: at).outcome == .valid)
    }

    @Test("An officer signs beside the issuer, or before it")
    func severalProofs() async throws {
        let key = try SoftwareSigner(generating: .es256)
        let (ngo, officer) = (Issuer(signer: people.ngo), Issuer(signer: key))
        let (own, officers) = (CredentialFormat.eddsaRdfc2022, CredentialFormat.ecdsaRdfc2019)
        let letter = try await people.letter(format: own)
        let desk = try desk(people.ngo)

        let both = try await officer.addProof(to: letter, format: officers, at: at)
        let report = try await desk.verify(both, at: at)
        #expect(report.outcome == .valid, "\(report)")
        let other = try #require(report.credentials.first?.otherProofs.first)
        #expect(other.result == .pass && !other.isBuiltOn)
        #expect(other.verificationMethod?.hasPrefix(key.didKey) == true)

        let id = "urn:uuid:5d2a1c0e-9a4e-4c39-9c34-0d7a6a1f2b3c"
        var bare = try JSON(Data(letter.utf8)).object()
        bare["proof"] = nil
        let signed = try await officer.addProof(to: JSON.object(bare).text(), format: officers, id: id, at: at)
        let chained = try await ngo.addProof(to: signed, format: own, buildingOn: [id], at: at)
        let whole = try await desk.verify(chained, at: at)
        #expect(whole.outcome == .valid, "\(whole)")
        #expect(whole.credentials.first?.otherProofs.map(\.isBuiltOn) == [true])
        var cut = try JSON(Data(chained.utf8)).object()
        cut["proof"] = try .array(Array(#require(cut["proof"]).array().dropFirst()))
        #expect(try await desk.verify(JSON.object(cut).text(), at: at).outcome == .invalid)
        #expect(try await desk.verify(signed, at: at).outcome != .valid)

        let missing = await error(of: { try await ngo.addProof(to: letter, format: own, buildingOn: [id], at: at) })
        #expect(missing?.code == "data-integrity.chain-missing")
        let token = await error(of: { try await officer.addProof(to: letter, format: .jwt, at: at) })
        #expect(token?.code == "issue.one-proof")
        #expect(await error(of: { try await officer.addProof(to: "paper", format: officers, at: at) }) != nil)
    }

    @Test(
        "A context of somebody else counts by its pinned hash",
        arguments: [CredentialFormat.eddsaRdfc2022, .ecdsaRdfc2019, .ecdsaSd2023]
    )
    func context(format: CredentialFormat) async throws {
        let url = "https://register.example/context/v1"
        let text = #"{"@context":{"member":"https://register.example/vocab#member"}}"#
        let pins = #"[{"id":"\#(url)","digest":"sha256-9MwJVf/DhczoRyfv/JAvj7FsBIboTJfsX6ojsUzQsTM="}]"#
        let given = [GivenContext(url: url, bytes: Data(text.utf8))]
        let document = """
            {"@context":["https://www.w3.org/ns/credentials/v2","\(url)"],"type":["VerifiableCredential"],
             "validUntil":"2100-01-01T00:00:00Z","credentialSubject":{"id":"\(people.tenant.didKey)","member":true}}
            """
        let key = try SoftwareSigner(generating: format.algorithm)
        let issuer = Issuer(signer: key)
        #expect(await error(of: { try await issuer.issue(document: document, format: format) }) != nil)
        var card = try await issuer.issue(document: document, format: format, contexts: given)
        if format == .ecdsaSd2023 {
            let (base, part) = (card, Disclose.only(["/credentialSubject/member"]))
            #expect(await error(of: { try await Derivation.derive(from: base, showing: part) }) != nil)
            card = try await Derivation.derive(from: base, showing: part, contexts: given)
        }
        let shown = card
        func judged(_ pins: String, _ files: [String]) async throws -> Report {
            let hourAgo = Date().addingTimeInterval(-3600)
            let materials = files.map {
                VerificationMaterial(.context, url: url, bytes: Data($0.utf8), obtained: hourAgo, source: .own)
            }
            return try await desk(key, pins: pins, materials: materials).verify(shown)
        }
        let report = try await judged(pins, [text])
        #expect(report.outcome == .valid, "\(report)")
        #expect(report.accepted.first?.subjectJSON.contains(#""member":true"#) == true)
        let turned = text.replacingOccurrences(of: "#member", with: "#debtor")
        for (pins, files) in [("[]", [text]), (pins, [turned]), (pins, [])] {
            let report = try await judged(pins, files)
            #expect(report.outcome != .valid && report.accepted.isEmpty)
        }
        let open = try await judged(pins, [])
        #expect(open.outcome == .undetermined)
        #expect(open.missing.contains { $0.type == .context && $0.url == url })
    }
}
