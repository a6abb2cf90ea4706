// An app whose library is of another version than its bindings gets an error that says so, from whatever it calls
// first, and is not stopped. The library is asked once in a process, so each case is a process.

import AttestaIssuer
import Foundation
import OtherVersions

let cases: [(name: String, pretence: pretence, message: String?)] = [
    ("the same library", SAME, nil),
    ("another contract between them", OTHER_CONTRACT, "the library has other functions than these bindings"),
    ("another signature of a function", OTHER_FUNCTIONS, "the library has other functions than these bindings"),
    ("another version with the same functions", OTHER_VERSION, "the library is version 9.9.9, these bindings are for"),
]

/// It is not asked: the library's version comes first.
struct NoKey: Signer {
    func describe() throws -> SignerDescription { throw SignerError.unavailable }
    func sign(_ message: Data) throws -> Data { throw SignerError.unavailable }
}

let firstCalls: [(name: String, call: () async throws -> Void)] = [
    ("LibraryVersion", { _ = try LibraryVersion.current }),
    ("SoftwareSigner", { _ = try SoftwareSigner(generating: .es256) }),
    ("Verifier", { _ = try Verifier(trusting: []) }),
    ("PresentationRequest", { _ = try PresentationRequest.fresh(audience: "https://bank.example") }),
    ("Claims", { _ = try Claims.example(of: .licence) }),
    ("PublicKey", { _ = try PublicKey(jwk: "{}") }),
    ("DIDResolution", { _ = try DIDResolution.resolve("did:key:z") }),
    ("Issuer", { _ = try await Issuer(signer: NoKey()).issue(document: "{}") }),
    (
        "PresentationRequest.answer",
        {
            _ = try await PresentationRequest(audience: "a", nonce: "n").answer(
                with: [],
                showing: .everything,
                signer: NoKey()
            )
        }
    ),
    ("Requester", { _ = try await Requester(signer: NoKey()).request(.kinds([])) }),
    ("NonceLedger", { _ = try NonceLedger(capacity: 1) }),
    ("Asker", { _ = try await Asker.known("", trusting: []) }),
    ("Derivation", { _ = try await Derivation.derive(from: "", showing: .everything) }),
]

/// What `call` ends in: nothing, or the error.
func error(of call: () async throws -> Void) async -> AttestaError? {
    do {
        try await call()
        return nil
    } catch let error as AttestaError {
        return error.code == "bindings.version" ? error : nil
    } catch {
        fatalError("another type of error: \(error)")
    }
}

/// Plays one case in this process.
func plays(_ library: pretence, expecting expected: String?, first: () async throws -> Void) async -> Bool {
    pretend(library)
    guard let expected else { return await error(of: first) == nil }
    guard let error = await error(of: first) else { return false }
    return error.message.hasPrefix(expected) && error.localizedDescription == error.message && !error.hint.isEmpty
}

if CommandLine.arguments.count == 3, let number = Int(CommandLine.arguments[1]),
    let first = Int(CommandLine.arguments[2])
{
    let (_, pretence, expected) = cases[number]
    exit(await plays(pretence, expecting: expected, first: firstCalls[first].call) ? 0 : 1)
}

var passed = 0
var failed = 0
for (number, (name, _, _)) in cases.enumerated() {
    for (first, (function, _)) in firstCalls.enumerated() {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = [String(number), String(first)]
        try process.run()
        process.waitUntilExit()
        if process.terminationReason == .exit, process.terminationStatus == 0 {
            passed += 1
        } else {
            failed += 1
            print("failed: \(name), \(function) called first")
        }
    }
}
print("\(passed) passed, \(failed) failed")
exit(failed == 0 ? 0 : 1)
