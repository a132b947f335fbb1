"""The web application within a test's own process."""

from __future__ import annotations

import functools
from pathlib import Path

from litestar import Litestar
from litestar.datastructures import State

from server import wiring
from server.app import create_app
from server.settings import Settings


def application(settings: Settings) -> Litestar:
    """The application on these settings, with nothing left of the test before: only its routes are older."""
    app = _built(settings.pwa_dir)
    wiring.wire()  # tests of lower packages bind tables of their own
    app.state = State({"settings": settings, "figures": app.state["figures"]})
    return app


@functools.cache
def _built(pwa_dir: Path) -> Litestar:
    """Registering the routes takes longer than most tests; they depend on nothing but where the built files lie."""
    return create_app(Settings(database_url="postgresql://nowhere/none", pwa_dir=pwa_dir))
