"""Rows of people, units, roles, sessions and devices."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class OrganisationRow(Table, tablename="organisations"):
    """A government at county level or above (733 art. 2): the tenant and partition key."""

    id = UUID(primary_key=True, default=None)
    name = Text(default=None)
    name_en = Text(default="")
    created_at = Timestamptz(default=None)
    register_within_hours = Integer(default=24)


class UnitRow(Table, tablename="units"):
    """A department, lower government or body (733 art. 5), in a tree."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    parent_id = UUID(default=None, null=True)
    name = Text(default=None)
    kind = Text(default="department")
    version = Integer(default=1)


class PersonRow(Table, tablename="people"):
    """Somebody who can sign in."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    unit_id = UUID(default=None)
    name = Text(default=None)
    login = Text(default=None)
    password_hash = Text(default=None)
    locale = Text(default="zh")
    active = Boolean(default=True)
    created_at = Timestamptz(default=None)
    must_change_password = Boolean(default=False)
    version = Integer(default=1)
    recovered_at = Timestamptz(default=None, null=True)


class RoleGrantRow(Table, tablename="role_grants"):
    """A role held by a person; revoked, never deleted."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    role = Text(default=None)
    granted_at = Timestamptz(default=None)
    revoked_at = Timestamptz(default=None, null=True)


class RoleRequestRow(Table, tablename="role_requests"):
    """What an administrator asked for, and what a secrecy officer decided; never deleted."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    role = Text(default=None)
    ends = Boolean(default=False)
    asked_by = UUID(default=None)
    asked_at = Timestamptz(default=None)
    outcome = Text(default=None, null=True)
    decided_by = UUID(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)


class DirectoryChangeRow(Table, tablename="directory_changes"):
    """What an administrator asked to be written of a person or a unit, and what was decided; never deleted."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None, null=True)
    unit_id = UUID(default=None, null=True)
    version = Integer(default=None)
    name = Text(default=None)
    name_before = Text(default=None)
    place_id = UUID(default=None, null=True)
    place_before = UUID(default=None, null=True)
    kind = Text(default=None, null=True)
    kind_before = Text(default=None, null=True)
    asked_by = UUID(default=None)
    asked_at = Timestamptz(default=None)
    outcome = Text(default=None, null=True)
    decided_by = UUID(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)


class SessionRow(Table, tablename="sessions"):
    """A sign-in. Only the SHA-256 of the token is stored."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    token_sha256 = Bytea(default=None)
    csrf_token = Text(default=None)
    transport = Text(default="cookie")
    user_agent = Text(default="")
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)


class SignInAttemptRow(Table, tablename="sign_in_attempts"):
    """A failed sign-in, for throttling; login and source are stored as digests."""

    id = UUID(primary_key=True, default=None)
    login_sha256 = Bytea(default=None)
    source_sha256 = Bytea(default=None)
    known = Boolean(default=False)
    at = Timestamptz(default=None)


class KnownClientRow(Table, tablename="known_clients"):
    """A browser or phone on which a person has signed in; only the SHA-256 of its secret is stored."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    secret_sha256 = Bytea(default=None)
    created_at = Timestamptz(default=None)


class DeviceRow(Table, tablename="devices"):
    """A phone enrolled by a person."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    name = Text(default=None)
    platform = Text(default="")
    enrolled_at = Timestamptz(default=None)
    confirmed_by = UUID(default=None, null=True)
    confirmed_at = Timestamptz(default=None, null=True)
    revocation_asked_by = UUID(default=None, null=True)
    revocation_asked_at = Timestamptz(default=None, null=True)
    revocation_reason = Text(default="")
    revoked_by = UUID(default=None, null=True)
    revoked_at = Timestamptz(default=None, null=True)
    last_seen_at = Timestamptz(default=None, null=True)


class DeviceKeyRow(Table, tablename="device_keys"):
    """A per-session P-256 public key; ``kid`` is base64url of the SHA-256 of its SPKI."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    kid = Text(default=None)
    person_id = UUID(default=None)
    device_id = UUID(default=None)
    spki = Bytea(default=None)
    enrolled_at = Timestamptz(default=None)
    revoked_at = Timestamptz(default=None, null=True)


class PasskeyRow(Table, tablename="passkeys"):
    """A person's passkey (WebAuthn, ES256), with which they confirm the beginning and the seal of a chain."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    person_id = UUID(default=None)
    credential_id = Bytea(default=None)
    spki = Bytea(default=None)
    name = Text(default=None)
    transports = Text(default="")
    synced = Boolean(default=False)
    made_at = Timestamptz(default=None)
    removed_at = Timestamptz(default=None, null=True)
    sign_count = BigInt(default=0)


class UnitContactRow(Table, tablename="unit_contacts"):
    """The leader in charge or the liaison of a unit (R24); ended when another is named, never deleted."""

    id = UUID(primary_key=True, default=None)
    org_id = UUID(default=None)
    unit_id = UUID(default=None)
    kind = Text(default=None)
    person_id = UUID(default=None)
    phone = Text(default="")
    named_by = UUID(default=None, null=True)
    named_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)
