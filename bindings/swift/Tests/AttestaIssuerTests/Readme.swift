// The code of README.md, compiled; ReadmeTests runs it, and compares it with the page.

import AttestaIssuer
import Foundation

enum Readme {
    static func showAndVerify(
        letter: String,
        phoneKey: any Signer,
        bankKey: any Signer,
        phonesList: String,
        banksList: String,
        agrees: (Consent) -> Bool
    ) async throws -> Report? {
        // At the bank's desk: ask for the district alone, with a number that is used once.
        let ledger = try NonceLedger(capacity: 10_000)
        let home = AskFor(.proofOfAddress, id: "home", pointers: ["/address/country", "/address/district"])
        let request = try await Requester(signer: bankKey).request(.kinds([home]))
        try ledger.issue(request)

        // On the tenant's phone: see who asks and what they would learn, and answer with just that.
        let asker = try await Asker.known(request.text, trusting: [phonesList])
        let consent = try await Consent.to(asker, with: [letter])
        guard agrees(consent) else { return nil }
        let answer = try await consent.answer(signer: phoneKey)

        // At the bank's desk: decide, by the bank's own request.
        let verifier = try Verifier(policy: .preset(.bankAddress), trusting: [banksList])
        let report = try await verifier.verify(answer.json, expecting: .answer(to: request))
        if report.outcome == .valid, try ledger.redeem(request.nonce) == .once {
            print("Accepted: \(report.accepted[0].subjectJSON)")
        } else if let reason = report.reason {
            print("\(reason.message) \(reason.hint)")
        }
        return report
    }

    #if canImport(CryptoKit) && canImport(LocalAuthentication)
        static func key(keychainItem: inout Data) throws -> any Signer {
            let phoneKey = try SecureEnclaveSigner(protection: .userPresence, reason: "Show your letter to the bank")
            keychainItem = phoneKey.dataRepresentation
            return phoneKey
        }
    #endif

    static func issue(form: String, tenant: String) async throws -> String {
        let issuer = Issuer(signer: try SoftwareSigner(generating: .ed25519))
        let claims = try Claims(.proofOfAddress, json: form)
        let letter = try await issuer.issue(claims, to: .did(tenant), format: .sdJwtVc)
        return letter
    }

    static func online(shown: String, trustList: String, seen: String?) async throws -> String {
        let network = try OnlineNetwork(URLSessionFetcher())
        return try await online(shown: shown, trustList: trustList, network: network, seen: seen)
    }

    static func online(shown: String, trustList: String, network: OnlineNetwork, seen: String?) async throws -> String {
        var desk = try Verifier(trusting: [trustList])
        if let seen { desk = try desk.remembering(seen) }
        let online = try await desk.verify(shown, over: network)
        print(online.report.reason?.message ?? "In order.")
        for step in online.steps { print("\(step.outcome): \(step.revealed ?? "Nobody was asked.")") }
        // Kept for the next time: a log or a list that is older than this is then refused.
        let kept = try online.report.remembering(seen)
        return kept
    }

    static func without(consent: Consent) async throws -> Consent {
        let less = try await consent.without("home", claim: "/address/district")
        return less
    }

    static func errors(consent: Consent, phoneKey: any Signer) async throws -> Answer? {
        var answer: Answer?
        do {
            answer = try await consent.answer(signer: phoneKey)
        } catch let error as AttestaError where error.code == "signer.cancelled" {
            print("Confirm with Face ID to show your letter.")
        } catch let error as AttestaError {
            print("\(error.message). \(error.hint)")
        }
        return answer
    }
}
