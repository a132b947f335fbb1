"""Sync: how a phone that was offline gives what it recorded and takes what changed in its person's scope."""
