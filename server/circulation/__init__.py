"""Documents on a leader's desk (送阅) and the minutes they lie there.

Owned by the office, which carries them on; a breach is a reminder to the secretary, never a penalty.
"""
