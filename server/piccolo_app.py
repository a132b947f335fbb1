"""All tables under one Piccolo app: several apps in one flat migration folder do not work."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

TABLE_MODULES = [
    "server.kit.tables",
    "server.access.tables",
    "server.journal.tables",
    "server.attachments.tables",
    "server.calendars.tables",
    "server.rulepacks.tables",
    "server.items.tables",
    "server.items.timing_tables",
    "server.items.planning_tables",
    "server.intake.tables",
    "server.slips.tables",
    "server.meetings.tables",
    "server.circulation.tables",
    "server.visits.tables",
    "server.programmes.tables",
    "server.evidence.tables",
    "server.findings.tables",
    "server.cases.tables",
    "server.bundles.tables",
    "server.sync.tables",
    "server.push.tables",
]

APP_CONFIG = AppConfig(
    app_name="server",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations"),
    table_classes=table_finder(TABLE_MODULES, exclude_imported=True),
)
