"""Composition root of the worker process: ``python -m server.worker``."""
