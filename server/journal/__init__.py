"""The journal: the append-only record of every act, and the only source of effects.

A command changes rows and records events in one transaction; the audit trail, background jobs, timelines and the
change feed of the phones all come from those entries. Owned by nobody's workflow: every package writes, none edits.
"""
