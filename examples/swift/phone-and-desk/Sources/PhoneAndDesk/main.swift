// A tenant without a lease opens a bank account: the neighbourhood centre vouches, the phone shows, the desk decides.
// Run it with `make swift-bindings` in the root of the checkout, then `swift run` in this folder.

import Attesta
import Foundation

let centre = try Centre()
let phone = try Phone()
let desk = try Desk(trusting: centre.did, named: "Tai Nan Street Neighbourhood Centre")

let letter = try await centre.letter(for: phone)
print("The centre hands a letter of \(letter.utf8.count) characters to the tenant's phone.")

let request = try desk.request()
let shown = try await phone.show(letter, to: request)
let first = try await desk.decide(shown, on: request)
print(first.opens ? "The bank opens the account." : "The bank refuses.", first.sentence)

// Somebody copied what the phone showed, and shows it to the desk again.
let second = try await desk.decide(shown, on: desk.request())
print(second.opens ? "The bank opens the account." : "The bank refuses the copy.", second.sentence)

// Somebody stole the letter itself, but the tenant's key is in the tenant's phone.
do {
    _ = try await Phone().show(letter, to: desk.request())
    print("The thief's phone shows the letter.")
    exit(1)
} catch let error as AttestaError {
    print("The thief's phone cannot show the letter: \(error)")
}

exit(first.opens && !second.opens ? 0 : 1)
