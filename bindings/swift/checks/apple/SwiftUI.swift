// What SwiftUI calls by a name that this library could take as well. An app's screens import both.

public struct Material: Sendable {
    public init() {}
}
