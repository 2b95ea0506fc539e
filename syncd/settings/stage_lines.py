"""Make a side's stage lines of crm.yaml and have them proved: each must read back as itself."""

from syncd.core.stages import line_faults
from syncd.domain.names import System
from syncd.domain.stage import Stage, StageLine
from syncd.settings.crm_file import CrmFile
from syncd.settings.fitting import Fitted
from syncd.settings.side_file import HubspotSidePart, SalesforceSidePart, StageLinePart

SidePart = SalesforceSidePart | HubspotSidePart


def build_lines(system: System, side: SidePart, file: Fitted[CrmFile]) -> tuple[StageLine, ...]:
    """The lines in their order; what is wrong with them is added to the file."""
    lines = tuple(
        StageLine(stage=part.stage, values=part.values, read_only=part.read_only)
        for part in side.stages
    )
    impossible = [part for part in side.stages if not _is_possible(part, file)]
    if not impossible:
        for fault in line_faults(lines):
            words, _, next_step = fault.partition(": ")
            file.fault((system.value, "stages"), words, next_step, on_key=True)
    return lines


def _is_possible(part: StageLinePart, file: Fitted[CrmFile]) -> bool:
    """Whether a line can be a stage's spelling at all."""
    if part.stage is Stage.NONE:
        what = '"none" means that no line matches'
        file.fault(part.at("stage"), what, "remove this line, or name a stage")
    foreign = [] if part.read_only else [name for name in part.values if "." in name]
    for name in foreign:
        what = f'"{name}" belongs to another record and cannot be written'
        file.fault(part.at("values", name), what, "add read_only: true", on_key=True, bare=True)
    return part.stage is not Stage.NONE and not foreign


def unwritable(sides: dict[System, tuple[StageLine, ...]]) -> dict[Stage, str]:
    """Stages that some side has no line to write with, and which sides those are."""
    lacking = {}
    for stage in Stage:
        without = [
            system.label
            for system, lines in sides.items()
            if not any(line.stage is stage and not line.read_only for line in lines)
        ]
        if without:
            lacking[stage] = " and ".join(without)
    return lacking
