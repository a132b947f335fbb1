"""Papers of the story on leaders' desks: one in time, one in breach, a stub, and a leader who is away."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.circulation.commands import absences, carrying, opening, reading
from server.circulation.kinds import CirculationKind
from server.circulation.schemas import AtTime, Instruct, MarkAbsence, OpenCirculation
from server.demo import people
from server.demo.people import story_id
from server.kit import clock, db
from server.rulepacks.vocabulary import DeskClass

_D = DeskClass


async def load() -> None:
    """Carry the papers over the last days up to now; once, for what lies on a desk does not begin anew each day."""
    if await db.fetch_value("SELECT EXISTS (SELECT 1 FROM circulations WHERE org_id = $1)", people.ORG_ID):
        return
    now = clock.now()
    await _bridge(now - timedelta(days=2, hours=5))
    await _opened("plan", now - timedelta(hours=30), _D.NORMAL, ("guyuan",), "2027年重点督查事项建议")
    await _delivered("plan", now - timedelta(hours=29, minutes=20))
    await _opened("flood", now - timedelta(hours=2), _D.EMERGENCY, ("guyuan",), "青石镇山洪险情处置情况报告", "flood")
    await _delivered("flood", now - timedelta(minutes=73))
    await _opened(
        "wages", now - timedelta(hours=20), _D.URGENT, ("luming", "guyuan"), "农民工工资专项督查情况专报", "wages"
    )
    await _delivered("wages", now - timedelta(hours=19))
    await _stub(now - timedelta(days=3))
    await _opened(
        "market", now - timedelta(minutes=40), _D.NORMAL, ("luming",), "城南集贸市场占道经营整治方案", "market"
    )
    await _away(now)


async def _bridge(at: datetime) -> None:
    """One that has been read, with an instruction, and waits to go on."""
    await _opened("bridge", at, _D.URGENT, ("luming", "guyuan"), "云溪二桥限载通行的请示", "bridge")
    await _delivered("bridge", at + timedelta(minutes=25))
    with clock.held_at(lambda: at + timedelta(hours=6)):
        words = "拟同意限载通行。请交通局当日设置标志，督查室跟踪。呈顾县长审定。"
        await reading.instruct(people.actor("luming"), story_id("circulation/bridge"), Instruct(text=words))


async def _stub(at: datetime) -> None:
    with clock.held_at(lambda: at):
        await opening.open_circulation(
            people.actor("tanglan"),
            OpenCirculation(
                id=story_id("circulation/stub"),
                kind=CirculationKind.CONFIDENTIAL,
                desk_class=_D.CONFIDENTIAL_IMPORTANT,
                leaders=(people.actor("guyuan").person_id,),  # type: ignore[arg-type]
                serial="机〔2026〕37号",
            ),
        )
    await _delivered("stub", at + timedelta(minutes=15))


async def _away(now: datetime) -> None:
    today = clock.day_of(now)
    luming = people.actor("luming").person_id
    assert luming is not None
    with clock.held_at(lambda: now - timedelta(minutes=30)):
        await absences.mark(
            people.actor("tanglan"),
            MarkAbsence(
                id=story_id("absence/luming"),
                person_id=luming,
                from_on=today - timedelta(days=1),
                to_on=today + timedelta(days=4),
                reason="赴省参加专题培训",
            ),
        )


async def _opened(
    key: str, at: datetime, desk_class: DeskClass, leaders: tuple[str, ...], title: str, item: str | None = None
) -> None:
    with clock.held_at(lambda: at):
        await opening.open_circulation(
            people.actor("tanglan"),
            OpenCirculation(
                id=story_id(f"circulation/{key}"),
                kind=CirculationKind.DOCUMENT,
                desk_class=desk_class,
                leaders=tuple(one for login in leaders if (one := people.actor(login).person_id) is not None),
                title=title,
                item_id=story_id(f"item/{item}") if item else None,
            ),
        )


async def _delivered(key: str, at: datetime) -> None:
    with clock.held_at(lambda: at):
        await carrying.deliver(people.actor("tanglan"), story_id(f"circulation/{key}"), AtTime())
