"""What is enclosed and what is withheld, told otherwise than it is before the bundle is built."""

from __future__ import annotations

from tests.bundles import stories
from tests.bundles.synthetic import Bundle, Statement
from tests.bundles.tamper.catalogue import TABLE, by
from tests.bundles.trees import b64u, sha256


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
