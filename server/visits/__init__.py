"""Visits (暗访, 明查, 四不两直): plan, team, the hours on site, and the secrecy around them until release.

An unreleased visit exists only for its team, its approver and the head of the supervision office. Owned by the team
leader (组长) from departure to signature, by the office before and after.
"""
