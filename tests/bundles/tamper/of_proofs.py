"""Whoever holds a bundle edits its proofs: leaves, paths, checkpoints, cosignatures, stamps."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

from tests.bundles import stories
from tests.bundles.synthetic import Bundle
from tests.bundles.tamper.catalogue import GROWTH, WITNESS, by
from tests.bundles.tamper.forging import folder_of, honest
from tests.bundles.trees import b64u, jcs, sha256


@by("administrator", "log.inclusion")
def receipt_backdated() -> Bundle:
    """The leaf tells of an earlier receipt."""
    bundle = honest()
    name = f"{folder_of(bundle, 'capture/1')}/leaf.json"
    leaf = json.loads(bundle.files[name])
    leaf["recv_ms"] -= 86_400_000
    bundle.files[name] = jcs(leaf)
    return bundle.remanifest()


@by("administrator", "log.leaf")
def leaf_of_another() -> Bundle:
    """A statement comes with leaf and proof of another one."""
    bundle = honest()
    source, target = (folder_of(bundle, "capture/1", nth) for nth in (0, 1))
    for name in ("leaf.json", "log.tlog-proof"):
        bundle.files[f"{target}/{name}"] = bundle.files[f"{source}/{name}"]
    return bundle.remanifest()


def _proof(bundle: Bundle, edit: Callable[[bytes], bytes]) -> Bundle:
    name = f"{folder_of(bundle, 'capture/1')}/log.tlog-proof"
    head, _, note = bundle.files[name].partition(b"\n\n")
    bundle.files[name] = edit(head) + b"\n\n" + note
    return bundle.remanifest()


@by("administrator", "log.inclusion")
def proof_edited() -> Bundle:
    """A hash in the proof is another."""
    fake = base64.b64encode(sha256(b"another"))
    return _proof(honest(), lambda head: head.rpartition(b"\n")[0] + b"\n" + fake)


@by("administrator", "log.inclusion")
def proof_of_another_place() -> Bundle:
    """The proof names another index."""
    return _proof(honest(), lambda head: head.replace(b"index 1", b"index 2"))


@by("administrator", "log.inclusion")
def proof_shortened() -> Bundle:
    """A hash of the proof is left out."""
    return _proof(honest(), lambda head: head.rpartition(b"\n")[0])


@by("administrator", "log.checkpoint")
def proof_against_another_checkpoint() -> Bundle:
    """One proof stands under a checkpoint from which the witnesses were struck."""
    bundle = honest()
    name = f"{folder_of(bundle, 'capture/1')}/log.tlog-proof"
    bundle.files[name] = bundle.files[name].rpartition("— witness".encode())[0]
    return bundle.remanifest()


@by("administrator", "log.signature")
def checkpoint_edited() -> Bundle:
    """The root in the checkpoint, and in all that carry it, is another."""
    bundle = honest()
    root = bundle.files["data/log/checkpoint"].split(b"\n")[2]
    for name in bundle.files:
        if name.endswith(("/checkpoint", ".tlog-proof")):
            bundle.files[name] = bundle.files[name].replace(root, base64.b64encode(sha256(b"another")))
    return bundle.remanifest()


@by("administrator", "log.inclusion")
def checkpoint_older() -> Bundle:
    """An older, genuine checkpoint takes the place of the newest."""
    bundle = honest()
    new = bundle.files["data/log/checkpoint"]
    old = bundle.files[bundle.find("/checkpoint", 0)]
    for name in bundle.files:
        if name.endswith((".tlog-proof", "log/checkpoint")):
            bundle.files[name] = bundle.files[name].replace(new, old)
    return bundle.remanifest()


@by("witness", "log.witnesses", WITNESS)
def witness_forged() -> Bundle:
    """A cosignature carries the name of a witness who never gave it."""
    bundle = honest()
    story = bundle.story
    body = bundle.files["data/log/checkpoint"].partition(b"\n\n")[0] + b"\n"
    genuine, alien = story.witnesses[1], type(story.witnesses[1])(story.witnesses[1].name, 4)
    line = alien.line(body).decode().split(" ")
    forged = genuine.identity + base64.b64decode(line[2])[4:]
    new = f"— {genuine.name} {base64.b64encode(forged).decode()}\n".encode()
    return _everywhere(bundle, genuine.line(body), new)


@by("administrator", "log.witnesses", WITNESS)
def witness_counted_twice() -> Bundle:
    """One witness signs twice to make up a quorum of two, on every checkpoint."""
    bundle = honest()
    one, two = bundle.story.witnesses[:2]
    for name in [name for name in bundle.files if name.endswith(("/checkpoint", "/cosigned", ".tlog-proof"))]:
        _, _, note = bundle.files[name].partition(b"\n\n") if name.endswith("proof") else (b"", b"", b"")
        body = (note or bundle.files[name]).partition(b"\n\n")[0] + b"\n"
        bundle.files[name] = bundle.files[name].replace(two.line(body), one.line(body))
    for name in [name for name in bundle.files if name.endswith(("token.tsr", "renewals.jsonl"))]:
        del bundle.files[name]
    return bundle.remanifest()


@by("administrator with the log key", "log.witnesses", WITNESS)
def only_the_one_beside_was_watched() -> Bundle:
    """Nobody cosigned but a checkpoint that stands beside a stamped one, and there a signature is another's."""
    bundle = _unwatched()
    name = bundle.find("/cosigned")
    one, two = bundle.story.witnesses[:2]
    body = bundle.files[name].partition(b"\n\n")[0] + b"\n"
    alien = type(two)(two.name, 4).line(body).decode().split(" ")[2]
    forged = two.identity + base64.b64decode(alien)[4:]
    line = f"— {two.name} {base64.b64encode(forged).decode()}\n".encode()
    bundle.files[name] = bundle.files[name].replace(two.line(body), line)
    assert one.line(body) in bundle.files[name]
    return bundle.remanifest()


