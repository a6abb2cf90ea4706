import Testing
@testable import Attesta
@Test func hello() throws { #expect(try LibraryVersion.current == "0.1.0") }
