"""Whoever holds the database leaves out, or makes up, a record of an act before the bundle is built."""

from __future__ import annotations

from tests.bundles import stories
from tests.bundles.synthetic import Bundle, Story
from tests.bundles.tamper.catalogue import ACTS, SLIP, TABLE, by
from tests.bundles.tamper.forging import last_chain
from tests.bundles.trees import new_id


def _without(story: Story, kind: str, nth: int = 0) -> Story:
    entry = story.entry(kind, nth)
    story.log = [one for one in story.log if one is not entry]
    return story


@by("thief of a phone", "device.enrolled", ACTS)
def phone_never_enrolled() -> Bundle:
    """Nobody enrolled the phone."""
    return stories.visit(phone=False).build()


@by("thief of a phone", "device.enrolled", ACTS)
def phone_of_another() -> Bundle:
    """The phone is enrolled under another person."""
    return stories.visit(owner=new_id()).build()


@by("administrator", "device.enrolled", ACTS)
def phone_enrolled_afterwards() -> Bundle:
    """The phone is enrolled after it had captured."""
    story = stories.visit(phone=False)
    opening = story.statement("session/1").body
    story.log.insert(story.log.index("export"), story.act("device.enrolled", opening["device"], opening["who"]))
    return story.build()


@by("administrator", "device.revocation", ACTS)
def revocation_hidden() -> Bundle:
    """At receipt the server noted that the phone was revoked; the revocation itself is left out."""
    story = stories.visit()
    story.entry("capture.recorded", 1)["data"]["flags"] = ["after_revocation"]
    return story.build()


@by("administrator", "custody.complete", ACTS)
def receipt_not_recorded() -> Bundle:
    """There is no record that the capture was ever received."""
    return _without(stories.visit(), "capture.recorded", 1).build()


@by("administrator", "custody.complete", ACTS)
def received_from_another() -> Bundle:
    """The record names another person as the one who handed it in."""
    story = stories.visit()
    story.entry("capture.recorded", 1)["actor"] = new_id()
    return story.build()


@by("administrator", "custody.complete", ACTS)
def photo_never_received() -> Bundle:
    """There is no record that the photo was received."""
    return _without(stories.visit(), "capture.original_received", 1).build()


@by("administrator", "custody.complete", ACTS)
def sealing_not_recorded() -> Bundle:
    """There is no record of the seal."""
    return _without(stories.visit(), "capture_session.sealed").build()


@by("administrator", "custody.complete", ACTS)
def opening_not_recorded() -> Bundle:
    """There is no record of the session."""
    return _without(stories.visit(), "capture_session.opened").build()


@by("administrator", "record.fields", ACTS)
def entry_with_more() -> Bundle:
    """A record of an act has a field that records do not have."""
    story = stories.visit()
    story.entry("capture.reviewed")["approved"] = True
    return story.build()


@by("office", "case.citations", ACTS)
def citation_never_recorded() -> Bundle:
    """A third capture is cited at export that was never added to the case."""
    story = stories.case()
    third = story.statement("capture/1", 2)
    third.withheld = {}
    assert story.citations is not None
    story.citations.append({"stmt": third.digest, "capture": third.body["id"]})
    return story.build()


@by("office", "case.citations", ACTS)
def citation_withdrawn() -> Bundle:
    """A citation stands that had been withdrawn."""
    story = stories.case()
    entry = story.entry("case.evidence_cited")
    gone = story.act("case.evidence_withdrawn", story.subject, entry["actor"], **entry["data"])
    story.log.insert(story.log.index("export"), gone)
    return story.build()


@by("office", "case.citations", ACTS)
def citation_suppressed() -> Bundle:
    """A capture that the case cites is left out of its citations."""
    story = stories.case()
    assert story.citations is not None
    story.citations.pop()
    second = story.statement("capture/1", 1)
    second.withheld, second.copies = {"original-1": "scope", "private": "scope"}, {}
    return story.build()


@by("office", "bundle.scope", TABLE)
def case_of_another_name() -> Bundle:
    """The citations are those of another case than the bundle claims."""
    story = stories.case()
    story.case_id = new_id()
    return story.build()


@by("inspector", "bundle.scope", TABLE)
def session_of_another_visit() -> Bundle:
    """A whole chain of another visit is passed off as of this one."""
    story = stories.visit()
    with story.forging():
        for one in last_chain(story).statements:
            if "visit" in one.body:
                one.body["visit"] = story.maker
    return story.build()


@by("administrator", "bundle.scope", TABLE)
def capture_not_there() -> Bundle:
    """The bundle claims a capture that it does not hold."""
    story = stories.single()
    story.subject = new_id()
    first = story.statement("capture/1")
    first.withheld, first.copies = {"original-1": "scope", "private": "scope"}, {}
    return story.build()


@by("administrator", "export.entry", TABLE)
def export_not_recorded() -> Bundle:
    """The export was never logged."""
    story = stories.visit()
    story.table = {"made_by": new_id()}
    return story.build()


@by("administrator", "export.contents", TABLE)
def contents_of_another_bundle() -> Bundle:
    """The logged table of contents tells of fewer statements than there are."""
    story = stories.visit()
    sessions = [{"id": one.id, "count": 1, "last": one.statements[1].digest} for one in story.sessions]
    story.table = {"sessions": sorted(sessions, key=lambda one: str(one["id"]))}
    return story.build()


@by("administrator with SQL", "slip.seal", SLIP)
def tail_dropped_with_its_seal() -> Bundle:
    """Captures, seal and records are deleted before the export; the unit still holds the slip."""
    story = stories.visit()
    chain = last_chain(story)
    seal = chain.statements[-1]
    gone = {chain.statements[1].body["id"]}
    slip = f"{seal.digest}:{seal.body['count']}"
    with story.forging():
        del chain.statements[1:]
    story.log = [
        one for one in story.log if not (isinstance(one, dict) and (one["subject"] in gone or _sealed(one, chain.id)))
    ]
    bundle = story.build()
    bundle.slip = slip
    return bundle


def _sealed(entry: dict[str, object], session: str) -> bool:
    return entry["kind"] == "capture_session.sealed" and entry["subject"] == session


@by("inspector", "slip.seal", SLIP)
def slip_of_another_count() -> Bundle:
    """The slip in the unit's hand tells another number."""
    bundle = stories.visit().build()
    seal = bundle.story.statement("seal/1")
    bundle.slip = f"{seal.digest}:{seal.body['count'] + 1}"
    return bundle
