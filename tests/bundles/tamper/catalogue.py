"""The register of manipulations: who does it, what it is, which check must catch it, how far the shell recipe reaches.

A manipulation is a function that returns a forged bundle whose manifests fit again, unless the manifest is the point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bundles.synthetic import Bundle

# Why the shell recipe lets a manipulation pass. It says so itself in its last lines.
JSON = "the shell does not read JSON strictly"
CHAIN = "the shell follows numbers and links, not what a kind of statement may say"
ACTS = "the shell does not read the records of acts"
TABLE = "the shell does not compare the table of contents"
WITNESS = "the shell checks the log's own signature, not the witnesses'"
GROWTH = "the shell does not follow consistency proofs"
PASSKEY = "the shell does not check passkeys"
SLIP = "the shell does not ask for the slip"
ROTATION = "the shell does not follow a changed key of the log, and says so"
CONTAINER = "the shell works on an unpacked folder"
TSA = "openssl ts takes this: what the verifiers ask of the certificate goes further"


@dataclass(frozen=True, slots=True)
class Manipulation:
    """One way to cheat."""

    name: str
    who: str
    check: str
    shell: str | None
    make: Callable[[], Bundle]

    @property
    def what(self) -> str:
        """In a sentence."""
        return (self.make.__doc__ or "").strip()


CATALOGUE: list[Manipulation] = []


def by(who: str, check: str, shell: str | None = None) -> Callable[[Callable[[], Bundle]], Callable[[], Bundle]]:
    """Register a manipulation. ``check``: the one that must catch it, others may too; ``shell``: why the recipe does
    not refuse it, None where it does."""

    def register(make: Callable[[], Bundle]) -> Callable[[], Bundle]:
        CATALOGUE.append(Manipulation(make.__name__, who, check, shell, make))
        return make

    return register
