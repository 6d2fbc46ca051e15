"""The numbers of the verbs of programs: each verb has its own."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from factory_sim.simulation import cells


def test_no_two_verbs_have_the_same_number() -> None:
    """`PERFORM` is put together from several tables, in which a number given twice would silently lose a verb."""
    tree = ast.parse(Path(cells.__file__).read_text(encoding="utf-8"))
    tables = [
        node for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "PERFORM"
    ]
    assert tables and isinstance(tables[0].value, ast.Dict)
    codes: list[int] = []
    for key, value in zip(tables[0].value.keys, tables[0].value.values, strict=True):
        given = eval(ast.unparse(value if key is None else key), vars(cells))
        codes += list(given) if key is None else [given]
    assert len(codes) > 10
    assert [code for code, times in Counter(codes).items() if times > 1] == []
