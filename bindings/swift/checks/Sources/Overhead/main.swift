// What a call from Swift costs, in the lines of `make bench`: the time of the fastest of some batches, for one call.
// Built for release, with a library built for release; otherwise the figures say nothing.

import Attesta
import Foundation

func measure(_ operation: String, calls: Int, _ call: () throws -> Void) rethrows {
    var fastest = Duration.seconds(1_000_000)
    for _ in 0..<10 {
        let began = ContinuousClock.now
        for _ in 0..<calls { try call() }
        fastest = min(fastest, (ContinuousClock.now - began) / calls)
    }
    report(operation, fastest)
}

func report(_ operation: String, _ time: Duration) {
    let nanoseconds = time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000
    let digits = String(nanoseconds)
    let name = "swift \(operation)".padding(toLength: 44, withPad: " ", startingAt: 0)
    print(name + String(repeating: " ", count: max(0, 12 - digits.count)) + digits + " ns")
}

let began = ContinuousClock.now
_ = try LibraryVersion.current
report("first call", ContinuousClock.now - began)

let issuer = try SoftwareSigner(generating: .ed25519)
let tenant = try SoftwareSigner(generating: .es256)
let list = """
    {"type":"TrustList","version":1,"issued":"\(ISO8601DateFormatter().string(from: Date()))","entries":[
      {"id":"\(issuer.didKey)","issues":["*"]}]}
    """
let verifier = try Verifier(trusting: [list])
let token = try await Issuer(signer: issuer).issue(.example(of: .proofOfAddress), to: .did(did: tenant.didKey))
let file = try await Issuer(signer: issuer).issue(
    .example(of: .proofOfAddress),
    to: .did(did: tenant.didKey),
    format: .eddsaJcs2022
)

for (name, document) in [("vc+jwt Ed25519", token), ("eddsa-jcs-2022", file)] {
    let bytes = Data(document.utf8)
    guard try verifier.verifyHere(bytes).outcome == .valid else { fatalError("\(name) is not valid") }
    try measure("verify \(name)", calls: 500) { _ = try verifier.verifyHere(bytes) }
    try measure("verify \(name), claims read", calls: 500) {
        guard try verifier.verifyHere(bytes).accepted.count == 1 else { fatalError("no claims") }
    }
}

let start = ContinuousClock.now
for _ in 0..<2_000 { _ = try await verifier.verify(Data(token.utf8)) }
report("verify vc+jwt Ed25519, awaited", (ContinuousClock.now - start) / 2_000)

let request = try PresentationRequest.fresh(audience: "https://bank.example")
struct OwnSigner: Signer {
    let key: SoftwareSigner
    func describe() throws -> SignerDescription { try key.describe() }
    func sign(_ message: Data) throws -> Data { try key.sign(message) }
}
for (name, signer) in [("", tenant as any Signer), (", app's own signer", OwnSigner(key: tenant))] {
    let start = ContinuousClock.now
    for _ in 0..<500 { _ = try await request.answer(with: [token], signer: signer) }
    report("present vc+jwt ES256\(name)", (ContinuousClock.now - start) / 500)
}
try measure("version of the library", calls: 10_000) { _ = try LibraryVersion.current }
