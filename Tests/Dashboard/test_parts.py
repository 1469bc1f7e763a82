"""Parts of the dashboard alone, in the browser: units, tree, protobuf reader, lists."""

import json
import struct

import traces

UNITS = """async (rows) => {
  const units = await import('/dashboard/base/units.js');
  return rows.map(([name, value]) => units[name](value));
}"""


def test_quantities_for_people(tab):
    rows = [
        ("count", "1234567", "1,234,567"), ("count", str(2**64), "18,446,744,073,709,551,616"),
        ("count", None, "0"), ("count", "-4", "0"), ("count", "1e3", "0"),
        ("credits", "1", "0.000000001 cr"), ("credits", "2100000", "0.0021 cr"),
        ("credits", "12000000000", "12 cr"), ("credits", "0", "0 cr"),
        ("credits", str(2**128 - 1), "340,282,366,920,938,463,463,374,607,431.768211455 cr"),
        ("gas", "12", "0.000012 cr"), ("duration", "999", "999 ns"),
        ("duration", "850000", "850 µs"), ("duration", "999600", "1.00 ms"),
        ("duration", "12300000", "12.3 ms"), ("duration", "1240000000", "1.24 s"),
        ("duration", "59990000000", "1 m 00 s"), ("duration", "3780000000000", "1 h 03 m"),
        ("duration", "259200000000000", "3 d 0 h"), ("size", "812", "812 B"),
        ("size", "3482", "3.40 KiB"), ("size", str(5 << 40), "5.00 TiB"),
        ("utcTime", "1790000000123456789", "2026-09-21 14:13:20.123456789 UTC"),
        ("utcTime", str(2**64), "2554-07-21 23:34:33.709551616 UTC"),
        ("localTime", str(2**100), "unknown"),
        ("utcTime", "0", "1970-01-01 00:00:00.000000000 UTC"),
    ]
    got = tab.open().evaluate(UNITS, [row[:2] for row in rows])
    assert got == [expected for _, _, expected in rows]


FOREST = """async (edges) => {
  const { rowsOf } = await import('/dashboard/parts/forest.js');
  const steps = edges.map(([operation, caller, start], i) =>
    ({ id: String(i), operation, caller, start: String(start) }));
  return rowsOf(steps).map(({ step, depth }) => [step.operation, depth]);
}"""


def test_a_tree_is_drawn_whatever_the_callers_claim(tab):
    page = tab.open()
    table = {
        "in order of start": ([("a", "0", 1), ("c", "a", 3), ("b", "a", 2)],
                              [["a", 0], ["b", 1], ["c", 1]]),
        "callers that are not there": ([("a", "x", 2), ("b", "y", 1)], [["b", 0], ["a", 0]]),
        "a step that calls itself": ([("a", "a", 1)], [["a", 0]]),
        "a circle": ([("a", "b", 1), ("b", "c", 2), ("c", "a", 3)],
                     [["c", 0], ["b", 1], ["a", 2]]),
        "one operation twice": ([("a", "0", 1), ("a", "0", 2), ("b", "a", 3)],
                                [["a", 0], ["b", 1], ["a", 0]]),
        "nothing": ([], []),
    }
    for name, (edges, expected) in table.items():
        assert page.evaluate(FOREST, edges) == expected, name


def test_a_chain_of_thousands_does_not_exhaust_the_stack(tab):
    edges = [(str(i), str(i - 1), i) for i in range(5000)]
    rows = tab.open().evaluate(FOREST, edges)
    assert [depth for _, depth in rows] == list(range(5000))


def test_what_arrives_while_a_list_loads_is_kept(tab, node, journey):
    page, waiting = tab.page, []
    page.route("**/v1/runs?limit=12", lambda route: waiting.append(route))
    page.goto(node.url)
    page.wait_for_selector("#connection[data-state=live]")
    late = node.send(traces.small(901))
    page.locator(f"a[href='#/runs/{late.run}']").wait_for()
    old = [run for run in node.json("/v1/runs?limit=12")["items"] if run["run"] != late.run]
    for route in waiting:
        route.fulfill(status=200, content_type="application/json",
                      body=json.dumps({"items": old, "next": None}))
    page.locator(f"a[href='#/runs/{journey.run}']").wait_for()
    assert page.locator(f"a[href='#/runs/{late.run}']").count() == 1


