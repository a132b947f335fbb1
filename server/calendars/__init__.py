"""Working days (工作日): the published year with its exchanged days (调休), and the holidays of the region.

Owned by the supervision office, which imports each year's notice; approved by a leader. A year that is not yet
published fails loudly or is counted provisionally, never as Monday to Friday.
"""
