package org.attesta

import kotlinx.coroutines.runBlocking

/** What the organisation gives the tenant. */
fun Cast.guarantee(
    format: CredentialFormat = CredentialFormat.JWT,
    holder: Holder = Holder.Did(tenant.didKey),
    signer: Signer = ngo,
    validFrom: String? = null,
): String = runBlocking {
    Attesta.issue(Claims.example(Kind.PROOF_OF_ADDRESS), signer, holder, format = format, validFrom = validFrom)
}
