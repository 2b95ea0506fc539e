"""Everybody who works with the two CRMs: reps, marketers, their manager, and the automations.

One colleague is a user in Salesforce, an owner in HubSpot and a member in Slack, under
one address. Nobody here does anything yet: see `stories`.
"""

from dataclasses import dataclass

from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.journal import Actor, ActorKind
from syncd.sandbox.world import World

CHANNELS = ("revops", "sales", "marketing")

_REPS = ("Rosa Delgado", "Tom Becker", "Priya Nair", "Luke Adeyemi", "Hanna Lind", "Omar Haddad")
_MARKETERS = ("Mia Chen", "Jonas Weber", "Claire Dubois")
_MANAGER = ("Sam Manager", "sales.manager@example.com")
_APPROVER = ("Rhea Vance", "revops@example.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """One person at work: the actor they are in Salesforce, their hands in HubSpot."""

    name: str
    email: str
    salesforce: Actor
    hubspot: Hands
    hubspot_owner_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """`approver` may grant exceptions, `flow` is a Salesforce automation, `loader` brings in
    purchased lists."""

    reps: tuple[Colleague, ...]
    marketers: tuple[Colleague, ...]
    approver: Colleague
    flow: Actor
    loader: Actor


def hire(world: World) -> Cast:
    """Give everybody their accounts, and Slack its channels."""
    for channel in CHANNELS:
        world.slack.add_channel(channel)
    _employ(world, *_MANAGER)
    return Cast(
        reps=tuple(_employ(world, name, _address(name)) for name in _REPS),
        marketers=tuple(_employ(world, name, _address(name)) for name in _MARKETERS),
        approver=_employ(world, *_APPROVER),
        flow=Actor(kind=ActorKind.AUTOMATION, id="301000000000001", name="Fast Track Flow"),
        loader=world.salesforce.add_user("Dana Loader", "dana.loader@example.com"),
    )


def _employ(world: World, name: str, email: str) -> Colleague:
    first, last = name.split()
    owner = world.hubspot.hire(email, first, last)
    world.slack.add_user(f"{first}.{last}".lower(), email, name)
    return Colleague(
        name=name,
        email=email,
        salesforce=world.salesforce.add_user(name, email),
        hubspot=Hands(world.hubspot, owner.actor),
        hubspot_owner_id=str(owner.id),
    )


def _address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.com"
