package org.attesta

/**
 * A call that could not do what it was asked. A document that does not hold is no exception, but a [Report].
 *
 * [code], [message] and [hint] hold no personal data: all three may go into logs.
 *
 * @property code a stable name for programs, such as `claims.missing`
 * @property message what happened, in a sentence
 * @property hint what to do about it, in a sentence
 * @param cause what the app's own [Signer] threw, if that is why
 */
public class AttestaException(
    public val code: String,
    override val message: String,
    public val hint: String,
    cause: Throwable? = null,
) : Exception(message, cause)
