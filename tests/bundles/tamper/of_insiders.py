"""Whoever holds keys or the database makes everything hang together again, and still one thing does not.

Each story is changed before the bundle is built, so that every digest, leaf, proof and entry fits the lie; what remains
is what that person cannot make: another's signature, a past time stamp, a record that was never written.
"""

from __future__ import annotations

from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.bundles import stories
from tests.bundles.stamps import START, Authority
from tests.bundles.synthetic import (
    Bundle,
    NoteKey,
    Session,
    Statement,
    Story,
    b64u,
    jcs,
    new_id,
    sha256,
    sign,
)
from tests.bundles.tamper.catalogue import (
    ACTS,
    CHAIN,
    GROWTH,
    JSON,
    PASSKEY,
    ROTATION,
    SLIP,
    TABLE,
    TSA,
    WITNESS,
    by,
)


def _last(story: Story) -> Session:
    return story.sessions[-1]


def _without(story: Story, kind: str, nth: int = 0) -> Story:
    entry = story.entry(kind, nth)
    story.log = [one for one in story.log if one is not entry]
    return story


# ---- What the phone signs


@by("administrator", "statement.signature")
def capture_backdated_without_the_key() -> Bundle:
    """The database is given another time of the capture, logged anew; the phone's key is not at hand."""
    story = stories.visit()
    one = story.statement("capture/1", 3)
    with story.forging():
        one.body["clock"]["wall_ms"] -= 3_600_000
    one.signature = sign(ec.generate_private_key(ec.SECP256R1()), one.bytes)
    return story.build()


@by("inspector", "chain.key")
def capture_of_another_visit() -> Bundle:
    """A capture that names another visit stands in the chain, properly signed."""
    story = stories.visit()
    with story.forging():
        story.statement("capture/1", 3).body["visit"] = new_id()
    return story.build()


@by("administrator", "chain.key", CHAIN)
def key_without_its_name() -> Bundle:
    """The session introduces a key under the digest of another."""
    story = stories.visit()
    with story.forging():
        for one in _last(story).statements:
            one.body["dev"] = b64u(sha256(b"another phone"))
    return story.build()


@by("inspector", "chain.links")
def link_to_another_past() -> Bundle:
    """A statement links to one that is not there: something was taken out before."""
    story = stories.visit()
    with story.forging(relink=False):
        _last(story).statements[2].body["prev"] = b64u(sha256(b"taken out"))
    return story.build()


@by("inspector", "chain.links")
def number_skipped() -> Bundle:
    """A number of the chain is missing."""
    story = stories.visit()
    with story.forging(relink=False):
        _last(story).statements[2].body["seq"] = 3
    return story.build()


@by("inspector", "chain.seal", CHAIN)
def seal_counts_less() -> Bundle:
    """The seal tells a smaller number, so that later a capture may vanish."""
    story = stories.visit()
    with story.forging():
        story.statement("seal/1", 1).body["count"] = 0
    return story.build()


@by("inspector", "chain.seal", CHAIN)
def capture_after_the_seal() -> Bundle:
    """A capture is added behind the seal."""
    story = stories.visit()
    chain = _last(story)
    with story.forging():
        chain.statements[1], chain.statements[2] = chain.statements[2], chain.statements[1]
        chain.statements[1].body["count"] = 0
    return story.build()


@by("second officer", "chain.seal", CHAIN)
def countersigned_another_seal() -> Bundle:
    """The countersignature behind the seal is of another seal."""
    story = stories.visit()
    with story.forging():
        story.statement("cosign/1").body["seal"] = b64u(sha256(b"another seal"))
    return story.build()


@by("inspector", "json.canonical", JSON)
def key_doubled() -> Bundle:
    """A statement holds a key twice, so that two readers read two things."""
    return _spelled(lambda raw: raw.replace(b'"count":', b'"count":0,"count":', 1))


@by("inspector", "json.canonical", JSON)
def spaces_between() -> Bundle:
    """A statement is spelled with a space."""
    return _spelled(lambda raw: raw.replace(b'"count":', b'"count": ', 1))


@by("inspector", "json.canonical", JSON)
def number_with_a_point() -> Bundle:
    """A count is spelled as a floating-point number."""
    return _spelled(lambda raw: raw.replace(b'"count":1', b'"count":1.0', 1))


