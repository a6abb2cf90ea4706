import Foundation
import Testing

@testable import Attesta

@Suite("The code of the README")
struct ReadmeTests {
    let people = People()

    @Test("Showing and verifying works as the page says")
    func showAndVerify() async throws {
        let letter = try await Issuer(signer: people.ngo).issue(
            .example(of: .proofOfAddress),
            to: .did(people.tenant.didKey)
        )
        let today = people.trustList(issued: Date())
        let report = try await Readme.showAndVerify(letter: letter, phoneKey: people.tenant, trustList: today)
        #expect(report.outcome == .valid)
        #expect(report.accepted.count == 1)
        let nobody = #"{"type":"TrustList","version":1,"issued":"2026-01-01T00:00:00Z","entries":[]}"#
        let other = try await Readme.showAndVerify(letter: letter, phoneKey: people.tenant, trustList: nobody)
        #expect(other.outcome == .undetermined)
    }

    @Test("Issuing works as the page says")
    func issue() async throws {
        let form = try Claims.example(of: .proofOfAddress).json()
        let letter = try await Readme.issue(form: form, tenant: people.tenant.didKey)
        let request = PresentationRequest(audience: "https://bank.example", nonce: "n-0S6_WzA2Mj")
        #expect(try await Readme.errors(request: request, letter: letter, phoneKey: people.tenant) != nil)
        #expect(try await Readme.errors(request: request, letter: letter, phoneKey: people.stranger) == nil)
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
        #expect(blocks.count == 5)
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
