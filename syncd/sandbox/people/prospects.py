"""The people who become leads: invented, varied, and the same for the same seed.

What is true of them, told in the words of neither CRM; `records` spells it for both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

_FIRST = (
    "Aisha Alan Anna Bela Boris Carla Chidi Dana Diego Elena Emil Fatima Felix Grace Hugo "
    "Ines Ivan Jana Joel Kaori Karim Lea Leon Maja Marco Nadia Nils Olga Oscar Petra Quinn "
    "Rafael Sara Tariq Uma Viktor Wanda Xavier Yara Zoe"
)
_LAST = (
    "Abbott Barros Conti Dahl Eriksen Fischer Garcia Hansen Ito Jensen Kowalski Laurent "
    "Moreno Novak Okonkwo Petit Quist Rossi Schmidt Tanaka Ueda Vogel Wagner Ximenes Yilmaz "
    "Zeman O'Neill Brown Clarke Evans"
)
_STEMS = (
    "Arbor Beacon Cobalt Delta Ember Fjord Granite Harbor Ivory Juniper Kestrel Lumen "
    "Meridian Nimbus Orchard Pinnacle Quartz Ridge Summit Timber Umbra Vertex Willow Yarrow "
    "Zenith"
)
_KINDS = ("Foods", "Logistics", "Labs", "Health", "Energy", "Media", "Tools", "Textiles")
_TITLES = ("Head of Operations", "IT Manager", "CFO", "Buyer", "VP Sales", "Founder", "Analyst")
_COUNTRIES = ("United States", "United States", "Canada", "Germany", "United Kingdom", "France")
_SOURCES = ("Web", "Event", "Partner Referral", "Purchased List")
_CAMPAIGNS: Mapping[str, Sequence[str]] = {
    "Web": ("autumn-search", "buyers-guide", "autumn-search", ""),
    "Event": ("chicago-fair", "chicago-fair", "user-day"),
    "Partner Referral": ("", "partner-month", ""),
    "Purchased List": ("",),
}
"""What somebody came by, as the link said; many came by none."""


class Short(StrEnum):
    """In which way somebody is no lead to speak of."""

    SMALL = "small company"
    PRIVATE = "private address"
    COLD = "silent for long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    first_name: str
    last_name: str
    company: str
    email: str
    title: str
    phone: str
    country: str
    source: str
    campaign: str
    employees: int
    engaged_at: datetime


def invent(random: Random, number: int, now: datetime, shorts: Sequence[Short] = ()) -> Prospect:
    """Somebody new; `number` keeps addresses apart."""
    first, last = random.choice(_FIRST.split()), random.choice(_LAST.split())
    stem, kind = random.choice(_STEMS.split()), random.choice(_KINDS)
    domain = "gmail.com" if Short.PRIVATE in shorts else f"{stem}{kind}.example".lower()
    silent = random.uniform(40, 70) if Short.COLD in shorts else random.uniform(0.1, 12)
    return Prospect(
        first_name=first,
        last_name=last,
        company=f"{stem} {kind}",
        email=f"{first}.{last}.{number}@{domain}".lower().replace("'", ""),
        title=random.choice(_TITLES),
        phone=f"+1 212 555 {random.randrange(10_000):04d}",
        country=random.choice(_COUNTRIES),
        source=(source := random.choice(_SOURCES)),
        campaign=_CAMPAIGNS[source][number % len(_CAMPAIGNS[source])],
        employees=random.randint(2, 30) if Short.SMALL in shorts else random.randint(60, 4_000),
        engaged_at=(now - timedelta(days=silent)).replace(microsecond=0),
    )