def _spelled(edit: object) -> Bundle:
    story = stories.visit()
    one = story.statement("seal/1", 1)
    with story.forging():
        one.raw = edit(jcs(one.body))  # type: ignore[operator]
    return story.build()


@by("inspector", "record.fields", JSON)
def field_slipped_in() -> Bundle:
    """A capture says more than its kind may."""
    story = stories.visit()
    with story.forging():
        story.statement("capture/1", 3).body["remark"] = "taken in the morning"
    return story.build()


@by("inspector", "record.fields", JSON)
def field_left_out() -> Bundle:
    """A capture does not say whether it was taken online."""
    story = stories.visit()
    with story.forging():
        del story.statement("capture/1", 3).body["net"]
    return story.build()


@by("inspector", "record.fields", JSON)
def kind_unknown() -> Bundle:
    """A statement is of a kind that nobody agreed on."""
    story = stories.visit()
    with story.forging():
        story.statement("note/1").body["t"] = "note/2"
    return story.build()


# ---- What the log holds


@by("administrator with the log key", "log.consistency", GROWTH)
def log_rewritten() -> Bundle:
    """Phone and log key at hand, a capture is signed and logged anew after the log had been stamped."""
    story = stories.visit()
    kept = {name: data for name, data in story.build().files.items() if name.startswith("data/anchors/")}
    with story.forging():
        story.statement("capture/1", 1).body["clock"]["wall_ms"] -= 60_000
    bundle = story.build()
    for name, data in kept.items():
        if name.endswith(("/checkpoint", "token.tsr")):
            bundle.files[name] = data
    return bundle.remanifest()


@by("thief of the log's name", "log.signature")
def log_of_another_key() -> Bundle:
    """A log of the same name is made with another key, and witnesses sign it."""
    story = stories.visit()
    policy = story.policy
    story.log_key = NoteKey(story.log_key.name)
    return _judged(story, policy)


def _judged(story: Story, policy: dict[str, object]) -> Bundle:
    bundle = story.build()
    bundle.policy = policy
    return bundle


@by("administrator with the log key", "log.witnesses", WITNESS)
def nobody_watched() -> Bundle:
    """The log alone signs; no witness ever saw it."""
    story = stories.visit()
    story.signers = [story.log_key]
    return story.build()


@by("administrator with the log key", "log.seen", GROWTH)
def split_view() -> Bundle:
    """The phone was shown another log than the one in the bundle."""
    story = stories.visit()
    with story.forging():
        for nth in range(4):
            story.statement("capture/1", nth).body["anchor"]["cp"] = b64u(sha256(b"another log"))
    return story.build()


@by("administrator with the log key", "log.rotation", ROTATION)
def key_changed_by_the_old_alone() -> Bundle:
    """The new key did not sign the checkpoint that announces it."""
    story = stories.rotated()
    note = _turn(story).rstrip(b"\n").split(b"\n")
    story.rotation = {"checkpoint": b"\n".join(note[:-3] + note[-2:]).decode() + "\n"}
    return story.build()


@by("thief of the log's name", "log.signature", ROTATION)
def key_changed_by_the_new_alone() -> Bundle:
    """A new key announces itself; the old one did not sign."""
    story = stories.rotated()
    note = _turn(story).rstrip(b"\n").split(b"\n")
    story.rotation = {"checkpoint": b"\n".join(note[:4] + note[5:]).decode() + "\n"}
    return story.build()


@by("administrator with the log key", "log.witnesses", WITNESS)
def watched_elsewhere() -> Bundle:
    """Witnesses signed only a checkpoint beside the log, which comes along as if the key had changed there."""
    story = stories.rotated()
    genuine = _turn(story)
    story.signers = [story.log_key, story.next_key] if story.next_key else []
    story.rotation = {"checkpoint": genuine.decode()}
    return story.build()


def _turn(story: Story) -> bytes:
    import json

    told: str = json.loads(story.build().files["data/log/rotations.jsonl"])["checkpoint"]
    return told.encode()


@by("administrator with the log key", "log.inclusion", ROTATION)
def key_change_not_logged() -> Bundle:
    """The new key is not in the log."""
    story = stories.rotated()
    story.rotation = {"leaf": {"t": "leaf/1", "k": "log-key", "vkey": NoteKey(story.log_key.name).vkey}}
    return story.build()


# ---- What time-stamp authorities say


