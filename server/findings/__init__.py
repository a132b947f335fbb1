"""Findings (发现问题): what a visit established, with its evidence, category and severity.

Recorded by the visiting team, confirmed by the supervision office, put right by the competent unit. The team has no
function to impose a measure (R88).
"""
