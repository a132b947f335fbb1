"""HTTP of changes to people and units, and of the units' register."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.access import account_queries, changes
from server.access import change_queries as reading
from server.access.account_schemas import AccountView, AskPersonChange, AskUnitChange, UnitRecordView
from server.access.actor import Actor
from server.access.once import applied_once
from server.access.roles import Permission
from server.kit.http.etag import expected_version

_READ = {"permission": Permission.ACCOUNT_READ}
_MANAGE = {"permission": Permission.PEOPLE_MANAGE}
_CONFIRM = {"permission": Permission.ROLE_CONFIRM}

AnyRequest = Request[Any, Any, Any]


@get("/units/register", opt=_READ)
async def list_unit_records(actor: NamedDependency[Actor]) -> tuple[UnitRecordView, ...]:
    """The tree of units with what was asked to be changed, for those who keep it and those who confirm."""
    return await reading.unit_records(actor)


@post("/accounts/{person_id:uuid}/changes", opt=_MANAGE, status_code=200)
async def ask_person_change(
    person_id: FromPath[UUID], data: JSONBody[AskPersonChange], request: AnyRequest, actor: NamedDependency[Actor]
) -> AccountView:
    """Ask that somebody be called otherwise or belong to another unit; a secrecy officer confirms."""
    await changes.ask_person(actor, person_id, data, expected=expected_version(request))
    return await account_queries.account(actor, person_id)


@post("/units/{unit_id:uuid}/changes", opt=_MANAGE, status_code=200)
async def ask_unit_change(
    unit_id: FromPath[UUID], data: JSONBody[AskUnitChange], request: AnyRequest, actor: NamedDependency[Actor]
) -> UnitRecordView:
    """Ask that a unit be called otherwise, be of another kind or lie elsewhere; a secrecy officer confirms."""
    await changes.ask_unit(actor, unit_id, data, expected=expected_version(request))
    return await reading.unit_record(actor, unit_id)


@post("/account-changes/{change_id:uuid}/confirm", opt=_CONFIRM, status_code=200)
async def confirm_person_change(
    change_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> AccountView:
    """Confirm as the second person what an administrator asked to be written of somebody."""
    with applied_once(request):
        await changes.confirm_person(actor, change_id)
    return await account_queries.account(actor, await reading.subject_of(actor, change_id))


@post("/account-changes/{change_id:uuid}/refuse", opt=_CONFIRM, status_code=200)
async def refuse_person_change(
    change_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> AccountView:
    """Turn down as the second person what an administrator asked to be written of somebody."""
    with applied_once(request):
        await changes.refuse(actor, change_id, of_unit=False)
    return await account_queries.account(actor, await reading.subject_of(actor, change_id))


@post("/unit-changes/{change_id:uuid}/confirm", opt=_CONFIRM, status_code=200)
async def confirm_unit_change(
    change_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> UnitRecordView:
    """Confirm as the second person what an administrator asked to be written of a unit."""
    with applied_once(request):
        await changes.confirm_unit(actor, change_id)
    return await reading.unit_record(actor, await reading.subject_of(actor, change_id))


@post("/unit-changes/{change_id:uuid}/refuse", opt=_CONFIRM, status_code=200)
async def refuse_unit_change(
    change_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> UnitRecordView:
    """Turn down as the second person what an administrator asked to be written of a unit."""
    with applied_once(request):
        await changes.refuse(actor, change_id, of_unit=True)
    return await reading.unit_record(actor, await reading.subject_of(actor, change_id))


router = Router(
    "/",
    route_handlers=[
        list_unit_records,
        ask_person_change,
        ask_unit_change,
        confirm_person_change,
        refuse_person_change,
        confirm_unit_change,
        refuse_unit_change,
    ],
)
