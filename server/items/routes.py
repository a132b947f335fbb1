"""HTTP of items and sites."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from server.access.actor import Actor
from server.access.roles import Permission
from server.items import process_queries, queries
from server.items.commands import register, sites
from server.items.lifecycle import ItemState
from server.items.process_routes import router as process_router
from server.items.process_schemas import ItemDetailView
from server.items.schemas import ItemList, RecordSite, RegisterItem, SiteList, SiteView
from server.kit.http.etag import tagged


@get("/items", opt={"permission": Permission.ITEM_READ})
async def list_items(
    actor: NamedDependency[Actor],
    in_state: Annotated[ItemState | None, QueryParameter(name="state")] = None,
    q: Annotated[str | None, QueryParameter()] = None,
    parent_id: Annotated[UUID | None, QueryParameter()] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> ItemList:
    """The ledger: 特事特办 first, then the newest."""
    return await queries.items(actor, state=in_state, words=q, parent_id=parent_id, cursor=cursor)


@get("/items/{item_id:uuid}", opt={"permission": Permission.ITEM_READ})
async def read_item(item_id: FromPath[UUID], actor: NamedDependency[Actor]) -> Response[ItemDetailView]:
    """One item."""
    view = await process_queries.item(actor, item_id)
    return tagged(view, view.version)


@post("/items", opt={"permission": Permission.ITEM_REGISTER})
async def register_item(data: JSONBody[RegisterItem], actor: NamedDependency[Actor]) -> Response[ItemDetailView]:
    """Register an incoming matter; it gets the next number of the year."""
    await register.register(actor, data)
    view = await process_queries.item(actor, data.id)
    return tagged(view, view.version, status_code=201)


@get("/sites", opt={"permission": Permission.SITE_READ})
async def list_sites(
    actor: NamedDependency[Actor],
    item_id: Annotated[UUID | None, QueryParameter()] = None,
    cursor: Annotated[str | None, QueryParameter()] = None,
) -> SiteList:
    """Places that visits go to."""
    return await queries.sites(actor, item_id=item_id, cursor=cursor)


@post("/sites", opt={"permission": Permission.SITE_MANAGE})
async def record_site(data: JSONBody[RecordSite], actor: NamedDependency[Actor]) -> SiteView:
    """Record a place under an item."""
    await sites.record_site(actor, data)
    return queries.site_view(await queries.site_row(actor, data.id))


router = Router("/", route_handlers=[list_items, read_item, register_item, list_sites, record_site, process_router])
