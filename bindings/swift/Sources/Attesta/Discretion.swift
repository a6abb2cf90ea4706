import AttestaFFI

// Everything that a credential may say of a person prints as its type alone, and so do its parts. Here they show no more
// to `dump`, debuggers and crash reporters. Whoever wants to see a claim names it.

/// Has nothing for a mirror to show.
protocol Discreet: CustomReflectable {}

extension Discreet {
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension Address: Discreet {}
extension Alignment: Discreet {}
extension Claims: Discreet {}
extension EscoReference: Discreet {}
extension Evidence: Discreet {}
extension GivenConsent: Discreet {}
extension IdentityDocument: Discreet {}
extension Institution: Discreet {}
extension Licence: Discreet {}
extension LicenceCategory: Discreet {}
extension Officer: Discreet {}
extension Organisation: Discreet {}
extension PlaceOfBirth: Discreet {}
extension Programme: Discreet {}
extension ProofOfAddress: Discreet {}
extension Restriction: Discreet {}
extension Skill: Discreet {}
extension SkillCertification: Discreet {}
extension Vehicle: Discreet {}
