// Runs SecureEnclaveSigner against a stand-in for Apple's frameworks: what it asks of them, and what it makes of their
// answers. It prints how many expectations held.

import AttestaIssuer
import CryptoKit
import Foundation
import LocalAuthentication
import Security
import SwiftUI

nonisolated(unsafe) var passed = 0
nonisolated(unsafe) var failed = 0

func expect(_ holds: Bool, _ what: String, line: Int = #line) {
    if holds { passed += 1 } else { failed += 1 }
    if !holds { print("failed, line \(line): \(what)") }
}

/// The error that a call ends in.
func error(of call: () async throws -> Any) async -> (any Error)? {
    do {
        _ = try await call()
        return nil
    } catch {
        return error
    }
}

// The Secure Enclave of the test: keys in memory, by number, and what was asked of it.
nonisolated(unsafe) var keys: [Data: SoftwareSigner] = [:]
nonisolated(unsafe) var made: [SecAccessControl] = []
nonisolated(unsafe) var contexts: [LAContext] = []
/// What the person does when asked.
nonisolated(unsafe) var person: (LAContext) throws -> Void = { _ in }

let notFound = NSError(domain: NSOSStatusErrorDomain, code: Int(errSecItemNotFound))

func played() -> StandIn {
    StandIn(
        make: { access in
            made.append(access)
            let representation = Data("key \(keys.count)".utf8)
            keys[representation] = try SoftwareSigner(generating: .es256)
            return representation
        },
        publicKey: { representation in
            guard let key = keys[representation] else { throw notFound }
            return try key.describe().publicKey
        },
        sign: { representation, message, context in
            guard let key = keys[representation], let context else { throw notFound }
            contexts.append(context)
            try person(context)
            return try key.sign(message)
        }
    )
}

let request = PresentationRequest(audience: "https://bank.example", nonce: "n-0S6_WzA2Mj")

// Where there is no Secure Enclave, or no code on the device.
expect(!SecureEnclaveSigner.isAvailable, "not available")
for call in [
    { try SecureEnclaveSigner() }, { try SecureEnclaveSigner(dataRepresentation: Data("key 0".utf8)) },
] {
    expect(await error(of: call) as? SignerError == .unavailable, "no Secure Enclave")
}
StandIn.played = played()
expect(SecureEnclaveSigner.isAvailable, "available")
SecAccessControl.isRefused = true
expect(await error(of: { try SecureEnclaveSigner() }) as? SignerError == .unavailable, "a device without a code")
SecAccessControl.isRefused = false
expect(
    await error(of: { try SecureEnclaveSigner(dataRepresentation: Data("gone".utf8)) }) as? SignerError == .unavailable,
    "a key that is gone"
)

// What protects the key.
let flags: [SecureEnclaveSigner.Protection: SecAccessControlCreateFlags] = [
    .unlockedDevice: [.privateKeyUsage],
    .userPresence: [.privateKeyUsage, .userPresence],
    .currentBiometry: [.privateKeyUsage, .biometryCurrentSet],
]
for protection in SecureEnclaveSigner.Protection.allCases {
    _ = try SecureEnclaveSigner(protection: protection)
    expect(made.last?.flags == flags[protection], "the flags of \(protection)")
    expect(made.last?.protection === kSecAttrAccessibleWhenUnlockedThisDeviceOnly, "when it is accessible")
}
_ = try SecureEnclaveSigner()
expect(made.last?.flags == flags[.userPresence], "a person is asked unless the app says otherwise")

// From a new key to an answer that the desk can verify, and again from what was kept.
let new = try SecureEnclaveSigner(reason: "Show your letter to the bank")
let description = try new.describe()
expect(description.algorithm == .es256 && description.encoding == .raw, "it declares raw signatures")
let did = keys[new.dataRepresentation]!.didKey
let ngo = Issuer(signer: try SoftwareSigner(generating: .ed25519))
let letter = try await ngo.issue(.example(of: .proofOfAddress), to: .did(did))
let again = try SecureEnclaveSigner(dataRepresentation: new.dataRepresentation, reason: "Show your letter to the bank")
expect(again == new, "the same key and reason are the same signer")
for signer in [new, again] {
    contexts = []
    for _ in 0..<2 {
        let shown = try await request.answer(with: [letter], showing: .everything, signer: signer)
        let report = try await Verifier(trusting: []).verify(shown, expecting: .answer(to: request))
        expect(report.presentations.first?.holder == did, "the presentation is the holder's")
        expect(report.presentations.first?.outcome == .valid, "the presentation is valid")
    }
    expect(contexts.count == 2 && contexts[0] !== contexts[1], "each signature has a context, so the person is asked")
    expect(contexts.allSatisfy { $0.localizedReason == "Show your letter to the bank" }, "the person reads why")
}

