"""Composition root of the web process: ``uvicorn server.app:create_app --factory``."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig

from server import wiring
from server.access import passkeys
from server.access.account_routes import router as accounts_router
from server.access.change_routes import router as changes_router
from server.access.contacts_routes import router as contacts_router
from server.access.device_routes import router as devices_router
from server.access.guard import current_actor, demand_permission
from server.access.roles import Permission
from server.access.routes import router as access_router
from server.access.webauthn import RelyingParty
from server.attachments.routes import router as attachments_router
from server.bundles.routes import router as bundles_router
from server.calendars.routes import router as calendars_router
from server.cases.routes import router as cases_router
from server.circulation.routes import router as circulation_router
from server.departures.routes import router as departures_router
from server.evidence.alarms import router as alarms_router
from server.evidence.forks import router as forks_router
from server.evidence.routes import router as evidence_router
from server.faces import faces
from server.findings.routes import router as findings_router
from server.intake.routes import router as intake_router
from server.items.due_routes import router as due_router
from server.items.planning_routes import router as planning_router
from server.items.routes import router as items_router
from server.items.timing_routes import router as timing_router
from server.kit.errors import DomainError
from server.kit.http.description import DescriptionPlugin
from server.kit.http.headers import add_default_headers
from server.kit.http.health import live, metrics, ready
from server.kit.http.problems import on_domain_error, on_http_error, on_unexpected
from server.kit.logs import RequestLog, configure_logs
from server.meetings.routes import router as meetings_router
from server.programmes.routes import router as programmes_router
from server.push.routes import router as push_router
from server.push.vapid import public_key
from server.resources import open_resources
from server.rulepacks.routes import router as rulepacks_router
from server.settings import Settings
from server.slips.routes import router as slips_router
from server.sync.documented import DeliveredSchema
from server.sync.live_routes import live_hub
from server.sync.live_routes import router as live_router
from server.sync.pull_routes import router as pull_router
from server.sync.routes import router as sync_router
from server.sync.uploads_routes import router as uploads_router
from server.sync.uploads_short_way import take_short_way
from server.tlog.anchors.figures import figures as outside_figures
from server.tlog.anchors.routes import router as anchors_router
from server.tlog.figures import figures as log_figures
from server.tlog.routes import public_router as log_files
from server.tlog.routes import router as log_router
from server.visits.routes import router as visits_router

# The routes of every word, below /api.
ROUTERS = (
    access_router,
    accounts_router,
    changes_router,
    devices_router,
    log_router,
    anchors_router,
    contacts_router,
    attachments_router,
    calendars_router,
    rulepacks_router,
    items_router,
    intake_router,
    due_router,
    timing_router,
    planning_router,
    slips_router,
    meetings_router,
    circulation_router,
    departures_router,
    visits_router,
    programmes_router,
    evidence_router,
    alarms_router,
    forks_router,
    findings_router,
    cases_router,
    bundles_router,
    sync_router,
    pull_router,
    live_router,
    push_router,
    uploads_router,
)


def create_app(settings: Settings | None = None) -> Litestar:
    """The web application; settings come from the environment unless given."""
    chosen = settings or Settings.from_env()
    if settings is None:  # a process of our own, not a test within another
        configure_logs(chosen.log_level)
    wiring.wire()
    app = Litestar(
        route_handlers=[
            Router("/api", route_handlers=ROUTERS),
            live,
            ready,
            metrics,
            log_files,
            faces(chosen.pwa_dir),
        ],
        middleware=[RequestLog()],
        plugins=[DeliveredSchema()],
        logging_config=None,
        before_send=[add_default_headers],
        guards=[demand_permission],
        dependencies={"actor": Provide(current_actor)},
        exception_handlers={
            DomainError: on_domain_error,
            HTTPException: on_http_error,
            Exception: on_unexpected,
        },
        lifespan=[_resources],
        state=State({"settings": chosen, "figures": (log_figures, outside_figures)}),
        openapi_config=OpenAPIConfig(
            title="Zhicha",
            version="1",
            create_examples=False,
            openapi_router=Router(
                "/api/schema", route_handlers=[], opt={"permission": Permission.SELF}, include_in_schema=False
            ),
            render_plugins=[DescriptionPlugin()],  # the others load scripts from elsewhere
        ),
        request_max_body_size=2 * 1024 * 1024,
    )
    take_short_way(app)
    return app


@asynccontextmanager
async def _resources(app: Litestar) -> AsyncIterator[None]:
    _settle_memory()
    settings: Settings = app.state["settings"]
    passkeys.bind(RelyingParty.of(settings.base_url))
    async with open_resources(settings, pool_size=settings.web_pool_size) as store:
        app.state["media"] = store
        await public_key()  # made at the first start, not at the first subscription
        async with live_hub(settings.database_url) as hub:
            app.state["live"] = hub
            yield


def _settle_memory() -> None:
    """Spare the collector what lives as long as the process, and look for cycles less often: requests make few."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
