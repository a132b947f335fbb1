"""HTTP of accounts, units and requests for roles."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access import account_queries as reading
from server.access import accounts, queries, role_requests
from server.access.account_schemas import (
    AccountList,
    AccountState,
    AccountView,
    AddAccount,
    AddUnit,
    AskRole,
    ReopenAccount,
)
from server.access.actor import Actor
from server.access.once import applied_once
from server.access.parameters import Cursor, Limit, Search
from server.access.roles import Permission
from server.access.schemas import UnitView
from server.kit.http.etag import expected_version

_READ = {"permission": Permission.ACCOUNT_READ}
_MANAGE = {"permission": Permission.PEOPLE_MANAGE}
_CONFIRM = {"permission": Permission.ROLE_CONFIRM}

AnyRequest = Request[Any, Any, Any]


@get("/accounts", opt=_READ)
async def list_accounts(
    actor: NamedDependency[Actor],
    standing: Annotated[AccountState | None, QueryParameter()] = None,
    q: Search = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AccountList:
    """The accounts of the organisation, for those who make them and those who confirm roles."""
    return await reading.accounts(actor, standing, q, cursor, limit)


@get("/accounts/{person_id:uuid}", opt=_READ)
async def read_account(person_id: FromPath[UUID], actor: NamedDependency[Actor]) -> AccountView:
    """One account with all that was ever asked for it."""
    return await reading.account(actor, person_id)


@post("/accounts", opt=_MANAGE)
async def add_account(data: JSONBody[AddAccount], actor: NamedDependency[Actor]) -> AccountView:
    """Give somebody an account with a first password and no role."""
    await accounts.add_account(actor, data)
    return await reading.account(actor, data.id)


@post("/accounts/{person_id:uuid}/roles", opt=_MANAGE, status_code=200)
async def ask_role(person_id: FromPath[UUID], data: JSONBody[AskRole], actor: NamedDependency[Actor]) -> AccountView:
    """Ask that somebody be given a role, or lose it; a secrecy officer confirms."""
    await role_requests.ask_role(actor, person_id, data)
    return await reading.account(actor, person_id)


@post("/accounts/{person_id:uuid}/close", opt=_MANAGE, status_code=200)
async def close_account(person_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]) -> AccountView:
    """Close an account: its sign-ins and roles end at once."""
    with applied_once(request):
        await accounts.close_account(actor, person_id)
    return await reading.account(actor, person_id)


@post("/accounts/{person_id:uuid}/reopen", opt=_MANAGE, status_code=200)
async def reopen_account(
    person_id: FromPath[UUID], data: JSONBody[ReopenAccount], request: AnyRequest, actor: NamedDependency[Actor]
) -> AccountView:
    """Open a closed account again, with a first password and no role."""
    with applied_once(request):
        await accounts.reopen_account(actor, person_id, data)
    return await reading.account(actor, person_id)


@post("/role-requests/{request_id:uuid}/confirm", opt=_CONFIRM, status_code=200)
async def confirm_role(request_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]) -> AccountView:
    """Confirm as the second person what an administrator asked for."""
    with applied_once(request):
        await role_requests.confirm_role(actor, request_id, expected=expected_version(request))
    return await reading.account_of_request(actor, request_id)


@post("/role-requests/{request_id:uuid}/refuse", opt=_CONFIRM, status_code=200)
async def refuse_role(request_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]) -> AccountView:
    """Turn down as the second person what an administrator asked for."""
    with applied_once(request):
        await role_requests.refuse_role(actor, request_id)
    return await reading.account_of_request(actor, request_id)


@post("/units", opt=_MANAGE)
async def add_unit(data: JSONBody[AddUnit], actor: NamedDependency[Actor]) -> UnitView:
    """Add a unit below another."""
    await accounts.add_unit(actor, data)
    return next(one for one in await queries.units(actor) if one.id == data.id)


router = Router(
    "/",
    route_handlers=[
        list_accounts,
        read_account,
        add_account,
        ask_role,
        close_account,
        reopen_account,
        confirm_role,
        refuse_role,
        add_unit,
    ],
)
