"""Evidence: what an inspector captured on site, as signed statements, immutable originals, derived copies and reviews.

In the field: 现场取证 and 证据审核. Appended by the capturing inspector, judged by the supervisors, altered by nobody.
"""
