import Foundation
import Testing

@testable import Attesta
@testable import AttestaIssuer

@Suite("The code of the README")
struct ReadmeTests {
    let people = People()

    private func play(letter: String, banksList: String, agrees: Bool = true) async throws -> Report? {
        try await Readme.showAndVerify(
            letter: letter,
            phoneKey: people.tenant,
            bankKey: people.bank,
            phonesList: people.phonesList(issued: Date()),
            banksList: banksList,
            agrees: { consent in
                #expect(consent.shown.map { $0.claims.map(\.pointer) } == [["/address/country", "/address/district"]])
                return agrees
            }
        )
    }

    @Test("Showing and verifying works as the page says")
    func showAndVerify() async throws {
        let letter = try await people.letter(format: .sdJwtVc, validFrom: nil)
        let report = try #require(try await play(letter: letter, banksList: people.trustList(issued: Date())))
        #expect(report.outcome == .valid)
        #expect(report.accepted.count == 1)
        let nobody = #"{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[]}"#
        let other = try #require(try await play(letter: letter, banksList: nobody))
        #expect(other.outcome == .undetermined)
        #expect(try await play(letter: letter, banksList: nobody, agrees: false) == nil)
    }

    @Test("Issuing, taking back and failing work as the page says")
    func issue() async throws {
        let form = try Claims.example(of: .proofOfAddress).json()
        let letter = try await Readme.issue(form: form, tenant: people.tenant.didKey)
        let home = AskFor(.proofOfAddress, id: "home", pointers: ["/address/district"])
        let request = try await Requester(signer: people.bank).request(.kinds([home]))
        let asker = try await Asker.known(request.text, trusting: [people.phonesList(issued: Date())])
        let consent = try await Consent.to(asker, with: [letter])
        #expect(try await Readme.without(consent: consent).shown.isEmpty)
        #expect(try await Readme.errors(consent: consent, phoneKey: people.tenant) != nil)
        #expect(try await Readme.errors(consent: consent, phoneKey: people.stranger) == nil)
    }

    @Test("Verifying with a network works as the page says")
    func online() async throws {
        let did = "did:web:ngo.example"
        let shelf = Shelf()
        shelf.put("https://ngo.example/.well-known/did.json", json, try document(of: did, key: people.ngo))
        let shown = try await Issuer(signer: people.ngo, as: .did("\(did)#key-1")).issue(
            .example(of: .licence),
            to: .did(people.tenant.didKey)
        )
        let network = try OnlineNetwork(shelf)
        let list = trusting(did)
        let seen = try await Readme.online(shown: shown, trustList: list, network: network, seen: nil)
        #expect(try await Readme.online(shown: shown, trustList: list, network: network, seen: seen) == seen)
        #expect(shelf.asked.count == 1)
        await #expect(throws: AttestaError.self) {
            try await Readme.online(shown: shown, trustList: list, network: network, seen: "{")
        }
    }

    @Test("The page shows what is compiled here")
    func pageAndCodeAreEqual() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let page = try String(
            contentsOf: folder.appendingPathComponent("../../README.md").standardizedFileURL,
            encoding: .utf8
        )
        let compiled = try String(contentsOf: folder.appendingPathComponent("Readme.swift"), encoding: .utf8)
        // Indented otherwise, the same lines.
        func lines(_ text: String) -> String {
            text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
        }
        let blocks = page.components(separatedBy: "```swift\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0]
        }
        #expect(blocks.count == 7)
        // The manifest is the example's, which stands elsewhere.
        let manifest = try String(
            contentsOf: folder.appendingPathComponent("../../../../examples/swift/phone-and-desk/Package.swift")
                .standardizedFileURL,
            encoding: .utf8
        )
        #expect(blocks.last.map { $0 + "\n" } == manifest.replacingOccurrences(of: "../../../", with: "../attesta/"))
        for block in blocks.dropLast() {
            #expect(lines(compiled).contains(lines(block)), "not compiled: \(block)")
            #expect(!lines(compiled).contains(lines(block + "\nlet changed = true")))
        }
    }
}
