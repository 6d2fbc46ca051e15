"""Reports in a browser: no request, no overflow on screen, phone and A4, no cut text, no missing glyph."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from factory_sim.model import read
from factory_sim.report.chart_ranking import MOST, shown
from factory_sim.report.findings import ranking
from factory_sim.report.html import report_html
from factory_sim.report.plant_report import plant_html
from factory_sim.study.compare import Comparison
from factory_sim.study.runner import Summary, replicate
from tests.unit.test_report import DATA, PLANT, STUDY, Page, press_in, study_of

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
DAY = date(2026, 11, 22)
WIDTHS = {"screen": 1280, "phone": 400, "print": 696}  # A4 without its margins, in CSS pixels
KOREAN = re.compile("[가-힣]")

pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"no browser: none of {', '.join(BROWSERS)} is installed")


POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
LISTEN = "window.refused = []; addEventListener('securitypolicyviolation', (e) => refused.push(e.blockedURI));"


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return press_in(tmp_path_factory.mktemp("press"))


@pytest.fixture(scope="module")
def cell() -> Summary:
    return replicate(read(DATA / "plant.toml"), 2, 3, 7 * 86400.0, workers=1)


def written(page: str, medium: str) -> str:
    """Return a page as a medium shows it, with the script that looks at it, which alone its policy now allows."""
    assert page.count(POLICY) == 1
    page = page.replace(POLICY, f"{POLICY}; script-src 'unsafe-inline'").replace(
        "<title>", f"<script>{LISTEN}</script><title>"
    )
    if medium == "print":
        page = page.replace("@media screen", "@media not all and").replace("@media (", "@media not all and (")
        page = page.replace("@media print", "@media all")
    script = (DATA / "look.js").read_text(encoding="utf-8")
    flag = f"window.inPrint = {str(medium == 'print').lower()};"
    return page.replace("</body>", f"<script>{flag}addEventListener('load', () => {{{script}}});</script></body>")


def seen(page: str, folder: Path) -> dict[str, list[str]]:
    """Return what is wrong with a page, by medium."""
    frames = []
    for medium, width in WIDTHS.items():  # frames, since a window has a least width
        (folder / f"{medium}.html").write_text(written(page, medium), encoding="utf-8")
        frames.append(
            f'<iframe id="{medium}" src="{medium}.html" style="width:{width}px;height:900px;border:0"></iframe>'
        )
    collect = "document.getElementById(name).contentDocument.getElementById('found').textContent"
    script = f"""addEventListener('load', () => setTimeout(() => {{
        const all = {json.dumps(list(WIDTHS))}.map((name) => [name, JSON.parse({collect})]);
        document.body.append('@@' + JSON.stringify(Object.fromEntries(all)) + '@@'); }}, 50));"""
    (folder / "all.html").write_text(f"<body>{''.join(frames)}<script>{script}</script>", encoding="utf-8")
    assert BROWSER is not None
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--dump-dom"]
    command += ["--allow-file-access-from-files", "--disable-background-networking", "--virtual-time-budget=10000"]
    command += [f"--user-data-dir={folder / 'user'}", "--window-size=1400,1000", (folder / "all.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    result = re.search(r"</script>@@(\{.*?\})@@", done.stdout, re.DOTALL)
    assert result is not None, done.stderr[-2000:]
    return dict(json.loads(html.unescape(result[1])))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_reports_look_right_everywhere(press: Comparison, cell: Summary, lang: str, tmp_path: Path) -> None:
    for name, page in (("study", report_html(press, lang, DAY)), ("plant", plant_html(cell, lang, DAY))):
        (tmp_path / name).mkdir()
        assert seen(page, tmp_path / name) == {medium: [] for medium in WIDTHS}, name


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A study of more investments than its first page has room for, all with long names."""
    offer = """
[investment.offer_{n}]
label = "Offer {n}: a rather long name, as offers of machine builders tend to have"
label_ko = "제안 {n}: 설비 업체의 제안서에 흔히 있는 상당히 긴 투자 대안 이름"
set = {{"station.drill.cycle" = "{n} s"}}
money = {{capex = "{n}e6 KRW", life = "5 yr"}}
"""
    study = STUDY.replace("replications = 3", "replications = 2")
    study += "".join(offer.format(n=n) for n in range(20, 30))
    study += """
[investment.kept]
label = "Customers kept"
label_ko = "고객 유지"
money = {capex = "1e6 KRW", life = "5 yr", benefit = {sold_out = "2e6 KRW/yr", fixed_volume = "2e6 KRW/yr"}}
"""
    plant = PLANT.replace('"06:00", to = "14:00"', '"06:00", to = "07:00"').replace("1500", "150")
    return study_of(tmp_path_factory.mktemp("many"), plant, study)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_first_page_is_one_page_however_many_investments(many: Comparison, lang: str, tmp_path: Path) -> None:
    page = report_html(many, lang, DAY)
    assert len(shown([ranking(many, mode, lang) for mode in many.modes])) == MOST < len(many.ranking("sold_out"))
    assert seen(page, tmp_path) == {medium: [] for medium in WIDTHS}
    assert not re.search(r"<tbody>\s*</tbody>", page)  # no table without rows, as of an offer that changes nothing
    every = {"en": "Declared lump sum, in every demand mode", "ko": "선언된 정액 효과, 모든 수요 조건"}[lang]
    assert Page(page).text.count(every) == 1
    longer = page.replace('<section class="proof">', '<p style="height: 900px"></p><section class="proof">')
    assert any("first page is" in found for found in seen(longer, tmp_path)["print"])


def test_what_is_wrong_is_seen(cell: Summary, tmp_path: Path) -> None:
    wide = '<div style="width:1500px">wide \U000f1234</div><img src="there.png">'
    svg = '<svg class="chart" viewBox="0 0 10 10"><text x="9" y="5">too long for it</text></svg>'
    page = plant_html(cell, "en", DAY).replace("</main>", f"{wide}{svg}</main>")
    for medium, found in seen(page, tmp_path).items():
        said = "; ".join(found)
        for wrong in ("asks for", "page is", "sticks out: wide", "cut: too long", "no glyph for"):
            assert wrong in said, (medium, wrong)


def test_no_korean_stands_in_an_english_report(press: Comparison, cell: Summary) -> None:
    for page in (report_html(press, "en", DAY), plant_html(cell, "en", DAY)):
        assert not KOREAN.search(Page(page).text)
