"""Signed bytes have exactly one spelling; vectors of RFC 8785 and of its author's test suite."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.kit import canonical
from server.kit.canonical import LARGEST, NotCanonical, decode, encode

# RFC 8785, 3.2.3: keys sort by UTF-16 code units, so U+1F600 (D83D DE00) comes before U+FB33.
SORTING = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\U0001f600": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
}
SORTED = (
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",'
    '"\u20ac":"Euro Sign","\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}'
)

# github.com/cyberphone/json-canonicalization, testdata: arrays, french, structures, unicode.
CYBERPHONE = [
    ([56, {"d": True, "10": None, "1": []}], '[56,{"1":[],"10":null,"d":true}]'),
    (
        {
            "peach": "This sorting order",
            "péché": "is wrong according to French",
            "pêche": "but canonicalization MUST",
            "sin": "ignore locale",
        },
        '{"peach":"This sorting order","péché":"is wrong according to French",'
        '"pêche":"but canonicalization MUST","sin":"ignore locale"}',
    ),
    (
        {
            "1": {"f": {"f": "hi", "F": 5}, "\n": 56},
            "10": {},
            "": "empty",
            "a": {},
            "111": [{"e": "yes", "E": "no"}],
            "A": {},
        },
        '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}',
    ),
    ({"Unnormalized Unicode": "A\u030a"}, '{"Unnormalized Unicode":"A\u030a"}'),
]


def test_keys_sort_by_utf16_code_units() -> None:
    assert encode(SORTING).decode() == SORTED
    assert decode(SORTED.encode()) == SORTING


@pytest.mark.parametrize(("value", "spelling"), CYBERPHONE)
def test_published_vectors(value: object, spelling: str) -> None:
    assert encode(value).decode() == spelling
    assert decode(spelling.encode()) == value


def test_control_characters_are_escaped_as_the_rfc_says() -> None:
    # RFC 8785, 3.2.2: the string sample, without its numbers.
    spelling = b'{"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert decode(spelling) == {"string": '\u20ac$\u000f\nA\'B"\\\\"/'}
    assert encode(decode(spelling)) == spelling


@pytest.mark.parametrize(
    "spelling",
    [
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":-0}',
        b'{"a":NaN}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a":1}\n',
        b' {"a":1}',
        b'{"a": 1}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\ud800"}',
        b'{"\\ud800":1}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"\xef\xac\xb3":1,"\xf0\x9f\x98\x80":1}',
        b"[" * 100_000 + b"]" * 100_000,
        b"{}{}",
        b"",
    ],
)
def test_any_other_spelling_is_refused(spelling: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(spelling)


@pytest.mark.parametrize("value", [1.5, LARGEST + 1, "\ud800", {1: 2}, {"a": b"x"}, {"a": {"b": 0.0}}])
def test_what_cannot_be_signed_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        encode(value)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_VALUES)
def test_every_value_has_one_spelling_that_reads_back(value: object) -> None:
    assert decode(encode(value)) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def _slowly_encoded(value: object) -> bytes | None:
    try:
        return canonical._dump(canonical._checked(value)).encode()
    except (NotCanonical, UnicodeEncodeError):
        return None


@given(JSON)
@settings(deadline=None)
def test_the_quick_way_of_writing_is_the_slow_one(value: object) -> None:
    try:
        quick = encode(value)
    except NotCanonical:
        quick = None
    assert quick == _slowly_encoded(value)


def test_every_character_is_spelt_alike_both_ways() -> None:
    for code in (*range(0x300), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF, 0x1F600, 0x10FFFF):
        value = {"a": chr(code)}
        assert encode(value) == _slowly_encoded(value), hex(code)


@given(JSON, st.data())
@settings(deadline=None)
def test_the_quick_way_of_reading_is_the_slow_one(value: object, data: st.DataObject) -> None:
    text = bytearray(json.dumps(value, ensure_ascii=data.draw(st.booleans()), separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    ))  # fmt: skip
    if text and data.draw(st.booleans()):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.sampled_from(b'0129 ,:"\\{}[]e.-nu\x80\xff'))
    told = bytes(text)
    outcomes = []
    for read in (decode, canonical._decode_slowly):
        try:
            outcomes.append(repr(read(told)))
        except NotCanonical:
            outcomes.append("refused")
    assert outcomes[0] == outcomes[1]
