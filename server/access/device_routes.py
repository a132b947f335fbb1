"""HTTP of phones and passkeys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access import device_queries as queries
from server.access import devices, passkeys
from server.access.actor import Actor
from server.access.once import applied_once
from server.access.parameters import Cursor, Limit, Search
from server.access.passkey_schemas import MakePasskey, PasskeyOptionsView, PasskeyView
from server.access.roles import Permission
from server.access.schemas import AskRevocation, DeviceList, DeviceState, DeviceView, EnrolDevice

_SELF = {"permission": Permission.SELF}
_READ = {"permission": Permission.DEVICE_READ}
_CONFIRM = {"permission": Permission.DEVICE_CONFIRM}

AnyRequest = Request[Any, Any, Any]


async def _done(
    act: Callable[[Actor, UUID], Awaitable[None]], request: AnyRequest, device_id: UUID, actor: Actor
) -> DeviceView:
    """Do it at most once, and show the phone as it then is."""
    with applied_once(request):
        await act(actor, device_id)
    return await queries.shown(actor, device_id)


@get("/devices", opt=_SELF)
async def list_devices(actor: NamedDependency[Actor]) -> tuple[DeviceView, ...]:
    """One's own phones, the newest first."""
    return await queries.own_devices(actor)


@get("/devices/register", opt=_READ)
async def list_all_devices(
    actor: NamedDependency[Actor],
    standing: Annotated[DeviceState | None, QueryParameter()] = None,
    q: Search = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DeviceList:
    """The phones of the organisation, for those who answer for them."""
    return await queries.register(actor, standing, q, cursor, limit)


@get("/devices/{device_id:uuid}", opt=_SELF)
async def read_device(device_id: FromPath[UUID], actor: NamedDependency[Actor]) -> DeviceView:
    """One phone: one's own, or any for those who answer for them."""
    return await queries.shown(actor, device_id)


@post("/devices", opt=_SELF)
async def enrol_device(data: JSONBody[EnrolDevice], actor: NamedDependency[Actor]) -> DeviceView:
    """Enrol this phone; a second person confirms it."""
    return await devices.enrol_device(actor, data)


@post("/devices/{device_id:uuid}/confirm", opt=_CONFIRM, status_code=200)
async def confirm_device(device_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]) -> DeviceView:
    """Confirm a colleague's phone as the second person."""
    return await _done(devices.confirm_device, request, device_id, actor)


@post("/devices/{device_id:uuid}/revoke", opt=_SELF, status_code=200)
async def ask_revocation(
    device_id: FromPath[UUID], data: JSONBody[AskRevocation], actor: NamedDependency[Actor]
) -> DeviceView:
    """Ask that a lost phone be revoked: it opens no new chain from now on."""
    return await devices.ask_revocation(actor, device_id, data.reason)


@post("/devices/{device_id:uuid}/revoke/confirm", opt=_CONFIRM, status_code=200)
async def confirm_revocation(
    device_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> DeviceView:
    """Confirm as the second person that a phone is revoked."""
    return await _done(devices.confirm_revocation, request, device_id, actor)


@post("/devices/{device_id:uuid}/revoke/refuse", opt=_CONFIRM, status_code=200)
async def refuse_revocation(
    device_id: FromPath[UUID], request: AnyRequest, actor: NamedDependency[Actor]
) -> DeviceView:
    """Say as the second person that a phone stays."""
    return await _done(devices.refuse_revocation, request, device_id, actor)


@get("/passkeys", opt=_SELF)
async def list_passkeys(actor: NamedDependency[Actor]) -> tuple[PasskeyView, ...]:
    """One's own passkeys in use."""
    return await passkeys.own_passkeys(actor)


@post("/passkeys/options", opt=_SELF, status_code=200)
async def passkey_options(actor: NamedDependency[Actor]) -> PasskeyOptionsView:
    """What the browser needs to make a passkey."""
    return await passkeys.options(actor)


@post("/passkeys", opt=_SELF)
async def make_passkey(data: JSONBody[MakePasskey], actor: NamedDependency[Actor]) -> PasskeyView:
    """Take a passkey that the browser made."""
    await passkeys.make(actor, data)
    return await passkeys.passkey(actor, data.id)


@delete("/passkeys/{passkey_id:uuid}", opt=_SELF, status_code=200)
async def remove_passkey(passkey_id: FromPath[UUID], actor: NamedDependency[Actor]) -> PasskeyView:
    """Use a passkey of one's own no longer."""
    await passkeys.remove(actor, passkey_id)
    return await passkeys.passkey(actor, passkey_id)


router = Router(
    "/",
    route_handlers=[
        list_devices,
        list_all_devices,
        read_device,
        enrol_device,
        confirm_device,
        ask_revocation,
        confirm_revocation,
        refuse_revocation,
        list_passkeys,
        passkey_options,
        make_passkey,
        remove_passkey,
    ],
)
