import AttestaIssuer

/// The neighbourhood centre, which knows the tenant and vouches for the address.
struct Centre {
    private let key: SoftwareSigner

    init() throws {
        key = try SoftwareSigner(generating: .ed25519)
    }

    var did: String { key.didKey }

    /// A proof of address for the tenant's phone, valid for 90 days, of which the phone can show single claims.
    func letter(for phone: Phone) async throws -> String {
        let claims = Claims.proofOfAddress(
            ProofOfAddress(
                name: "陳大文",
                nameLatin: "CHAN Tai Man",
                address: Address(
                    formatted: "香港九龍深水埗大南街123號泰安樓4樓B室3號房",
                    formattedLatin: "Room 3, Flat B, 4/F, Tai On House, 123 Tai Nan Street, Sham Shui Po, Kowloon",
                    country: "HK",
                    district: "深水埗",
                    street: "大南街",
                    houseNumber: "123",
                    unit: "3號房"
                ),
                occupancy: .tenant,
                residentSince: "2023-05-01",
                knownSince: "2023-05-20",
                knownBy: [.caseworker, .siteVisit],
                lastVisit: "2026-10-28",
                level: .vouched,
                organisation: Organisation(
                    legalName: "大南街街坊中心有限公司",
                    legalNameLatin: "Tai Nan Street Neighbourhood Centre Limited",
                    registrationNumber: "0000001",
                    register: "Companies Registry, Hong Kong",
                    registerUrl: "https://register.example.org/hk/0000001",
                    address: "G/F, 200 Tai Nan Street, Sham Shui Po, Kowloon, Hong Kong",
                    telephone: "+852 5550 0100"
                ),
                officer: Officer(name: "李美玲", role: "Registered social worker"),
                consent: GivenConsent(given: true, givenOn: "2026-11-02")
            )
        )
        return try await Issuer(signer: key).issue(claims, to: .did(phone.did), format: .sdJwtVc)
    }
}
