"""Witnesses: outside bodies that remember how far they saw the log grow, and sign that it only ever grew (C2SP).

Whoever shows two people two different logs needs a witness that forgets. A notary or a discipline body runs
``zhicha witness`` (``serve``) on a machine of its own; the worker here (``jobs``) sends each published checkpoint to
the witnesses it knows. ``serve`` knows nothing of the office; with ``notes`` and ``proofs``, which are pure, it can be
read, judged and run alone. Only published checkpoints are sent: how often the log grows in between would tell of a
visit.
"""