@by("administrator with the log key", "log.consistency")
def watched_at_another_place() -> Bundle:
    """Beside a stamped checkpoint stands one of another size, which witnesses signed."""
    bundle = _unwatched()
    name = bundle.find("/cosigned")
    bundle.files[name] = honest().files[bundle.find("/checkpoint", 0)]
    return bundle.remanifest()


def _unwatched() -> Bundle:
    """No witness signed anything but the checkpoint beside the stamped one."""
    story = stories.visit()
    cosigned = story.build()
    story.signers = [story.log_key]
    bundle = story.build()
    name = cosigned.find("/cosigned")
    bundle.files[name] = cosigned.files[name]
    return bundle.remanifest()


def _everywhere(bundle: Bundle, old: bytes, new: bytes) -> Bundle:
    assert any(old in data for data in bundle.files.values())
    for name in bundle.files:
        if name.endswith((".tlog-proof", "/checkpoint", "/cosigned")):
            bundle.files[name] = bundle.files[name].replace(old, new)
    return bundle.remanifest()


@by("administrator", "log.seen", GROWTH)
def seen_checkpoint_left_out() -> Bundle:
    """The checkpoint that the phone had seen is left out."""
    bundle = honest()
    for name in [name for name in bundle.files if name.startswith("data/anchors/")][:3]:
        del bundle.files[name]
    return bundle.remanifest()


@by("administrator", "log.consistency", GROWTH)
def growth_edited() -> Bundle:
    """The proof that the log only grew has another hash."""
    bundle = honest()
    name = bundle.find("/consistency.json", 0)
    told = json.loads(bundle.files[name])
    told["hashes"][0] = b64u(sha256(b"another"))
    bundle.files[name] = jcs(told)
    return bundle.remanifest()


@by("network", "tsa.token")
def stamp_of_other_data() -> Bundle:
    """A genuine time stamp of another checkpoint is put in."""
    bundle = honest()
    one, two = (bundle.find("token.tsr", nth) for nth in (0, 1))
    bundle.files[two] = bundle.files[one]
    return bundle.remanifest()
