"""Whoever holds a bundle edits its files and makes the manifests fit again: photos, private parts, the container."""

from __future__ import annotations

import json

from tests.bundles.synthetic import Bundle, photo
from tests.bundles.tamper.catalogue import CONTAINER, JSON, TABLE, by
from tests.bundles.tamper.forging import folder_of, honest
from tests.bundles.trees import sha256


@by("thief", "withheld.listed")
def photo_removed() -> Bundle:
    """A photo is taken out; manifests fit."""
    bundle = honest()
    del bundle.files[f"{folder_of(bundle, 'capture/1')}/original-1.jpg"]
    return bundle.remanifest()


@by("network", "bag.manifest")
def photo_lost() -> Bundle:
    """A photo is missing and the manifest still names it."""
    bundle = honest()
    del bundle.files[f"{folder_of(bundle, 'capture/1')}/original-1.jpg"]
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
    bundle.files[f"{folder_of(bundle, 'capture/1')}/beside.jpg"] = photo()
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
    name = f"{folder_of(bundle, 'capture/1')}/original-1.jpg"
    bundle.files[name] = bundle.files[name][:-1] + bytes([bundle.files[name][-1] ^ 1])
    return bundle.remanifest()


@by("thief", "content.digest")
def photos_swapped() -> Bundle:
    """Two captures exchange their photos."""
    bundle = honest()
    one, two = (f"{folder_of(bundle, 'capture/1', nth)}/original-1.jpg" for nth in (0, 2))
    bundle.files[one], bundle.files[two] = bundle.files[two], bundle.files[one]
    return bundle.remanifest()


@by("inspector", "content.digest")
def copy_as_original() -> Bundle:
    """A derived copy is passed off as the original."""
    bundle = honest()
    folder = folder_of(bundle, "capture/1")
    bundle.files[f"{folder}/original-1.jpg"] = bundle.files[f"{folder}/derived/preview.jpg"]
    return bundle.remanifest()


@by("inspected unit", "content.digest", JSON)
def private_edited() -> Bundle:
    """The private part tells of another place."""
    bundle = honest()
    name = f"{folder_of(bundle, 'capture/1')}/private.json"
    bundle.files[name] = bundle.files[name].replace("仓库门口".encode(), "仓库后门".encode())
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
    name = f"{folder_of(bundle, 'capture/1')}/original-1.jpg"
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
