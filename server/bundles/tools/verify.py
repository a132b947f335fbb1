#!/usr/bin/env python3
"""Checks an evidence bundle (证据包) of Zhicha 直查 without its makers, their server or a network; Python 3.8 or later.

    python3 verify.py BUNDLE trust.json [--slip DIGEST[:COUNT]] [--json]

BUNDLE: the zip or its unpacked folder. trust.json: the keys you believe (log, witnesses, time-stamp authorities), from a
notary or witness, never from the bundle. --slip: what the on-site slip says of a visit's seal. Exit status: 0 accepted,
3 accepted with remarks, 1 refused, 2 not judged. The format, and the standards it rests on: docs/evidence.md.
"""

# fmt: off
import argparse
import base64
import hashlib
import json
import os
import re
import sys
import time
import zipfile
from bisect import bisect_left
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

CHECKS = {  # each check by name: what is true when it passes
    "bag.container": ("包内没有重复、越界或链接的条目", "No entry is doubled, leads out of the bundle or is a link"),
    "bag.manifest": ("文件与清单一致，不缺、不多、未改", "The files are those of the manifests: none missing, added, changed"),
    "bundle.layout": ("没有格式以外的文件", "No file that the format does not know"),
    "json.canonical": ("每份记录只有唯一一种写法", "Every record has the one spelling that is permitted"),
    "record.fields": ("每份记录字段完整合规", "Every record has exactly the fields of its kind"),
    "statement.signature": ("每条记录由手机密钥签名", "Every statement was signed by the phone's key"),
    "chain.key": ("记录与其会话、密钥、走访一致", "Statements belong to their session, its key and its visit"),
    "chain.links": ("记录前后相扣，没有抽走或调换", "Statements follow each other: none removed or moved"),
    "chain.seal": ("封存数目相符，其后只有会签", "The seal counts what is there; only countersignatures follow"),
    "content.digest": ("原始文件和个人信息就是当时签名的", "Originals and private parts are the bytes that were signed"),
    "withheld.listed": ("未附的内容逐一列明", "Whatever is not enclosed is listed, piece by piece"),
    "withheld.reason": ("未附的理由成立，依法删除的有登记", "Reasons for withholding hold; deletions are on record"),
    "copies.origin": ("副本与登记一致，各有所属原件", "Copies are those on record and name their original"),
    "log.leaf": ("日志条目对应该记录及其签名", "The log's leaf is of this statement and this signature"),
    "log.inclusion": ("签名记录和操作记录都在日志之中", "Statements and records of acts are in the log"),
    "log.checkpoint": ("全部证明针对同一个检查点", "All proofs are against the one checkpoint"),
    "log.signature": ("检查点由受信的日志密钥签名", "Checkpoints are signed by a trusted key of the log"),
    "log.rotation": ("日志密钥的更换有新旧密钥共同签名", "A change of the log's key is signed by the old and the new"),
    "log.witnesses": ("有足够的外部见证人会签", "Enough outside witnesses cosigned"),
    "log.consistency": ("日志只增不改", "The log only grew since the checkpoints that were kept"),
    "log.seen": ("手机先前看到的是同一本日志", "The checkpoints that phones had seen are of this same log"),
    "tsa.token": ("时间戳是为该检查点签发的", "The time stamp was granted for this checkpoint"),
    "tsa.signature": ("时间戳未改，由其证书的密钥签名", "The time stamp is unchanged and signed by its certificate's key"),
    "tsa.certificate": ("证书就是指明的那份，专用于时间戳", "The certificate is the one named, for time stamping only"),
    "tsa.validity": ("签发时证书有效（未查吊销）", "The certificates were valid at the time of the stamp (revocation not asked)"),
    "tsa.renewal": ("续签的时间戳覆盖前一枚，且在其到期前签发", "A renewal stamps the stamp before it, while that one was valid"),
    "tsa.chain": ("证书出自受信机构", "The certificate comes from a trusted authority"),
    "device.enrolled": ("手机事先登记在拍摄人名下", "The phone was enrolled under its owner beforehand"),
    "device.revocation": ("没有隐瞒手机的停用", "No revocation of a phone is hidden"),
    "custody.complete": ("接收与封存均有登记", "Receipt and sealing are on record"),
    "case.citations": ("案件引用与登记一致", "The case cites what it was recorded to cite"),
    "passkey.assertion": ("本人登记的通行密钥确认了该记录", "A passkey registered by its owner confirmed the statement"),
    "export.entry": ("本包目录在导出时已记入日志", "The table of contents was logged when the bundle was made"),
    "export.contents": ("内容与目录一致", "The contents are those of the table of contents"),
    "bundle.scope": ("内容属于所称的走访、案件或拍摄", "The contents are of the visit, case or capture claimed"),
    "slip.seal": ("现场凭条上的封存就在其中", "The seal on the on-site slip is among them"),
}
REMARKS = {
    "scope": ("不在范围，未附", "outside the scope, not enclosed"), "personal": ("涉个人信息，未附", "personal, not enclosed"),
    "deleted": ("已依法删除", "lawfully deleted"), "awaited": ("服务器尚未收到", "not yet received by the server"),
    "absent": ("手机从未提交", "never handed in"), "unsealed": ("未封存，其后有无记录不明", "not sealed: more may have followed"),
    "unanchored": ("尚无受信时间戳", "no trusted time stamp yet"), "unwitnessed": ("尚无足够见证", "not witnessed enough yet"),
    "ended": ("时间戳证书已到期，未见续签", "the stamp's certificate has ended, no renewal is here"), "ignored": ("系统文件", "system file"),
    "no_witnesses": ("信任文件不要求见证人", "the trust policy asks for no witness"), "late": ("收到晚于一天", "received after a day"),
    "unconfirmed": ("手机未经第二人确认", "phone not confirmed by a second person"), "discarded": ("已声明作废", "declared void"),
    "after_revocation": ("手机停用之后收到", "received after the phone was revoked"), "refused": ("拒绝会签", "would not countersign"),
    "flag": ("服务器收到时注明", "the server noted at receipt"), "clock": ("手机时钟有出入", "the phone's clock was off"),
    "earlier": ("手机的前一会话不在本包", "the phone's session before is not enclosed"),
}
VERDICTS = {"ACCEPTED": (0, "结论：通过 · ACCEPTED"), "REMARKS": (3, "结论：通过，有附注 · ACCEPTED WITH REMARKS"),
            "REFUSED": (1, "结论：不予认可 · REFUSED")}  # exit status, and what is printed

