"""Whoever holds a bundle edits its files and makes the manifests fit again: thieves, parties, the post."""

from __future__ import annotations

import base64
import json

from tests.bundles import stories
from tests.bundles.synthetic import Bundle, b64u, jcs, photo, sha256
from tests.bundles.tamper.catalogue import ACTS, CONTAINER, GROWTH, JSON, TABLE, WITNESS, by

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def honest() -> Bundle:
    """The bundle before anybody touches it."""
    return stories.visit().build()


def _folder(bundle: Bundle, act: str, nth: int = 0) -> str:
    return bundle.folder(bundle.story.statement(act, nth))


def _move(bundle: Bundle, source: str, target: str) -> None:
    for name in [name for name in bundle.files if name.startswith(source + "/")]:
        bundle.files[target + name[len(source) :]] = bundle.files.pop(name)


@by("thief", "withheld.listed")
def photo_removed() -> Bundle:
    """A photo is taken out; manifests fit."""
    bundle = honest()
    del bundle.files[f"{_folder(bundle, 'capture/1')}/original-1.jpg"]
    return bundle.remanifest()


@by("network", "bag.manifest")
def photo_lost() -> Bundle:
    """A photo is missing and the manifest still names it."""
    bundle = honest()
    del bundle.files[f"{_folder(bundle, 'capture/1')}/original-1.jpg"]
    return bundle


@by("network", "bag.manifest")
def verifier_replaced() -> Bundle:
    """The verifier in the bundle is replaced by one that says yes to all."""
    bundle = honest()
    bundle.files["data/tools/verify.py"] = b"print('ACCEPTED')\n"
    return bundle


@by("network", "bag.manifest")
def label_edited() -> Bundle:
    """bag-info.txt names another source."""
    bundle = honest()
    bundle.files["bag-info.txt"] += b"Source-Organization: another\n"
    return bundle


