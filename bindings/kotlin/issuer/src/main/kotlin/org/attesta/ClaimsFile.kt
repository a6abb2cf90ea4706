package org.attesta

import org.attesta.ffi.Claims as FfiClaims
import org.attesta.ffi.claimsFromJson
import org.attesta.ffi.claimsToJson
import org.attesta.ffi.exampleClaims

/**
 * The claims file (JSON) of these claims.
 *
 * @throws AttestaException when something that the kind demands is missing or has the wrong form
 */
public fun Claims.toJson(): String = native { claimsToJson(toNative()) }

/**
 * Reads a claims file (JSON).
 *
 * @throws AttestaException when the text is no JSON, or its members are not those of the kind
 */
public fun Claims.Companion.fromJson(kind: Kind, json: String): Claims = native { claimsFromJson(kind, json) }.toPublic()

/** Filled claims to start from. Their people and organisations are made up. */
public fun Claims.Companion.example(kind: Kind): Claims = native { exampleClaims(kind) }.toPublic()

internal fun Claims.toNative(): FfiClaims = when (this) {
    is Claims.OfAddress -> FfiClaims.ProofOfAddress(claims)
    is Claims.OfLicence -> FfiClaims.Licence(claims)
    is Claims.OfSkill -> FfiClaims.SkillCertification(claims)
}
