"""Decide the leads whose time has come: moves in their grace, handoffs at a deadline."""

from dataclasses import replace
from datetime import timedelta

from syncd.core.context import Context
from syncd.domain.decision import Decision
from syncd.jobs.deciding import braked, commit_of, decide_all
from syncd.jobs.pair import Pair
from syncd.jobs.work import Work

_MOST = 2_000
_POSTPONED = timedelta(hours=1)
"""How long a lead that could not be decided, for a bug, is left alone."""


def decide_due(pair: Pair, ctx: Context) -> int:
    """One round over what is due now, the oldest first; the number of leads decided."""
    ids = pair.store.due(ctx.now, _MOST)
    if not ids:
        return 0
    leads = pair.store.load(ids)
    decided = decide_all(pair, Work(leads=leads), ctx)
    outcome = braked(pair.store, [d for d in decided.decisions if _says_anything(d)], ctx)
    outcome = replace(outcome, go=tuple(d for d in outcome.go if _says_anything(d)))
    commit = commit_of(outcome, pair.store, ctx)
    later = dict.fromkeys(decided.failed, ctx.now + _POSTPONED)
    pair.commit(
        replace(
            commit,
            leads=(*commit.leads, *(leads[i] for i in decided.failed)),
            due={**(commit.due or {}), **later},
        )
    )
    return len(ids)


def _says_anything(decision: Decision) -> bool:
    """Nothing is left of many a decision once its held writes are taken out."""
    return bool(decision.lead != decision.observed or decision.actions or decision.audit)
