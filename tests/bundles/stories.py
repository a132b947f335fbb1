"""Honest stories for the tamper suite: an afternoon with two chains on one phone, seen as visit, case or capture."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache, wraps
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from tests.bundles.building import Builder
from tests.bundles.synthetic import (
    NOON,
    ORIGIN,
    NoteKey,
    Renewing,
    Session,
    Statement,
    Story,
    key_leaf,
    photo,
    sign,
    spki,
)
from tests.bundles.trees import b64u, jcs, ms, new_id, sha256


class Afternoon:
    """Builds a story step by step; what comes later in the log is added later."""

    def __init__(self, scope: str = "visit") -> None:
        self.story = Story(scope)
        self.who, self.device, self.visit = new_id(), new_id(), new_id()
        self.supervisor = new_id()
        self.story.subject = self.visit
        self.seen: dict[str, Any] | None = None
        self.now = NOON

    def tick(self, **step: int) -> datetime:
        """Time passes."""
        self.now += timedelta(**(step or {"seconds": 40}))
        return self.now

    def noise(self, count: int = 3) -> None:
        """Leaves of others."""
        for _ in range(count):
            self.story.log.append(jcs({"t": "leaf/1", "k": "entry", "sha256": b64u(secrets.token_bytes(32))}))

    def act(self, kind: str, subject: str, actor: str, **data: Any) -> None:
        """Something is recorded."""
        self.story.log.append(self.story.act(kind, subject, actor, self.now, **data))

    def checkpoint(self, name: str, *, stamp: bool = True, see: bool = False) -> None:
        """The log signs; perhaps an authority stamps it, perhaps the phone sees it."""
        story = self.story
        story.log.append(name)
        if stamp:
            story.stamped[name] = self.tick()
        if see:
            self.see()

    def see(self) -> None:
        """The phone sees the checkpoint that the log would sign now."""
        builder = Builder(self.story)
        leaves, _ = builder.leaves({})
        builder.tree = [sha256(b"\0" + leaf) for leaf in leaves]
        body = builder.checkpoint(len(leaves)).rpartition(b"\n\n")[0] + b"\n"
        self.seen = {"cp": b64u(sha256(body)), "size": len(leaves), "srv_ms": ms(self.now), "mono_ms": 1000}

    def enrol(self, *, owner: str | None = None, phone: bool = True, keeper: str | None = None) -> None:
        """The phone is enrolled and confirmed, a passkey made; ``owner`` and ``keeper`` are who did so in a forgery."""
        key = self.story.passkey
        if phone:
            self.act("device.enrolled", self.device, owner or self.who)
        self.act("device.confirmed", self.device, self.supervisor, owner_id=self.who)
        credential = b64u(sha256(spki(key)))
        self.act(
            "passkey.made", new_id(), keeper or self.who, credential_id=credential, spki=b64u(spki(key)), synced=False
        )

    def session(self, *, passkey: bool = True) -> Session:
        """Open a chain."""
        key = ec.generate_private_key(ec.SECP256R1())
        sealed = [one for each in self.story.sessions for one in each.statements if one.body["t"] == "seal/1"]
        at = self.tick()
        opening = Statement(
            {
                "t": "session/1",
                "id": new_id(),
                "dev": b64u(sha256(spki(key))),
                "spki": b64u(spki(key)),
                "device": self.device,
                "who": self.who,
                "visit": self.visit,
                "co": ["同行人员"],
                "from_ms": ms(at),
                "to_ms": ms(at + timedelta(days=1)),
                "app": "2026.11.1",
                "prev_seal": sealed[-1].digest if sealed else None,
            },
            passkey=passkey,
            received=at,
        )
        made = Session(key, [opening])
        self.story.sessions.append(made)
        self._log(made, opening)
        self.act(
            "capture_session.opened",
            made.id,
            self.who,
            visit_id=self.visit,
            device_id=self.device,
            statement_sha256=sha256(opening.bytes).hex(),
        )
        return made

    def add(self, chain: Session, act: str, **body: Any) -> Statement:
        """Sign a statement and let the server receive it."""
        at = self.tick()
        one = Statement(
            {
                "t": act,
                "id": new_id(),
                "dev": chain.statements[0].body["dev"],
                "ses": chain.id,
                "seq": len(chain.statements),
                "prev": chain.statements[-1].digest,
                "clock": {"wall_ms": ms(at), "mono_ms": 1000 + self._ran(at), "tz_min": 480},
                **body,
            },
            received=at + timedelta(seconds=2),
        )
        chain.statements.append(one)
        return one

    def _ran(self, at: datetime) -> int:
        return ms(at) - self.seen["srv_ms"] if self.seen else 0

    def _log(self, chain: Session, one: Statement) -> None:
        one.signature = sign(chain.key, one.bytes)
        self.story.log.append(one)

    def capture(self, chain: Session, *, media: int = 1, note: str = "仓库门口") -> Statement:
        """Take photos."""
        photos = [photo() for _ in range(media)]
        private = jcs({"salt": "A" * 22, "who": self.who, "gps": None, "gps_error": "denied", "note": note})
        one = self.add(
            chain,
            "capture/1",
            visit=self.visit,
            item=new_id(),
            site=None,
            media=[
                {
                    "role": "original",
                    "sha256": b64u(sha256(data)),
                    "bytes": len(data),
                    "type": "image/jpeg",
                    "w": 4,
                    "h": 3,
                    "src": "camera",
                }
                for data in photos
            ],
            anchor=self.seen,
            priv_h=b64u(sha256(private)),
            net="offline",
        )
        one.media, one.private, one.copies = photos, private, {"preview": photo(90)}
        self._log(chain, one)
        self.act(
            "capture.recorded",
            one.body["id"],
            self.who,
            visit_id=self.visit,
            session_id=chain.id,
            seq=one.body["seq"],
            statement_sha256=sha256(one.bytes).hex(),
            flags=[],
        )
        for data in photos:
            self.act(
                "capture.original_received",
                one.body["id"],
                self.who,
                visit_id=self.visit,
                sha256=sha256(data).hex(),
                bytes=len(data),
            )
        return one

    def note(self, chain: Session, about: str | None) -> Statement:
        """Write a remark."""
        private = jcs({"salt": "B" * 22, "who": self.who, "text": "货架未贴检验标识"})
        one = self.add(chain, "note/1", about=about, priv_h=b64u(sha256(private)))
        one.private = private
        self._log(chain, one)
        return one

    def discard(self, chain: Session, capture: Statement) -> Statement:
        """Declare a capture void."""
        one = self.add(chain, "discard/1", capture=capture.body["id"], reason="拍糊了")
        self._log(chain, one)
        return one

    def seal(self, chain: Session) -> Statement:
        """Close the chain."""
        one = self.add(chain, "seal/1", count=len(chain.statements) - 1)
        one.passkey = True
        self._log(chain, one)
        self.act(
            "capture_session.sealed",
            chain.id,
            self.who,
            visit_id=self.visit,
            count=one.body["count"],
            statement_sha256=sha256(one.bytes).hex(),
        )
        return one

    def cosign(self, chain: Session, seal: Statement, outcome: str = "signed") -> Statement:
        """The inspected unit signs the seal."""
        private = jcs({"salt": "C" * 22, "name": "张三", "post": "经理", "person": None, "reason": None, "ink": None})
        one = self.add(chain, "cosign/1", seal=seal.digest, party="unit", outcome=outcome, priv_h=b64u(sha256(private)))
        one.private = private
        self._log(chain, one)
        return one


def told_once(tell: Callable[..., Story]) -> Callable[..., Story]:
    """A story is told once; whoever asks gets a copy of their own, with the same keys, to change as they like."""
    told = cache(tell)

    @wraps(tell)
    def copied(**asked: Any) -> Story:
        return deepcopy(told(**asked))

    return copied


@told_once
def visit(**enrolment: Any) -> Story:
    """Two sealed chains of one visit, four captures, one of them with two photos; everything proven."""
    day = Afternoon()
    day.noise(5)
    day.enrol(**enrolment)
    day.noise(2)
    day.checkpoint("first", see=True)
    one = day.session()
    first = day.capture(one)
    day.capture(one, media=2)
    day.note(one, first.body["id"])
    day.capture(one)
    day.act("capture.reviewed", first.body["id"], day.supervisor, decision="REJECTED", statement_sha256="")
    day.cosign(one, day.seal(one))
    day.noise(1)
    day.checkpoint("second")
    two = day.session(passkey=False)
    day.capture(two)
    day.seal(two)
    day.story.cosigned_apart = {"second"}
    day.story.renewed["first"] = [Renewing(NOON + timedelta(days=365)), Renewing(NOON + timedelta(days=730))]
    return finished(day)


@told_once
def case() -> Story:
    """A case that cites two of three captures; the third is outside its scope."""
    day = Afternoon("case")
    day.story.subject = new_id()
    day.noise(3)
    day.enrol()
    day.checkpoint("first", see=True)
    chain = day.session()
    captures = [day.capture(chain) for _ in range(3)]
    day.seal(chain)
    day.story.citations = []
    for one in captures[:2]:
        day.act(
            "case.evidence_cited",
            day.story.subject,
            day.supervisor,
            capture_id=one.body["id"],
            statement_sha256=sha256(one.bytes).hex(),
        )
        day.story.citations.append({"stmt": one.digest, "capture": one.body["id"]})
    captures[2].withheld = {"original-1": "scope", "private": "scope"}
    captures[2].copies = {}
    return finished(day)


@told_once
def single() -> Story:
    """One capture of a chain of three, its private part withheld; not sealed, phone not confirmed."""
    day = Afternoon("capture")
    day.noise(1)
    day.enrol()
    day.story.log = [one for one in day.story.log if not (isinstance(one, dict) and one["kind"] == "device.confirmed")]
    day.checkpoint("first", see=True)
    chain = day.session(passkey=False)
    captures = [day.capture(chain) for _ in range(3)]
    day.discard(chain, captures[2])
    for one in captures[1:]:
        one.withheld, one.copies = {"original-1": "scope", "private": "scope"}, {}
    captures[0].withheld = {"private": "personal"}
    day.story.subject = captures[0].body["id"]
    return finished(day)


@told_once
def rotated() -> Story:
    """One sealed capture; between seal and export the log changed its key, and the notary knows only the old one."""
    day = Afternoon("visit")
    day.noise(2)
    day.enrol()
    day.checkpoint("first", see=True)
    chain = day.session()
    day.capture(chain)
    day.seal(chain)
    day.checkpoint("second")
    day.noise(2)
    day.story.next_key = NoteKey(ORIGIN)
    day.story.log.append(key_leaf(day.story.next_key))
    return finished(day)


def finished(day: Afternoon) -> Story:
    """The export, at the end of the day."""
    day.checkpoint("third")
    day.story.log.append("export")
    day.noise(2)
    return day.story
