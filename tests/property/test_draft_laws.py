"""Whatever the world: what made leads win stands above noise, and noise alone is no standard."""

import sys
from pathlib import Path

import pytest

from syncd.measure.draft import draft

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
