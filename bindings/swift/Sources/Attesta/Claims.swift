import AttestaFFI

extension Claims {
    /// That an organisation guarantees where somebody lives.
    public static func proofOfAddress(_ claims: ProofOfAddress) -> Claims { .proofOfAddress(claims: claims) }
    /// That an authority licenses somebody.
    public static func licence(_ claims: Licence) -> Claims { .licence(claims: claims) }
    /// That an awarding body certifies a skill.
    public static func skillCertification(_ claims: SkillCertification) -> Claims {
        .skillCertification(claims: claims)
    }
}
