#!/usr/bin/env python3
# fmt: off
"""Checks an evidence bundle (证据包) of Zhicha 直查 without its makers, their server or a network; Python 3.8 or later.
    python3 verify.py BUNDLE trust.json [--slip DIGEST[:COUNT]] [--json]
BUNDLE: the zip or its unpacked folder. trust.json: the keys you believe (log, witnesses, time-stamp authorities), from a
notary or witness, never from the bundle. --slip: what the on-site slip says of a visit's seal. Exit status: 0 accepted,
3 with remarks, 1 refused, 2 not judged. Format, standards and what each check asks: docs/evidence.md. To read it: CHECKS is
what is checked, check_all at the end in which order; what stands between are the means; behind a "def" is what it is for.
"""
import argparse, base64, bisect, contextlib, hashlib, json, os, pathlib, re, sys, time, types, zipfile  # noqa: E401, I001
CHECKS = {  # by name: what is true when the check passes
    "bag.container": "没有重复、越界或链接的条目 · no entry doubled, outside or a link", "bag.manifest": "文件与清单一致 · files are as listed",
    "bundle.layout": "没有格式以外的文件 · no file beyond the format", "json.canonical": "每份记录写法唯一 · records in their one spelling",
    "record.fields": "每份记录字段合规 · records have the fields of their kind", "statement.signature": "由手机密钥签名 · by the phone's key",
    "chain.key": "记录与其会话、密钥、走访一致 · of their session, key and visit", "chain.links": "前后相扣，无抽走调换 · none removed or moved",
    "chain.seal": "封存数目相符，其后只有会签 · count is right, then only cosigning", "slip.seal": "凭条上的封存在其中 · the slip's seal is here",
    "content.digest": "原始文件和个人信息未改 · originals, private parts unchanged", "copies.origin": "副本与登记一致 · copies as recorded",
    "withheld.listed": "未附的逐一列明 · what is withheld is listed", "withheld.reason": "未附的理由成立 · the reasons for it hold",
    "log.leaf": "日志条目对应记录及签名 · leaf of this statement and signature", "log.inclusion": "记录都在日志之中 · all records are in it",
    "log.checkpoint": "证明针对同一检查点 · proofs against one checkpoint", "log.signature": "检查点由受信密钥签名 · signed by a trusted key",
    "log.rotation": "换钥有新旧密钥签名 · key change signed by old and new", "log.witnesses": "外部见证人足够 · enough witnesses cosigned",
    "log.consistency": "日志只增不改 · the log only grew", "log.seen": "手机见过的是同一日志 · phones had seen this same log",
    "tsa.token": "时间戳为该检查点签发 · stamp is of this checkpoint", "tsa.signature": "时间戳由其证书密钥签名 · by its certificate's key",
    "tsa.certificate": "证书是指明的，专用于此 · the one named, for stamping only", "tsa.chain": "证书出自受信机构 · by a trusted authority",
    "tsa.validity": "当时证书有效（未查吊销） · valid then (revocation not asked)", "tsa.renewal": "续签及时覆盖前一枚 · renewed in time",
    "device.enrolled": "手机事先登记在其名下 · the owner's phone beforehand", "device.revocation": "停用没有隐瞒 · no revocation hidden",
    "passkey.assertion": "本人通行密钥确认 · confirmed by its owner's passkey", "custody.complete": "接收封存有登记 · receipt recorded",
    "case.citations": "案件引用与登记一致 · the case cites what is recorded", "bundle.scope": "内容属于所称范围 · of the scope claimed",
    "export.entry": "目录导出时已记入日志 · contents logged at export", "export.contents": "内容与目录一致 · as the contents say"}
REMARKS = {
    "forked": "手机的链曾分叉：同一密钥另签过记录 · a chain of the phone forked: its key signed something else beside it",
    "ended": "时间戳证书已到期，未见续签 · the stamp's certificate has ended, no renewal is here", "awaited": "服务器尚未收到 · not yet received",
    "after_revocation": "手机停用之后收到 · received after the phone was revoked", "unanchored": "尚无受信时间戳 · no trusted time stamp yet",
    "earlier": "手机的前一会话不在本包 · the phone's session before is not enclosed", "unwitnessed": "尚无足够见证 · not witnessed enough yet",
    "unconfirmed": "手机未经第二人确认 · phone not confirmed by a second person", "scope": "不在范围，未附 · outside the scope, not enclosed",
    "unsealed": "未封存，其后有无记录不明 · not sealed: more may have followed", "personal": "涉个人信息，未附 · personal, not enclosed",
    "no_witnesses": "信任文件不要求见证人 · the policy asks for no witness", "counter": "通行密钥计数未增 · passkey's counter stood",
    "refused": "拒绝会签 · would not countersign", "late": "收到晚于一天 · received after a day", "deleted": "已依法删除 · lawfully deleted",
    "flag": "服务器收到时注明 · noted at receipt", "absent": "手机从未提交 · never handed in", "discarded": "已声明作废 · declared void",
    "clock": "手机时钟有出入 · clock was off", "ignored": "系统文件 · system file"}
