package org.attesta

/** Calls the library twice and prints what happens. [LibraryTest] runs it in a JVM of its own. */
fun main() = repeat(2) {
    try {
        println("loaded ${Attesta.libraryVersion}")
    } catch (error: AttestaException) {
        println("${error.code} ${error.message} ${error.hint}")
    }
}
