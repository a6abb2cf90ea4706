import Foundation

/// JSON that can be compared and told apart, member by member.
enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    struct WrongType: Error {}

    init(_ data: Data) throws {
        self = try JSONDecoder().decode(JSON.self, from: data)
    }

    func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    func text() throws -> String { String(decoding: try data(), as: UTF8.self) }

    subscript(_ member: String) -> JSON? {
        if case .object(let members) = self { members[member] } else { nil }
    }

    func string() throws -> String {
        guard case .string(let text) = self else { throw WrongType() }
        return text
    }

    func array() throws -> [JSON] {
        guard case .array(let items) = self else { throw WrongType() }
        return items
    }

    func object() throws -> [String: JSON] {
        guard case .object(let members) = self else { throw WrongType() }
        return members
    }

    func date() throws -> Date {
        guard let date = ISO8601DateFormatter().date(from: try string()) else { throw WrongType() }
        return date
    }

    /// The JSON pointers at which the two differ.
    func differences(to other: JSON, at pointer: String = "") -> [String] {
        switch (self, other) {
        case (.object(let one), .object(let two)):
            Set(one.keys).union(two.keys).sorted().flatMap { name -> [String] in
                guard let left = one[name], let right = two[name] else { return ["\(pointer)/\(name)"] }
                return left.differences(to: right, at: "\(pointer)/\(name)")
            }
        case (.array(let one), .array(let two)) where one.count == two.count:
            zip(one, two).enumerated().flatMap { $1.0.differences(to: $1.1, at: "\(pointer)/\($0)") }
        default:
            self == other ? [] : [pointer]
        }
    }

    /// This JSON with one value turned into another, once for each value in it, and where.
    func turned() -> [(pointer: String, JSON)] {
        switch self {
        case .object(let members):
            members.keys.sorted().flatMap { name in
                members[name, default: .null].turned().map { pointer, value in
                    ("/\(name)\(pointer)", .object(members.merging([name: value]) { $1 }))
                }
            }
        case .array(let items):
            items.indices.flatMap { index in
                items[index].turned().map { pointer, value in
                    var turned = items
                    turned[index] = value
                    return ("/\(index)\(pointer)", .array(turned))
                }
            }
        case .null: [("", .bool(true))]
        case .bool(let value): [("", .bool(!value))]
        case .number(let value): [("", .number(value + 1))]
        case .string(let value): [("", .string(value + "."))]
        }
    }
}

extension JSON: Codable {
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let string = try? value.decode(String.self) {
            // The commonest first: each attempt that fails takes its time.
            self = .string(string)
        } else if let members = try? value.decode([String: JSON].self) {
            self = .object(members)
        } else if let items = try? value.decode([JSON].self) {
            self = .array(items)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else {
            self = .bool(try value.decode(Bool.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let bool): try value.encode(bool)
        case .number(let number): try value.encode(number)
        case .string(let string): try value.encode(string)
        case .array(let items): try value.encode(items)
        case .object(let members): try value.encode(members)
        }
    }
}
