"""Variants as they are written: what one does not name it has from everybody."""

from decimal import Decimal
from pathlib import Path

from config_files import example_copy, replace

from syncd.domain.names import FieldName
from syncd.domain.stage import Stage
from syncd.domain.standard import AtLeast, FieldTest, Standard
from syncd.settings.load import examine, load

VARIANTS = """
variants:
  - name: enterprise
    when: {field: employees, at_least: 1000}
    gates:
      sql: {all: [decision-maker], score: warm}
  - name: swiss
    when: {field: country, is: Switzerland}
    score:
      bands: {nurture: {from: 0}, warm: {from: 20}, sales-ready: {from: 40}}
  - name: austrian
    when: {field: country, is: Austria}
    score:
      points: [{behaviour: demo, field: demo_attended_on, points: 60, half_life: 60 days}]
"""


def added(tmp_path: Path, variants: str = VARIANTS) -> Path:
    config = example_copy(tmp_path)
    text = (config / "standard.yaml").read_text(encoding="utf-8")
    (config / "standard.yaml").write_text(text + variants, encoding="utf-8")
    return config


def segmented(tmp_path: Path) -> Standard:
    return load(added(tmp_path), {}, None).standard


def test_variants_keep_their_order_and_come_before_everybody(tmp_path: Path) -> None:
    every = segmented(tmp_path).every_variant()

    assert [x.name for x in every] == ["enterprise", "swiss", "austrian", "everybody"]
    assert every[0].applies == FieldTest(FieldName("employees"), AtLeast(Decimal(1000)))


def test_a_gate_that_a_variant_names_is_whole_and_others_are_everybodys(tmp_path: Path) -> None:
    standard = segmented(tmp_path)

    gates = standard.variants[0].gates
    assert gates.keys() == standard.gates.keys()
    assert gates[Stage.MQL] == standard.gates[Stage.MQL]
    assert (gates[Stage.SQL].all, gates[Stage.SQL].any) == (("decision-maker",), None)


def test_of_a_score_a_variant_changes_what_it_names(tmp_path: Path) -> None:
    standard = segmented(tmp_path)
    assert standard.scoring is not None

    enterprise, swiss, austrian = (x.scoring for x in standard.variants)

    assert swiss is not None
    assert austrian is not None
    assert enterprise == standard.scoring
    assert swiss.points == standard.scoring.points
    assert [x.minimum for x in swiss.bands] == [0, 20, 40]
    assert [x.points for x in austrian.points] == [60]
    assert austrian.bands == standard.scoring.bands


def test_what_behaviour_is_asked_for_again_must_be_in_reach_of_every_variant(
    tmp_path: Path,
) -> None:
    config = added(tmp_path, VARIANTS.replace("points: 60", "points: 5"))
    replace(config, "policy.yaml", "# requalify_points: 20", "requalify_points: 6")

    (problem,) = examine(config, {}, None).problems

    assert "behaviour gives 5 points at most in standard.yaml, never 6" in problem.message
