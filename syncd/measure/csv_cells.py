"""Texts made safe for a CSV that somebody opens in a spreadsheet. Whatever is exported for people
goes through here; it must not be used for what a program reads.

A name or a source comes from forms that anybody can fill in, and a spreadsheet takes a cell that
begins like a formula for one: OWASP's rule against CSV injection is a single quote before it.
"""

import polars as pl

_LIKE_A_FORMULA = r"^([=+\-@\t\r\n])"


def safe_to_open(frame: pl.DataFrame) -> pl.DataFrame:
    """The same with no text that a spreadsheet would carry out. Numbers and dates stay as they
    are."""
    return frame.with_columns(pl.col(pl.String).str.replace(_LIKE_A_FORMULA, "'${1}"))
