"""One spelling for each value, and none for anything else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kit import b64u


@given(st.binary(max_size=200))
def test_there_and_back(data: bytes) -> None:
    text = b64u.encode(data)
    assert text == base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    assert b64u.decode(text) == data


@given(st.text(st.sampled_from("AB-_+/=\n x9"), max_size=9))
def test_every_other_spelling_is_refused(text: str) -> None:
    try:
        data = b64u.decode(text)
    except ValueError:
        return
    assert b64u.encode(data) == text


@pytest.mark.parametrize("text", ["A", "AA==", "AB", "AAB", "A+AA", "A/AA", "AA\n", "AAAA\n", " AAA", "ÄAAA", "AAAAA"])
def test_what_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        b64u.decode(text)
