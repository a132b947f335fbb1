"""Random people doing random things to one item: whatever they try, the seven steps keep their order (R12–R14)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.access.actor import Actor
from server.access.roles import Role
from server.items.commands import approve, merge, method, propose, register
from server.items.commands.hand_over import hand_over, take_receipt
from server.items.commands.locking import item_for_update
from server.items.kinds import Channel, SignatureKind
from server.items.lifecycle import LIFECYCLE
from server.items.process_schemas import ConfirmMethod, GiveReason, MergeItem, ProposeItem, SignItem
from server.items.schemas import RegisterItem
from server.items.sources import ItemCategory, SourceKind
from server.journal.work import unit_of_work
from server.kit import db
from server.kit.errors import DomainError
from server.kit.ids import new_id
from tests.factories.people import Office
from tests.factories.process import Process

pytestmark = pytest.mark.anyio

PEOPLE: dict[str, tuple[Role, ...]] = {
    "lin": (Role.SUP,),
    "he": (Role.OFFICE,),
    "lu": (Role.LEADER,),
    "fang": (Role.LEADER, Role.SUP),
    "gu": (Role.HEAD,),
    "zheng": (Role.HEAD, Role.LEADER, Role.OFFICE, Role.SUP),
    "xu": (Role.LIAISON,),
    "tang": (Role.REG,),
}
ACTS = (
    "propose",
    "propose_half",
    "submit",
    "sign_first",
    "sign_second",
    "send_back",
    "refuse",
    "confirm",
    "assign",
    "receive",
    "merge",
)
# The happy path is likely enough to be walked far; everything else happens in between.
HAPPY = [
    ("lin", "propose"),
    ("lin", "submit"),
    ("lu", "sign_first"),
    ("gu", "sign_second"),
    ("he", "confirm"),
    ("he", "assign"),
    ("xu", "receive"),
]
MOVES = st.lists(
    st.one_of(st.sampled_from(HAPPY), st.tuples(st.sampled_from(sorted(PEOPLE)), st.sampled_from(ACTS))),
    min_size=5,
    max_size=30,
)
BASES = st.sampled_from(["DECISION", "PROPOSAL"])


class Story:
    """One item, and everybody acting on it without asking whether he may."""

    def __init__(self, process: Process, actors: dict[str, Actor], basis: str) -> None:
        self.process, self.actors, self.basis = process, actors, basis
        self.item, self.other = new_id(), new_id()

    async def begin(self) -> None:
        for one in (self.item, self.other):
            await register.register(
                self.actors["tang"],
                RegisterItem(id=one, title="某事项", source_kind=SourceKind.KEY_WORK, category=ItemCategory.SPECIAL),
            )

    async def act(self, who: str, act: str) -> None:
        actor, item = self.actors[who], self.item
        match act:
            case "propose" | "propose_half":
                body: dict[str, Any] = self.process.proposal(basis_kind=self.basis) if act == "propose" else {}
                given = {name: body[name] for name in body}
                for name in ("handling_unit_id", "responsible_person_id", "follow_up_id"):
                    if name in given:
                        given[name] = UUID(given[name])
                await propose.propose(actor, item, ProposeItem(**given))
            case "submit":
                await propose.submit(actor, item)
            case "sign_first" | "sign_second":
                kind = SignatureKind.FIRST if act == "sign_first" else SignatureKind.SECOND
                await approve.sign(actor, item, SignItem(kind=kind, opinion="同意"))
            case "send_back":
                await approve.send_back(actor, item, GiveReason(reason="请修改"))
            case "refuse":
                await approve.refuse(actor, item, GiveReason(reason="不属范围"))
            case "confirm":
                cmd = ConfirmMethod(channels=(Channel.HEARING,), visits=False, interval_days=7)
                await method.confirm_method(actor, item, cmd)
            case "merge":
                await merge.merge(actor, item, MergeItem(into_id=self.other, reason="同一事项"))
            case "assign" | "receive":
                async with unit_of_work(actor) as work:
                    row = await item_for_update(work, actor, item)
                    if act == "assign":
                        await hand_over(work, actor, row, received_at=work.at)
                    else:
                        await take_receipt(work, actor, row)

    async def check(self) -> None:
        """What must hold after any sequence of acts."""
        row = await db.fetch_one("SELECT * FROM items WHERE id = $1", self.item)
        steps = await db.fetch("SELECT * FROM item_steps WHERE item_id = $1 ORDER BY seq", self.item)
        # The trail is one walk through the table of the lifecycle, from registration to the present state.
        rows = {(None if one.source is None else str(one.source), one.act, str(one.target)): one for one in LIFECYCLE}
        state = None
        for step in steps:
            taken = rows[state, step["act"], step["to_state"]]
            assert step["from_state"] == state
            held = await db.fetch_value(
                "SELECT array_agg(role) FROM role_grants WHERE person_id = $1", step["actor_id"]
            )
            assert {role.value for role in taken.by} & set(held)
            state = step["to_state"]
        assert row["state"] == state
        # Established only by two persons, neither of whom proposed it; an own proposal by the head of government.
        if "establish" in [step["act"] for step in steps]:
            signed = await db.fetch(
                "SELECT s.kind, s.signer_id, p.proposed_by, p.submitted_by, p.content->>'basis_kind' AS basis"
                " FROM item_signatures s JOIN item_proposals p USING (item_id, round)"
                " WHERE s.item_id = $1 AND s.round = $2 ORDER BY s.kind",
                self.item,
                row["approval_round"],
            )
            assert [one["kind"] for one in signed] == ["FIRST", "SECOND"]
            assert signed[0]["signer_id"] != signed[1]["signer_id"]
            for one in signed:
                assert one["signer_id"] not in (one["proposed_by"], one["submitted_by"])
            if signed[1]["basis"] == "PROPOSAL":
                head = (self.actors["gu"].person_id, self.actors["zheng"].person_id)
                assert signed[1]["signer_id"] in head
        if row["assigned_at"] is not None:
            assert row["due_rule"] is not None


@pytest.fixture
def walks() -> Iterator[list[tuple[str, list[tuple[str, str]]]]]:
    """Sequences drawn by hypothesis; they are walked in one database, each on an item of its own."""
    drawn: list[tuple[str, list[tuple[str, str]]]] = []

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(basis=BASES, moves=MOVES)
    def draw(basis: str, moves: list[tuple[str, str]]) -> None:
        drawn.append((basis, moves))

    draw()
    yield drawn


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R13")
@pytest.mark.requirement("R14")
async def test_no_sequence_of_acts_skips_a_step_or_signs_its_own(
    office: Office, walks: list[tuple[str, list[tuple[str, str]]]]
) -> None:
    process = await Process.prepared(office)
    actors = {}
    for login, roles in PEOPLE.items():
        unit = office.handling_unit if login == "xu" else office.office_unit
        if login not in office.people:
            await office.person(login, *roles, unit=unit)
        elif login == "fang":
            await db.execute(
                "INSERT INTO role_grants (id, org_id, person_id, role, granted_at) VALUES ($1, $2, $3, 'SUP', now())",
                new_id(),
                office.org_id,
                office.people[login],
            )
        actors[login] = Actor(office.people[login], office.org_id, unit, login, frozenset(roles))
    reached = set()
    for basis, moves in [("PROPOSAL", HAPPY), ("DECISION", HAPPY), *walks]:
        story = Story(process, actors, basis)
        await story.begin()
        for who, act in moves:
            try:
                await story.act(who, act)
            except DomainError as refused:
                assert refused.status in (403, 404, 409, 422), refused
        await story.check()
        reached.add(await db.fetch_value("SELECT state FROM items WHERE id = $1", story.item))
    assert {"IN_PROGRESS"} <= reached
    assert len(reached) > 2


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R12")
async def test_everybody_at_once_leaves_one_walk_and_one_row_of_numbers(office: Office) -> None:
    """The same acts by all people at the same moment: the walk stays one of the table, numbers have no gap."""
    process = await Process.prepared(office)
    actors = {}
    for login, roles in PEOPLE.items():
        unit = office.handling_unit if login == "xu" else office.office_unit
        if login not in office.people:
            await office.person(login, *roles, unit=unit)
        held = {"fang": (Role.LEADER,)}.get(login, roles)
        actors[login] = Actor(office.people[login], office.org_id, unit, login, frozenset(held))
    stories = [Story(process, actors, "DECISION") for _ in range(4)]

    async def attempt(story: Story, who: str, act: str) -> None:
        try:
            await story.act(who, act)
        except DomainError:
            return

    async with anyio.create_task_group() as group:
        for story in stories:
            group.start_soon(story.begin)
    for act in ("propose", "submit", "sign_first", "sign_second", "confirm", "assign", "receive"):
        async with anyio.create_task_group() as group:
            for story in stories:
                for who in PEOPLE:
                    group.start_soon(attempt, story, who, act)
    for story in stories:
        await story.check()
        assert await db.fetch_value("SELECT state FROM items WHERE id = $1", story.item) == "IN_PROGRESS"
    numbers = [row["register_seq"] for row in await db.fetch("SELECT register_seq FROM items ORDER BY register_seq")]
    assert numbers == list(range(1, len(numbers) + 1))
