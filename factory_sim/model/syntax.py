"""From the bytes of a file to TOML tables, with every syntax error on the line where it was made."""

from __future__ import annotations

import pathlib
import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from factory_sim.model.locate import Locator, locate
from factory_sim.model.problems import InputError, Path, Problem, dotted, shown

MOST = 20  # syntax errors of one file that are reported

_HEADER = re.compile(r"""\s*\[\[?[\w\s."'-]+\]?\]?\s*(#.*)?""")
_BEGINS = re.compile(r"""\s*(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*\s*=""")
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)
_LONG = re.compile(r"[0-9_]{4000,}")
_REMEDIES = {
    "Invalid value": "a value is missing or not readable: texts and quantities need quotes",
    "Expected '='": "write key = value",
    "Invalid statement": "write key = value or [table]",
    "Expected newline": "one statement per line; a text with blanks or units needs quotes",
    "Illegal character": "a text must end with its quote on the same line",
    "Unterminated string": "close the text with its quote",
    "Expected ']'": "close the header with ]",
    "Unclosed list,": "close it with ], } or its quotes before the next key begins",
    "Unclosed array": "close the list with ] and separate its entries by commas",
    "Unclosed inline table": "close the table with } on the same line and separate its keys by commas",
    "Invalid initial character": "a key is missing before = or after the last comma; "
    "keys with other characters need quotes",
    "Unescaped": "write two backslashes or use single quotes",
}


@dataclass
class Document:
    """A file as read: its tables as far as they can be read, where keys are, and what is wrong so far."""

    file: str
    raw: dict[str, Any] = field(default_factory=dict)
    place: Locator = field(default_factory=lambda: Locator(1))
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: Path, message: str) -> Problem:
        """Return a problem at `path`."""
        return Problem(self.file, self.place.line(path), dotted(path), message)


def load(file: str) -> Document:
    """Read a file.

    Raises
    ------
    InputError  If it cannot be read, is not UTF-8 or is empty.
    """
    text = _text(file)
    document = Document(file, place=locate(text))
    if not text.strip("\ufeff \t\r\n"):
        raise InputError([Problem(file, 1, "", "the file is empty; start from one of the shipped layouts")])
    document.raw, errors = parse(text, document.place)
    document.problems += [Problem(file, min(line, document.place.count), key, said) for line, key, said in errors]
    if not document.raw and not errors:
        raise InputError([Problem(file, 1, "", "the file has only comments; start from one of the shipped layouts")])
    return document


def parse(text: str, place: Locator) -> tuple[dict[str, Any], list[tuple[int, str, str]]]:
    """Return the tables of a TOML text and its syntax errors as (line, key, message).

    Past an error the statement that it is in is left out and the rest is read; with a header goes its whole table.
    """
    lines = text.split("\n")
    found: list[tuple[int, str, str]] = []
    while len(found) < MOST:
        try:
            return tomllib.loads("\n".join(lines)), found
        except RecursionError:
            return {}, [*found, (1, "", "lists or tables are nested too deeply to be read")]
        except ValueError as error:
            begin, end, problem = _explain(str(error), lines, place)
            found.append(problem)
            if not any(line.strip() for line in lines[begin:end]):
                return {}, found
            lines[begin:end] = [""] * (end - begin)
    return {}, found


def _text(file: str) -> str:
    try:
        data = pathlib.Path(file).read_bytes()
    except FileNotFoundError:
        raise InputError([Problem(file, 1, "", "there is no such file; check the name and the folder")]) from None
    except IsADirectoryError:
        raise InputError([Problem(file, 1, "", "this is a folder; name a file in it")]) from None
    except (OSError, ValueError) as error:
        raise InputError([Problem(file, 1, "", f"the file cannot be read: {error}")]) from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8 (Korean editors: not as CP949)"
        raise InputError([Problem(file, min(line, max(lines, 1)), "", message)]) from None


def _explain(error: str, lines: list[str], place: Locator) -> tuple[int, int, tuple[int, str, str]]:
    """Return the statement to leave out, as a range of `lines`, and the problem."""
    match = _PLACE.fullmatch(error)
    said = match[1] if match else error
    at = int(match[2]) - 1 if match and match[2] else max(len(lines) - 1, 0)
    at = min(at, len(lines) - 1)
    if not match and "digits" in said:  # Python reads no longer numbers, and does not say where
        at = next((index for index, line in enumerate(lines) if _LONG.search(line)), at)
        return at, at + 1, (at + 1, "", "not TOML: a number of so many digits cannot be read; shorten it")
    twice = [again for again in place.repeated if again.line <= at + 1]
    if said.startswith("Cannot") and twice:
        again = max(twice, key=lambda repeated: repeated.line)
        message = f"given twice, first in line {again.first}; keep one of them"
        begin = again.line - 1
        return begin, _statement(lines, begin), (again.line, dotted(again.path), message)
    begin = _begin(lines, at)
    end = _statement(lines, begin)
    line = at
    if begin < at and (_starts(lines[at]) or not (match and match[2])):
        # What was never closed is noticed in a later statement: the mistake is where it was opened.
        line, said = begin, "Unclosed list, table or text"
    remedy = next((text for start, text in _REMEDIES.items() if said.startswith(start)), "check the line")
    message = f"not TOML: {said[:1].lower()}{said[1:]} in {shown(lines[line].strip())}; {remedy}"
    return begin, end, (line + 1, "", message)


def _begin(lines: list[str], at: int) -> int:
    """Return the line in which the statement begins that goes wrong in line `at`: all before it can be read."""
    starts = [0, *(line for line in range(1, at + 1) if _starts(lines[line])), at]
    # Prefixes can be read up to the statement that goes wrong, and none after it.
    return starts[bisect_right(starts, False, 1, key=lambda line: not _reads(lines[:line])) - 1]


def _reads(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return False
    return True


def _starts(line: str) -> bool:
    """Whether a line looks like the beginning of a statement."""
    return _BEGINS.match(line) is not None or _HEADER.fullmatch(line) is not None


def _statement(lines: list[str], begin: int) -> int:
    """Return the line after the statement that begins there; after a header, of its table."""
    first = lines[begin]
    header = not _BEGINS.match(first) and ("[" in first or "]" in first)
    end = begin + 1
    while end < len(lines) and not (_HEADER.fullmatch(lines[end]) or (not header and _BEGINS.match(lines[end]))):
        end += 1
    return end
