"""Whoever holds a bundle takes statements out of a chain, moves them or edits them."""

from __future__ import annotations

from tests.bundles.synthetic import Bundle
from tests.bundles.tamper.catalogue import TABLE, by
from tests.bundles.tamper.forging import folder_of, honest

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


def _move(bundle: Bundle, source: str, target: str) -> None:
    for name in [name for name in bundle.files if name.startswith(source + "/")]:
        bundle.files[target + name[len(source) :]] = bundle.files.pop(name)


@by("thief", "chain.links")
def capture_dropped() -> Bundle:
    """A capture in the middle of the chain is left out."""
    bundle = honest()
    folder = folder_of(bundle, "capture/1", 1)
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
    one, two = (folder_of(bundle, "capture/1", nth) for nth in (0, 1))
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
    source = folder_of(bundle, "capture/1", 0)
    target = f"data/sessions/{bundle.story.sessions[1].id}/0003"
    for name in [name for name in bundle.files if name.startswith(source + "/")]:
        bundle.files[target + name[len(source) :]] = bundle.files[name]
    return bundle.remanifest()


@by("network", "log.leaf")
def signature_malleated() -> Bundle:
    """The signature (r, s) becomes (r, n - s), which is just as valid for the key."""
    bundle = honest()
    name = f"{folder_of(bundle, 'capture/1')}/statement.sig"
    r, s = bundle.files[name][:32], int.from_bytes(bundle.files[name][32:], "big")
    bundle.files[name] = r + (ORDER - s).to_bytes(32, "big")
    return bundle.remanifest()


@by("network", "statement.signature")
def signature_broken() -> Bundle:
    """A bit of a signature is flipped."""
    bundle = honest()
    name = f"{folder_of(bundle, 'capture/1')}/statement.sig"
    bundle.files[name] = bundle.files[name][:-1] + bytes([bundle.files[name][-1] ^ 1])
    return bundle.remanifest()


@by("inspector", "statement.signature")
def statement_edited() -> Bundle:
    """The claimed time in a statement is changed."""
    bundle = honest()
    name = f"{folder_of(bundle, 'capture/1')}/statement.json"
    bundle.files[name] = bundle.files[name].replace(b'"net":"offline"', b'"net":"online"')
    return bundle.remanifest()


@by("thief", "record.fields")
def session_without_opening() -> Bundle:
    """The statement that introduces the key is left out."""
    bundle = honest()
    folder = folder_of(bundle, "session/1")
    for name in [name for name in bundle.files if name.startswith(folder + "/")]:
        del bundle.files[name]
    return bundle.remanifest()
