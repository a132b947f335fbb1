"""The four slips (四单) by which items are handed over, followed, coordinated and cancelled, and who signed for them.

Owned by the supervision office (一口出): a supervisor drafts, the head of the office signs off, the unit's liaison
signs for receipt. A slip without work standard and limit cannot be issued.
"""
