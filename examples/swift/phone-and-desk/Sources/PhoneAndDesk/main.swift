// A tenant without a lease opens a bank account: the neighbourhood centre vouches, the desk asks for the district, the
// phone shows just that, the desk decides. Run it with `make swift-bindings` in the root of the checkout, then
// `swift run` in this folder.

import Attesta
import Foundation

let (centreName, bankName) = ("Tai Nan Street Neighbourhood Centre", "Harbour Bank")
let centre = try Centre()
let desk = try Desk()
let phone = try Phone(knowing: desk.did, named: bankName)

let letter = try await centre.letter(for: phone)
print("The centre hands a letter of \(letter.utf8.count) characters to the tenant's phone.")

let request = try await desk.ask()
let consent = try await Consent.to(phone.asker(of: request.text), with: [letter])
print("The phone's screen:", phone.screen(consent).joined(separator: "\n    "))
let answer = try await phone.answer(consent)
let first = try await desk.decide(answer, on: request, trusting: centre.did, named: centreName)
print(first.opens ? "The bank opens the account." : "The bank refuses.", first.sentence)

// Somebody copied what the phone showed, and shows it again: to the same question, and to a new one.
let again = try await desk.decide(answer, on: request, trusting: centre.did, named: centreName)
print(again.opens ? "The bank opens the account." : "The bank refuses the copy.", again.sentence)
let later = try await desk.decide(answer, on: desk.ask(), trusting: centre.did, named: centreName)
print(later.opens ? "The bank opens the account." : "The bank refuses the old answer.", later.sentence)

// Somebody else asks the same. The phone does not know them, and even a tenant who reads on shows them nothing.
let somebody = try Desk()
let question = try await somebody.ask().text
var isRefused = false
do {
    _ = try await phone.asker(of: question)
} catch let error as AttestaError {
    isRefused = true
    print("The phone does not know who asks: \(error)")
}
let unknown = try await Consent.to(.unauthenticated(question), with: [letter])
print("The phone's screen:", phone.screen(unknown).joined(separator: "\n    "))

// Somebody stole the letter itself, but the tenant's key is in the tenant's phone.
let thief = try Phone(knowing: desk.did, named: bankName)
do {
    let stolen = try await Consent.to(thief.asker(of: desk.ask().text), with: [letter])
    _ = try await thief.answer(stolen)
    print("The thief's phone shows the letter.")
    exit(1)
} catch let error as AttestaError {
    print("The thief's phone cannot show the letter: \(error)")
}

let asTold = first.opens && !again.opens && !later.opens && isRefused && unknown.shown.isEmpty
exit(asTold ? 0 : 1)