@by("thief", "bag.manifest")
def manifest_line_doubled() -> Bundle:
    """The manifest lists a file twice, first with another digest."""
    bundle = honest()
    line = bundle.files["manifest-sha256.txt"].splitlines(keepends=True)[0]
    bundle.files["manifest-sha256.txt"] = b"0" * 64 + line[64:] + bundle.files["manifest-sha256.txt"]
    tags = {name: bundle.files[name] for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")}
    lines = [f"{sha256(tags[name]).hex()}  {name}\n".encode() for name in sorted(tags)]
    bundle.files["tagmanifest-sha256.txt"] = b"".join(lines)
    return bundle


@by("thief", "bundle.layout", TABLE)
def photo_added() -> Bundle:
    """A photo that nobody signed lies beside the real one."""
    bundle = honest()
    bundle.files[f"{_folder(bundle, 'capture/1')}/beside.jpg"] = photo()
    return bundle.remanifest()


@by("administrator", "bundle.layout", TABLE)
def trust_brought_along() -> Bundle:
    """The bundle brings its own trust policy."""
    bundle = honest()
    bundle.files["data/trust.json"] = json.dumps(bundle.policy).encode()
    return bundle.remanifest()


@by("thief", "content.digest")
def photo_changed() -> Bundle:
    """One byte of a photo is changed."""
    bundle = honest()
    name = f"{_folder(bundle, 'capture/1')}/original-1.jpg"
    bundle.files[name] = bundle.files[name][:-1] + bytes([bundle.files[name][-1] ^ 1])
    return bundle.remanifest()


@by("thief", "content.digest")
def photos_swapped() -> Bundle:
    """Two captures exchange their photos."""
    bundle = honest()
    one, two = (f"{_folder(bundle, 'capture/1', nth)}/original-1.jpg" for nth in (0, 2))
    bundle.files[one], bundle.files[two] = bundle.files[two], bundle.files[one]
    return bundle.remanifest()


@by("inspector", "content.digest")
def copy_as_original() -> Bundle:
    """A derived copy is passed off as the original."""
    bundle = honest()
    folder = _folder(bundle, "capture/1")
    bundle.files[f"{folder}/original-1.jpg"] = bundle.files[f"{folder}/derived/preview.jpg"]
    return bundle.remanifest()


@by("inspected unit", "content.digest", JSON)
def private_edited() -> Bundle:
    """The private part tells of another place."""
    bundle = honest()
    name = f"{_folder(bundle, 'capture/1')}/private.json"
    bundle.files[name] = bundle.files[name].replace("仓库门口".encode(), "仓库后门".encode())
    return bundle.remanifest()


@by("thief", "chain.links")
def capture_dropped() -> Bundle:
    """A capture in the middle of the chain is left out."""
    bundle = honest()
    folder = _folder(bundle, "capture/1", 1)
    for name in [name for name in bundle.files if name.startswith(folder + "/")]:
        del bundle.files[name]
    return bundle.remanifest()


@by("inspector", "chain.links")
def capture_dropped_and_renumbered() -> Bundle:
    """A capture is left out and the later ones move up."""
    bundle = honest()
    chain = bundle.story.sessions[0]
    for place in range(2, len(chain.statements)):
        target = f"data/sessions/{chain.id}/{place:04d}"
        for name in [name for name in bundle.files if name.startswith(target + "/")]:
            del bundle.files[name]
        _move(bundle, f"data/sessions/{chain.id}/{place + 1:04d}", target)
    return bundle.remanifest()


@by("inspector", "chain.links")
def captures_reordered() -> Bundle:
    """Two captures exchange their places."""
    bundle = honest()
    one, two = (_folder(bundle, "capture/1", nth) for nth in (0, 1))
    _move(bundle, one, "data/sessions/aside")
    _move(bundle, two, one)
    _move(bundle, "data/sessions/aside", two)
    return bundle.remanifest()


@by("thief", "export.contents", TABLE)
def tail_cut() -> Bundle:
    """The last statements of a chain are cut off, seal and all."""
    bundle = honest()
    chain = bundle.story.sessions[0]
    for place in range(4, len(chain.statements)):
        for name in [name for name in bundle.files if name.startswith(f"data/sessions/{chain.id}/{place:04d}/")]:
            del bundle.files[name]
    return bundle.remanifest()


@by("thief", "export.contents", TABLE)
def session_dropped() -> Bundle:
    """A whole chain is left out."""
    bundle = honest()
    for name in [name for name in bundle.files if name.startswith(f"data/sessions/{bundle.story.sessions[1].id}/")]:
        del bundle.files[name]
    return bundle.remanifest()


@by("inspector", "chain.links")
def capture_replayed() -> Bundle:
    """A capture of one chain is put at the end of another, with its own proof."""
    bundle = honest()
    source = _folder(bundle, "capture/1", 0)
    target = f"data/sessions/{bundle.story.sessions[1].id}/0003"
    for name in [name for name in bundle.files if name.startswith(source + "/")]:
        bundle.files[target + name[len(source) :]] = bundle.files[name]
    return bundle.remanifest()


@by("network", "log.leaf")
def signature_malleated() -> Bundle:
    """The signature (r, s) becomes (r, n - s), which is just as valid for the key."""
    bundle = honest()
    name = f"{_folder(bundle, 'capture/1')}/statement.sig"
    r, s = bundle.files[name][:32], int.from_bytes(bundle.files[name][32:], "big")
    bundle.files[name] = r + (ORDER - s).to_bytes(32, "big")
    return bundle.remanifest()


@by("network", "statement.signature")
def signature_broken() -> Bundle:
    """A bit of a signature is flipped."""
    bundle = honest()
    name = f"{_folder(bundle, 'capture/1')}/statement.sig"
    bundle.files[name] = bundle.files[name][:-1] + bytes([bundle.files[name][-1] ^ 1])
    return bundle.remanifest()


@by("inspector", "statement.signature")
def statement_edited() -> Bundle:
    """The claimed time in a statement is changed."""
    bundle = honest()
    name = f"{_folder(bundle, 'capture/1')}/statement.json"
    bundle.files[name] = bundle.files[name].replace(b'"net":"offline"', b'"net":"online"')
    return bundle.remanifest()


@by("administrator", "log.inclusion")
def receipt_backdated() -> Bundle:
    """The leaf tells of an earlier receipt."""
    bundle = honest()
    name = f"{_folder(bundle, 'capture/1')}/leaf.json"
    leaf = json.loads(bundle.files[name])
    leaf["recv_ms"] -= 86_400_000
    bundle.files[name] = jcs(leaf)
    return bundle.remanifest()


@by("administrator", "log.leaf")
def leaf_of_another() -> Bundle:
    """A statement comes with leaf and proof of another one."""
    bundle = honest()
    source, target = (_folder(bundle, "capture/1", nth) for nth in (0, 1))
    for name in ("leaf.json", "log.tlog-proof"):
        bundle.files[f"{target}/{name}"] = bundle.files[f"{source}/{name}"]
    return bundle.remanifest()


def _proof(bundle: Bundle, edit: object) -> Bundle:
    name = f"{_folder(bundle, 'capture/1')}/log.tlog-proof"
    head, _, note = bundle.files[name].partition(b"\n\n")
    bundle.files[name] = edit(head) + b"\n\n" + note  # type: ignore[operator]
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
    name = f"{_folder(bundle, 'capture/1')}/log.tlog-proof"
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
    for name in [name for name in bundle.files if name.endswith(("/checkpoint", ".tlog-proof"))]:
        _, _, note = bundle.files[name].partition(b"\n\n") if name.endswith("proof") else (b"", b"", b"")
        body = (note or bundle.files[name]).partition(b"\n\n")[0] + b"\n"
        bundle.files[name] = bundle.files[name].replace(two.line(body), one.line(body))
    for name in [name for name in bundle.files if name.endswith("token.tsr")]:
        del bundle.files[name]
    return bundle.remanifest()


def _everywhere(bundle: Bundle, old: bytes, new: bytes) -> Bundle:
    assert any(old in data for data in bundle.files.values())
    for name in bundle.files:
        if name.endswith((".tlog-proof", "/checkpoint")):
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


@by("supervisor", "export.contents", ACTS)
def rejection_left_out() -> Bundle:
    """The record that a supervisor rejected the capture is left out."""
    bundle = honest()
    lines = bundle.files["data/custody.jsonl"].splitlines(keepends=True)
    kept = [line for line in lines if b"capture.reviewed" not in line]
    assert len(kept) == len(lines) - 1
    bundle.files["data/custody.jsonl"] = b"".join(kept)
    return bundle.remanifest()


@by("supervisor", "log.inclusion", ACTS)
def rejection_turned() -> Bundle:
    """The record of the rejection is turned into one of acceptance."""
    bundle = honest()
    name = "data/custody.jsonl"
    bundle.files[name] = bundle.files[name].replace(b"REJECTED", b"ACCEPTED")
    return bundle.remanifest()


@by("inspected unit", "export.contents", TABLE)
def report_edited() -> Bundle:
    """The printed report tells something else."""
    bundle = honest()
    bundle.files["data/report/report.html"] = b"<!doctype html><title>nothing found</title>"
    return bundle.remanifest()


@by("inspected unit", "export.entry", TABLE)
def purpose_edited() -> Bundle:
    """The table of contents names another purpose."""
    bundle = honest()
    bundle.files["data/bundle.json"] = bundle.files["data/bundle.json"].replace(b"for the court", b"for research")
    return bundle.remanifest()


@by("inspected unit", "case.citations", ACTS)
def citation_changed() -> Bundle:
    """The case cites another capture than was recorded."""
    bundle = stories.case().build()
    told = json.loads(bundle.files["data/case.json"])
    other = bundle.story.statement("capture/1", 2)
    told["citations"][1] = {"stmt": other.digest, "capture": other.body["id"]}
    bundle.files["data/case.json"] = jcs(told)
    return bundle.remanifest()


@by("inspector", "copies.origin", TABLE)
def copy_replaced() -> Bundle:
    """A derived copy shows something else than the original."""
    bundle = honest()
    bundle.files[bundle.find("derived/preview.jpg")] = photo(90)
    return bundle.remanifest()


@by("network", "bag.container", CONTAINER)
def entry_doubled() -> Bundle:
    """The zip holds two entries of one name: some tools show the first, others the last."""
    bundle = honest()
    name = f"{_folder(bundle, 'capture/1')}/original-1.jpg"
    bundle.doubled = [(name, photo())]
    return bundle


@by("network", "bag.container", CONTAINER)
def path_traversed() -> Bundle:
    """An entry of the zip would be unpacked outside the folder."""
    bundle = honest()
    bundle.doubled = [("../../.profile", b"echo owned\n")]
    return bundle


@by("network", "bag.container", TABLE)
def path_traversed_by_manifest() -> Bundle:
    """The manifest lists a file outside the bag."""
    bundle = honest()
    bundle.doubled = [("data/../../outside.jpg", photo())]
    bundle.files["manifest-sha256.txt"] += f"{'0' * 64}  data/../../outside.jpg\n".encode()
    return bundle


@by("thief", "record.fields")
def session_without_opening() -> Bundle:
    """The statement that introduces the key is left out."""
    bundle = honest()
    folder = _folder(bundle, "session/1")
    for name in [name for name in bundle.files if name.startswith(folder + "/")]:
        del bundle.files[name]
    return bundle.remanifest()
