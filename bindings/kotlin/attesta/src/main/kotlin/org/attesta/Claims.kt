package org.attesta

import org.attesta.ffi.Claims as FfiClaims

/** A proof of address that an organisation guarantees. Every member may be absent; issuing says which are demanded. */
public typealias ProofOfAddress = org.attesta.ffi.ProofOfAddress

/** A licence that an authority granted. */
public typealias Licence = org.attesta.ffi.Licence

/** A skill that an awarding body certifies. */
public typealias SkillCertification = org.attesta.ffi.SkillCertification

/** Where somebody lives: in parts, and as a whole the way it is written there. */
public typealias Address = org.attesta.ffi.Address

/** In what capacity the person lives there. */
public typealias Occupancy = org.attesta.ffi.Occupancy

/** How the organisation knows that the person lives there. */
public typealias KnownBy = org.attesta.ffi.KnownBy

/** What the organisation promises. */
public typealias Guarantee = org.attesta.ffi.Guarantee

/** The organisation that vouches, as a bank can look it up. */
public typealias Organisation = org.attesta.ffi.Organisation

/** The person who signs for the organisation. */
public typealias Officer = org.attesta.ffi.Officer

/** The identity paper that the officer saw. */
public typealias IdentityDocument = org.attesta.ffi.IdentityDocument

/** Where somebody was born. */
public typealias PlaceOfBirth = org.attesta.ffi.PlaceOfBirth

/** The holder's consent to this credential. */
public typealias GivenConsent = org.attesta.ffi.GivenConsent

/** What a licence is for. */
public typealias LicenceType = org.attesta.ffi.LicenceType

/** A category or class that the licence covers. */
public typealias LicenceCategory = org.attesta.ffi.LicenceCategory

/** A restriction or condition by its code. */
public typealias Restriction = org.attesta.ffi.Restriction

/** The vehicle that a vehicle licence is about. */
public typealias Vehicle = org.attesta.ffi.Vehicle

/** The skill itself, the same for everybody who has it. */
public typealias Skill = org.attesta.ffi.Skill

/** How far somebody has come. */
public typealias Proficiency = org.attesta.ffi.Proficiency

/** How the skill was assessed. */
public typealias Assessment = org.attesta.ffi.Assessment

/** Who stands behind the assessment. */
public typealias Assurance = org.attesta.ffi.Assurance

/** A skill in ESCO, the European classification of skills and occupations. */
public typealias EscoReference = org.attesta.ffi.EscoReference

/** The same skill in another framework than ESCO. */
public typealias Alignment = org.attesta.ffi.Alignment

/** Somebody who awards or assesses a skill. */
public typealias Institution = org.attesta.ffi.Institution

/** Something that shows the skill, or an audit of how it was assessed. */
public typealias Evidence = org.attesta.ffi.Evidence

/** The programme in which the skill was used. */
public typealias Programme = org.attesta.ffi.Programme

/**
 * What a credential of one of the three kinds says of its holder.
 *
 * Its text form names the types and shows nothing of the person.
 */
public sealed interface Claims {
    /** The kind that these claims belong to. */
    public val kind: Kind

    /**
     * A proof of address.
     *
     * @property claims what it says
     */
    public data class OfAddress(val claims: ProofOfAddress) : Claims {
        override val kind: Kind get() = Kind.PROOF_OF_ADDRESS
    }

    /**
     * A licence.
     *
     * @property claims what it says
     */
    public data class OfLicence(val claims: Licence) : Claims {
        override val kind: Kind get() = Kind.LICENCE
    }

    /**
     * A skill certification.
     *
     * @property claims what it says
     */
    public data class OfSkill(val claims: SkillCertification) : Claims {
        override val kind: Kind get() = Kind.SKILL_CERTIFICATION
    }

    /** What the issuers' library adds to: reading claims from a file. */
    public companion object
}

internal fun FfiClaims.toPublic(): Claims = when (this) {
    is FfiClaims.ProofOfAddress -> Claims.OfAddress(claims)
    is FfiClaims.Licence -> Claims.OfLicence(claims)
    is FfiClaims.SkillCertification -> Claims.OfSkill(claims)
}
