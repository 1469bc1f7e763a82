// Checks JSON against the schemas of an OpenAPI document, as far as ours uses them.
import Foundation
import JSON

/// The schemas of a document.
struct SchemaCheck {
    let document: JSONValue

    /// What is wrong with `value`; empty where it fits. Members that the schema does not name are
    /// faults: the document must describe everything we send.
    func faults(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let target = document["components"]?["schemas"]?[name] else {
                return ["\(path): no schema \(name)"]
            }
            return faults(value, target, at: path)
        }
        if let choices = schema["anyOf"]?.array {
            let found = choices.map { faults(value, $0, at: path) }
            return found.contains([]) ? [] : found.flatMap { $0 }
        }
        switch schema["type"]?.string {
        case nil: return schema.object?.isEmpty == true ? [] : ["\(path): unknown keywords"]
        case "null": return value.isNull ? [] : ["\(path): not null"]
        case "string": return string(value, schema, path)
        case "integer": return integer(value, schema, path)
        case "boolean": return value.bool == nil ? ["\(path): not a boolean"] : []
        case "array":
            guard let elements = value.array, let items = schema["items"] else {
                return ["\(path): not an array"]
            }
            return elements.enumerated().flatMap { faults($1, items, at: "\(path)[\($0)]") }
        case "object": return object(value, schema, path)
        case let type?: return ["\(path): unknown type \(type)"]
        }
    }

    private func string(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let text = value.string else { return ["\(path): not a string"] }
        if let names = schema["enum"]?.array, !names.contains(value) {
            return ["\(path): \(text) is not in the list"]
        }
        if let pattern = schema["pattern"]?.string,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            return ["\(path): \(text) does not match \(pattern)"]
        }
        return []
    }

    private func integer(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let number: Int = value.integer() else { return ["\(path): not an integer"] }
        let least: Int = schema["minimum"]?.integer() ?? .min
        let most: Int = schema["maximum"]?.integer() ?? .max
        return least <= number && number <= most ? [] : ["\(path): \(number) is out of range"]
    }

    private func object(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        guard let members = value.object else { return ["\(path): not an object"] }
        let required = schema["required"]?.array?.compactMap(\.string) ?? []
        var found = required.filter { value[$0] == nil }.map { "\(path): no \($0)" }
        for member in members {
            let place = "\(path).\(member.key)"
            if let inner = schema["properties"]?[member.key] {
                found += faults(member.value, inner, at: place)
            } else {
                found.append("\(place): not described")
            }
        }
        return found
    }
}
