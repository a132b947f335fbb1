"""Programmes (年度督查计划, 阶段任务清单): what the office means to supervise in a year or a stage, and how often.

Written by the office, approved by a leader who did not write at it, amended by versions; compared with what was done,
as of a day. Owned by the head of the supervision office (R106, B15 rule 6).
"""
