// The code of README.md, compiled; ReadmeTests runs it, and compares it with the page.

import Attesta
import Foundation

enum Readme {
    static func showAndVerify(letter: String, phoneKey: any Signer, trustList: String) async throws -> Report {
        // At the bank's desk: ask, with a number that is used once.
        let request = try PresentationRequest.fresh(audience: "https://bank.example")

        // On the tenant's phone: answer this bank and this number alone.
        let shown = try await request.answer(with: [letter], signer: phoneKey)

        // At the bank's desk: decide.
        let verifier = try Verifier(policy: .preset(.bankAddress), trusting: [trustList])
        let report = try await verifier.verify(shown, expecting: .answer(to: request))
        for credential in report.accepted {
            print("Accepted: \(credential.issuerName ?? credential.issuer) vouches for it.")
        }
        if let reason = report.reason {
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
        let letter = try await issuer.issue(claims, to: .did(tenant), days: 90)
        return letter
    }

    static func errors(request: PresentationRequest, letter: String, phoneKey: any Signer) async throws -> String? {
        var shown: String?
        do {
            shown = try await request.answer(with: [letter], signer: phoneKey)
        } catch let error as AttestaError where error.code == "signer.cancelled" {
            print("Confirm with Face ID to show your letter.")
        } catch let error as AttestaError {
            print("\(error.message). \(error.hint)")
        }
        return shown
    }
}
