"""Notices to people: the in-app inbox, and Web Push (RFC 8030, 8291, 8292) that carries nothing but "look"."""
