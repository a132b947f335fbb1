"""Wire shapes of passkeys. Bytes are unpadded base64url."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from server.kit.structs import Input, View

Base64Url = Annotated[str, Meta(min_length=1, max_length=8192, pattern="^[A-Za-z0-9_-]+$")]


class PasskeyRpView(View):
    """For whom a passkey is made."""

    id: str
    name: str


class PasskeyUserView(View):
    """Whose passkey it is."""

    id: str
    name: str
    display_name: str


class PasskeyParameterView(View):
    """A kind of key that is understood here: ES256."""

    type: Literal["public-key"]
    alg: int


class PasskeyOptionsView(View):
    """What ``navigator.credentials.create`` is to be called with; ``exclude_credentials`` are ids."""

    rp: PasskeyRpView
    user: PasskeyUserView
    challenge: str
    pub_key_cred_params: list[PasskeyParameterView]
    exclude_credentials: list[str]
    timeout_ms: int
    attestation: Literal["none"]
    resident_key: Literal["preferred"]
    user_verification: Literal["required"]


class MakePasskey(Input):
    """A passkey as the browser made it. ``challenge`` is that of the options; ``public_key`` is the SPKI of
    ``response.getPublicKey()``, ``authenticator_data`` that of ``response.getAuthenticatorData()``."""

    id: UUID
    name: Annotated[str, Meta(max_length=100)]
    challenge: Base64Url
    credential_id: Base64Url
    public_key: Base64Url
    authenticator_data: Base64Url
    client_data_json: Base64Url
    transports: Annotated[list[Annotated[str, Meta(pattern="^[a-z-]{1,20}$")]], Meta(max_length=8)]


class PasskeyView(View):
    """A passkey of one's own. ``synced``: the maker of the phone copies it to its owner's other devices."""

    id: UUID
    name: str
    credential_id: str
    transports: list[str]
    synced: bool
    made_at: datetime
    removed_at: datetime | None
