// `make swift-bench`: a line for each operation, as `make bench` prints them. The first two are of a fresh process, once;
// the others are the median of many. Built for release, with a library built for release; otherwise the figures say
// nothing.

import AttestaIssuer
import Foundation

/// Allocations and a ratio are the core's to measure.
func line(_ operation: String, _ time: Duration) {
    func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let nanoseconds = time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000
    let name = "swift \(operation)"
    let padding = String(repeating: " ", count: max(0, 46 - name.count))
    print("\(name)\(padding)   \(right(String(nanoseconds), 9)) ns   \(right("-", 6)) allocs   \(right("-", 7))")
}

/// The median over batches, since a clock takes as long to read as some calls take.
func median(_ operation: String, calls: Int = 10, _ call: () async throws -> Void) async rethrows {
    var times: [Duration] = []
    for round in 0..<151 {
        let began = ContinuousClock.now
        for _ in 0..<calls { try await call() }
        // The first batches warm up.
        if round >= 50 { times.append((ContinuousClock.now - began) / calls) }
    }
    line(operation, times.sorted()[times.count / 2])
}

func demand(_ condition: Bool, _ operation: String) {
    guard condition else { fatalError("\(operation) has another result than it should") }
}

let began = ContinuousClock.now
_ = try LibraryVersion.current
line("load", ContinuousClock.now - began)

func trustList(of issuer: SoftwareSigner) -> String {
    """
    {"type":"TrustList","version":1,"issued":"\(ISO8601DateFormatter().string(from: Date()))","entries":[
      {"id":"\(issuer.didKey)","issues":["*"]}]}
    """
}

struct OwnSigner: Signer {
    let key: SoftwareSigner
    func describe() throws -> SignerDescription { try key.describe() }
    func sign(_ message: Data) throws -> Data { try key.sign(message) }
}

var isFirst = true
for (algorithm, name) in [(Algorithm.ed25519, "Ed25519"), (.es256, "ES256")] {
    let key = try SoftwareSigner(generating: algorithm)
    let verifier = try Verifier(trusting: [trustList(of: key)])
    let claims = try Claims.example(of: .proofOfAddress)
    let token = try await Issuer(signer: key).issue(claims, to: .did(did: key.didKey))
    let bytes = Data(token.utf8)
    let verify = "verify vc+jwt \(name) proof-of-address"
    if isFirst {
        let began = ContinuousClock.now
        let outcome = try await verifier.verify(bytes).outcome
        line("first verify vc+jwt \(name)", ContinuousClock.now - began)
        demand(outcome == .valid, verify)
        isFirst = false
        try await median("call", calls: 1_000) { _ = try LibraryVersion.current }
    }
    try await median(verify) { demand(try await verifier.verify(bytes).outcome == .valid, verify) }
    try await median("verify vc+jwt \(name), no task") {
        demand(try verifier.verifyHere(bytes).outcome == .valid, verify)
    }
    try await median("verify vc+jwt \(name), claims read") {
        demand(try await verifier.verify(bytes).accepted.count == 1, verify)
    }
    let request = try PresentationRequest.fresh(audience: "https://bank.example")
    let present = "present vp+jwt \(name) proof-of-address"
    try await median(present) { _ = try await request.answer(with: [token], showing: .everything, signer: key) }
    try await median("present vp+jwt \(name), app's signer") {
        _ = try await request.answer(with: [token], showing: .everything, signer: OwnSigner(key: key))
    }
    try await median("issue vc+jwt \(name) proof-of-address") {
        _ = try await Issuer(signer: key).issue(claims, to: .did(did: key.didKey))
    }
}
