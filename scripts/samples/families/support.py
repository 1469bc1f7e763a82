"""A support line: a receptionist hands over to billing or to shipping."""

from steps import Family, Hand, Role, Say, Script, Turn, Use

FRONT = "You greet customers of a lamp shop and hand each over to Billing or Shipping. Be brief."
BILLING = "You settle invoices. Look the order up first. Refund at most the price of the order."
SHIPPING = "You trace parcels. Look the order up first. Reship once at most without asking."


def billing(name, complaint, order, facts, amount, thanks):
    return Script(name, [
        Turn(complaint, [
            Hand("Billing"),
            Use("find_order", {"number": order}, facts),
            Use("refund", {"number": order, "amount": amount}, f"Refunded {amount}."),
            Say(f"I am sorry about that. I have refunded {amount} for order {order}."),
        ]),
        Turn(thanks, [Hand("Billing"), Say("It takes two to three working days. Anything else?")]),
    ])


def shipping(name, complaint, order, facts, answer, reship=None):
    steps = [Hand("Shipping"), Use("find_order", {"number": order}, facts)]
    if reship:
        steps.append(Use("reship", {"number": order, "item": reship}, "Sent again, express."))
    return Script(name, [Turn(complaint, steps + [Say(answer)])])


SCRIPTS = [
    billing("support-2041", "You charged me twice for order 2041!", "2041",
            "2041: desk lamp, 49.00, paid twice on 3 November.", "49.00",
            "When will I see the money?"),
    billing("support-2077", "The discount code was not applied to 2077.", "2077",
            "2077: floor lamp, 120.00, code AUTUMN10 valid until 10 November.", "12.00",
            "Thanks. How long does that take?"),
    shipping("support-1988", "Where is my parcel 1988? It should have come on Tuesday.", "1988",
             "1988: two bulbs, at the depot since Monday, address label damaged.",
             "The label was damaged at the depot. I have sent the bulbs again by express.",
             "bulbs"),
    shipping("support-2102", "Order 2102 arrived with a broken shade.", "2102",
             "2102: table lamp, delivered 18 November.",
             "I am sorry. A new shade is on its way by express; keep the broken one.", "shade"),
    shipping("support-2110", "Can I still change the address of 2110?", "2110",
             "2110: ceiling lamp, packed, collected tonight.",
             "It is packed but not collected, so I have held it. Please send me the new address."),
]

FAMILY = Family(
    "support-line", "support",
    [Role("Reception", "gpt-6-mini", FRONT, [], ["Billing", "Shipping"]),
     Role("Billing", "gpt-6-mini", BILLING, ["find_order", "refund"]),
     Role("Shipping", "gpt-6-mini", SHIPPING, ["find_order", "reship"])],
    SCRIPTS)
