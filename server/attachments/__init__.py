"""Files that people hand in beside the evidence (附件): annotated instructions, minutes, tables, reports.

Owned by whoever handed them in; who may read one is decided by the word that it was attached to. Not evidence: no
statement is signed for them, but their digest is kept and they never change.
"""
