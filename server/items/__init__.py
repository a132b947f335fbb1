"""Supervised items (督查事项): the unit of work in the office's one ledger, from 收件登记 to 归档.

Owned by the supervision office; the sites (项目、工地) that visits go to are kept beside the items they belong to.
"""
