import AttestaFFI
import Foundation

/// The whole answer of a ``Verifier``. It decides nothing until its ``outcome`` is looked at.
///
/// Claims are reached through ``accepted`` alone, which is empty unless the outcome is ``Outcome/valid``.
public struct Report: Sendable {
    private let report: AttestaFFI.Report

    init(_ report: AttestaFFI.Report) {
        self.report = report
    }

    /// The decision over the presentation and all its credentials.
    public var outcome: Outcome { report.outcome() }

    /// The finding that stands in the way: a failure if there is one, else what is open. Nothing when valid.
    public var reason: Check? { report.reason() }

    /// The credentials and their claims, if the outcome is valid; nothing otherwise.
    public var accepted: [AcceptedCredential] { report.accepted().map(AcceptedCredential.init) }

    /// What undetermined credentials say, for a person who will decide by other means. Empty unless the outcome is
    /// undetermined and the document is signed by whom it names.
    public var unconfirmed: [UnconfirmedCredential] { report.unconfirmed().map(UnconfirmedCredential.init) }

    /// Each credential and what was found about it, in the order of the presentation. Without claims.
    public var credentials: [CredentialReport] { report.credentials() }

    /// Each presentation around credentials, in the order of the answer. None for what was handed over without one, and
    /// for an SD-JWT, whose holder signs a part of the credential itself.
    public var presentations: [PresentationReport] { report.presentations() }

    /// What the app may fetch to decide what is open, and then give to ``Verifier/adding(_:)``.
    public var missing: [MissingResource] { report.missing() }

    /// The names of the checks that the policy in force does not require.
    public var relaxed: [String] { report.relaxed() }

    /// The whole report as JSON, as the command line prints it.
    public var json: String { report.toJson() }

    /// What the app keeps of what was seen, as JSON: what it kept until now, and with it what this report rests on.
    ///
    /// - Parameter kept: What an earlier report gave; nil the first time.
    /// - Throws: ``AttestaError`` when it cannot be read.
    public func remembering(_ kept: String? = nil) throws -> String {
        try calling { try rememberSeen(keptJson: kept, report: report) }
    }
}

extension Report: CustomStringConvertible, CustomReflectable {
    /// The outcome and its reason, without claims.
    public var description: String {
        guard let reason else { return "Report(\(outcome))" }
        return "Report(\(outcome), \(reason.id): \(reason.code))"
    }

    /// As the description says: debuggers and `dump` show no claims.
    public var customMirror: Mirror {
        Mirror(self, children: ["outcome": outcome, "reason": reason?.code as Any])
    }
}

/// A credential that may be relied on. Printed or dumped, it tells its issuer and kind, and no claims.
public struct AcceptedCredential: Hashable, Sendable {
    /// The issuer.
    public let issuer: String
    /// The name that the verifier's own trust list gives the issuer.
    public let issuerName: String?
    /// The kind, if it is one of the three.
    public let kind: Kind?
    /// The typed claims, if it is one of the three kinds. What the holder did not disclose is absent.
    public let claims: Claims?
    /// What it says of its subject, as JSON: `credentialSubject` as it stands in the document; of an SD-JWT VC its claims
    /// without the registered ones. What the holder did not disclose is not there.
    public let subjectJSON: String
    /// The first moment at which it is valid.
    public let validFrom: Date?
    /// The moment from which it is no longer valid.
    public let validUntil: Date?

    init(_ accepted: AttestaFFI.AcceptedCredential) {
        issuer = accepted.issuer
        issuerName = accepted.issuerName
        kind = accepted.kind
        claims = accepted.claims
        subjectJSON = accepted.subjectJson
        validFrom = accepted.validFrom.map(Date.init(wholeSeconds:))
        validUntil = accepted.validUntil.map(Date.init(wholeSeconds:))
    }
}

extension AcceptedCredential: CustomStringConvertible, CustomReflectable {
    /// The issuer and the kind, without claims.
    public var description: String {
        "AcceptedCredential(\(issuer), \(kind.map { "\($0)" } ?? "of another kind"))"
    }

    /// As the description says: debuggers and `dump` show no claims.
    public var customMirror: Mirror {
        Mirror(self, children: ["issuer": issuer, "kind": kind as Any])
    }
}

/// What an undetermined credential says. Printed or dumped, it tells its position alone.
public struct UnconfirmedCredential: Hashable, Sendable {
    /// The credential's position among ``Report/credentials``.
    public let position: Int
    /// What it says of its subject, as JSON.
    public let subjectJSON: String

    init(_ unconfirmed: AttestaFFI.UnconfirmedCredential) {
        position = Int(unconfirmed.position)
        subjectJSON = unconfirmed.subjectJson
    }
}

extension UnconfirmedCredential: CustomStringConvertible, CustomReflectable {
    /// The position, without claims.
    public var description: String { "UnconfirmedCredential(\(position))" }

    /// As the description says: debuggers and `dump` show no claims.
    public var customMirror: Mirror { Mirror(self, children: ["position": position]) }
}
