"""RFC 8785 (JCS), restricted as signed statements demand: objects, arrays, strings, integers, booleans and null.

Integers stay within ±(2⁵³ − 1), so that every JSON reader in the world reads the same number; floats are refused.
Object keys sort by UTF-16 code units, which differs from code points for characters beyond the basic plane.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

LARGEST = 2**53 - 1
_DIGITS = 17


class NotCanonical(ValueError):
    """The bytes are not the one canonical spelling of a permitted value."""


def encode(value: Any) -> bytes:
    """The canonical bytes of a value.

    Raises:
        NotCanonical: a float, an integer out of range, a lone surrogate, a key that is no string, any other type.
    """
    try:
        return _spelled(value) if _is_plain(value) else _dump(_checked(value)).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("a lone surrogate in a string") from error


def decode(data: bytes) -> Any:
    """The value that the bytes spell canonically.

    Raises:
        NotCanonical: anything else, including valid JSON in another spelling, duplicate keys and floats.
    """
    try:
        value = _decoded(data)
        if _is_plain(value) and _spelled(value) == data:
            return value
    except (ValueError, RecursionError):
        pass  # said below what is wrong with it
    return _decode_slowly(data)


def _decode_slowly(data: bytes) -> Any:
    """The same for keys beyond ASCII, and the reason for what is refused."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
            parse_int=_integer,
        )
        spelled = _dump(value).encode()
    except NotCanonical:
        raise
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"not JSON that may be signed: {error}") from error
    if spelled != data:
        raise NotCanonical("valid JSON, but not in its canonical spelling")
    return value


# Made once: ``json.dumps`` with such arguments would make it for every statement.
_dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


# For plain values, which statements and entries are, at a tenth of the time.
_decoded = msgspec.json.decode
_spelled = msgspec.json.Encoder(order="sorted").encode


def _is_plain(value: Any) -> bool:
    """Whether any JSON writer that sorts keys and adds no spaces writes the canonical bytes of this value."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-LARGEST <= value <= LARGEST)
    if kind is dict:
        return all(type(key) is str and key.isascii() and _is_plain(inner) for key, inner in value.items())
    return kind is list and all(map(_is_plain, value))


def _order(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    keys = list(value)
    # Among ASCII keys, code points are UTF-16 code units.
    ordered = sorted(keys) if "".join(keys).isascii() else sorted(keys, key=_order)
    if len(keys) != len(pairs) or keys != ordered:
        raise NotCanonical("a key is doubled or out of order")
    return value


def _integer(text: str) -> int:
    if len(text) > _DIGITS or abs(number := int(text)) > LARGEST:
        raise NotCanonical("an integer beyond 2^53 - 1")
    return number


def _refuse_number(text: str) -> Any:
    raise NotCanonical(f"{text} is not an integer")


def _checked(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int() if abs(value) <= LARGEST:
            return value
        case list() | tuple():
            return [_checked(each) for each in value]
        case dict() if all(isinstance(key, str) for key in value):
            return {key: _checked(value[key]) for key in sorted(value, key=_order)}
        case _:
            raise NotCanonical(f"{type(value).__name__} {value!r} cannot be signed")
