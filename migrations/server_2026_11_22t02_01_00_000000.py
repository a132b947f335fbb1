"""What was recorded before there was a log enters it now: proven from today on, and visibly not from earlier."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.evidence.logged import statement_leaves
from server.journal.leaves import ENTRY_COLUMNS, entry_leaf, row_bytes
from server.kit import clock, db
from server.kit.ids import new_id

ID = "2026-11-22T02:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what was recorded before the log"

AT_A_TIME = 1000
NO_ORG = "00000000-0000-0000-0000-000000000000"


async def fill():
    """Queue a leaf for every statement and entry; what is in the log already stays one leaf."""
    async with db.connection() as conn:
        async for batch in statement_leaves(conn):
            await wait(conn, [leaf for _, leaf in batch])
        last = NO_ORG
        while rows := await conn.fetch(
            f"SELECT {ENTRY_COLUMNS} FROM journal_entries WHERE id > $1 ORDER BY id LIMIT $2", last, AT_A_TIME
        ):
            await wait(conn, [entry_leaf(row_bytes(row)) for row in rows])
            last = rows[-1]["id"]


async def wait(conn, leaves):
    await conn.execute(
        "INSERT INTO log_pending (id, org_id, leaves, at) VALUES ($1, $2, $3, $4)", new_id(), NO_ORG, leaves, clock.now()
    )


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)
    manager.add_raw(fill)
    return manager
