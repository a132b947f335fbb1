"""Rule packs (规则包): what a jurisdiction has laid down for its supervision office, as versioned data.

Limits, desk timers, the ladder of consequences, slips and scores. Owned by the office, taken into force by a leader; an
item keeps the version under which it was made.
"""
