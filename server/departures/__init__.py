"""What stays with somebody who has left, so that the head of the office gives it to others.

An account is closed at once, because that must not wait; what lay with its owner does not move by itself. Here it is
found: items that he followed up or answered for, visits that he was to approve or go on, papers on his desk.
"""
