"""Renewals that did not keep a time stamp alive: over something else, too late, by nobody that is trusted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.bundles import stories
from tests.bundles.stamps import START, Authority
from tests.bundles.synthetic import NOON, Bundle, Renewing
from tests.bundles.tamper.catalogue import ACTS, JSON, by
from tests.bundles.tamper.forging import honest, judged_by
from tests.bundles.trees import b64u, jcs, sha256, unb64u


@by("administrator", "tsa.renewal")
def renewal_of_another_stamp() -> Bundle:
    """The renewal is over another stamp than the one in the bundle."""
    story = stories.visit()
    story.renewed["first"][0].leaf = sha256(b"another stamp")
    return story.build()


@by("administrator", "tsa.renewal")
def renewal_too_late() -> Bundle:
    """The stamp was renewed only after its certificate had ended: its key may have been lost in between."""
    story = stories.visit()
    story.authority = Authority.new(until=START + timedelta(days=340))
    later = Authority.new(name="later")
    story.renewed["first"] = [Renewing(NOON + timedelta(days=60), later)]
    return story.build()


@by("administrator", "tsa.renewal")
def renewal_before_its_stamp() -> Bundle:
    """The renewal tells an earlier time than the stamp that it renews."""
    story = stories.visit()
    story.renewed["first"] = [Renewing(NOON - timedelta(days=60))]
    return story.build()


@by("administrator", "tsa.chain")
def renewal_by_an_unknown_authority() -> Bundle:
    """The stamp is renewed by an authority that nobody trusts."""
    story = stories.visit()
    policy = story.policy
    story.renewed["first"] = [Renewing(NOON + timedelta(days=365), Authority.new())]
    return judged_by(story, policy)


@by("administrator", "tsa.validity")
def renewal_after_the_end() -> Bundle:
    """The certificate of the renewal had expired when it stamped."""
    story = stories.visit()
    ended = Authority.new(name="ended", until=NOON + timedelta(days=30))
    story.renewed["first"] = [Renewing(NOON + timedelta(days=60), ended)]
    return story.build()


@by("network", "tsa.signature")
def renewal_backdated() -> Bundle:
    """The time inside a renewal is changed."""
    return _edited(lambda lines: [_token(lines[0], b"20271120", b"20270120"), lines[1]])


@by("administrator", "tsa.renewal")
def renewals_exchanged() -> Bundle:
    """The second renewal comes before the first."""
    return _edited(lambda lines: [lines[1], lines[0]])


@by("administrator", "tsa.renewal")
def renewal_left_out() -> Bundle:
    """The renewal between the stamp and its last renewal is missing."""
    return _edited(lambda lines: [lines[1]])


@by("administrator", "record.fields", JSON)
def renewal_says_more() -> Bundle:
    """A renewal has a field that renewals do not have."""
    return _edited(lambda lines: [lines[0] | {"until": "2099"}, lines[1]])


@by("administrator", "bundle.layout", ACTS)
def renewal_of_nothing() -> Bundle:
    """Renewals stand where there is no stamp."""
    bundle = honest()
    name = bundle.find("renewals.jsonl")
    bundle.files[bundle.find("token.tsr", 1).replace("token.tsr", "renewals.jsonl")] = bundle.files[name]
    del bundle.files[bundle.find("token.tsr", 1)]
    return bundle.remanifest()


def _token(line: dict[str, Any], old: bytes, new: bytes) -> dict[str, Any]:
    token = unb64u(line["token"])
    assert old in token
    return line | {"token": b64u(token.replace(old, new))}


def _edited(edit: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Bundle:
    bundle = honest()
    name = bundle.find("renewals.jsonl")
    lines = [json.loads(line) for line in bundle.files[name].splitlines()]
    bundle.files[name] = b"".join(jcs(line) + b"\n" for line in edit(lines))
    return bundle.remanifest()
