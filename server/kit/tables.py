"""What belongs to the installation itself and to no organisation."""

from __future__ import annotations

from piccolo.columns import Bytea, Text, Timestamptz
from piccolo.table import Table


class InstallationSecretRow(Table, tablename="installation_secrets"):
    """Keys made at the first start and shared by every node: cursor key, VAPID key."""

    name = Text(primary_key=True, default=None)
    value = Bytea(default=None)
    created_at = Timestamptz(default=None)
