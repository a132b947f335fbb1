"""The audit: recomputes the whole log from what it was made of, and says in two languages what does not agree.

It trusts nothing that the database says of itself: leaves are hashed again, the tree is built anew, every checkpoint's
root and signatures are checked, every act and statement is looked for, and every leaf must belong to one. What it
cannot see is a log that was rewritten as a whole together with the key: for that there are witnesses, time stamps,
and the checkpoints that phones and printed records hold.
"""

from __future__ import annotations

from server.tlog.audit.findings import Finding, Report
from server.tlog.audit.run import audit

__all__ = ["Finding", "Report", "audit"]