# ---- Bytes and records
def sha256(data): return hashlib.sha256(data).digest()
def number(data, order="big"): return int.from_bytes(data, order)
def b64u(data): return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
def unb64u(text): return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
def moment(ms): return time.strftime("%Y%m%d%H%M%S", time.gmtime(ms / 1000))
def parsed(data):
    """JSON with the keys of objects in the order of RFC 8785, 3.2.3 (spelled: 3.2); of numbers integers up to 2^53 - 1."""
    def in_order(pairs): return dict(sorted(pairs, key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass")))
    def small(text): return int(text) if re.fullmatch("-?[0-9]{1,16}", text) and abs(int(text)) < 2**53 else None
    return json.loads(data.decode(), object_pairs_hook=in_order, parse_int=small, parse_float=small, parse_constant=small)
def spelled(value): return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")  # RFC 8785
CHAINED = "t id dev ses seq prev clock "
FORMS = {  # the fields of each kind of record; "?" means or null, "*" a list of them
    "session/1": "t id dev spki device who visit co* from_ms to_ms app prev_seal?", "seal/1": CHAINED + "count",
    "capture/1": CHAINED + "visit item site? media* anchor? priv_h net", "discard/1": CHAINED + "capture reason",
    "note/1": CHAINED + "about? priv_h", "cosign/1": CHAINED + "seal party outcome priv_h",
    "media": "role sha256 bytes type w h src", "clock": "wall_ms mono_ms tz_min", "anchor": "cp? size srv_ms mono_ms",
    "bundle/1": "t id scope subject made_ms made_by purpose origin custody keys case? report sessions* copies* withheld*",
    "sessions": "id count last", "copies": "stmt kind sha256 from?", "withheld": "stmt what sha256 why",
    "case/1": "t id number? citations*", "citations": "stmt capture", "leaf/1": "t k env stmt recv_ms",
    "entry/1": "t id org kind subject_kind subject actor? command? at_us data", "renewal/1": "t token index count hashes*"}
HASH, UUID = '"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"', '"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"'
KINDS = {  # what may stand in a field, as JSON spells it
    '".*"': "t spki co app reason net party outcome role type src scope purpose origin kind what why number k subject_kind"
            " token", r"\{.*\}": "data", "-?[0-9]+": "tz_min",
    "[0-9]+": "from_ms to_ms seq count bytes w h wall_ms mono_ms size srv_ms made_ms recv_ms at_us index",
    HASH: "dev prev_seal prev priv_h seal sha256 cp custody keys case report last stmt from env hashes",
    UUID: "id ses device who visit item site capture about subject made_by org actor command"}
SPELLING = {field: kind for kind, fields in KINDS.items() for field in fields.split()}
def fits(value, field):  # whether a value may stand in a field; a record has exactly its fields, and is what it says (t)
    if field[-1] == "*":
        return isinstance(value, list) and all(fits(one, field[:-1]) for one in value)
    if field[-1] == "?":
        return value is None or fits(value, field[:-1])
    if field in SPELLING:
        return bool(re.fullmatch(SPELLING[field], json.dumps(value)))
    form = {one.rstrip("?*"): one for one in FORMS[field].split()}
    named = isinstance(value, dict) and value.keys() == form.keys() and value.get("t", field) == field
    return named and all(fits(value[name], form[name]) for name in form)
# ---- Signatures
def sum_of(add, p, zero, u, one, v, two):  # the point (x, y) that is u times one point and v times another, bit by bit
    total, sums = zero, (zero, one, two, add(*one, *two))
    for bit in reversed(range(max(u, v).bit_length())):
        total = add(*add(*total, *total), *sums[(u >> bit & 1) + 2 * (v >> bit & 1)])
    x, y, z = total  # projective
    return x * pow(z, p - 2, p) % p, y * pow(z, p - 2, p) % p
P256 = {"p": 2**256 - 2**224 + 2**192 + 2**96 - 1, "n": 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551,
        "b": 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b,
        "x": 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
        "y": 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5,  # SP 800-186: y^2 = x^3 - 3x + b
        "spki": bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")}  # as keys begin (RFC 5480)
P384 = {"p": 2**384 - 2**128 - 2**96 + 2**32 - 1, "spki": bytes.fromhex("3076301006072a8648ce3d020106052b81040022036200"),
        "n": 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973,
        "b": 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef,
        "x": 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7,
        "y": 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f}
def ecdsa_holds(curve, spki, digest, r, s):
    """ECDSA verification (FIPS 186-5, section 6.4.2); the key is an uncompressed point."""
    p, n, b, size, begins = curve["p"], curve["n"], curve["b"], curve["p"].bit_length() // 8, curve["spki"] + b"\4"
    def add(x, y, z, u, v, w):  # complete and projective: Renes, Costello, Batina 2016, equation 1 with a = -3
        xx, yy, zz, xz = x * u % p, y * v % p, z * w % p, (x * w + u * z) % p
        xy, yz, near = (x * v + u * y) % p, (y * w + v * z) % p, 3 * (b * zz - xz)
        plus, minus, far, slope = yy + near, yy - near, 3 * (b * xz - xx - 3 * zz), 3 * (xx - zz)
        return (xy * minus - yz * far) % p, (plus * minus + slope * far) % p, (yz * plus + xy * slope) % p
    x, y = number(spki[-2 * size:-size]), number(spki[-size:])
    on_curve = x < p and y < p and (y * y - x**3 + 3 * x - b) % p == 0
    valid = spki.startswith(begins) and len(spki) == len(begins) + 2 * size and on_curve and 0 < r < n and 0 < s < n
    e, w = number(digest[:size]), pow(s, -1, n) if valid else 0
    return valid and sum_of(add, p, (0, 1, 0), e * w % n, (curve["x"], curve["y"], 1), r * w % n, (x, y, 1))[0] % n == r
def ed25519_holds(key, signature, message):
    """RFC 8032, section 5.1.7, on the curve y^2 - x^2 = 1 + d x^2 y^2, whose addition is complete (Bernstein et al. 2008)."""
    p, order, s = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493, number(signature[32:], "little")
    d, root = -121665 * pow(121666, -1, p) % p, pow(2, (p - 1) // 4, p)
    def add(x, y, z, u, v, w):
        xx, yy, zz = x * u % p, y * v % p, z * w % p
        minus, plus = zz * zz - d * xx * yy, zz * zz + d * xx * yy
        return zz * minus * ((x + y) * (u + v) - xx - yy) % p, zz * plus * (xx + yy) % p, minus * plus % p
    def point(data):  # section 5.1.3
        y, odd = number(data, "little") & (2**255 - 1), data[31] >> 7
        square = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
        x = next(x for x in (pow(square, (p + 3) // 8, p) * factor % p for factor in (1, root)) if x * x % p == square)
        return x if x & 1 == odd else p - x, y, 1
    k, (x, y, _) = number(hashlib.sha512(signature[:32] + key + message).digest(), "little") % order, point(key)
    x, y = sum_of(add, p, (0, 1, 1), s % order, point((4 * pow(5, -1, p) % p).to_bytes(32, "little")), k, (p - x, y, 1))
    encoded = (y | (x & 1) << 255).to_bytes(32, "little")  # s B - k A must be R, of which there is one encoding
    return len(key) == 32 and len(signature) == 64 and s < order and encoded == signature[:32]
# ---- DER (X.690), keys and certificates (RFC 5280); object identifiers are as encoded, of hashes alone, with RSA, with ECDSA
OIDS = {"sha256": "608648016503040201 2a864886f70d01010b 2a8648ce3d040302", "contentType": "2a864886f70d010903",
        "sha384": "608648016503040202 2a864886f70d01010c 2a8648ce3d040303", "messageDigest": "2a864886f70d010904",
        "sha512": "608648016503040203 2a864886f70d01010d 2a8648ce3d040304", "TSTInfo": "2a864886f70d0109100104",
        "signingCertificate": "2a864886f70d010910020c", "signingCertificateV2": "2a864886f70d010910022f"}
TIME_ONLY = bytes.fromhex("30160603551d250101ff040c300a06082b06010505070308")  # extKeyUsage, critical: timeStamping
class Der(list):  # a DER value: the list of its parts, its tag, its content, and all its bytes (raw)
    def __init__(self, data):
        at = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
        size = number(data[2:at]) if at > 2 else data[1]
        self.tag, self.content, self.raw, rest = data[0], data[at:at + size], data[:at + size], data[at:at + size]
        if len(self.content) < size:
            raise ValueError("DER ends too early")
        while self.tag & 0x20 and rest:
            self.append(Der(rest))
            rest = rest[len(self[-1].raw):]
    def number(self): return int.from_bytes(self.content, "big", signed=True)
    def name(self): return next((name for name, several in OIDS.items() if self.content.hex() in several.split()), None)
    def moment(self): return (("" if self.tag == 24 else "20" if self.content < b"50" else "19") + self.content.decode())[:14]
def key_holds(spki, signature, message, algorithm):
    """ECDSA on P-256 or P-384 with a DER signature, or RSA with PKCS #1 v1.5 padding (RFC 8017, section 8.2.2)."""
    (kind, _), bits, digest = *Der(spki), hashlib.new(algorithm, message).digest()
    if kind.content.hex() != "2a864886f70d010101":  # rsaEncryption
        r, s = (part.number() for part in Der(signature))
        return any(ecdsa_holds(curve, spki, digest, r, s) for curve in (P256, P384))
    modulus, exponent = (part.number() for part in Der(bits.content[1:]))
    size, info = (modulus.bit_length() + 7) // 8, f"300d0609{OIDS[algorithm][:18]}050004{len(digest):02x}{digest.hex()}"
    padded = bytes.fromhex("0001" + "ff" * (size - len(info) // 2 - 5) + f"0030{len(info) // 2:02x}" + info)
    usual = 256 <= size <= 2048 and exponent < 2**64 and len(signature) == size  # nobody uses others
    return usual and pow(number(signature), exponent, modulus).to_bytes(size, "big") == padded
def certificate(raw):  # what matters of an X.509 certificate of version 3
    body, (algorithm, *_), signature = Der(raw)
    _, serial, _, issuer, (start, end), subject, spki, *rest = body
    extensions = [one for field in rest if field.tag == 0xA3 for one in field[0]]
    authority = any(one[0].content.hex() == "551d13" and one[-1].content[2:5] == b"\1\1\xff" for one in extensions)  # CA
    return types.SimpleNamespace(
        raw=raw, body=body.raw, hash=algorithm.name(), signature=signature.content[1:], start=start.moment(), end=end.moment(),
        serial=serial.raw, issuer=issuer.raw, subject=subject.raw, spki=spki.raw, authority=authority, extensions=extensions)
# ---- Merkle trees (RFC 6962, section 2.1; RFC 9162, section 2.1)
def node(left, right): return sha256(b"\1" + left + right)
def roots(old, new, known, path, stop=None, whole=True):
    """Roots at two sizes, by a proof that is used up: of consistency, from the old root; or, with stop = 1, from a leaf."""
    if new == (stop or old):
        return (known, known) if whole or stop else (path[-1], path.pop())
    left, last = 1 << (new - 1).bit_length() - 1, path.pop()  # the largest power of two below
    part = (old, left, known, path, stop, whole) if old <= left else (old - left, new - left, known, path, stop, False)
    before, after = roots(*part)
    return (before, node(after, last)) if old <= left else (node(last, before), node(last, after))
def root_over(leaf, index, size, hashes):  # the root of a tree with a leaf at an index; None if the proof does not fit
    path = [unb64u(one) for one in hashes]
    root = roots(index + 1, size, sha256(b"\0" + leaf), path, stop=1)[1] if 0 <= index < size else None
    return None if path else root
# ---- The bundle
RECEIVED = {"session/1": "capture_session.opened", "seal/1": "capture_session.sealed", "capture/1": "capture.recorded"}
def files_of(path):  # of every file in a folder or zip: its name, whether it is a link, and how to read it
    if os.path.isdir(path):
        files = sorted(one for one in pathlib.Path(path).rglob("*") if one.is_symlink() or not one.is_dir())
        return [(one.relative_to(path).as_posix(), one.is_symlink(), one.read_bytes) for one in files]
    bag = zipfile.ZipFile(path)
    files = [one for one in bag.infolist() if not one.is_dir()]
    if sum(one.file_size for one in files) > 100 * os.path.getsize(path) or {one.compress_type for one in files} - {0, 8}:
        raise ValueError("zip: unknown method or too much to unpack")  # of each no more is unpacked than it announces
    return [(one.filename, one.external_attr >> 28 == 0xA, lambda one=one: bag.open(one).read(one.file_size)) for one in files]
def verifier_key(vkey):
    """Name and identity, kind and bytes of a key (c2sp.org/signed-note, "verifier keys")."""
    name, identity, text = vkey.split("+", 2)
    data = base64.b64decode(text, validate=True)
    if sha256(name.encode() + b"\n" + data)[:4].hex() != identity or data[0] not in (1, 4) or len(data) != 33:
        raise ValueError(f"not a verifier key: {vkey}")
    return (name, bytes.fromhex(identity)), (data[0], data[1:])
class Verifier:  # a bundle's files by name, of originals only the digests; a file counts as known once it was read for a check
    def __init__(self, path, policy):
        self.counts, self.failures, self.remarks, self.captures, self.at = dict.fromkeys(CHECKS, 0), {}, {}, [], ""
        self.policy, self.keys = policy, dict(verifier_key(vkey) for vkey in policy["logs"] + policy["witnesses"])
        self.authorities = [certificate(base64.b64decode(pem.split("-----")[2])) for pem in policy["tsa"]]
        self.stamps, self.seen, self.about, self.statements, self.chains, self.gaps = [], {}, {}, [], [], {}
        self.files, self.digests, self.known, entries = {}, {}, set(), files_of(path)
        begins = [re.fullmatch(r"((?:[^/]+/)*)(?:bagit|(?:tag)?manifest-sha256)\.txt", name) for name, _, _ in entries]
        if not any(begins):
            raise ValueError("没有 bagit.txt，请选择证据包本身 · no bagit.txt here: choose the bundle itself, or its folder")
        top = min((one[1] for one in begins if one), key=lambda folder: folder.count("/"))
        for name, linked, read in entries:
            if re.search(r"(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|__MACOSX/.*)$", name):
                self.remark("ignored", True, name)
                continue
            with self.trying("bag.container", name):
                inside = name[len(top):] if name.startswith(top) else "../" + name
                plain = re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", inside, re.ASCII)
                self.must("bag.container", plain and not linked and inside not in self.files)
                data = read()
                self.digests[inside], self.files[inside] = sha256(data), b"" if "/original-" in inside else data
        self.names = sorted(self.files)
    def must(self, check, holds, where=None):  # what does not hold is a failure: here, or where self.at says that we are
        self.counts[check] += 1
        if not holds:
            self.failures.setdefault(check, []).append(where or self.at)
    def remark(self, code, holds, *places):  # what a reader must know besides, of each place once
        for place in (places or [self.at]) if holds else ():
            if place not in self.remarks.setdefault(code, []):
                self.remarks[code].append(place)
    @contextlib.contextmanager
    def trying(self, check, at):  # what cannot be read does not pass
        self.at = at
        try:
            yield
        except Exception as error:
            self.must(check, False, f"{at}: {type(error).__name__}: {error}")
    def under(self, start): return self.names[bisect.bisect_left(self.names, start):bisect.bisect(self.names, start + "~")]
    def folders(self, start): return sorted({name[len(start):].partition("/")[0] for name in self.under(start)})
    def read(self, name): return self.known.add(name) or self.files[name]
    def digest(self, name): return self.known.add(name) or self.digests[name]
    def record(self, data, *forms):  # its value; it must be in its one spelling, and of one of these forms
        value = parsed(data)
        self.must("json.canonical", spelled(value) == data)
        self.must("record.fields", not forms or any(fits(value, form) for form in forms))
        return value
    def records(self, name, *forms):  # of a file with one on each line, which may be missing
        return [self.record(line, *forms) for line in self.read(name).splitlines()] if name in self.files else []
    def check_manifests(self):
        """They list every file with its digest, and no other (RFC 8493, sections 2.1.3, 2.2.1 and 3)."""
        tags = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"]
        for manifest, names in (("manifest-sha256.txt", self.under("data/")), ("tagmanifest-sha256.txt", tags)):
            with self.trying("bag.manifest", manifest):
                told = sorted(self.read(manifest).decode().splitlines())
                found = sorted(f"{self.digest(name).hex()}  {name}" for name in names)
                self.must("bag.manifest", told == found, ", ".join(sorted({*told} ^ {*found})[:99]) or manifest)
        self.known = {*tags, "tagmanifest-sha256.txt", "data/README.txt", *self.under("data/tools/")}  # they prove nothing
    def note(self, data, keys, check="log.signature"):
        """A checkpoint; if enough witnesses vouched for it, its size (c2sp.org/tlog-checkpoint and /tlog-cosignature)."""
        (body, _, lines), signed, witnesses = data.rpartition(b"\n\n"), [], set()
        origin, size, root = (body := body + b"\n").decode().splitlines()
        for _, name, text in (line.split(" ") for line in lines.decode().splitlines()):
            blob = base64.b64decode(text, validate=True)
            kind, key = keys.get((name, blob[:4]), (0, b""))
            if kind == 1 and name == origin:
                signed.append(ed25519_holds(key, blob[4:], body))
            elif kind == 4:  # a witness signs the time, too
                timed = b"cosignature/v1\ntime %d\n" % number(blob[4:12]) + body
                self.must("log.witnesses", ed25519_holds(key, blob[12:], timed))
                witnesses.add(key)
        self.must(check, signed and all(signed))
        told = {"origin": origin, "size": int(size), "root": base64.b64decode(root, validate=True), "body": body}
        return types.SimpleNamespace(**told, vouched=int(size) if len(witnesses) >= self.policy["quorum"] else -1)
    def in_log(self, leaf, index, hashes, log):  # a leaf stands at this place of the log, by a checkpoint
        with self.trying("log.inclusion", self.at):
            self.must("log.inclusion", root_over(leaf, index, log.size, hashes) == log.root)
    def check_log(self):  # changes of its key, the checkpoint, and older checkpoints that were stamped or seen by phones
        with self.trying("log.rotation", "data/log/rotations.jsonl"):
            for change in self.records("data/log/rotations.jsonl"):
                note, new = change["checkpoint"].encode(), dict([verifier_key(change["leaf"]["vkey"])])
                then = self.note(note, self.keys)  # its witnesses say nothing of the newest log
                self.in_log(spelled(change["leaf"]), change["index"], change["hashes"], then)
                self.note(note, new, "log.rotation")  # the new key alone must have signed, too
                self.keys.update(new)
        self.at, data = "data/log/checkpoint", self.read("data/log/checkpoint")
        self.checkpoint, self.log = data, self.note(data, self.keys)
        for folder in [f"data/anchors/{size}" for size in self.folders("data/anchors/")]:
            with self.trying("log.consistency", folder):
                proof, names = self.record(self.read(f"{folder}/consistency.json")), self.under(f"{folder}/cosigned")
                data, path = self.read(f"{folder}/checkpoint"), [unb64u(one) for one in proof["hashes"]]
                notes = old, *others = [self.note(one, self.keys) for one in [data, *map(self.read, names)]]
                same = old.origin == self.log.origin and all(one.body == old.body for one in others)
                fits_in = 0 < old.size <= self.log.size and (proof["old"], proof["new"]) == (old.size, self.log.size)
                grew = same and fits_in and roots(old.size, self.log.size, old.root, path) == (old.root, self.log.root)
                self.must("log.consistency", grew and not path and folder == f"data/anchors/{old.size}")
                self.seen[old.size], self.log.vouched = b64u(sha256(old.body)), max(one.vouched for one in [self.log, *notes])
                if self.authorities and self.under(f"{folder}/token.tsr"):
                    with self.trying("tsa.token", folder):
                        self.check_stamps(folder, old.size, data)
        self.must("log.witnesses", self.log.vouched >= 0, f"须有 {self.policy['quorum']} 个 · {self.policy['quorum']} needed")
        self.remark("no_witnesses", not self.policy["quorum"], self.log.origin)
    def check_stamps(self, folder, size, message):  # of a checkpoint; renewals are over a tree with the stamp before it
        first = at, end = self.stamp(token := self.read(f"{folder}/token.tsr"), message, "tsa.token")
        for newer in self.records(f"{folder}/renewals.jsonl", "renewal/1"):
            message = root_over(token + message, newer["index"], newer["count"], newer["hashes"])
            before, until, token = at, end, unb64u(newer["token"])
            at, end = self.stamp(token, message, "tsa.renewal")
            self.must("tsa.renewal", before <= at <= until)
        self.stamps.append((size, first[0]))
        self.remark("ended", end < moment(1000 * time.time()))
    def stamp(self, token, message, check):
        """When an authority saw these bytes, how long its certificates vouch (RFC 3161, 2.4.2; RFC 5652, 5.4; RFC 5035)."""
        (status, *_), (_, (signed,)) = Der(token)
        _, _, (kind, (stated,)), *certificates, (signer,) = signed
        _, identity, (algorithm, *_), attested, (method, *_), signature, *_ = signer
        _, _, ((imprinted, *_), imprint), _, at, *_ = Der(stated.content)
        values, hashed, at = {name.name(): each[0] for name, each in attested}, algorithm.name(), at.moment()
        self.must(check, status.number() in (0, 1) and hashlib.new(imprinted.name(), message).digest() == imprint.content)
        issuers = self.authorities + [certificate(one.raw) for part in certificates if part.tag == 0xA0 for one in part]
        own = next(one for one in issuers if one.issuer + one.serial == identity.content)
        second, only = values.get("signingCertificateV2"), TIME_ONLY in [one.raw for one in own.extensions]
        named = (second or values["signingCertificate"])[0][0]
        by = "sha1" if not second else named[0][0].name() if named[0].tag == 0x30 else "sha256"
        self.must("tsa.certificate", only and hashlib.new(by, own.raw).digest() in [one.content for one in named])
        unchanged = values["messageDigest"].content == hashlib.new(hashed, stated.content).digest()
        by_key = key_holds(own.spki, signature.content, b"\x31" + attested.raw[1:], method.name() or hashed)  # a SET OF
        self.must("tsa.signature", unchanged and by_key and values["contentType"].name() == kind.name() == "TSTInfo")
        chain, trusted = [own], [one.raw for one in self.authorities]
        while chain[-1].raw not in trusted and len(chain) < 8:
            last, above = chain[-1], [one for one in issuers if one.authority and one.subject == chain[-1].issuer]
            chain.append(next((one for one in above if key_holds(one.spki, last.signature, last.body, last.hash)), own))
        self.must("tsa.chain", chain[-1].raw in trusted)
        self.must("tsa.validity", all(one.start <= at <= one.end for one in chain))
        return at, min(one.end for one in chain)
    def check_entries(self, name):  # each record of a file in the log; returns the digest of all but that of this export
        digests = b""
        for place, line in enumerate(self.read(name).splitlines(), 1):
            with self.trying("record.fields", f"{name}, {place}"):
                told = self.record(line)
                self.must("record.fields", fits(told["entry"], "entry/1"))
                act, digest, index = told["entry"], sha256(spelled(told["entry"])), told["index"]
                self.in_log(spelled({"k": "entry", "sha256": b64u(digest), "t": "leaf/1"}), index, told["hashes"], self.log)
                for key in (act["subject"], act["kind"]):
                    self.about.setdefault(key, []).append((index, act))
                digests += b"" if (act["kind"], act["subject"]) == ("bundle.exported", self.bundle["id"]) else digest
        return b64u(sha256(digests))
    def acts(self, kinds, subject=None, before=2**53, **data):  # recorded on a subject (or: all of a kind), in the log's order
        return [act for index, act in sorted(self.about.get(subject or kinds, ()), key=lambda one: one[0]) if index < before
                and act["kind"] in kinds.split() and data.items() <= {**act["data"], "actor": act["actor"]}.items()]
    def check_chain(self, session):  # every statement of a session: its signature, its place in the chain and in the log
        start, opening, before, sealed = f"data/sessions/{session}/", None, "", None
        for place, folder in enumerate(sorted(self.folders(start), key=int)):
            with self.trying("record.fields", start + folder):
                files = "statement.json", "statement.sig", "leaf.json", "log.tlog-proof"
                raw, signature, leaf, proof = (self.read(f"{start}{folder}/{name}") for name in files)
                kinds = ["capture/1", "discard/1", "note/1", "seal/1", "cosign/1"] if place else ["session/1"]
                body, told, digest = self.record(raw, *kinds), self.record(leaf, "leaf/1"), sha256(raw)
                opening, stmt = opening or body, b64u(digest)
                spki, visit, r, s = unb64u(opening["spki"]), opening["visit"], number(signature[:32]), number(signature[32:])
                own = (opening["id"], opening["dev"], body.get("ses", session), body.get("visit", visit))
                self.must("chain.key", own == (session, b64u(sha256(spki)), session, visit) and body["dev"] == opening["dev"])
                self.must("statement.signature", len(signature) == 64 and ecdsa_holds(P256, spki, digest, r, s))
                self.must("chain.links", int(folder) == place == body.get("seq", 0) and body.get("prev", "") == before)
                self.must("chain.seal", body.get("count", place - 1) == place - 1 and sealed in (None, body.get("seal")))
                before, sealed = stmt, sealed or (stmt if body["t"] == "seal/1" else None)
                self.must("log.leaf", told == {**told, "k": "statement", "stmt": stmt, "env": b64u(sha256(raw + signature))})
                head, _, note = proof.partition(b"\n\n")  # c2sp.org/tlog-proof
                title, index, *path = head.decode().split("\n")
                self.must("log.checkpoint", note == self.checkpoint and title == "c2sp.org/tlog-proof@v1")
                self.in_log(leaf, int(index[6:]), [b64u(base64.b64decode(one)) for one in path], self.log)
                known = {"stmt": stmt, "body": body, "opening": opening, "where": start + folder, "index": int(index[6:])}
                self.statements.append(types.SimpleNamespace(**known, hexed=digest.hex(), received=told["recv_ms"]))
        self.remark("unsealed", not sealed, session)
        self.chains.append({"id": session, "count": place, "last": before})
    def check_phone(self, one):
        """Whose it was, whether revoked or forked, and whether a passkey confirmed (WebAuthn level 2, section 7.2)."""
        device, site, revoked = one.opening["device"], self.policy["rp_id"], "device.revoked device.revocation_asked"
        self.must("device.enrolled", self.acts("device.enrolled", device, one.index, actor=one.opening["who"]))
        flags = {flag for act in self.acts("capture.recorded", one.body["id"]) for flag in act["data"].get("flags", ())}
        self.must("device.revocation", "after_revocation" not in flags or self.acts(revoked, device))
        self.remark("after_revocation", self.acts(revoked, device, one.index))
        self.remark("unconfirmed", not self.acts("device.confirmed", device), device)
        self.remark("counter", self.acts("passkey.counter_stood", statement_sha256=one.hexed))
        forks = [f"{act['data']['session_id']}, {act['data']['seq']}" for act in self.acts("device.chain_forked", device)]
        self.remark("forked", forks, *forks)
        self.remark("flag", flags, *(f"{one.where}: {flag}" for flag in sorted(flags)))
        for name in self.under(f"{one.where}/passkey.json"):
            with self.trying("passkey.assertion", one.where):
                key = self.record(self.read(name))
                made = self.acts("passkey.made", None, one.index, actor=one.opening["who"], credential_id=key["credential_id"])
                client, told = unb64u(key["client_data_json"]), unb64u(key["authenticator_data"])
                said, spki = json.loads(client.decode()), unb64u(made[0]["data"]["spki"])
                here = not site or (told[:32] == sha256(site.encode()) and said["origin"] in self.policy["origins"])
                meant = (said["type"], said["challenge"], told[32] & 5) == ("webauthn.get", one.stmt, 5)  # present, verified
                signed = key_holds(spki, unb64u(key["signature"]), told + sha256(client), "sha256")
                self.must("passkey.assertion", here and meant and signed)
    def check_statement(self, one):  # what outsiders, clocks and records of acts say of it, and the files that belong to it
        body, where, seen, clock = one.body, one.where, one.body.get("anchor"), one.body.get("clock")
        media, subject, about, inside = body.get("media", []), body["id"], body.get("about"), body["id"] in self.inside
        stamped = min((at for size, at in self.stamps if one.index < size), default=None)
        self.remark("unanchored", not stamped)
        self.remark("unwitnessed", self.policy["quorum"] and self.log.vouched <= one.index)
        self.remark("refused", body.get("outcome") == "refused")
        self.remark("discarded", body["t"] == "discard/1", f"{where}: {body.get('capture')}")
        self.remark("earlier", body.get("prev_seal") and body["prev_seal"] not in self.seals)
        if seen and seen["size"]:
            self.must("log.seen", self.seen.get(seen["size"]) == seen["cp"])
        ahead = clock["wall_ms"] - one.received if clock else 0
        drift = clock["wall_ms"] - seen["srv_ms"] - (clock["mono_ms"] - seen["mono_ms"]) if seen else 0
        self.remark("clock", max(ahead, abs(drift)) > 120_000)
        self.remark("late", ahead < -86_400_000)
        pieces = [("original", f"{where}/original-{n}.", medium["sha256"]) for n, medium in enumerate(media, 1)]
        for what, start, digest in pieces + [("private", f"{where}/private.json", body.get("priv_h"))] * ("priv_h" in body):
            files, reasons, hexed = self.under(start), self.gaps.pop((one.stmt, what, digest), []), unb64u(digest).hex()
            self.must("withheld.listed", len(files) + len(reasons) == 1, start.rstrip("."))
            for name in files:
                self.must("content.digest", b64u(self.digest(name)) == digest, name)
                received = self.acts("capture.original_received", subject, sha256=hexed)
                self.must("custody.complete", received or what == "private", name)
            for why in reasons:
                deleted, outside = self.acts("capture.tombstoned", subject, sha256=hexed), not (inside or about in self.inside)
                holds = {"personal": True, "awaited": True, "absent": True, "scope": outside, "deleted": deleted}
                self.must("withheld.reason", holds.get(why), start.rstrip("."))
                self.remark(why if why in holds else "flag", True, start.rstrip("."))
        copies = [copy for copy in self.bundle["copies"] if copy["stmt"] == one.stmt]
        known = {copy["from"] for copy in copies} <= {None, *(medium["sha256"] for medium in media)}
        found = sorted(b64u(self.digest(name)) for name in self.under(f"{where}/derived/"))
        self.must("copies.origin", known and found == sorted(copy["sha256"] for copy in copies))
        kind, on = RECEIVED.get(body["t"], ""), body["ses"] if body["t"] == "seal/1" else subject
        noted = self.acts(kind, on, statement_sha256=one.hexed, actor=one.opening["who"])
        self.must("custody.complete", noted or not kind or "media" in body and not inside)
        if "media" in body:
            self.captures.append({"place": where, "received": moment(one.received), "stamped": stamped, "media": media})
    def check_all(self, slip):  # everything, in the order in which one thing rests on the other
        self.check_manifests()
        with self.trying("bundle.scope", "data/bundle.json"):
            bundle = self.bundle = self.record(self.read("data/bundle.json"), "bundle/1")
            self.check_log()
            for session in self.folders("data/sessions/"):
                self.check_chain(session)
            custody, keys = self.check_entries("data/custody.jsonl"), self.check_entries("data/keys/enrolments.jsonl")
            told = {"custody": custody, "keys": keys, "report": b64u(self.digest("data/report/report.html")), "case": None}
            self.at, hexed, case = "data/bundle.json", self.digest("data/bundle.json").hex(), {"id": None, "citations": []}
            self.must("export.entry", self.acts("bundle.exported", bundle["id"], bundle_sha256=hexed, actor=bundle["made_by"]))
            if "data/case.json" in self.files:
                case, told["case"] = self.record(self.read("data/case.json"), "case/1"), b64u(self.digest("data/case.json"))
            sessions = sorted(bundle["sessions"], key=lambda one: one["id"])
            self.must("export.contents", {**bundle, **told, "sessions": self.chains} == {**bundle, "sessions": sessions})
            captures = {one.stmt: one.body["id"] for one in self.statements if one.body["t"] == "capture/1"}
            cited = sorted((one["stmt"], one["capture"]) for one in case["citations"])
            visits, subject = {one.opening["visit"] for one in self.statements}, bundle["subject"]
            self.inside, right = {"capture": ({subject}, True), "visit": ({*captures.values()}, visits == {subject}),
                                  "case": ({one for _, one in cited}, case["id"] == subject)}[bundle["scope"]]
            self.must("bundle.scope", right and self.inside <= {*captures.values()} and bundle["origin"] == self.log.origin)
            stands = {(b64u(bytes.fromhex(act["data"]["statement_sha256"])), act["data"]["capture_id"]): act["kind"]
                      for act in self.acts("case.evidence_cited case.evidence_withdrawn", subject)}
            if case["id"]:
                recorded = sorted(one for one, kind in stands.items() if kind == "case.evidence_cited")
                self.must("case.citations", recorded == cited and {*cited} <= {*captures.items()})
            self.seals = {one.stmt: one.body["count"] for one in self.statements if one.body["t"] == "seal/1"}
            digest, _, count = "".join((slip or "").rpartition("zhicha-seal/1")[2].split()).partition(":")  # read or typed
            if slip:
                self.must("slip.seal", digest in self.seals and count in ("", str(self.seals[digest])), "slip")
            for gap in bundle["withheld"]:
                self.gaps.setdefault((gap["stmt"], gap["what"], gap["sha256"]), []).append(gap["why"])
            for one in self.statements:
                with self.trying("record.fields", one.where):
                    self.check_phone(one)
                    self.check_statement(one)
            self.must("withheld.listed", not self.gaps, "data/bundle.json")
            self.must("copies.origin", {copy["stmt"] for copy in bundle["copies"]} <= {one.stmt for one in self.statements})
            for name in self.names:
                self.must("bundle.layout", name in self.known, name)
def main():  # takes bundle and trust policy from the command line; prints the report, in both languages or as JSON
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, options in (("bundle", {}), ("trust", {}), ("--slip", {}), ("--json", {"action": "store_true"})):
        parser.add_argument(name, **options)
    chosen = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        if pathlib.Path(chosen.bundle).resolve() in pathlib.Path(chosen.trust).resolve().parents:
            raise ValueError("the trust policy lies inside the bundle")
        found = Verifier(chosen.bundle, json.loads(pathlib.Path(chosen.trust).read_text("utf-8")))
    except Exception as error:
        parser.exit(2, f"无法判断 · Not judged: {type(error).__name__}: {error}\n")
    found.check_all(chosen.slip)
    status, verdict = (1, "REFUSED") if found.failures else (3, "REMARKS") if found.remarks else (0, "ACCEPTED")
    if chosen.json:
        told = {key: vars(found)[key] for key in ("counts", "failures", "remarks", "captures")}
        print(json.dumps({"verdict": verdict, **told}, ensure_ascii=False, indent=1))
        return status
    for check, words in CHECKS.items():
        mark = "✗" if check in found.failures else "✓" if found.counts[check] else "–"
        print(f" {mark} {words}  [{check}]", *found.failures.get(check, ())[:9], sep="\n     ")
    for code, places in found.remarks.items():
        print(f" ! {REMARKS[code]}：{'  '.join(places[:5])}{' …' if len(places) > 5 else ''} ({len(places)})")
    for one in found.captures:
        media = ", ".join(f"{each['type']} {each['bytes']} B SHA-256 {unb64u(each['sha256']).hex()}" for each in one["media"])
        print(f" · {one['place']}: {media}; 收到 received {one['received']}; 时间戳 stamped {one['stamped'] or '–'}")
    print("结论：" + {0: "通过 · ACCEPTED", 3: "通过，有附注 · ACCEPTED WITH REMARKS", 1: "不予认可 · REFUSED"}[status])
    return status
if __name__ == "__main__":
    sys.exit(main())
