"""Bundles: what leaves the office as provable evidence (取证包), and how it is explained to those who must judge it.

A bundle is a BagIt folder in a zip: the whole signed chain of every session concerned, the originals in scope, proofs
that each statement stands in the log, time stamps, who handled it since, a report for the court and the tools to check
all that without us. Nobody makes one without saying what for, and each one made is itself an entry of the log.
"""