class Report:
    """Collects what was checked, what failed, and what a reader must know besides; ``at`` is where we are."""
    def __init__(self):
        self.counts, self.failures, self.remarks, self.captures, self.at = dict.fromkeys(CHECKS, 0), {}, {}, [], ""
    def must(self, check, holds, where=None):
        self.counts[check] += 1
        if not holds:
            self.failures.setdefault(check, []).append(where or self.at)
    def remark(self, code, holds=True, where=None):
        if holds and (where or self.at) not in self.remarks.setdefault(code, []):
            self.remarks[code].append(where or self.at)
    @contextmanager
    def trying(self, check, at):
        """What cannot be read does not pass."""
        self.at = at
        try:
            yield
        except Exception as error:
            self.must(check, False, f"{at}: {type(error).__name__}: {error}")

# ---- Bytes and records
def sha256(data): return hashlib.sha256(data).digest()
def b64u(data): return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
def unb64u(text): return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
def parsed(data):
    """JSON with the keys of objects in the order of RFC 8785, section 3.2.3; of numbers only integers up to 2^53 - 1."""
    def in_order(pairs): return dict(sorted(pairs, key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass")))
    def number(text): return int(text) if re.fullmatch("-?[0-9]{1,16}", text) and abs(int(text)) < 2**53 else None
    return json.loads(data.decode("utf-8"), object_pairs_hook=in_order, parse_int=number, parse_float=number, parse_constant=number)
def spelled(value):
    """The one spelling of a value whose keys are in order (RFC 8785, section 3.2)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

CHAINED = "t:text id:uuid dev:hash ses:uuid seq:count prev:hash clock:clock "
FORMS = {  # "field:kind"; "?" means or null, "*" a list of them
    "session/1": "t:text id:uuid dev:hash spki:text device:uuid who:uuid visit:uuid co:text* from_ms:count to_ms:count"
                 " app:text prev_seal:hash?",
    "capture/1": CHAINED + "visit:uuid item:uuid site:uuid? media:medium* anchor:anchor? priv_h:hash net:text",
    "discard/1": CHAINED + "capture:uuid reason:text", "note/1": CHAINED + "about:uuid? priv_h:hash",
    "seal/1": CHAINED + "count:count", "cosign/1": CHAINED + "seal:hash party:text outcome:text priv_h:hash",
    "medium": "role:text sha256:hash bytes:count type:text w:count h:count src:text",
    "clock": "wall_ms:count mono_ms:count tz_min:int", "anchor": "cp:hash? size:count srv_ms:count mono_ms:count",
    "entry/1": "t:text id:uuid org:uuid kind:text subject_kind:text subject:uuid actor:uuid? command:uuid? at_us:count"
               " data:object",
    "bundle/1": "t:text id:uuid scope:text subject:uuid made_ms:count made_by:uuid purpose:text origin:text custody:hash"
                " keys:hash case:hash? report:hash sessions:chain* copies:copy* withheld:gap*",
    "chain": "id:uuid count:count last:hash", "copy": "stmt:hash kind:text sha256:hash from:hash?",
    "gap": "stmt:hash what:text sha256:hash why:text", "citation": "stmt:hash capture:uuid",
    "case/1": "t:text id:uuid number:text? citations:citation*", "leaf/1": "t:text k:text env:hash stmt:hash recv_ms:count",
    "renewal/1": "t:text token:text index:count count:count hashes:hash*",
}
BASIC = {"text": '".*"', "int": "-?[0-9]+", "count": "[0-9]+", "object": r"\{.*\}",  # as JSON spells them
         "hash": '"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"', "uuid": '"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"'}

def fits(value, kind):
    """Whether a value is of a kind; an object has exactly the fields of its form."""
    if kind.endswith("?"):
        return value is None or fits(value, kind[:-1])
    if kind.endswith("*"):
        return isinstance(value, list) and all(fits(one, kind[:-1]) for one in value)
    if kind in BASIC:
        return bool(re.fullmatch(BASIC[kind], json.dumps(value)))
    form = dict(field.split(":") for field in FORMS[kind].split())
    return isinstance(value, dict) and value.keys() == form.keys() and all(fits(value[one], form[one]) for one in form)

# ---- The container: BagIt, RFC 8493, as a folder or a zip
def files_of(path):
    """Name, whether it is a link, and how to read it, of every file in a folder or zip."""
    if os.path.isdir(path):
        files = sorted(one for one in Path(path).rglob("*") if one.is_symlink() or not one.is_dir())
        return [(one.relative_to(path).as_posix(), one.is_symlink(), one.read_bytes) for one in files]
    archive = zipfile.ZipFile(path)
    files = [one for one in archive.infolist() if not one.is_dir()]
    if sum(one.file_size for one in files) > 100 * os.path.getsize(path) or {one.compress_type for one in files} - {0, 8}:
        raise ValueError("zip: unknown method or too much to unpack")
    # Of each as many bytes as are announced, and no more, whatever it would unpack to.
    return [(one.filename, one.external_attr >> 28 == 0o12, lambda one=one: archive.open(one).read(one.file_size)) for one in files]

class Bag:
    """The files by name, of originals only the digests. A file counts as known once it was read for a check."""
    def __init__(self, path, report):
        self.files, self.digests, self.known, self.report, entries = {}, {}, set(), report, files_of(path)
        top = min((name[:-9] for name, _, _ in entries if re.fullmatch(r"([^/]+/)?bagit\.txt", name)), key=len, default="")
        for name, linked, read in entries:
            inside = name[len(top):] if name.startswith(top) else "../" + name
            if re.search(r"(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini)$", name):
                report.remark("ignored", True, name)
                continue
            with report.trying("bag.container", name):
                plain = re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", inside, re.ASCII)
                report.must("bag.container", plain and not linked and inside not in self.files)
                data = read()
                self.digests[inside], self.files[inside] = sha256(data), b"" if "/original-" in inside else data
        self.names = sorted(self.files)
    def under(self, start): return self.names[bisect_left(self.names, start):bisect_left(self.names, start + "~")]
    def folders(self, start): return sorted({name[len(start):].partition("/")[0] for name in self.under(start)})
    def read(self, name): return self.known.add(name) or self.files[name]
    def digest(self, name): return self.known.add(name) or self.digests[name]
    def lines(self, name): return self.read(name).splitlines() if name in self.files else []
    def record(self, data, *forms):
        """The value of a record in its one spelling: of one of these forms, if any are asked for."""
        value = parsed(data)
        self.report.must("json.canonical", spelled(value) == data)
        self.report.must("record.fields", not forms or value["t"] in forms and fits(value, value["t"]))
        return value
    def check_manifests(self):
        """They list every file with its digest, and no other (sections 2.1.3, 2.2.1 and 3)."""
        tags, payload = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"], self.under("data/")
        for manifest, names in (("manifest-sha256.txt", payload), ("tagmanifest-sha256.txt", tags)):
            with self.report.trying("bag.manifest", manifest):
                listed = sorted(self.read(manifest).decode("utf-8").splitlines())
                found = [f"{self.digest(name).hex()}  {name}" for name in names]
                for line in {*listed} ^ {*found} or [manifest]:
                    self.report.must("bag.manifest", listed == sorted(found), line)
        self.known = {*tags, "tagmanifest-sha256.txt", *self.under("data/tools/"), "data/README.txt"}  # these prove nothing, nobody asks for them

# ---- Signatures
def combine(add, zero, *pairs):
    """The sum of multiples of points, bit by bit, with an addition that knows no special cases."""
    total = zero
    for bit in reversed(range(max(multiplier.bit_length() for multiplier, _ in pairs))):
        total = add(total, total)
        for multiplier, point in pairs:
            total = add(total, point) if multiplier >> bit & 1 else total
    return total

class Curve:
    """A NIST curve y^2 = x^3 - 3x + b modulo p, with a base point of order n (SP 800-186)."""
    def __init__(self, p, numbers):
        self.p, (self.n, self.b, x, y) = p, (int(number, 16) for number in numbers.split())
        self.size, self.base = p.bit_length() // 8, (x, y, 1)
    def add(self, one, two):
        """Complete addition in projective coordinates (Renes, Costello, Batina 2016, equation 1 with a = -3)."""
        (x, y, z), (u, v, w), p = one, two, self.p
        xx, yy, zz, xz = x * u % p, y * v % p, z * w % p, (x * w + u * z) % p
        xy, yz, near = (x * v + u * y) % p, (y * w + v * z) % p, 3 * (self.b * zz - xz)
        plus, minus, far, slope = yy + near, yy - near, 3 * (self.b * xz - xx - 3 * zz), 3 * (xx - zz)
        return (xy * minus - yz * far) % p, (plus * minus + slope * far) % p, (yz * plus + xy * slope) % p
    def holds(self, key, digest, r, s):
        """ECDSA verification (FIPS 186-5, section 6.4.2); the key is an uncompressed point."""
        x, y = int.from_bytes(key[1:1 + self.size], "big"), int.from_bytes(key[1 + self.size:], "big")
        on_curve = x < self.p and y < self.p and (y * y - x**3 + 3 * x - self.b) % self.p == 0
        if len(key) != 1 + 2 * self.size or key[0] != 4 or not on_curve or not (0 < r < self.n and 0 < s < self.n):
            return False
        e, w = int.from_bytes(digest[:self.size], "big"), pow(s, -1, self.n)
        x, _, z = combine(self.add, (0, 1, 0), (e * w % self.n, self.base), (r * w % self.n, (x, y, 1)))
        return bool(z) and x * pow(z, -1, self.p) % self.p % self.n == r

P256 = Curve(2**256 - 2**224 + 2**192 + 2**96 - 1, """
    ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
    5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b
    6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296
    4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5""")
P384 = Curve(2**384 - 2**128 - 2**96 + 2**32 - 1, """
    ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973
    b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef
    aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7
    3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f""")
SPKI_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")  # RFC 5480; the point follows

def ed25519_holds(key, signature, message):
    """RFC 8032, section 5.1.7, in extended coordinates (section 5.1.4)."""
    p, order = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
    d, root = -121665 * pow(121666, -1, p) % p, pow(2, (p - 1) // 4, p)
    def add(one, two):
        a, b = (one[1] - one[0]) * (two[1] - two[0]), (one[1] + one[0]) * (two[1] + two[0])
        c, e = 2 * one[3] * two[3] * d, 2 * one[2] * two[2]
        return (b - a) * (e - c) % p, (e + c) * (b + a) % p, (e - c) * (e + c) % p, (b - a) * (b + a) % p
    def point(data, negative=False):
        y, odd = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
        square = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
        x = next(x for x in (pow(square, (p + 3) // 8, p) * factor % p for factor in (1, root)) if x * x % p == square)
        x = x if (x & 1 == odd) != negative else p - x
        return x, y, 1, x * y % p
    s = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or s >= order:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % order
    base = point((4 * pow(5, -1, p) % p).to_bytes(32, "little"))
    x, y, z, _ = combine(add, (0, 1, 1, 0), (s, base), (k, point(key, negative=True)))  # s B - k A, which must be R
    x, y = x * pow(z, -1, p) % p, y * pow(z, -1, p) % p
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]  # in its one encoding

# ---- DER (X.690), keys and certificates (RFC 5280)
class Der(list):
    """One DER value: the list of its parts, its tag, its content, and all its bytes (raw)."""
    def __init__(self, data):
        size, at = data[1], 2
        if size & 0x80:
            size, at = int.from_bytes(data[2:2 + (size & 0x7F)], "big"), 2 + (size & 0x7F)
        self.tag, self.content, self.raw = data[0], data[at:at + size], data[:at + size]
        if len(self.content) < size:
            raise ValueError("DER ends too early")
        rest = self.content if self.tag & 0x20 else b""
        while rest:
            self.append(Der(rest))
            rest = rest[len(self[-1].raw):]
    def number(self): return int.from_bytes(self.content, "big", signed=True)
    def oid(self): return self.content.hex()

HASHES = {"608648016503040201": "sha256", "608648016503040202": "sha384", "608648016503040203": "sha512",
          "2a864886f70d01010b": "sha256", "2a864886f70d01010c": "sha384", "2a864886f70d01010d": "sha512",  # with RSA
          "2a8648ce3d040302": "sha256", "2a8648ce3d040303": "sha384", "2a8648ce3d040304": "sha512"}  # with ECDSA

def key_holds(spki, signature, message, algorithm):
    """ECDSA on P-256 or P-384 with a DER signature, or RSA with PKCS #1 v1.5 padding (RFC 8017, section 8.2.2)."""
    (kind, parameters), bits = Der(spki)
    digest, key = hashlib.new(algorithm, message).digest(), bits.content[1:]
    if kind.oid() == "2a8648ce3d0201":
        r, s = (part.number() for part in Der(signature))
        return {"2a8648ce3d030107": P256, "2b81040022": P384}[parameters.oid()].holds(key, digest, r, s)
    modulus, exponent = (part.number() for part in Der(key))
    size, last = (modulus.bit_length() + 7) // 8, {"sha256": 1, "sha384": 2, "sha512": 3}[algorithm]
    info = bytes.fromhex(f"30{17 + len(digest):02x}300d06096086480165030402{last:02x}050004{len(digest):02x}") + digest
    padded = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    right = kind.oid() == "2a864886f70d010101" and 256 <= size <= 2048 and exponent < 2**64 and len(signature) == size
    return right and pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big") == padded

def moment_of(value):
    """UTCTime or GeneralizedTime as fourteen digits."""
    text = value.content.decode("ascii")
    return (("20" if text < "50" else "19") + text if value.tag == 0x17 else text)[:14]

class Certificate:
    """What matters of an X.509 certificate."""
    def __init__(self, raw):
        body, algorithm, signature = Der(raw)
        _, serial, _, issuer, validity, subject, spki, *rest = body  # of version 3, which comes first
        self.raw, self.body, self.signature, self.hash = raw, body.raw, signature.content[1:], HASHES.get(algorithm[0].oid())
        self.serial, self.issuer, self.subject, self.spki = serial.raw, issuer.raw, subject.raw, spki.raw
        self.start, self.end = map(moment_of, validity)
        extensions = {one[0].oid(): (Der(one[-1].content), len(one) == 3) for field in rest if field.tag == 0xA3 for one in field[0]}
        purposes, critical = extensions.get("551d25", ([], False))  # extKeyUsage: id-kp-timeStamping
        self.for_time_only = critical and [one.oid() for one in purposes] == ["2b06010505070308"]
        self.authority = extensions.get("551d13", (Der(b"\0\0"),))[0].content[:3] == b"\1\1\xff"  # basicConstraints
    def issued(self, other):
        """Whether this is the certificate of the authority that issued the other."""
        mine = self.authority and other.issuer == self.subject
        return mine and key_holds(self.spki, other.signature, other.body, other.hash)

# ---- Merkle trees (RFC 6962, section 2.1; RFC 9162, section 2.1)
def node(left, right): return sha256(b"\1" + left + right)
def roots(old, new, known, path, stop=None, whole=True):
    """The roots at the old and the new size of a tree, by a proof that is used up from its end.

    From the root of the old tree by a consistency proof; or from its last leaf (``stop`` is 1) by a proof of inclusion."""
    if new == (stop or old):
        return (known, known) if whole or stop else (path[-1], path.pop())
    left, last = 1 << (new - 1).bit_length() - 1, path.pop()  # the largest power of two below
    before, after = roots(old, left, known, path, stop, whole) if old <= left else roots(old - left, new - left, known, path, stop, False)
    return (before, node(after, last)) if old <= left else (node(last, before), node(last, after))
def root_over(leaf, place, proof):
    """The root of a tree in which a leaf stands at a place: (index, size)."""
    path, (index, size) = [unb64u(one) for one in proof], place
    _, root = roots(index + 1, size, sha256(b"\0" + leaf), path, stop=1) if 0 <= index < size else (None, None)
    return None if path else root

# ---- The bundle
def verifier_key(vkey):
    """Name and identity, kind and bytes of a key (c2sp.org/signed-note, "verifier keys")."""
    name, identity, text = vkey.split("+", 2)
    data = base64.b64decode(text, validate=True)
    if sha256(name.encode() + b"\n" + data)[:4].hex() != identity or data[0] not in (1, 4) or len(data) != 33:
        raise ValueError(f"not a verifier key: {vkey}")
    return (name, bytes.fromhex(identity)), (data[0], data[1:])

class Verifier:
    """Goes through a bundle: the log, the records of acts, the chains and what belongs to them, the table of contents."""
    def __init__(self, bag, policy, report):
        self.bag, self.policy, self.report, self.must, self.remark = bag, policy, report, report.must, report.remark
        self.keys = dict(verifier_key(vkey) for vkey in policy["logs"] + policy["witnesses"])
        self.authorities = [Certificate(base64.b64decode(pem.split("-----")[2])) for pem in policy["tsa"]]
        self.stamps, self.kept, self.entries, self.about, self.statements, self.chains, self.gaps = [], {}, [], {}, [], [], 0
    def note(self, data, keys, check="log.signature"):
        """Origin, size, root and body of a checkpoint, and to where witnesses saw (c2sp.org/tlog-checkpoint, -cosignature)."""
        (body, _, lines), signed, witnesses = data.rpartition(b"\n\n"), [], set()
        origin, size, root = (body := body + b"\n").decode("utf-8").splitlines()
        for _, name, text in (line.split(" ") for line in lines.decode("utf-8").splitlines()):
            blob = base64.b64decode(text, validate=True)
            kind, key = keys.get((name, blob[:4]), (0, b""))
            if kind == 1 and name == origin:
                signed.append(ed25519_holds(key, blob[4:], body))
            elif kind == 4:  # a witness signs the time, too
                timed = b"cosignature/v1\ntime %d\n" % int.from_bytes(blob[4:12], "big") + body
                self.must("log.witnesses", ed25519_holds(key, blob[12:], timed))
                witnesses.add(key)
        self.must(check, signed and all(signed))
        witnessed = int(size) if len(witnesses) >= self.policy["quorum"] else -1
        return origin, int(size), base64.b64decode(root, validate=True), body, witnessed
    def in_log(self, leaf, index, proof, size=None, root=None):
        """A leaf stands in the tree of the bundle's checkpoint, or of another."""
        with self.report.trying("log.inclusion", self.report.at):
            self.must("log.inclusion", root_over(leaf, (index, size or self.size), proof) == (root or self.root))
    def check_log(self):
        """The checkpoint, changes of the log's key, and the older checkpoints that were stamped or seen by phones."""
        bag, report, rotations = self.bag, self.report, "data/log/rotations.jsonl"
        for line in bag.lines(rotations):
            with report.trying("log.rotation", rotations):
                change = bag.record(line)
                note, new = change["checkpoint"].encode(), dict([verifier_key(change["leaf"]["vkey"])])
                _, size, root, _, _ = self.note(note, self.keys)  # its witnesses say nothing of the newest log
                self.in_log(spelled(change["leaf"]), change["index"], change["hashes"], size, root)
                self.note(note, new, "log.rotation")  # the new key alone must have signed, too
                self.keys.update(new)
        report.at, self.checkpoint = "data/log/checkpoint", bag.read("data/log/checkpoint")
        self.origin, self.size, self.root, _, self.witnessed = self.note(self.checkpoint, self.keys)
        for folder in [f"data/anchors/{size}" for size in bag.folders("data/anchors/")]:
            with report.trying("log.consistency", folder):
                data, proof = bag.read(f"{folder}/checkpoint"), bag.record(bag.read(f"{folder}/consistency.json"))
                notes = [data] + [bag.read(name) for name in bag.under(f"{folder}/cosigned")]  # one checkpoint, signed by more
                told, path = [self.note(one, self.keys) for one in notes], [unb64u(one) for one in proof["hashes"]]
                (origin, old, root, body, witnessed), same = max(told, key=lambda one: one[4]), {one[3] for one in told} == {told[0][3]}
                same = same and origin == self.origin and 0 < old <= self.size and (proof["old"], proof["new"]) == (old, self.size)
                grew = same and roots(old, self.size, root, path) == (root, self.root) and not path
                self.must("log.consistency", grew and folder == f"data/anchors/{old}")
                self.kept[old], self.witnessed = b64u(sha256(body)), max(self.witnessed, witnessed)
                if bag.under(f"{folder}/token.tsr"):
                    with report.trying("tsa.token", folder):
                        self.check_stamps(folder, old, data)
        self.must("log.witnesses", self.witnessed >= 0, f"< {self.policy['quorum']}")
        report.remark("no_witnesses", not self.policy["quorum"], self.origin)
    def check_stamps(self, folder, size, message):
        """A checkpoint's time stamp, and its renewals: each over the root of a tree in which the stamp before it is a leaf."""
        token = self.bag.read(f"{folder}/token.tsr")
        renewals = [self.bag.record(line, "renewal/1") for line in self.bag.lines(f"{folder}/renewals.jsonl")]
        if self.authorities:
            first = at, end = self.stamp(token, message, "tsa.token")
            for newer in renewals:
                message = root_over(token + message, (newer["index"], newer["count"]), newer["hashes"])
                before, until, token = at, end, unb64u(newer["token"])
                at, end = self.stamp(token, message, "tsa.renewal")
                self.must("tsa.renewal", before <= at <= until)
            self.stamps.append((size, first[0]))
            self.remark("ended", end < moment(1000 * time.time()))
    def stamp(self, token, message, check):
        """When an authority saw these bytes, and until when its certificates vouch (RFC 3161, 2.4.2; RFC 5652, 5.4; RFC 5035)."""
        (status, content), trusted = Der(token), [one.raw for one in self.authorities]
        signed, kind = content[1][0], "2a864886f70d0109100104"  # id-ct-TSTInfo
        stated, signer = signed[2][1][0].content, signed[-1][0]
        issuers = self.authorities + [Certificate(one.raw) for part in signed if part.tag == 0xA0 for one in part]
        info, attributes = Der(stated), {one[0].oid(): one[1][0] for one in signer[3]}
        imprint, hashed = hashlib.new(HASHES[info[2][0][0].oid()], message).digest(), HASHES[signer[2][0].oid()]
        self.must(check, status[0].number() in (0, 1) and info[2][1].content == imprint)
        own = next(one for one in issuers if one.issuer + one.serial == signer[1].content)
        second = attributes.get("2a864886f70d010910022f")  # signingCertificateV2, or the older one, always with SHA-1
        named = (second or attributes["2a864886f70d010910020c"])[0][0]
        name = "sha1" if not second else HASHES[named[0][0].oid()] if named[0].tag == 0x30 else "sha256"
        self.must("tsa.certificate", own.for_time_only and hashlib.new(name, own.raw).digest() in [one.content for one in named])
        unchanged = (attributes["2a864886f70d010904"].content == hashlib.new(hashed, stated).digest()  # messageDigest
                     and attributes["2a864886f70d010903"].oid() == signed[2][0].oid() == kind)  # contentType
        by_key = HASHES.get(signer[4][0].oid(), hashed)  # the attributes are signed as SET OF, not as [0]
        self.must("tsa.signature", unchanged and key_holds(own.spki, signer[5].content, b"\x31" + signer[3].raw[1:], by_key))
        chain, at = [own], moment_of(info[4])
        while chain[-1].raw not in trusted and len(chain) < 8:
            chain.append(next((one for one in issuers if one.issued(chain[-1])), own))
        self.must("tsa.chain", chain[-1].raw in trusted)
        self.must("tsa.validity", all(one.start <= at <= one.end for one in chain))
        return at, min(one.end for one in chain)
    def check_entries(self, name):
        """The records of acts of a file, each in the log; returns the digest of all but that of this export."""
        digests = b""
        for number, line in enumerate(self.bag.read(name).splitlines(), 1):
            with self.report.trying("record.fields", f"{name}, {number}"):
                told = self.bag.record(line)
                entry, digest = told["entry"], sha256(spelled(told["entry"]))
                self.must("record.fields", entry["t"] == "entry/1" and fits(entry, "entry/1"))
                self.in_log(spelled({"k": "entry", "sha256": b64u(digest), "t": "leaf/1"}), told["index"], told["hashes"])
                self.entries.append((entry, told["index"]))
                self.about.setdefault(entry["subject"], []).append(self.entries[-1])
                digests += b"" if (entry["kind"], entry["subject"]) == ("bundle.exported", self.bundle["id"]) else digest
        return b64u(sha256(digests))
    def acts(self, kinds, subject, **data):
        """Recorded acts of these kinds on a subject with these data (``actor`` is who did it), and their places before them."""
        return [(index, entry) for entry, index in self.about.get(subject, ()) if entry["kind"] in kinds.split()
                and data.items() <= {**entry["data"], "actor": entry["actor"]}.items()]
    def check_chain(self, session):
        """Every statement of a session with its signature, its place in the chain and its leaf in the log."""
        bag, must, start, opening, before, sealed = self.bag, self.must, f"data/sessions/{session}/", None, "", None
        for place, number in enumerate(sorted(bag.folders(start), key=int)):
            with self.report.trying("record.fields", start + number):
                files = "statement.json", "statement.sig", "leaf.json", "log.tlog-proof"
                raw, signature, leaf, proof = (bag.read(f"{start}{number}/{name}") for name in files)
                kinds = "capture/1 discard/1 note/1 seal/1 cosign/1".split() if place else ["session/1"]
                body, told, stmt = bag.record(raw, *kinds), bag.record(leaf, "leaf/1"), b64u(sha256(raw))
                opening, kind = opening or body, body["t"]
                spki, r, s = unb64u(opening["spki"]), int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
                own = (opening["id"], opening["dev"]) == (session, b64u(sha256(spki))) and spki.startswith(SPKI_P256)
                named = not place or (body["ses"], body["dev"]) == (session, opening["dev"])
                must("chain.key", own and named and body.get("visit", opening["visit"]) == opening["visit"])
                must("statement.signature", len(signature) == 64 and P256.holds(spki[26:], sha256(raw), r, s))
                must("chain.links", int(number) == place and (not place or (body["seq"], body["prev"]) == (place, before)))
                counted = kind != "seal/1" or body["count"] == place - 1
                must("chain.seal", counted and (not sealed or kind == "cosign/1" and body["seal"] == sealed))
                before, sealed = stmt, sealed or (stmt if kind == "seal/1" else None)
                meant = {"t": "leaf/1", "k": "statement", "env": b64u(sha256(raw + signature)), "stmt": stmt}
                must("log.leaf", told == {**meant, "recv_ms": told["recv_ms"]})
                head, _, note = proof.partition(b"\n\n")  # c2sp.org/tlog-proof
                title, index, *path = head.decode("utf-8").split("\n")
                must("log.checkpoint", note == self.checkpoint and title == "c2sp.org/tlog-proof@v1")
                self.in_log(leaf, int(index[6:]), [b64u(base64.b64decode(one)) for one in path])
                self.statements.append(SimpleNamespace(stmt=stmt, body=body, where=start + number, index=int(index[6:]),
                                                       received=told["recv_ms"], opening=opening))
        self.remark("unsealed", not sealed, session)
        self.chains.append({"id": session, "count": place, "last": before})
    def check_phone(self, one):
        """Whose phone it was, whether it was revoked, and whether a passkey confirmed (WebAuthn level 2, section 7.2)."""
        device, owner, site = one.opening["device"], one.opening["who"], self.policy["rp_id"]
        self.must("device.enrolled", any(at < one.index for at, _ in self.acts("device.enrolled", device, actor=owner)))
        self.remark("unconfirmed", not self.acts("device.confirmed", device), device)
        revoked = [at for at, _ in self.acts("device.revoked device.revocation_asked", device)]
        self.remark("after_revocation", any(at < one.index for at in revoked))
        flags = sorted({flag for _, act in self.acts("capture.recorded", one.body["id"]) for flag in act["data"].get("flags", ())})
        self.must("device.revocation", revoked or "after_revocation" not in flags)
        for flag in flags:
            self.remark("flag", True, f"{one.where}: {flag}")
        for name in self.bag.under(f"{one.where}/passkey.json"):
            with self.report.trying("passkey.assertion", one.where):
                key = self.bag.record(self.bag.read(name))
                wanted = "passkey.made", owner, key["credential_id"]
                spki = next(entry["data"]["spki"] for entry, at in self.entries if at < one.index
                            and (entry["kind"], entry["actor"], entry["data"].get("credential_id")) == wanted)
                client, told = unb64u(key["client_data_json"]), unb64u(key["authenticator_data"])
                said = json.loads(client.decode("utf-8"))
                here = not site or (told[:32] == sha256(site.encode()) and said["origin"] in self.policy["origins"])
                meant = (said["type"], said["challenge"]) == ("webauthn.get", one.stmt) and told[32] & 5 == 5  # present, verified
                signed = key_holds(unb64u(spki), unb64u(key["signature"]), told + sha256(client), "sha256")
                self.must("passkey.assertion", here and meant and signed)
    def check_statement(self, one):
        """What outsiders, clocks and the records of acts say of a statement, and the files that belong to it."""
        bag, must, remark, body, where = self.bag, self.must, self.remark, one.body, one.where
        seen, clock, inside, media = body.get("anchor"), body.get("clock"), body["id"] in self.inside, body.get("media", [])
        stamped = min((at for size, at in self.stamps if one.index < size), default=None)
        remark("unanchored", not stamped)
        remark("unwitnessed", self.policy["quorum"] and self.witnessed <= one.index)
        remark("refused", body.get("outcome") == "refused")
        remark("discarded", body["t"] == "discard/1", f"{where}: {body.get('capture')}")
        remark("earlier", body.get("prev_seal") and body["prev_seal"] not in self.seals)
        if seen and seen["size"]:
            must("log.seen", self.kept.get(seen["size"]) == seen["cp"])
        if clock:
            ran = clock["wall_ms"] - seen["srv_ms"] - (clock["mono_ms"] - seen["mono_ms"]) if seen else 0
            remark("clock", clock["wall_ms"] > one.received + 120_000 or abs(ran) > 120_000)
            remark("late", one.received - clock["wall_ms"] > 86_400_000)
        pieces = [("original", f"{where}/original-{n}.", medium["sha256"]) for n, medium in enumerate(media, 1)]
        for what, start, digest in pieces + [("private", f"{where}/private.json", body.get("priv_h"))] * ("priv_h" in body):
            hexed, files = unb64u(digest).hex(), bag.under(start)
            told = [gap["why"] for gap in self.bundle["withheld"] if (gap["stmt"], gap["what"], gap["sha256"]) == (one.stmt, what, digest)]
            must("withheld.listed", len(files) + len(told) == 1, start)
            self.gaps += len(told)
            for name in files:
                must("content.digest", b64u(bag.digest(name)) == digest, name)
                must("custody.complete", what == "private" or self.acts("capture.original_received", body["id"], sha256=hexed), name)
            for why in told:
                remark(why if why in REMARKS else "flag", True, start)
                outside, deleted = not inside and body.get("about") not in self.inside, self.acts("capture.tombstoned", body["id"], sha256=hexed)
                must("withheld.reason", {"scope": outside, "deleted": deleted}.get(why, why in ("personal", "awaited", "absent")), start)
        copies = [copy for copy in self.bundle["copies"] if copy["stmt"] == one.stmt]
        from_media = all(copy["from"] in [None, *(medium["sha256"] for medium in media)] for copy in copies)
        found = sorted(b64u(bag.digest(name)) for name in bag.under(f"{where}/derived/"))
        must("copies.origin", from_media and found == sorted(copy["sha256"] for copy in copies))
        kind = {"session/1": "capture_session.opened", "seal/1": "capture_session.sealed", "capture/1": "capture.recorded"}.get(body["t"])
        subject, capture = body["id"] if body["t"] == "capture/1" else one.opening["id"], body["t"] == "capture/1"
        noted = self.acts(kind or "", subject, statement_sha256=unb64u(one.stmt).hex(), actor=one.opening["who"])
        must("custody.complete", noted or not kind or capture and not inside)
        if capture:
            self.report.captures.append({"place": where, "capture": body["id"], "claimed": moment(clock["wall_ms"]),
                                         "received": moment(one.received), "stamped": stamped, "media": media, "enclosed": inside})
    def check_all(self, slip):
        """Everything, in the order in which one thing rests on the other."""
        bag, must, report = self.bag, self.must, self.report
        bag.check_manifests()
        with report.trying("bundle.scope", "data/bundle.json"):
            raw = bag.read("data/bundle.json")
            bundle = self.bundle = bag.record(raw, "bundle/1")
            self.check_log()
            told = {"custody": self.check_entries("data/custody.jsonl"), "keys": self.check_entries("data/keys/enrolments.jsonl"),
                    "case": None, "report": b64u(bag.digest("data/report/report.html")), "sessions": self.chains}
            for session in bag.folders("data/sessions/"):
                self.check_chain(session)
            report.at, case = "data/bundle.json", {"id": None, "citations": []}
            must("export.entry", self.acts("bundle.exported", bundle["id"], bundle_sha256=sha256(raw).hex(), actor=bundle["made_by"]))
            if "data/case.json" in bag.files:
                case, told["case"] = bag.record(bag.read("data/case.json"), "case/1"), b64u(bag.digest("data/case.json"))
            sessions = sorted(bundle["sessions"], key=lambda one: one["id"])
            must("export.contents", told == {**{key: bundle[key] for key in told}, "sessions": sessions})
            captures = {one.stmt: one.body["id"] for one in self.statements if one.body["t"] == "capture/1"}
            cited = [(one["stmt"], one["capture"]) for one in case["citations"]]
            of = {"capture": {bundle["subject"]}, "visit": {*captures.values()}, "case": {capture for _, capture in cited}}
            self.inside, visits = of[bundle["scope"]], {one.opening["visit"] for one in self.statements}
            right = {"capture": True, "visit": visits == {bundle["subject"]}, "case": case["id"] == bundle["subject"]}[bundle["scope"]]
            must("bundle.scope", right and self.inside <= {*captures.values()} and bundle["origin"] == self.origin)
            stands = {}  # what the case cites by the record of acts, in the order of the log
            for _, act in sorted(self.acts("case.evidence_cited case.evidence_withdrawn", bundle["subject"]), key=lambda act: act[0]):
                stmt = b64u(bytes.fromhex(act["data"]["statement_sha256"]))
                stands[stmt, act["data"]["capture_id"]] = act["kind"] == "case.evidence_cited"
            if case["id"]:
                recorded = sorted(key for key in stands if stands[key]) == sorted(cited)
                must("case.citations", recorded and all(captures.get(stmt) == capture for stmt, capture in cited))
            self.seals = {one.stmt: one.body["count"] for one in self.statements if one.body["t"] == "seal/1"}
            digest, _, count = (slip or "").strip().rpartition(" ")[2].partition(":")  # as its code is read
            if slip:
                must("slip.seal", digest in self.seals and count in ("", str(self.seals[digest])), "slip")
            for one in self.statements:
                with report.trying("record.fields", one.where):
                    self.check_phone(one)
                    self.check_statement(one)
            must("withheld.listed", self.gaps == len(bundle["withheld"]))
            must("copies.origin", {copy["stmt"] for copy in bundle["copies"]} <= {one.stmt for one in self.statements})
            for name in bag.names:
                must("bundle.layout", name in bag.known, name)

def moment(ms): return time.strftime("%Y%m%d%H%M%S", time.gmtime(ms / 1000))
def show(report, verdict):
    """The report for people, in both languages."""
    for check, (zh, en) in CHECKS.items():
        mark = "✗" if check in report.failures else "✓" if report.counts[check] else "–"
        print(f" {mark} {zh} · {en}  [{check}]", *report.failures.get(check, ())[:9], sep="\n     ")
    for code, places in report.remarks.items():
        print(f" ! {' · '.join(REMARKS[code])}：{'  '.join(places[:5])}{' …' if len(places) > 5 else ''} ({len(places)})")
    for one in report.captures:
        media = ", ".join(f"{medium['type']} {medium['bytes']} B SHA-256 {unb64u(medium['sha256']).hex()}" for medium in one["media"])
        print(f" · {one['place']}: {media}; 收到 received {one['received']}; 时间戳 stamped {one['stamped'] or '–'}")
    print(VERDICTS[verdict][1])

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("bundle", "trust", "--slip"):
        parser.add_argument(name)
    parser.add_argument("--json", action="store_true")
    chosen, report = parser.parse_args(), Report()
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        if Path(chosen.bundle).resolve() in Path(chosen.trust).resolve().parents:
            raise ValueError("the trust policy lies inside the bundle")
        verifier = Verifier(Bag(chosen.bundle, report), json.loads(Path(chosen.trust).read_text("utf-8")), report)
    except Exception as error:
        print(f"无法判断 · Cannot be judged: {error}")
        return 2
    verifier.check_all(chosen.slip)
    verdict = "REFUSED" if report.failures else "REMARKS" if report.remarks else "ACCEPTED"
    if chosen.json:
        told = {key: vars(report)[key] for key in ("counts", "failures", "remarks", "captures")}
        print(json.dumps({"verdict": verdict, **told}, ensure_ascii=False, indent=1))
    else:
        show(report, verdict)
    return VERDICTS[verdict][0]

if __name__ == "__main__":
    sys.exit(main())
