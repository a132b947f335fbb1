"""Who may do what: organisations, their units as a tree, people, roles, sign-in sessions and enrolled devices.

In the field: 督查室 and the units it supervises, with the roles of a supervision office (登记员, 督查员, 分管领导 …).
Owned by the system administrator (系统管理员), who never reads business content.
"""
