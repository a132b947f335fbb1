"""The transparency log: one Merkle tree (RFC 6962) over every statement and every act of the installation.

What is in it cannot be changed or taken out without each holder of an older checkpoint noticing. The journal writes
what is to be logged beside the act (``log_pending``), the sequencer in the worker turns that into leaves, and whoever
doubts the office checks proofs against a signed checkpoint. Owned by nobody's workflow, like the journal.
"""