def test_the_focus_survives_what_arrives(tab, node, journey):
    page = tab.open()
    page.locator("#height").focus()
    node.settled(node.send(traces.small(902)))
    page.wait_for_selector("#latest-runs .arrived")
    assert page.evaluate("document.activeElement.id") == "height"
    page.locator("#latest-runs tbody a").first.focus()
    href = page.evaluate("document.activeElement.hash")
    late = node.send(traces.small(903))
    page.locator(f"#latest-runs a[href='#/runs/{late.run}']").wait_for()
    assert page.evaluate("document.activeElement.hash") == href


def test_the_banner_tells_the_mode(tab, node):
    page = tab.open()
    page.wait_for_selector("#counters")
    in_development = node.json("/v1/status")["mode"] == "development"
    assert page.locator("#banner").is_visible() == in_development


SPAN = """async (bytes) => {
  const { fromProtobuf } = await import('/dashboard/payload/otlp.js');
  return JSON.stringify(fromProtobuf(Uint8Array.from(bytes)),
    (key, one) => (typeof one === 'bigint' ? String(one) : one));
}"""


def varint(value):
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    return bytes(encoded + bytes([value]))


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def pair(key, value):
    return field(1, key.encode()) + field(2, value)


def test_a_protobuf_payload_is_read(tab):
    inner = field(5, field(1, field(1, b"a")) + field(1, varint(3 << 3) + varint(2**64 - 5)))
    span = (field(1, bytes(range(16))) + field(2, bytes(8)) + field(5, b"chat")
            + varint(6 << 3) + varint(3) + varint(7 << 3 | 1) + struct.pack("<Q", 10**18)
            + varint(8 << 3 | 1) + struct.pack("<Q", 10**18 + 5)
            + field(9, pair("list", inner))
            + field(9, pair("double", varint(4 << 3 | 1) + struct.pack("<d", 0.5)))
            + field(9, pair("truth", varint(2 << 3) + b"\1")) + field(200, b"unknown")
            + field(11, field(2, b"thrown")) + field(15, field(2, b"bad") + varint(3 << 3) + b"\2"))
    message = (field(1, field(1, pair("service.name", field(1, b"me"))))
               + field(2, field(1, field(1, b"scope") + field(2, b"7")) + field(2, span)))
    read = json.loads(tab.open().evaluate(SPAN, list(message)))
    assert read["resource"] == [{"key": "service.name", "value": "me"}]
    assert read["scope"] == {"name": "scope", "version": "7"}
    assert read["span"]["trace"] == bytes(range(16)).hex()
    assert read["span"]["end"] == str(10**18 + 5)
    assert [one["value"] for one in read["span"]["attributes"]] == [["a", "-5"], 0.5, True]
    assert read["span"]["status"] == {"code": 2, "message": "bad"}


def test_no_cut_of_a_protobuf_payload_breaks_the_page(tab):
    page = tab.open()
    message = list(field(2, field(2, field(5, b"name") + field(9, pair("k", field(1, b"v"))))))
    script = """async (bytes) => {
      const { fromProtobuf } = await import('/dashboard/payload/otlp.js');
      const { WireFault } = await import('/dashboard/payload/wire.js');
      try {
        fromProtobuf(Uint8Array.from(bytes));
      } catch (error) {
        return error instanceof WireFault;
      }
      return false;
    }"""
    for length in range(len(message)):
        assert page.evaluate(script, message[:length]), length


def test_a_protobuf_value_nested_without_end_is_cut(tab):
    value = field(1, b"deep")
    for _ in range(3000):
        value = field(5, field(1, value))
    message = field(2, field(2, field(9, pair("k", value))))
    read = tab.open().evaluate(SPAN, list(message))
    assert "nested too deep" in read