@by("administrator", "tsa.chain")
def authority_unknown() -> Bundle:
    """The stamps come from an authority of the same name that nobody trusts."""
    story = stories.visit()
    policy = story.policy
    story.authority = Authority.new()
    return _judged(story, policy)


@by("administrator", "tsa.chain")
def authority_without_authority() -> Bundle:
    """A certificate that may issue none has issued that of the stamps."""
    story = stories.visit()
    story.authority = Authority.new(root_is_ca=False, name="not an authority")
    return story.build()


@by("administrator", "tsa.validity")
def stamp_after_the_end() -> Bundle:
    """The certificate had expired when it stamped."""
    story = stories.visit()
    story.authority = Authority.new(until=START + timedelta(days=30))
    return story.build()


@by("administrator", "tsa.certificate", TSA)
def certificate_for_everything() -> Bundle:
    """The certificate is for web servers, too."""
    story = stories.visit()
    both = (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH)
    story.authority = Authority.new(purpose=both)
    return story.build()


@by("administrator", "tsa.certificate", TSA)
def purpose_not_binding() -> Bundle:
    """The certificate's purpose is not marked critical."""
    story = stories.visit()
    story.authority = Authority.new(critical=False)
    return story.build()


@by("administrator", "tsa.certificate")
def certificate_exchanged() -> Bundle:
    """The stamp names another certificate than the one that came along."""
    story = stories.visit()
    story.stamp_faults = {"named": Authority.new().certificate}
    return story.build()


@by("administrator", "tsa.certificate")
def old_certificate_exchanged() -> Bundle:
    """The same in the older spelling, with SHA-1."""
    story = stories.visit()
    story.stamp_faults = {"named": Authority.new().certificate, "ess": 1}
    return story.build()


@by("administrator", "tsa.signature")
def stamp_signed_by_another() -> Bundle:
    """The stamp is signed by another key than that of its certificate."""
    story = stories.visit()
    story.stamp_faults = {"signer": Authority.new().key}
    return story.build()


@by("network", "tsa.signature")
def stamp_backdated() -> Bundle:
    """The time inside the stamp is changed."""
    bundle = stories.visit().build()
    name = bundle.find("token.tsr")
    assert b"20261120" in bundle.files[name]
    bundle.files[name] = bundle.files[name].replace(b"20261120", b"20261020")
    return bundle.remanifest()


@by("network", "tsa.signature", TSA)
def stamp_of_another_kind() -> Bundle:
    """Signed attributes say that it is plain data, no time stamp."""
    story = stories.visit()
    story.stamp_faults = {"content_type": "1.2.840.113549.1.7.1"}
    return story.build()


@by("network", "tsa.token")
def stamp_refused() -> Bundle:
    """The authority had refused to stamp."""
    story = stories.visit()
    story.stamp_faults = {"status": 2}
    return story.build()


# ---- What the records of acts say


@by("thief of a phone", "device.enrolled", ACTS)
def phone_never_enrolled() -> Bundle:
    """Nobody enrolled the phone."""
    return stories.visit(phone=False).build()


@by("thief of a phone", "device.enrolled", ACTS)
def phone_of_another() -> Bundle:
    """The phone is enrolled under another person."""
    return stories.visit(owner=new_id()).build()


@by("administrator", "device.enrolled", ACTS)
def phone_enrolled_afterwards() -> Bundle:
    """The phone is enrolled after it had captured."""
    story = stories.visit(phone=False)
    opening = story.statement("session/1").body
    story.log.insert(story.log.index("export"), story.act("device.enrolled", opening["device"], opening["who"]))
    return story.build()


@by("administrator", "device.revocation", ACTS)
def revocation_hidden() -> Bundle:
    """At receipt the server noted that the phone was revoked; the revocation itself is left out."""
    story = stories.visit()
    story.entry("capture.recorded", 1)["data"]["flags"] = ["after_revocation"]
    return story.build()


@by("administrator", "custody.complete", ACTS)
def receipt_not_recorded() -> Bundle:
    """There is no record that the capture was ever received."""
    return _without(stories.visit(), "capture.recorded", 1).build()


@by("administrator", "custody.complete", ACTS)
def received_from_another() -> Bundle:
    """The record names another person as the one who handed it in."""
    story = stories.visit()
    story.entry("capture.recorded", 1)["actor"] = new_id()
    return story.build()


