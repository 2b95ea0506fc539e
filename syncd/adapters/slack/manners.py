"""What both ways into Slack keep to: a message a second in a channel, and silence in the logs."""

import logging
from datetime import timedelta

from syncd.adapters.transport.governor import Allowance

A_MESSAGE_A_SECOND = Allowance(calls=1, span=timedelta(seconds=1))
FIFTY_A_MINUTE = Allowance(calls=50, span=timedelta(minutes=1))
"""Slack's third tier: changing messages, for one."""


def silent() -> logging.Logger:
    """A logger that says nothing, for the SDK: it would log whole messages, people's data
    included, and every failure a second time."""
    logger = logging.Logger("slack_sdk")
    logger.setLevel(logging.CRITICAL + 1)
    return logger
