"""`zhicha migrate` and `zhicha demo`, and the database that a command works on."""

import argparse
import asyncio
import contextlib
import importlib
from collections.abc import Iterator
from dataclasses import replace

from server.cli.command import Commands
from server.kit.supervisor.console import Console
from server.kit.supervisor.lock import holder
from server.kit.supervisor.postgres import EmbeddedPostgres
from server.settings import Settings

LOCK = "zhicha.lock"


def declare(commands: Commands) -> None:
    """Add the commands to the parser."""
    migrate = commands.add_parser("migrate", help="升级数据库结构 · bring the database up to date")
    migrate.add_argument("--demo", action="store_true", help="并载入演示数据 · and load the demo story")
    migrate.set_defaults(run=_migrate)
    demo = commands.add_parser("demo", help="载入演示数据 · load the demo story")
    demo.set_defaults(run=_migrate, demo=True)


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database: the external one, the running embedded one, or one started for the moment."""
    if settings.database_url:
        yield settings.database_url
        return
    running = holder(settings.data_dir / LOCK)
    if running and "dsn" in running:
        yield str(running["dsn"])
        return
    postgres = EmbeddedPostgres(settings.data_dir, user=settings.postgres_user)
    try:
        yield postgres.start()
    finally:
        postgres.stop()


def _migrate(settings: Settings, given: argparse.Namespace, console: Console) -> None:
    from server.kit.migrate import migrate

    with database(settings) as dsn:
        asyncio.run(migrate(dsn))
        if given.demo:
            demo = importlib.import_module("server.demo")
            asyncio.run(demo.load(replace(settings, database_url=dsn)))
            print(demo.accounts())
