"""The line of every key: headers, dotted and quoted keys, inline tables, lists, lists of tables, broken files."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from factory_sim.model.locate import locate
from factory_sim.model.syntax import load, parse

TEXT = """\
# comment
top = 1

[plant]
name = "x"
"quoted key" = 2
[a.b.c]          # a and a.b have no header yet
d.e = 3
list = [
  1,
  # comment
  {x = 1, y = {z = [7,
     8]}},
  [ 2, 3,
    4 ],
]
[a.b]
own = 1
[[many]]
k = 1
[many.inner]
z = 2
[[many]]
k = 2
[many.inner]
z = 3
[[many.deep]]
q = 4
[station."hp.dc"]
set = {"a.b" = 1, 'c' . d = 2}
"""


def test_lines_of_all_forms_of_keys() -> None:
    place = locate(TEXT)
    expected = {
        ("top",): 2,
        ("plant",): 4,
        ("plant", "name"): 5,
        ("plant", "quoted key"): 6,
        ("a", "b", "c"): 7,
        ("a", "b", "c", "d"): 8,
        ("a", "b", "c", "d", "e"): 8,
        ("a", "b", "c", "list"): 9,
        ("a", "b", "c", "list", 0): 10,
        ("a", "b", "c", "list", 1): 12,
        ("a", "b", "c", "list", 1, "y", "z", 0): 12,
        ("a", "b", "c", "list", 1, "y", "z", 1): 13,
        ("a", "b", "c", "list", 2): 14,
        ("a", "b", "c", "list", 2, 2): 15,
        ("a", "b"): 17,
        ("many", 0): 19,
        ("many", 0, "inner", "z"): 22,
        ("many", 1): 23,
        ("many", 1, "k"): 24,
        ("many", 1, "inner"): 25,
        ("many", 1, "inner", "z"): 26,
        ("many", 1, "deep", 0, "q"): 28,
        ("station", "hp.dc"): 29,
        ("station", "hp.dc", "set", "a.b"): 30,
        ("station", "hp.dc", "set", "c", "d"): 30,
    }
    assert {path: place.line(path) for path in expected} == expected


def test_unknown_keys_stand_where_their_table_does() -> None:
    place = locate(TEXT)
    assert place.line(("plant", "missing")) == 4
    assert place.line(("a", "b", "c", "list", 1, "y", "missing")) == 12
    assert place.line(("nowhere", "at", "all")) == 1


def test_lines_past_a_syntax_error() -> None:
    text = "[a]\nx = = 3\ny = 4\n[b\nz = 5\n[c]\nw = {q = 6}\n"
    place = locate(text)
    assert place.line(("a", "y")) == 3
    assert place.line(("c", "w", "q")) == 7


def test_keys_given_twice() -> None:
    place = locate("[a]\nx = 1\nx = 2\n[b]\n[a]\n")
    assert [(again.path, again.line, again.first) for again in place.repeated] == [(("a", "x"), 3, 2), (("a",), 5, 1)]


def lines_of(text: str) -> list[tuple[int, str]]:
    return [(line, key) for line, key, _ in parse(text, locate(text))[1]]


def test_syntax_errors_where_they_were_made() -> None:
    assert lines_of("[a]\nx = 1\ny = \nz = 3\n") == [(3, "")]
    assert lines_of('[a]\nx = ["a",\n  "b"\ny = 1\n') == [(2, "")]
    assert lines_of('[a]\nx = ["a",\n  "b" "c",\n "d"]\ny = 1\n') == [(3, "")]
    assert lines_of("[a]\nx = [1,\n 2,\n") == [(2, "")]
    assert lines_of('[a]\nx = """never closed\ny = 1\n') == [(2, "")]
    assert lines_of("[a]\nx = {y = 1\nz = 2\n") == [(2, "")]
    assert lines_of("[a]\nx = 1 2\n[b\ny = 1\n[c]\nz = 05\n") == [(2, ""), (3, ""), (6, "")]
    assert lines_of("[a]\nx = 1\n[b]\n[a]\nx = 3\n[c]\ny = 1\ny = 2\n") == [(4, "a"), (8, "c.y")]


def test_what_is_left_out_for_a_syntax_error() -> None:
    raw, errors = parse("[a]\nx = 1\n[b\ny = 2\n[c]\nz = [1\nw = 4\n", locate(""))
    assert raw == {"a": {"x": 1}, "c": {"w": 4}}
    assert len(errors) == 2


@given(st.text(alphabet="ab[]{}=.,#\"'\n 1", max_size=60))
def test_any_text_is_parsed_to_the_end(text: str) -> None:
    place = locate(text)
    raw, errors = parse(text, place)
    assert isinstance(raw, dict)
    assert all(1 <= line <= text.count("\n") + 1 for line, _, _ in errors)
    assert place.line(("a", "b")) >= 1


def test_document_names_its_problems() -> None:
    file = Path(__file__).parent / "data" / "plant.toml"
    document = load(str(file))
    problem = document.problem(("station", "hpdc", "cycle", "triangular", 1), "x")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert problem.key == "station.hpdc.cycle.triangular[1]"
    assert lines[problem.line - 1].startswith("cycle = {triangular")
