"""Whatever happens to a valid file, reading it raises nothing but InputError, with lines that are in the file."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factory_sim.model import InputError, read, read_study
from factory_sim.simulation.prepare import prepare
from factory_sim.simulation.run import simulate

DATA = Path(__file__).parent / "data"
PLANT = (DATA / "plant.toml").read_bytes()
LAYOUTS = Path(__file__).parents[2] / "layouts"
FILES = [file.read_bytes() for file in sorted([*DATA.glob("*.toml"), *LAYOUTS.glob("*.toml")])]
PLANTS = [data for data in FILES if b"[study]" not in data]
STUDY = (DATA / "study.toml").read_bytes()
TOKEN = re.compile(rb'"[^"\n]*"|[\w.+-]+|[\[\]{}=,#]')
STRANGE = (
    *(b'""', b'"x"', b"0", b"-1", b"1e400", b"nan", b"-inf", b"true", b"[]", b"{}", b"[[]]", b"[1, 2]", b"07:32:00"),
    *(b"2026-11-01", b"999999999999999999999999", b'"nan s"', b'"-5 s"', b'"1e308 h"', b'"9 s**9**9"', b'"3 **"'),
    *(b'"station"', b'"station.hpdc"', b'".."', b"'''", b"{a.b = 1}", b"{triangular = [1, 2, 3]}", b"[{}]"),
    *(b'"\xea\xb3\xb5"', b'{choice = [{value = "1 s", share = 1}]}', b'{gamma = {}}', b'"50 %"', b'"24:00"', b'"Mon-"'),
    *(b'"unlimited"', b'"finished"', b'["finished"]', b'"\\u0000"', b'"/"', b'"1 J/K/s*m"', b'"1 and"', b'"1 lambda"'),
    b'{"" = 1}',
)  # fmt: skip


def mutated(data: bytes, seed: int) -> bytes:
    """Return `data` after one to four random mutations."""
    luck = random.Random(seed)
    for _ in range(luck.choice((1, 1, 1, 2, 4))):
        data = luck.choice((flip, delete_line, double_line, swap_tokens, replace_token, swap_lines, cut, insert))(
            data, luck
        )
    return data


def flip(data: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(data) or 1)
    return data[:at] + bytes([luck.choice((luck.randrange(256), luck.randrange(32, 127)))]) + data[at + 1 :]


def insert(data: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(data) + 1)
    return (
        data[:at]
        + luck.choice((b"\n", b'"', b"[", b"]", b"{", b"}", b"=", b".", b"#", b"\r", b"\x00", b","))
        + data[at:]
    )


def cut(data: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(len(data) + 1)
    return data[:at] if luck.random() < 0.5 else data[at:]


def delete_line(data: bytes, luck: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        del lines[luck.randrange(len(lines))]
    return b"".join(lines)


def double_line(data: bytes, luck: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        lines.insert(luck.randrange(len(lines)), luck.choice(lines))
    return b"".join(lines)


def swap_lines(data: bytes, luck: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        one, other = luck.randrange(len(lines)), luck.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def swap_tokens(data: bytes, luck: random.Random) -> bytes:
    found = list(TOKEN.finditer(data))
    if len(found) < 2:
        return data
    one, other = sorted(luck.sample(found, 2), key=lambda token: token.start())
    between = data[one.end() : other.start()]
    return data[: one.start()] + other[0] + between + one[0] + data[other.end() :]


def replace_token(data: bytes, luck: random.Random) -> bytes:
    found = list(TOKEN.finditer(data))
    if not found:
        return data
    token = luck.choice(found)
    value = luck.choice((luck.choice(STRANGE), luck.choice(found)[0]))
    return data[: token.start()] + value + data[token.end() :]


def assert_only_input_errors(function: object, path: Path) -> None:
    """Read the file; every problem must be in a line of its file and say something."""
    try:
        function(path)  # type: ignore[operator]
    except InputError as error:
        assert error.problems
        for problem in error.problems:
            data = Path(problem.file).read_bytes()
            lines = data.count(b"\n") + (not data.endswith(b"\n"))
            assert 1 <= problem.line <= max(lines, 1), problem
            assert problem.message
            assert str(problem).startswith(f"{problem.file}:{problem.line}: ")


QUICK = settings(
    max_examples=500, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def start(path: Path) -> None:
    """Read a plant, prepare it and run its first minute."""
    simulate(prepare(read(path)), horizon=60.0)


@pytest.mark.parametrize("count", [500, pytest.param(2000, marks=pytest.mark.slow)])
def test_mutated_plants(count: int, tmp_path: Path) -> None:
    """Plants of every kind that the project ships or tests with; what is still valid must run."""
    path = tmp_path / "plant.toml"
    for seed in range(count):
        path.write_bytes(mutated(PLANTS[seed % len(PLANTS)], seed * 7919 + count))
        try:
            assert_only_input_errors(start, path)
        except Exception as error:
            raise AssertionError(f"seed {seed}:\n{path.read_text(encoding='utf-8', errors='replace')}") from error


@QUICK
@given(seed=st.integers(0, 2**62))
def test_mutated_studies(seed: int, tmp_path: Path) -> None:
    (tmp_path / "plant.toml").write_bytes(mutated(PLANT, seed + 1) if seed % 8 == 0 else PLANT)
    path = tmp_path / "study.toml"
    path.write_bytes(mutated(STUDY, seed))
    assert_only_input_errors(read_study, path)


@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_strange_value_at_every_key(value: bytes, tmp_path: Path) -> None:
    """One file per strange value, in which every line `key = value` has it."""
    for name, data, function in (("plant.toml", PLANT, read), ("study.toml", STUDY, read_study)):
        (tmp_path / "plant.toml").write_bytes(PLANT)
        path = tmp_path / name
        path.write_bytes(re.sub(rb"(?m)^(\w+) = .*$", lambda match: match[1] + b" = " + value, data))
        assert_only_input_errors(function, path)
