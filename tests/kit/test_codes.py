"""The QR codes that the start prints, read from the picture of the terminal."""

from __future__ import annotations

import sys

import pytest

from server.kit.supervisor.console import beside
from tests.factories.codes import codes_in, on_terminal

HELP, APP = "http://192.168.100.200:8601", "https://192.168.100.200:8600/m/"
DARK, LIGHT, SOLARIZED = (229, 12), (30, 255), (150, 40)
CELLS = ((8, 16), (9, 19), (7, 17))  # not every font has cells twice as high as wide


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """As the start prints them; first the address of the instructions, then that of the app."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: request.param, raising=False)
    return beside(("① 首次：信任证书 · first: trust", HELP), ("② 打开 · open", APP))


@pytest.mark.parametrize("shown", [True], indirect=True)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("colours", [DARK, LIGHT, SOLARIZED])
def test_a_phone_reads_both_codes_from_any_terminal(
    shown: str, colours: tuple[int, int], cell: tuple[int, int]
) -> None:
    ink, paper = colours
    assert codes_in(on_terminal(shown, ink=ink, paper=paper, cell=cell)) == [HELP, APP]


@pytest.mark.parametrize("shown", [False], indirect=True)
@pytest.mark.parametrize("cell", CELLS)
def test_from_a_log_too_if_it_is_shown_light_on_dark(shown: str, cell: tuple[int, int]) -> None:
    ink, paper = DARK
    assert codes_in(on_terminal(shown, ink=ink, paper=paper, cell=cell)) == [HELP, APP]
    assert codes_in(on_terminal(shown, ink=paper, paper=ink, cell=cell)) == []  # why a terminal gets colours
