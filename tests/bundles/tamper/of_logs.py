"""Whoever holds the log's key makes another log; what remains is what witnesses, phones and authorities had seen."""

from __future__ import annotations

import json

from tests.bundles import stories
from tests.bundles.synthetic import Bundle, NoteKey, Story
from tests.bundles.tamper.catalogue import GROWTH, ROTATION, WITNESS, by
from tests.bundles.tamper.forging import judged_by
from tests.bundles.trees import b64u, sha256


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
    return judged_by(story, policy)


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
    told: str = json.loads(story.build().files["data/log/rotations.jsonl"])["checkpoint"]
    return told.encode()


@by("administrator with the log key", "log.inclusion", ROTATION)
def key_change_not_logged() -> Bundle:
    """The new key is not in the log."""
    story = stories.rotated()
    story.rotation = {"leaf": {"t": "leaf/1", "k": "log-key", "vkey": NoteKey(story.log_key.name).vkey}}
    return story.build()
