"""The demo story: an invented county, its people, items, sites and visits of today."""
