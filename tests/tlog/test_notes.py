"""Signed notes, checkpoints, proofs as files: the examples of the specifications, and what they refuse."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.tlog.notes import (
    BadNote,
    checkpoint_body,
    key_id,
    read_checkpoint,
    read_note,
    read_vkey,
    sign,
)
from server.tlog.queries import Checkpoint, Inclusion, proof_text
from server.tlog.tiles import Tile, read_tile

# c2sp.org/signed-note, section "Example"
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
# c2sp.org/tlog-checkpoint
SIGNATURE = "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
CHECKPOINT = f"""example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa {SIGNATURE}
"""


class TestSpecificationExamples:
    def test_the_verifier_key_verifies_the_note(self) -> None:
        key = read_vkey(VKEY)
        body, (line,) = read_note(NOTE)
        assert body == "This is an example message.\n"
        assert (line.name, line.key_id) == (key.name, key.key_id) == ("example.com/foo", bytes.fromhex("530d903a"))
        assert key.holds(body, line.signature)
        assert not key.holds(body.replace("message", "massage"), line.signature)
        assert key.vkey == VKEY

    def test_the_checkpoint(self) -> None:
        body, (line,) = read_note(CHECKPOINT)
        origin, size, root = read_checkpoint(body)
        assert (origin, size, line.name) == ("example.com/behind-the-sofa", 20852163, origin)
        assert checkpoint_body(origin, size, root) == body

    def test_text_with_empty_lines_is_divided_at_the_last(self) -> None:
        body, lines = read_note("one\n\ntwo\n\n— a/b AAAAAAA=\n— c/d AAAAAAA=\n")
        assert body == "one\n\ntwo\n"
        assert [line.name for line in lines] == ["a/b", "c/d"]

    def test_paths_of_tiles(self) -> None:
        """70,000 leaves: 273 full tiles and a partial one of 112; above them one full, one of 17; one of 1 on top."""
        size = 70_000
        full = [Tile(0, n, 256) for n in range(274) if Tile(0, n, 256).lies_within(size)]
        assert len(full) == 273
        assert Tile(0, 273, 112).lies_within(size)
        assert not Tile(0, 273, 113).lies_within(size)
        assert Tile(1, 0, 256).lies_within(size)
        assert Tile(1, 1, 17).lies_within(size)
        assert not Tile(1, 1, 18).lies_within(size)
        assert Tile(2, 0, 1).lies_within(size)
        assert not Tile(2, 0, 2).lies_within(size)
        assert read_tile("0", "x001/x234/067") == Tile(0, 1234067, 256)


class TestOurs:
    def test_a_checkpoint_that_we_sign_can_be_read_and_checked(self) -> None:
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        body = checkpoint_body("yunxi.example/log", 7, b"\x07" * 32)
        checkpoint = Checkpoint(7, b"\x07" * 32, f"{body}\n{sign('yunxi.example/log', key, body)}")
        told, (line,) = read_note(checkpoint.note)
        assert told == checkpoint.body == body
        assert line.key_id == key_id("yunxi.example/log", 1, public)
        vkey = f"yunxi.example/log+{line.key_id.hex()}+"
        assert read_vkey(vkey + _b64(b"\1" + public)).holds(body, line.signature)

    def test_a_proof_as_a_file(self) -> None:
        checkpoint = Checkpoint(20852163, b"", CHECKPOINT)
        text = proof_text(Inclusion(73894, 20852163, (b"\1" * 32, b"\2" * 32)), checkpoint, b"extra data")
        assert text == (
            "c2sp.org/tlog-proof@v1\nextra ZXh0cmEgZGF0YQ==\nindex 73894\n"
            f"{_b64(bytes([1]) * 32)}\n{_b64(bytes([2]) * 32)}\n\n{CHECKPOINT}"
        )
        assert proof_text(Inclusion(0, 1, ()), checkpoint) == f"c2sp.org/tlog-proof@v1\nindex 0\n\n{CHECKPOINT}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no signature\n",
        "body\n\n— a/b AAAAAAA=",
        "body\n\n- a/b AAAAAAA=\n",
        "body\n\n— a/b AAAA\n",
        "body\n\n— a/b !\n",
        "body\n\n— a/b AAAAAAB=\n",
        "body\n\n—  AAAAAAA=\n",
        "bo\rdy\n\n— a/b AAAAAAA=\n",
        "body\n\n— a/b AAAAAAA=\n\n",
    ],
)
def test_what_is_no_signed_note(text: str) -> None:
    with pytest.raises(BadNote):
        read_note(text)


@pytest.mark.parametrize(
    "body",
    [
        "a\n1\n",
        f"a\n01\n{'A' * 43}=\n",
        f"a\n-1\n{'A' * 43}=\n",
        f"a\n١\n{'A' * 43}=\n",
        f"\n1\n{'A' * 43}=\n",
        f"a\n1\n{'A' * 43}=",
        f"a\n1\n{'A' * 42}==\n",
        f"a\n1\n{'A' * 43}=\n\nx\n",
    ],
)
def test_what_is_no_checkpoint(body: str) -> None:
    with pytest.raises(BadNote):
        read_checkpoint(body)


@pytest.mark.parametrize(
    "text",
    [
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("example.com/foo", "example.com/fou"),
        VKEY.replace("+Ae", "+Be"),
        "example.com/foo",
        VKEY[:-4],
        f" {VKEY}",
        "",
    ],
)
def test_what_is_no_verifier_key(text: str) -> None:
    with pytest.raises(BadNote):
        read_vkey(text)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
