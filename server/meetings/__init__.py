"""Meetings whose decisions (议定事项) become supervised items, recorded before they are carried out.

Owned by the supervision office, whose director attends them.
"""
