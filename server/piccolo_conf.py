"""Piccolo's entry point: one engine, one app over all packages (``migrations/`` is one flat history)."""

from __future__ import annotations

import os

from piccolo.conf.apps import AppRegistry
from piccolo.engine.postgres import PostgresEngine

# The real address is set by ``server.kit.db.connect``; this one serves Piccolo's own command line.
DB = PostgresEngine(config={"dsn": os.environ.get("ZHICHA_DATABASE_URL", "postgresql://localhost/zhicha")})

APP_REGISTRY = AppRegistry(apps=["server.piccolo_app"])
