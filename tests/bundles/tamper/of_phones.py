"""What a phone signs, or somebody in its place: an inspector who cheats, or whoever has the database but no key."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec

from tests.bundles import stories
from tests.bundles.synthetic import Bundle, sign
from tests.bundles.tamper.catalogue import CHAIN, JSON, by
from tests.bundles.tamper.forging import last_chain
from tests.bundles.trees import b64u, jcs, new_id, sha256


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
        for one in last_chain(story).statements:
            one.body["dev"] = b64u(sha256(b"another phone"))
    return story.build()


@by("inspector", "chain.links")
def link_to_another_past() -> Bundle:
    """A statement links to one that is not there: something was taken out before."""
    story = stories.visit()
    with story.forging(relink=False):
        last_chain(story).statements[2].body["prev"] = b64u(sha256(b"taken out"))
    return story.build()


@by("inspector", "chain.links")
def number_skipped() -> Bundle:
    """A number of the chain is missing."""
    story = stories.visit()
    with story.forging(relink=False):
        last_chain(story).statements[2].body["seq"] = 3
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
    chain = last_chain(story)
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


def _spelled(edit: Callable[[bytes], bytes]) -> Bundle:
    story = stories.visit()
    one = story.statement("seal/1", 1)
    with story.forging():
        one.raw = edit(jcs(one.body))
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