// What the person and the system answer.
func inside(_ cause: NSError) -> NSError {
    NSError(domain: "CryptoTokenKit", code: -3, userInfo: [NSUnderlyingErrorKey: cause])
}
func localAuthentication(_ code: LAError.Code) -> NSError { NSError(domain: LAError.errorDomain, code: code.rawValue) }
func security(_ code: OSStatus) -> NSError { NSError(domain: NSOSStatusErrorDomain, code: Int(code)) }
let answers: [(NSError, String)] = [
    (localAuthentication(.userCancel), "signer.cancelled"),
    (localAuthentication(.appCancel), "signer.cancelled"),
    (localAuthentication(.systemCancel), "signer.cancelled"),
    (localAuthentication(.userFallback), "signer.cancelled"),
    (localAuthentication(.authenticationFailed), "signer.cancelled"),
    (localAuthentication(.notInteractive), "signer.unavailable"),
    (localAuthentication(.passcodeNotSet), "signer.unavailable"),
    (localAuthentication(.biometryLockout), "signer.unavailable"),
    (localAuthentication(.biometryNotAvailable), "signer.unavailable"),
    (localAuthentication(.biometryNotEnrolled), "signer.unavailable"),
    (localAuthentication(.invalidContext), "signer.failed"),
    (NSError(domain: "CryptoTokenKit", code: -4), "signer.cancelled"),
    (NSError(domain: "CryptoTokenKit", code: -5), "signer.cancelled"),
    (NSError(domain: "CryptoTokenKit", code: -6), "signer.unavailable"),
    (NSError(domain: "CryptoTokenKit", code: -7), "signer.unavailable"),
    (NSError(domain: "CryptoTokenKit", code: -9), "signer.unavailable"),
    (NSError(domain: "CryptoTokenKit", code: -3), "signer.failed"),
    (security(errSecUserCanceled), "signer.cancelled"),
    (security(errSecAuthFailed), "signer.cancelled"),
    (security(errSecInteractionNotAllowed), "signer.unavailable"),
    (security(errSecItemNotFound), "signer.unavailable"),
    (security(errSecNotAvailable), "signer.unavailable"),
    (security(-50), "signer.failed"),
    (inside(localAuthentication(.userCancel)), "signer.cancelled"),
    (inside(security(errSecInteractionNotAllowed)), "signer.unavailable"),
    (inside(security(-50)), "signer.failed"),
    // The numbers mean this in their own domain alone.
    (NSError(domain: "elsewhere", code: -2), "signer.failed"),
    (NSError(domain: "elsewhere", code: Int(errSecUserCanceled)), "signer.failed"),
]
for (thrown, code) in answers {
    person = { _ in throw thrown }
    let found =
        await error(of: { try await request.answer(with: [letter], showing: .everything, signer: new) })
        as? AttestaError
    expect(found?.code == code, "\(thrown.domain) \(thrown.code) is \(code), not \(found?.code ?? "nothing")")
}
person = { _ in throw security(-50) }
let refused =
    await error(of: { try await request.answer(with: [letter], showing: .everything, signer: new) }) as? AttestaError
expect(refused?.message.contains("-50") == true, "the platform's number is told")

// A key that signs with another key, or in another encoding, is noticed.
person = { _ in }
StandIn.played?.sign = { _, message, _ in try SoftwareSigner(generating: .es256).sign(message) }
let other =
    await error(of: { try await request.answer(with: [letter], showing: .everything, signer: new) }) as? AttestaError
expect(other?.code == "signer.key-mismatch", "another key")
StandIn.played?.sign = { _, _, _ in Data([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]) }
let encoded =
    await error(of: { try await request.answer(with: [letter], showing: .everything, signer: new) }) as? AttestaError
expect(encoded?.code == "signer.encoding", "DER where raw is declared, not \(encoded?.code ?? "nothing")")
StandIn.played = played()

// A task that is cancelled while Face ID is on the screen: the question goes away, and nothing is signed.
let asked = DispatchSemaphore(value: 0)
let ended = DispatchSemaphore(value: 0)
nonisolated(unsafe) var disappeared = false
person = { context in
    asked.signal()
    disappeared = context.invalidated.wait(timeout: .now() + 10) == .success
    ended.signal()
    throw localAuthentication(.appCancel)
}
let task = Task.detached { [letter, request, new] in
    try await request.answer(with: [letter], showing: .everything, signer: new)
}
func wait(_ semaphore: DispatchSemaphore) -> Bool { semaphore.wait(timeout: .now() + 20) == .success }
expect(wait(asked), "the person is asked")
task.cancel()
expect(await error(of: { try await task.value }) is CancellationError, "the task is cancelled")
expect(wait(ended) && disappeared, "the question disappears")

// A signature that is not cancelled leaves its context alone.
person = { _ in }
contexts = []
_ = try await request.answer(with: [letter], showing: .everything, signer: new)
expect(contexts.count == 1 && contexts[0].invalidated.wait(timeout: .now()) == .timedOut, "no invalidation")

// The page's own lines.
var keychainItem = Data()
let ofThePage = try Readme.key(keychainItem: &keychainItem)
expect(try SecureEnclaveSigner(dataRepresentation: keychainItem).describe() == ofThePage.describe(), "the README")

// An app's screens import SwiftUI as well: neither `Material` is taken for the other, or this does not compile.
func background() -> Material { Material() }
_ = background()
let material = VerificationMaterial(.document, url: "did:web:ngo.example", bytes: Data(), obtained: Date())
expect(material.type == .document, "the library's material")

print("SecureEnclaveSigner against a stand-in: \(passed) passed, \(failed) failed. On a device it was not run.")
exit(failed == 0 && passed > 50 ? 0 : 1)
