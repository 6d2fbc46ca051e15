"""The page of the docs lists the cases that are run."""

from __future__ import annotations

from tests.theory.case_page import PAGE, cases, page


def test_the_page_is_up_to_date() -> None:
    message = "write it anew: python -m tests.theory.case_page > docs/validation.md"
    assert PAGE.read_text(encoding="utf-8") == page(), message


def test_no_case_stands_twice() -> None:
    names = [case["id"] for case in cases()]
    assert len(names) == len(set(names))
