"""Where a capture was taken, set beside the sites of its item. Pure; distances in metres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from server.evidence.facts import metres
from server.evidence.statements import Gps

OtherSite = Literal["named", "within"]


@dataclass(frozen=True, slots=True)
class Place:
    """A site; the point may be unknown. A hidden one belongs to a visit that is not released."""

    lat_e7: int | None
    lon_e7: int | None
    radius_m: int
    hidden: bool

    def distance(self, gps: Gps | None) -> int | None:
        """From its centre to a fix; ``None`` when one of the two is unknown."""
        if gps is None or self.lat_e7 is None or self.lon_e7 is None:
            return None
        return metres(gps.lat_e7, gps.lon_e7, self.lat_e7, self.lon_e7)


@dataclass(frozen=True, slots=True)
class Places:
    """The visit's own site, and all sites of its item."""

    item_id: UUID
    own: UUID
    sites: Mapping[UUID, Place]

    def distance(self, named: UUID | None, gps: Gps | None) -> int | None:
        """From the site that the capture names to its fix."""
        return self.sites[named].distance(gps) if named is not None else None

    def other(self, named: UUID | None, gps: Gps | None) -> OtherSite | None:
        """Whether the capture names another site than the visit's, or lies within one and not within the visit's.

        The receiver's own error counts in favour of the visit's site, never against it. What lies within a hidden site
        is not said: the reason outlives this visit's secrecy, but not that site's.
        """
        if named is not None and named != self.own:
            return "named"
        if gps is None:
            return None
        own = self.sites[self.own]
        away = own.distance(gps)
        if away is not None and away <= own.radius_m + gps.acc_cm // 100:
            return None
        within = any(
            (distance := site.distance(gps)) is not None and distance <= site.radius_m
            for site_id, site in self.sites.items()
            if site_id != self.own and not site.hidden
        )
        return "within" if within else None
