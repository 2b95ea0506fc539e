"""A pair of CRMs as their vendors deliver them: without a single custom field.

Values that records had in those fields are no longer shown.
"""

from syncd.sandbox.world import World


def strip(world: World) -> None:
    """Take every custom field of the lead, and of the contact on both sides, away."""
    for object_name in ("Lead", "Contact"):
        fields = world.salesforce.store.table(object_name).kind.fields
        for name in [name for name, field in fields.items() if field.custom]:
            world.salesforce.remove_field(object_name, name)
    for table in world.hubspot.tables.values():
        for definition in [*table.properties.values()]:
            if not definition.hubspot_defined:
                del table.properties[definition.name]
