"""Which outside bodies this installation knows: authorities for time, witnesses of the log. Read once from settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from cryptography import x509

from server.settings import BadSetting, Settings
from server.tlog import notes
from server.tlog.witnesses.cosignatures import witness_key

_NAMES: Final = UUID("6d0f1f0e-6f0b-5c3e-9a1c-0d7a57a3b9e1")  # of the ids that jobs carry for these bodies


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamp authority. ``name`` is its address without account or query: it is stored and shown."""

    name: str
    url: str

    @property
    def id(self) -> UUID:
        """The same in every process."""
        return uuid5(_NAMES, f"tsa {self.name}")


@dataclass(frozen=True, slots=True)
class WitnessBody:
    """A witness: its key, and where it takes checkpoints."""

    key: notes.Verifier
    url: str

    @property
    def name(self) -> str:
        """Name and key id, as stored and shown: the same body may come back with another key."""
        return f"{self.key.name}+{self.key.key_id.hex()}"

    @property
    def id(self) -> UUID:
        """The same in every process."""
        return uuid5(_NAMES, f"witness {self.name}")


@dataclass(frozen=True, slots=True)
class Outside:
    """All of them. Without authorities nobody outside vouches for time; without witnesses nobody sees a split log."""

    authorities: tuple[Authority, ...] = ()
    roots: tuple[x509.Certificate, ...] = ()
    witnesses: tuple[WitnessBody, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Outside:
        """As the settings say.

        Raises:
            BadSetting: an address, a key or the file of root certificates cannot be used.
        """
        urls = dict.fromkeys(part.strip() for part in settings.tsa_urls.split(",") if part.strip())
        authorities = tuple(Authority(_shown(url, "ZHICHA_TSA_URLS"), url) for url in urls)
        roots = _roots(settings.tsa_roots) if settings.tsa_roots and authorities else ()
        entries = settings.witnesses.replace(",", "\n").splitlines()
        return cls(authorities, roots, tuple(_witness(entry) for entry in entries if entry.strip()))


def _shown(url: str, setting: str) -> str:
    parts = urlsplit(url)
    try:
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number
        usable = False
    if not usable or not url.isascii():
        raise BadSetting(
            f"{setting} 中有无法使用的地址：应以 http:// 或 https:// 开头，只含 ASCII 字符。"
            f" / {setting} holds an address that cannot be used: it must begin with http:// or https://, in ASCII."
        )
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _roots(file: Path) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError) as error:
        raise BadSetting(
            f"ZHICHA_TSA_ROOTS 指向的文件无法读取为 PEM 证书：{file}。"
            f" / ZHICHA_TSA_ROOTS is no readable file of PEM certificates: {file}."
        ) from error


def _witness(entry: str) -> WitnessBody:
    vkey, _, url = entry.strip().partition(" ")
    try:
        key = witness_key(vkey)
    except ValueError as error:
        raise BadSetting(
            "ZHICHA_WITNESSES 每项应为“公钥 地址”，公钥即见证程序启动时打印的那一行。"
            " / ZHICHA_WITNESSES takes “vkey address” each; the vkey is the line that the witness prints at its start."
        ) from error
    _shown(url.strip(), "ZHICHA_WITNESSES")
    return WitnessBody(key, url.strip().rstrip("/"))


_held = Outside()


def hold(known: Outside | None) -> None:
    """Make these the bodies that this process knows; the composition root's choice."""
    global _held
    _held = known or Outside()


def outside() -> Outside:
    """The bodies that this process knows."""
    return _held