@by("administrator", "custody.complete", ACTS)
def photo_never_received() -> Bundle:
    """There is no record that the photo was received."""
    return _without(stories.visit(), "capture.original_received", 1).build()


@by("administrator", "custody.complete", ACTS)
def sealing_not_recorded() -> Bundle:
    """There is no record of the seal."""
    return _without(stories.visit(), "capture_session.sealed").build()


@by("administrator", "custody.complete", ACTS)
def opening_not_recorded() -> Bundle:
    """There is no record of the session."""
    return _without(stories.visit(), "capture_session.opened").build()


@by("administrator", "record.fields", ACTS)
def entry_with_more() -> Bundle:
    """A record of an act has a field that records do not have."""
    story = stories.visit()
    story.entry("capture.reviewed")["approved"] = True
    return story.build()


# ---- What is enclosed, withheld, cited


@by("inspector", "withheld.listed", TABLE)
def withheld_without_a_word() -> Bundle:
    """A private part is left out and listed nowhere; the table of contents was logged so."""
    story = stories.visit()
    story.statement("capture/1").private = None
    return story.build()


@by("inspector", "withheld.listed", TABLE)
def withheld_and_enclosed() -> Bundle:
    """The list says withheld of what is there."""
    story = stories.visit()
    one = story.statement("capture/1")
    gap = {"stmt": one.digest, "what": "private", "sha256": one.body["priv_h"], "why": "personal"}
    story.extra_withheld = [gap]
    return story.build()


@by("inspector", "withheld.listed", TABLE)
def withheld_of_nothing() -> Bundle:
    """The list tells of a statement that does not exist."""
    story = stories.visit()
    digest = b64u(sha256(b"nothing"))
    story.extra_withheld = [{"stmt": digest, "what": "original", "sha256": digest, "why": "personal"}]
    return story.build()


@by("inspector", "withheld.reason", TABLE)
def withheld_as_outside() -> Bundle:
    """A photo of the visit is withheld as if it were outside the visit."""
    story = stories.visit()
    story.statement("capture/1", 1).withheld = {"original-1": "scope"}
    return story.build()


@by("administrator", "withheld.reason", TABLE)
def deleted_without_record() -> Bundle:
    """A photo is said to be lawfully deleted; there is no record of it."""
    story = stories.visit()
    story.statement("capture/1", 1).withheld = {"original-1": "deleted"}
    return story.build()


@by("administrator", "withheld.reason", TABLE)
def withheld_for_no_reason() -> Bundle:
    """The reason for withholding is none that the format knows."""
    story = stories.visit()
    story.statement("capture/1", 1).withheld = {"original-1": "inconvenient"}
    return story.build()


@by("inspector", "copies.origin", TABLE)
def copy_of_something_else() -> Bundle:
    """A copy is logged as drawn from a photo that the capture does not have."""
    story = stories.visit()
    one = story.statement("capture/1")
    data = one.copies["preview"]
    others = [
        {
            "stmt": each.digest,
            "kind": "preview",
            "sha256": b64u(sha256(each.copies["preview"])),
            "from": _from(each, one),
        }
        for session in story.sessions
        for each in session.statements
        if each.copies
    ]
    assert data
    story.table = {"copies": others}
    return story.build()


def _from(each: Statement, forged: Statement) -> str:
    return b64u(sha256(b"another photo")) if each is forged else str(each.body["media"][0]["sha256"])


@by("office", "case.citations", ACTS)
def citation_never_recorded() -> Bundle:
    """A third capture is cited at export that was never added to the case."""
    story = stories.case()
    third = story.statement("capture/1", 2)
    third.withheld = {}
    assert story.citations is not None
    story.citations.append({"stmt": third.digest, "capture": third.body["id"]})
    return story.build()


@by("office", "case.citations", ACTS)
def citation_withdrawn() -> Bundle:
    """A citation stands that had been withdrawn."""
    story = stories.case()
    entry = story.entry("case.evidence_cited")
    gone = story.act("case.evidence_withdrawn", story.subject, entry["actor"], **entry["data"])
    story.log.insert(story.log.index("export"), gone)
    return story.build()


@by("office", "case.citations", ACTS)
def citation_suppressed() -> Bundle:
    """A capture that the case cites is left out of its citations."""
    story = stories.case()
    assert story.citations is not None
    story.citations.pop()
    second = story.statement("capture/1", 1)
    second.withheld, second.copies = {"original-1": "scope", "private": "scope"}, {}
    return story.build()


