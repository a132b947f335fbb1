"""Bytes and their keys: where photographs and recordings are kept, how they arrive, what is drawn from them.

This package knows digests, keys and pixels; it knows nothing of items, visits or people and
imports nothing from `server`. Clocks, identifiers and settings come in as arguments.
"""
