"""How photographs arrive over bad lines: the tus 1.0.0 protocol without a web framework.

`headers` reads what the client said, `engine` does it, `ledger` is what the application must
remember, `errors` are the refusals with their codes and HTTP statuses. Routes, permissions and
receipts belong to the application.
"""

from media.uploads.engine import (
    ONE_SHOT,
    Completed,
    Progress,
    append,
    create,
    head,
    receive_whole,
    sweep_expired,
    terminate,
)
from media.uploads.ledger import Ledger, Upload

__all__ = [
    "ONE_SHOT",
    "Completed",
    "Ledger",
    "Progress",
    "Upload",
    "append",
    "create",
    "head",
    "receive_whole",
    "sweep_expired",
    "terminate",
]