@by("office", "bundle.scope", TABLE)
def case_of_another_name() -> Bundle:
    """The citations are those of another case than the bundle claims."""
    story = stories.case()
    story.case_id = new_id()
    return story.build()


@by("inspector", "bundle.scope", TABLE)
def session_of_another_visit() -> Bundle:
    """A whole chain of another visit is passed off as of this one."""
    story = stories.visit()
    with story.forging():
        for one in _last(story).statements:
            if "visit" in one.body:
                one.body["visit"] = story.maker
    return story.build()


@by("administrator", "bundle.scope", TABLE)
def capture_not_there() -> Bundle:
    """The bundle claims a capture that it does not hold."""
    story = stories.single()
    story.subject = new_id()
    first = story.statement("capture/1")
    first.withheld, first.copies = {"original-1": "scope", "private": "scope"}, {}
    return story.build()


@by("administrator", "export.entry", TABLE)
def export_not_recorded() -> Bundle:
    """The export was never logged."""
    story = stories.visit()
    story.table = {"made_by": new_id()}
    return story.build()


@by("administrator", "export.contents", TABLE)
def contents_of_another_bundle() -> Bundle:
    """The logged table of contents tells of fewer statements than there are."""
    story = stories.visit()
    sessions = [{"id": one.id, "count": 1, "last": one.statements[1].digest} for one in story.sessions]
    story.table = {"sessions": sorted(sessions, key=lambda one: str(one["id"]))}
    return story.build()


@by("administrator with SQL", "slip.seal", SLIP)
def tail_dropped_with_its_seal() -> Bundle:
    """Captures, seal and records are deleted before the export; the unit still holds the slip."""
    story = stories.visit()
    chain = _last(story)
    seal = chain.statements[-1]
    gone = {chain.statements[1].body["id"]}
    slip = f"{seal.digest}:{seal.body['count']}"
    with story.forging():
        del chain.statements[1:]
    story.log = [
        one for one in story.log if not (isinstance(one, dict) and (one["subject"] in gone or _sealed(one, chain.id)))
    ]
    bundle = story.build()
    bundle.slip = slip
    return bundle


def _sealed(entry: dict[str, object], session: str) -> bool:
    return entry["kind"] == "capture_session.sealed" and entry["subject"] == session


@by("inspector", "slip.seal", SLIP)
def slip_of_another_count() -> Bundle:
    """The slip in the unit's hand tells another number."""
    bundle = stories.visit().build()
    seal = bundle.story.statement("seal/1")
    bundle.slip = f"{seal.digest}:{seal.body['count'] + 1}"
    return bundle


# ---- What passkeys confirm


@by("thief of a phone", "passkey.assertion", PASSKEY)
def passkey_of_another() -> Bundle:
    """The assertion was made with a passkey that is not registered."""
    return _asserted(key=ec.generate_private_key(ec.SECP256R1()))


@by("thief of a phone", "passkey.assertion", PASSKEY)
def passkey_for_another_statement() -> Bundle:
    """The assertion confirms something else."""
    return _asserted(client={"challenge": b64u(sha256(b"another statement"))})


@by("network", "passkey.assertion", PASSKEY)
def passkey_for_another_site() -> Bundle:
    """The assertion was made on another site."""
    return _asserted(client={"origin": "https://zhicha.example.net"})


@by("network", "passkey.assertion", PASSKEY)
def passkey_of_another_site() -> Bundle:
    """The authenticator spoke to another site."""
    return _asserted(rp_id="zhicha.example.net")


@by("thief of a phone", "passkey.assertion", PASSKEY)
def nobody_verified() -> Bundle:
    """The authenticator did not ask who was there."""
    return _asserted(flags=1)


@by("thief of a phone", "passkey.assertion", PASSKEY)
def passkey_never_registered() -> Bundle:
    """There is no record of the passkey."""
    story = stories.visit()
    story.passkey = ec.generate_private_key(ec.SECP256R1())
    return story.build()


@by("thief of a phone", "passkey.assertion", PASSKEY)
def passkey_of_a_colleague() -> Bundle:
    """The passkey is registered under another person."""
    return stories.visit(keeper=new_id()).build()


def _asserted(**changed: object) -> Bundle:
    story = stories.visit()
    story.assertion = changed
    return story.build()
