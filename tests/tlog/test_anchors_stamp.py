"""One time stamp: what an authority may answer, and what of it is kept. The authority is a real one (`openssl ts`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from server.kit import clock
from server.tlog.anchors import http, stamping
from tests.factories.tsa import TimeAuthority, time_authority

pytestmark = [pytest.mark.anyio, pytest.mark.requirement("R53")]


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path / "tsa") as running:
        yield running


class TestOneStamp:
    """`stamping.obtain` against an authority in every mood."""

    def roots(self, tsa: TimeAuthority) -> list[x509.Certificate]:
        return x509.load_pem_x509_certificates(tsa.roots.read_bytes())

    async def test_an_honest_answer_is_kept_as_it_came(self, tsa: TimeAuthority) -> None:
        stamp = stamping.obtain(tsa.url, self.roots(tsa), b"note")
        assert stamp.imprint == hashlib.sha256(b"note").digest()
        assert abs(stamp.gen_time - clock.now()) < timedelta(minutes=1)
        assert stamp.certificate_until > clock.now() + timedelta(days=300)
        assert (tsa.folder / "reply").read_bytes() == stamp.token

    async def test_an_answer_with_the_whole_chain_is_understood(self, tsa: TimeAuthority) -> None:
        tsa.mood = "chain"  # OpenSSL sends the certificates unsorted, which the client library alone cannot read
        for _ in range(3):
            stamp = stamping.obtain(tsa.url, self.roots(tsa), b"note")
            assert (tsa.folder / "reply").read_bytes() == stamp.token

    async def test_an_authority_between_comes_with_the_answer_or_from_the_file(self, tsa: TimeAuthority) -> None:
        roots = self.roots(tsa)
        tsa.mood = "below"
        assert stamping.obtain(tsa.url, roots, b"note")
        tsa.mood = "short"
        between = x509.load_pem_x509_certificates((tsa.folder / "subordinate.pem").read_bytes())
        assert stamping.obtain(tsa.url, [*roots, *between], b"note")
        for known in (roots, between):  # what is between vouches for nothing by itself
            with pytest.raises(stamping.NotStamped) as refused:
                stamping.obtain(tsa.url, known, b"note")
            assert refused.value.code == "untrusted"
            assert refused.value.detail.startswith("unable to get")

    @pytest.mark.parametrize(
        ("mood", "code"),
        [
            ("other_imprint", "imprint"),
            ("other_nonce", "nonce"),
            ("expired", "untrusted"),
            ("stranger", "untrusted"),
            ("edited", "untrusted"),
            ("old_ess", "certificate"),
            ("refusing", "refused"),
            ("busy", "out_of_reach"),
        ],
    )
    async def test_a_lie_is_refused_by_its_name(self, tsa: TimeAuthority, mood: str, code: str) -> None:
        tsa.mood = mood
        with pytest.raises(stamping.NotStamped) as refused:
            stamping.obtain(tsa.url, self.roots(tsa), b"note")
        assert refused.value.code == code
        assert tsa.asked == 1

    async def test_a_time_far_from_ours_is_refused(self, tsa: TimeAuthority) -> None:
        for shift in (timedelta(hours=1), timedelta(hours=-1)):
            late = clock.now() + shift
            with clock.held_at(lambda late=late: late), pytest.raises(stamping.NotStamped) as refused:  # type: ignore[misc]
                stamping.obtain(tsa.url, self.roots(tsa), b"note")
            assert refused.value.code == "clock"

    async def test_an_old_answer_does_not_answer_a_new_question(self, tsa: TimeAuthority) -> None:
        old = stamping.obtain(tsa.url, self.roots(tsa), b"note")
        with pytest.raises(stamping.NotStamped) as refused:
            stamping.checked(old.token, self.roots(tsa), b"note", nonce=12345)
        assert refused.value.code == "nonce"

    @pytest.mark.parametrize(
        "rubbish", [b"", b"0", b"0\x80", b"\x30\x03\x02\x01\x00", b"<html>", bytes(300)], ids=range(6)
    )
    async def test_rubbish_is_refused_and_nothing_breaks(self, tsa: TimeAuthority, rubbish: bytes) -> None:
        with pytest.raises(stamping.NotStamped) as refused:
            stamping.checked(rubbish, self.roots(tsa), b"note", nonce=1)
        assert refused.value.code == "malformed"

    async def test_every_truncation_and_every_flipped_bit_is_refused(self, tsa: TimeAuthority) -> None:
        roots = self.roots(tsa)
        token = stamping.obtain(tsa.url, roots, b"note").token
        for at in range(0, len(token), 7):
            for wrong in (token[:at], token[:at] + bytes([token[at] ^ 4]) + token[at + 1 :]):
                try:
                    kept = stamping.checked(wrong, roots, b"note", nonce=None)
                except stamping.NotStamped:
                    continue
                # Bits outside of what is signed (the status text, unsigned order) change nothing that is claimed.
                assert kept.imprint == hashlib.sha256(b"note").digest()
                assert abs(kept.gen_time - clock.now()) < timedelta(minutes=5)

    @pytest.mark.parametrize(("mood", "bound"), [("silent", "STEP_SECONDS"), ("dripping", "TOTAL_SECONDS")])
    async def test_slowness_ends(
        self, tsa: TimeAuthority, monkeypatch: pytest.MonkeyPatch, mood: str, bound: str
    ) -> None:
        tsa.mood = mood
        monkeypatch.setattr(http, bound, 0.1)
        with pytest.raises(stamping.NotStamped) as refused:
            stamping.obtain(tsa.url, self.roots(tsa), b"note")
        assert refused.value.code == "out_of_reach"
