import AttestaFFI

/// Somebody who issues credentials.
public struct Issuer: Sendable {
    private let did: String?
    private let signer: any Signer

    /// - Parameters:
    ///   - signer: The issuer's key.
    ///   - did: The issuer's DID, with the key's fragment unless it is a `did:key` or `did:jwk`. Without it the issuer is
    ///     the `did:key` of the signer.
    public init(signer: any Signer, did: String? = nil) {
        self.signer = signer
        self.did = did
    }

    /// Issues a credential of one of the three kinds: a compact token, or a JSON document with a proof.
    ///
    /// - Parameters:
    ///   - claims: What the credential says.
    ///   - holder: Whom it is issued to. A proof of address must have a holder.
    ///   - format: How it is secured.
    ///   - validFrom: The first day on which it is valid, such as `2026-03-31`; today (UTC) otherwise.
    ///   - days: For how many days it is valid.
    ///   - status: The `credentialStatus` entry, as JSON.
    /// - Throws: ``AttestaError`` when the claims are not of their kind, an argument has the wrong form, or the signer does
    ///   not sign; `CancellationError` when the task was cancelled.
    public func issue(
        _ claims: Claims,
        to holder: Holder? = nil,
        format: CredentialFormat = .jwt,
        validFrom: String? = nil,
        days: UInt32 = 90,
        status: String? = nil
    ) async throws -> String {
        let options = IssueOptions(
            holder: holder,
            issuer: did,
            format: format,
            validFrom: validFrom,
            validDays: days,
            statusJson: status
        )
        return try await inBackground(signer.place) { [signer] in
            try calling { try AttestaFFI.issue(claims: claims, options: options, signer: signer.forLibrary) }
        }
    }

    /// Issues any credential of VC Data Model 2.0, given as JSON. Its own members stay; `id`, `issuer` and `validFrom`
    /// (today) are added where they are absent.
    ///
    /// - Throws: ``AttestaError`` when the document breaks the data model, an argument has the wrong form, or the signer
    ///   does not sign; `CancellationError` when the task was cancelled.
    public func issue(
        document: String,
        to holder: Holder? = nil,
        format: CredentialFormat = .jwt
    ) async throws -> String {
        let options = DocumentOptions(holder: holder, issuer: did, format: format)
        return try await inBackground(signer.place) { [signer] in
            try calling {
                try AttestaFFI.issueDocument(documentJson: document, options: options, signer: signer.forLibrary)
            }
        }
    }
}

extension Holder {
    /// By a DID.
    public static func did(_ did: String) -> Holder { .did(did: did) }
}

extension Claims {
    /// That an organisation guarantees where somebody lives.
    public static func proofOfAddress(_ claims: ProofOfAddress) -> Claims { .proofOfAddress(claims: claims) }
    /// That an authority licenses somebody.
    public static func licence(_ claims: Licence) -> Claims { .licence(claims: claims) }
    /// That an awarding body certifies a skill.
    public static func skillCertification(_ claims: SkillCertification) -> Claims {
        .skillCertification(claims: claims)
    }

    /// Claims of a kind, read from JSON with the kind's members.
    ///
    /// - Throws: ``AttestaError`` when the text is no JSON object, or its members are not of their kind.
    public init(_ kind: Kind, json: String) throws {
        self = try calling { try claimsFromJson(kind: kind, json: json) }
    }

    /// A filled example of a kind.
    public static func example(of kind: Kind) throws -> Claims {
        try calling { try exampleClaims(kind: kind) }
    }

    /// These claims as JSON with the kind's members.
    ///
    /// - Throws: ``AttestaError`` when they are not of their kind: a member is missing, or has the wrong form.
    public func json() throws -> String {
        try calling { try claimsToJson(claims: self) }
    }
}
