// Usage, quotas and refused records as JSON and as sentences; costs in nano-credits.
import JSON
import Ledger
import Node
import Platform
import Primitives

extension JSONWriter {
    mutating func write(_ view: UsageView) {
        object { object in
            object.member("account", view.account.hex)
            object.key("total")
            object.write(view.total)
            object.key("hour")
            object.write(view.hour)
            object.key("day")
            object.write(view.day)
            object.key("limits")
            guard let quota = view.quota else { return object.writeNull() }
            object.object { limits in
                for span in UsageSpan.allCases {
                    limits.key("\(span)")
                    limits.write(limits: quota[span])
                }
            }
        }
    }

    private mutating func write(_ quantities: Quantities) {
        object { object in
            for quantity in MeteredQuantity.allCases {
                object.member("\(quantity)", quoted: quantities[quantity])
            }
        }
    }

    /// Null where there is no limit.
    private mutating func write(limits: Quantities) {
        object { object in
            for quantity in MeteredQuantity.allCases {
                let limit = limits[quantity]
                object.member("\(quantity)", quotedOrNull: limit == .max ? nil : limit)
            }
        }
    }
}

extension RefusedRow {
    /// As a member of a problem document.
    var json: JSONValue {
        var members = [
            JSONMember("row", .string(String(row))), JSONMember("reason", .string(reason.name)),
            JSONMember("detail", .string(reason.sentence)),
        ]
        if case .quota(let reached) = reason {
            members += [
                JSONMember("account", .string(reached.account.hex)),
                JSONMember("span", .string("\(reached.span)")),
                JSONMember("quantity", .string("\(reached.quantity)")),
                JSONMember("limit", .string(String(reached.limit))),
                JSONMember(
                    "opens", reached.opens.map { .string(String($0.nanoseconds)) } ?? .null),
            ]
        }
        return .object(members)
    }
}

extension RecordRefusal {
    /// A stable name: the chapter, a dot, the rule.
    var name: String {
        switch self {
        case .quota: "quotas.reached"
        case .limits(let failure): LawFailure.limits(failure).name
        case .forbidden(let failure): LawFailure.forbidden(failure).name
        }
    }

    /// For `partial_success.error_message` and problem documents.
    var sentence: String {
        switch self {
        case .quota(let reached): reached.sentence
        case .limits(let failure): "the agent's constitution does not allow it: \(failure)"
        case .forbidden(let failure): "it is forbidden: \(failure)"
        }
    }
}

extension QuotaReached {
    fileprivate var sentence: String {
        let unit =
            switch quantity {
            case .records: "records"
            case .tokens: "tokens"
            case .cost: "nano-credits of cost"
            case .gas: "micro-credits of gas"
            }
        let start = "over the limit of \(limit) \(unit) in any \(span) of account \(account.hex)"
        guard let opens else { return start + ", above which it is by itself" }
        return start + "; there is room from \(HTTPDate.format(opens))"
    }
}
