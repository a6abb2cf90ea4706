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
    public var accepted: [AcceptedCredential] { report.accepted() }

    /// What undetermined credentials say (`credentialSubject` as JSON), for a person who will decide by other means.
    /// Empty unless the outcome is undetermined and the document is signed by whom it names.
    public var unconfirmedSubjects: [String] { report.unconfirmedSubjects() }

    /// Each credential and what was found about it, in the order of the presentation. Without claims.
    public var credentials: [CredentialReport] { report.credentials() }

    /// The presentation, if the document was one.
    public var presentation: PresentationReport? { report.presentation() }

    /// What the app may fetch to decide what is open, and then give to ``Verifier/adding(_:)``.
    public var missing: [MissingDocument] { report.missing() }

    /// The names of the checks that the policy in force does not require.
    public var relaxed: [String] { report.relaxed() }

    /// The whole report as JSON, as the command line prints it.
    public var json: String { report.toJson() }
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

extension AcceptedCredential {
    /// The first moment at which it is valid.
    public var validFromDate: Date? { validFrom.map { Date(timeIntervalSince1970: TimeInterval($0)) } }

    /// The moment from which it is no longer valid.
    public var validUntilDate: Date? { validUntil.map { Date(timeIntervalSince1970: TimeInterval($0)) } }
}
