"""Mandates as documents of AP2, against the library of RFC 9901's authors: ours are read by it, and what
it signs is taken, once, by whom it is bound to, and never wider."""

import base64
import json
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier
from test_law import People


class Key:
    """A key of P-256 as two PEM files and as a JWK."""

    def __init__(self, folder, name):
        private = ec.generate_private_key(ec.SECP256R1())
        self.secret, self.public = folder / f"{name}.pem", folder / f"{name}.pub"
        self.secret.write_bytes(private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        self.public.write_bytes(private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
        self.jwk = JWK.from_pem(self.secret.read_bytes())

    def shown(self):
        found = self.jwk.export_public(as_dict=True)
        return {name: found[name] for name in ("kty", "crv", "x", "y")}


class Stage:
    def __init__(self, node, folder):
        self.people = People(node, folder)
        for name in ("bank", "ada", "bob"):
            self.people.enter(name)
        self.people.does("bank", "account", "transfer", "500", "--to", self.people.ids["ada"])
        self.agent = self.people.tell(
            "agent", "register", "--name", "scout", "--owner-key",
            self.people.key("ada"))["agent"]
        self.issuer, self.holder = Key(folder, "issuer"), Key(folder, "holder")
        self.folder, self.chain = folder, node.get("/v1/genesis")["chain"]

    def imported(self, text, *words):
        file = self.folder / "document"
        file.write_text(text)
        return self.people.ask(
            "mandate", "import", file, "--issuer-key", self.issuer.public, "--to", self.agent,
            "--holder-key", self.holder.public, *words, "--key", self.people.key("ada"))

    def claims(self, **changed):
        reference = base64.urlsafe_b64encode(bytes(range(32))).rstrip(b"=").decode()
        payees = [SDObj({"id": self.people.ids["bob"], "name": "Bob"})]
        now = int(time.time())
        return {
            "vct": "mandate.payment.open.1", "iat": now, "exp": now + 3600,
            "cnf": {"jwk": self.holder.shown()},
            "constraints": [
                {"type": "payment.agent_recurrence", "frequency": "ON_DEMAND"},
                SDObj({"type": "payment.budget", "max": 12.5, "currency": "XAL"}),
                SDObj({"type": "payment.allowed_payees", "allowed": payees}),
                SDObj({"type": "payment.reference", "conditional_transaction_id": reference}),
            ],
            **changed,
        }

    def signed(self, claims):
        return SDJWTIssuer(claims, self.issuer.jwk,
                           extra_header_parameters={"typ": "dc+sd-jwt"}).sd_jwt_issuance


@pytest.fixture
def stage(own_node, tmp_path):
    own_node.start()
    return Stage(own_node, tmp_path)


def test_what_the_library_signs_is_a_mandate(stage):
    people, agent = stage.people, stage.agent
    people.does("ada", "constitution", "set", agent, "--allow", "all", "--value", "50",
                "--daily", "80", "--mandate-required")
    text = stage.signed(stage.claims())
    done = stage.imported(text)
    assert done.returncode == 0, done.stderr
    mandate = json.loads(done.stdout)["effects"][0]["mandate"]
    view = people.node.get(f"/v1/mandates/{mandate}")
    assert view["budget"] == "12500000000" and view["payees"] == [people.ids["bob"]]
    assert view["scope"] == ["transfer"] and view["purpose"] == bytes(range(32)).hex()
    pay = ["account", "transfer", "--as", agent, "--mandate", mandate, "--to"]
    assert people.refused("ada", *pay, people.ids["bob"], "13") == "mandates.overBudget"
    assert people.refused("ada", *pay, people.ids["ada"], "1") == "mandates.payeeNotAllowed"
    assert people.does("ada", *pay, people.ids["bob"], "12")["kind"] == "transferred"
    again = stage.imported(text)
    assert again.returncode == 1 and "mandates.numberUsed" in again.stderr


def test_documents_that_are_not_taken(stage):
    claims = stage.claims()
    good = stage.signed(claims)
    other = Key(stage.folder, "other")
    parts = good.split("~")
    good_parts, other_parts = good.split("."), stage.signed(stage.claims(exp=2**33)).split(".")
    cases = {
        "token.invalidSignature": ".".join([*other_parts[:2], good_parts[2]]),
        "hiddenConstraint": "~".join([*parts[:-2], ""]),
        "expired": stage.signed(stage.claims(exp=int(time.time()) - 1)),
        "holderNotBound": stage.signed(stage.claims(cnf={"jwk": other.shown()})),
        "otherType": stage.signed(stage.claims(vct="mandate.payment.1")),
        "claimNotMapped": stage.signed(stage.claims(payee={"id": "x"})),
        "noBudget": stage.signed(stage.claims(constraints=[])),
    }
    for rule, text in cases.items():
        done = stage.imported(text)
        assert done.returncode == 1, (rule, done.stdout)
        assert rule in done.stderr, (rule, done.stderr)


def test_the_library_reads_ours(stage):
    people = stage.people
    purpose = stage.folder / "purpose"
    purpose.write_text("three boxes of paper")
    mandate = people.does(
        "ada", "mandate", "grant", "--to", stage.agent, "--scope", "transfer", "--scope",
        "postTask", "--budget", "7.25", "--payee", people.ids["bob"], "--for", "1h", "--purpose",
        purpose)["mandate"]
    document = stage.folder / "mandate.sd-jwt"

    def export(*words):
        done = people.ask("mandate", "export", mandate, "--signing-key", stage.issuer.secret,
                          "--holder-key", stage.holder.public, "--out", document, *words)
        assert done.returncode == 0, done.stderr
        return SDJWTVerifier(document.read_text().strip(), lambda *_: stage.issuer.jwk)

    claims = export().get_verified_payload()
    found = {part["type"].removeprefix("payment."): part for part in claims["constraints"]}
    assert claims["vct"] == "mandate.payment.open.1"
    assert claims["althing_scope"] == ["transfer", "postTask"]
    assert found["budget"] == {"type": "payment.budget", "max": 7.25, "currency": "XAL"}
    assert [payee["id"] for payee in found["allowed_payees"]["allowed"]] == [people.ids["bob"]]
    assert found["agent_recurrence"]["frequency"] == "ON_DEMAND"
    assert "not_after" in found["execution_date"] and "reference" in found
    assert claims["cnf"]["jwk"] == stage.holder.shown()
    assert claims["althing"]["mandate"] == mandate and claims["althing"]["chain"] == stage.chain
    hidden = export("--hide", "budget", "--hide", "scope").get_verified_payload()
    assert "althing_scope" not in hidden
    assert all(part["type"] != "payment.budget" for part in hidden["constraints"])
    export()
    back = stage.imported(document.read_text())
    assert back.returncode == 0, back.stderr
    again = json.loads(back.stdout)["effects"][0]["mandate"]
    first, second = (people.node.get(f"/v1/mandates/{name}") for name in (mandate, again))
    for member in ("holder", "scope", "budget", "payees", "purpose", "payer"):
        assert first[member] == second[member], member
