"""From the stored story of one lead to the rows that everything is counted from: one of each
round, and one of each move that a gate judged.

Pure, and without the tables' library: the daemon counts too. Names of columns are those of
`measure.facts`; `team` is added where they are read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from syncd.core.views import known_value, person_of
from syncd.domain.deal import Deal
from syncd.domain.handoff import Handoff, HandoffState, Proof
from syncd.domain.lead import Lead
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, FieldName, System
from syncd.domain.policy import Policy
from syncd.domain.stage import Stage, Transition
from syncd.domain.verdict import Verdict
from syncd.measure.attribution import is_influenced, is_sourced
from syncd.measure.beginning import Beginning, beginning
from syncd.measure.counted_moves import CountedMoves, counted_moves, last_verdicts, round_at
from syncd.measure.judged_moves import move_row
from syncd.measure.lead_story import LeadStory
from syncd.measure.round_deals import (
    Start,
    best_told,
    deal_cells,
    deals_by_round,
    first_made,
    first_won,
    in_part,
    on_day_of,
)
from syncd.measure.round_handoff import Cells, handoff_cells, last_owner

CAMPAIGN = FieldName("campaign")
"""The mapped field, where there is one, that names the campaign a lead came by."""
_SAID = frozenset((Proof.SLACK, Proof.COMMAND, Proof.DASHBOARD))
"""How sales accepts a lead without moving it: syncd does that for them."""
_LADDER = (Stage.LEAD, Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedBy:
    """What rows depend on besides the lead."""

    policy: Policy
    crm: CrmMap

    @property
    def fields(self) -> tuple[FieldName, ...]:
        """Values that numbers are split by."""
        return tuple(x for x in (OWNER, self.crm.source, CAMPAIGN) if x)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRows:
    """Each row is of one cycle; `moves` have the id of their transition besides."""

    rounds: tuple[Cells, ...]
    moves: tuple[Cells, ...]


@dataclass(slots=True, kw_only=True)
class _Round:
    """One in the making. `reached` is when it first came to each stage; those up to the stage
    of `unseen` it had reached before anybody looked."""

    cycle: int
    handoff: Handoff | None = None
    reached: dict[Stage, datetime] = field(default_factory=dict)
    by: dict[Stage, Transition] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    unseen: Beginning | None = None

    def starts_at(self) -> datetime | None:
        opened = [self.handoff.opened_at] if self.handoff else []
        return min((*self.reached.values(), *opened), default=None)

    def is_empty(self) -> bool:
        return not (self.reached or self.handoff or self.verdicts or self.deals)

    def may_reach(self, stage: Stage) -> bool:
        """For the first time, for all that is known."""
        seen = self.unseen is None or stage.rank > self.unseen.stage.rank
        return seen and stage not in self.reached


def rows_of(story: LeadStory, by: CountedBy) -> LeadRows:
    """The first round has a row whatever is known of it, a later one once anything happened."""
    moves = counted_moves(story)
    rounds = _rounds(story, moves, ZoneInfo(by.policy.calendar.time_zone))
    told = [x for x in rounds.values() if x.cycle == 1 or not x.is_empty()]
    common = {x.cycle: _dimensions(x, story, by) for x in told}
    return LeadRows(
        rounds=tuple({**common[x.cycle], **_cells(x, story, by.policy)} for x in told),
        moves=tuple(
            {**common[x.cycle], **move_row(verdict, story, moves)}
            for x in told
            for verdict in x.verdicts
        ),
    )


def _rounds(story: LeadStory, moves: CountedMoves, zone: ZoneInfo) -> dict[int, _Round]:
    rounds = {n: _Round(cycle=n) for n in range(1, story.lead.cycle + 1)}
    _begin(rounds[1], beginning(story))
    for move in moves.counted:
        _reach(rounds[round_at(story, move.seen_at)], move)
    seen = {x.id: x.seen_at for x in story.transitions}
    for verdict in last_verdicts(story, moves):
        at = seen.get(verdict.transition, verdict.judged_at)
        rounds[round_at(story, at)].verdicts.append(verdict)
    for handoff in story.handoffs:
        _offer(rounds[max(1, min(handoff.cycle, story.lead.cycle))], handoff)
    _share_out_deals(rounds, _deals(story, zone))
    return rounds


def _begin(first: _Round, began: Beginning | None) -> None:
    if began is None:
        return
    if began.made_at is None:
        first.unseen = began
        return
    first.reached = {x: began.made_at for x in _LADDER if x.rank <= began.stage.rank}


def _reach(a_round: _Round, move: Transition) -> None:
    """A stage that was jumped over is reached with the next."""
    for stage in _LADDER:
        is_passed = move.from_stage.rank < stage.rank <= move.to_stage.rank
        if is_passed and a_round.may_reach(stage):
            a_round.reached[stage], a_round.by[stage] = move.at, move


def _offer(a_round: _Round, handoff: Handoff) -> None:
    """Of several in one round, as of two leads that became one, the one that was not given up,
    and of these the last."""
    known = a_round.handoff
    if known is None or _standing(handoff) >= _standing(known):
        a_round.handoff = handoff
        _accept(a_round, handoff)


def _accept(a_round: _Round, handoff: Handoff) -> None:
    """Accepted by a word: the lead is SAL from then on, though nobody moved it."""
    accepted = handoff.first(HandoffState.ACCEPTED)
    if accepted and accepted.proof in _SAID:
        known = a_round.reached.get(Stage.SAL)
        if a_round.may_reach(Stage.SAL) or (known and accepted.at < known):
            a_round.reached[Stage.SAL] = accepted.at


def _standing(handoff: Handoff) -> tuple[bool, datetime]:
    return handoff.state is not HandoffState.SUPERSEDED, handoff.opened_at


def _share_out_deals(rounds: Mapping[int, _Round], deals: Sequence[Deal]) -> None:
    if not deals:
        return
    begun = [Start(cycle=x.cycle, at=x.starts_at()) for x in rounds.values()]
    starts = [x for x in begun if x.at or x.cycle == 1]
    for cycle, some in deals_by_round(deals, starts).items():
        rounds[cycle].deals = some


def _deals(story: LeadStory, zone: ZoneInfo) -> Sequence[Deal]:
    """Of a deal that several leads share, each has an equal part: what was won is won once.
    Salesforce tells the day alone, which ends where the team is."""
    parts = {
        system: [in_part(x, of=story.shared.get((system, x.id), 1)) for x in told]
        for system, told in story.deals.items()
    }
    days = [on_day_of(x, zone) for x in parts.get(System.SALESFORCE, ())]
    return best_told([days, parts.get(System.HUBSPOT, ())])


def _dimensions(a_round: _Round, story: LeadStory, by: CountedBy) -> Cells:
    lead, handoff = story.lead, a_round.handoff
    last = max(a_round.verdicts, key=lambda x: x.judged_at, default=None)
    is_current = a_round.cycle == lead.cycle
    owner = last_owner(handoff) if handoff else None
    return {
        "lead_id": lead.id,
        "cycle": a_round.cycle,
        "segment": handoff.segment if handoff else None,
        "source": _text(lead, by.crm.source),
        "campaign": _text(lead, CAMPAIGN),
        "owner": owner or (person_of(lead) if is_current else None),
        "standard": last.standard if last else None,
    }


def _text(lead: Lead, name: FieldName | None) -> str | None:
    value = known_value(lead, name)
    return None if value is None or value == "" else str(value)


def _cells(a_round: _Round, story: LeadStory, policy: Policy) -> Cells:
    reached = _with_deals(a_round)
    return {
        **{f"{stage}_at": reached.get(stage) for stage in _LADDER},
        **handoff_cells(a_round.handoff, policy),
        **_ended(a_round.handoff, reached.get(Stage.SQL)),
        **_scored(a_round, Stage.MQL),
        **_scored(a_round, Stage.SQL),
        **deal_cells(a_round.deals, reached.get(Stage.CUSTOMER)),
        "sourced": is_sourced(story.lead),
        "influenced": is_influenced(reached.get(Stage.MQL), a_round.unseen, a_round.deals),
    }


def _ended(handoff: Handoff | None, sql_at: datetime | None) -> Cells:
    """Converted before it was told to be SQL, it is out of reach of the promise, and SQL all the
    same once that move counts."""
    over = handoff.closed_at if handoff else None
    if handoff is None or handoff.state is not HandoffState.SUPERSEDED or not over or not sql_at:
        return {}
    return {"state": HandoffState.QUALIFIED.value} if sql_at <= over else {}


def _with_deals(a_round: _Round) -> Mapping[Stage, datetime]:
    """Where no stage tells of it, its deals do: a deal was made, one was won."""
    reached = dict(a_round.reached)
    made, won = first_made(a_round.deals), first_won(a_round.deals)
    if made is not None and Stage.OPPORTUNITY not in reached:
        _fill(reached, Stage.OPPORTUNITY, made)
    if won is not None and not _tells_of_win(reached):
        reached.pop(Stage.CUSTOMER, None)
        _fill(reached, Stage.CUSTOMER, max(won, reached.get(Stage.OPPORTUNITY, won)))
    return reached


def _tells_of_win(reached: Mapping[Stage, datetime]) -> bool:
    """A converted record that shows its deal as won tells the time of the conversion alone."""
    customer, opportunity = reached.get(Stage.CUSTOMER), reached.get(Stage.OPPORTUNITY)
    return customer is not None and (opportunity is None or opportunity < customer)


def _fill(reached: dict[Stage, datetime], stage: Stage, at: datetime) -> None:
    """What it passed on the way there, as far as the way was seen at all."""
    highest = max((x.rank for x in reached), default=stage.rank - 1)
    for passed in _LADDER:
        if highest < passed.rank <= stage.rank:
            reached[passed] = at


def _scored(a_round: _Round, gate: Stage) -> Cells:
    """By the verdict that let it through."""
    move = a_round.by.get(gate)
    judged = move and (move.cause or move.id)
    found = (x.score for x in a_round.verdicts if x.gate is gate and x.transition == judged)
    score = next(found, None)
    return {
        f"{gate}_score": float(score.points) if score else None,
        f"{gate}_band": score.band.value if score else None,
    }
