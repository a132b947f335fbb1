"""Confirmations by passkeys that are not those of the person who is said to have confirmed."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from tests.bundles import stories
from tests.bundles.synthetic import Bundle
from tests.bundles.tamper.catalogue import PASSKEY, by
from tests.bundles.trees import b64u, new_id, sha256


@by("thief of a phone", "passkey.assertion", PASSKEY)
def passkey_of_another() -> Bundle:
    """The assertion was made with a passkey that is not registered."""
    return _asserted(key=ec.generate_private_key(ec.SECP256R1()))


@by("thief of a phone", "passkey.assertion", PASSKEY)
def passkey_for_another_statement() -> Bundle:
    """The assertion confirms something else."""
    return _asserted(client={"challenge": b64u(sha256(b"another statement"))})


@by("network", "passkey.assertion", PASSKEY)
def passkey_for_another_site() -> Bundle:
    """The assertion was made on another site."""
    return _asserted(client={"origin": "https://zhicha.example.net"})


@by("network", "passkey.assertion", PASSKEY)
def passkey_of_another_site() -> Bundle:
    """The authenticator spoke to another site."""
    return _asserted(rp_id="zhicha.example.net")


@by("thief of a phone", "passkey.assertion", PASSKEY)
def nobody_verified() -> Bundle:
    """The authenticator did not ask who was there."""
    return _asserted(flags=1)


@by("thief of a phone", "passkey.assertion", PASSKEY)
def passkey_never_registered() -> Bundle:
    """There is no record of the passkey."""
    story = stories.visit()
    story.passkey = ec.generate_private_key(ec.SECP256R1())
    return story.build()


@by("thief of a phone", "passkey.assertion", PASSKEY)
def passkey_of_a_colleague() -> Bundle:
    """The passkey is registered under another person."""
    return stories.visit(keeper=new_id()).build()


def _asserted(**changed: object) -> Bundle:
    story = stories.visit()
    story.assertion = changed
    return story.build()
