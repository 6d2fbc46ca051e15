"""Which technologies a station may have: `technology = "<name>"` in a plant file.

A technology is never a kind of cell. It is a name and the laws that physical states of its machines follow, each set
by a table of the station (`laws`).

    >>> TECHNOLOGIES["casting.high_pressure"].label_en, TECHNOLOGIES["casting.high_pressure"].laws
    ('high-pressure die casting', ('melt', 'die'))
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Technology:
    """One entry of the catalogue."""

    name: str
    label_en: str
    label_ko: str
    laws: tuple[str, ...]  # tables of a station that set them, `laws.BY_TABLE`


_ENTRIES = (
    Technology("machine", "machine with a cycle time", "일반 설비", ()),
    Technology("casting.high_pressure", "high-pressure die casting", "고압 다이캐스팅", ("melt", "die")),
    Technology("casting.gravity", "gravity die casting", "중력 주조", ("melt", "die")),
    Technology("casting.low_pressure", "low-pressure casting", "저압 주조", ("melt", "die")),
    Technology("forging.heater", "heating for forging", "단조 가열", ("heater",)),
    Technology("forging.press", "hot forging press", "열간단조 프레스", ("billet",)),
    Technology("plating.bath", "plating bath", "도금욕", ("bath",)),
    Technology("welding.arc", "arc welding", "아크 용접", ("seam", "torch")),
    Technology("heat_treatment.furnace", "batch furnace of heat treatment", "배치식 열처리로", ("furnace",)),
    Technology("heat_treatment.quench", "quench after a furnace", "소입조", ("quench",)),
    Technology("film.web", "coating and drying of a web", "웹 코팅·건조", ()),
    Technology("coating.oven", "curing oven of paint", "도장 건조로", ()),
    Technology("machining.centre", "machining centre", "머시닝센터", ("edge",)),
    Technology("additive.printer", "powder-bed printer", "분말 적층 프린터", ("build",)),
    Technology("injection.press", "injection moulding machine", "사출성형기", ("dryer", "mould")),
)

TECHNOLOGIES = {technology.name: technology for technology in _ENTRIES}
