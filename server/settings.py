"""Every setting of the product, read once from the environment: name, default, meaning, bounds.

A composition root reads `Settings.from_env()` and hands values down; nothing else looks at the environment.
docs/operations.md lists the same settings; a contract test compares the two.
"""

# ruff: noqa: RUF009 (each default is made by `setting`, which returns a dataclass field)

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

ENV_PREFIX = "ZHICHA_"
ROOT = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024
_TRUE, _FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


class BadSetting(ValueError):
    """A setting cannot be used as it stands; the message names it in Chinese and English."""


def setting(
    default: Any,
    zh: str,
    en: str,
    *,
    at_least: int | None = None,
    at_most: int | None = None,
    choices: tuple[str, ...] = (),
    url: tuple[str, ...] = (),
    secret: bool = False,
) -> Any:
    """Declare one setting: default, its sentence in both languages, and what values are possible."""
    meta = {"zh": zh, "en": en, "at_least": at_least, "at_most": at_most, "choices": choices, "url": url}
    return field(default=default, repr=not secret, metadata=meta)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one process. Sizes are bytes unless the name says otherwise."""

    data_dir: Path = setting(
        ROOT / "var",
        "数据目录：嵌入式数据库、媒体文件、本地证书都在其中。",
        "Data folder: embedded database, media files and local certificates live in it.",
    )
    database_url: str = setting(
        "",
        "外部 PostgreSQL 的连接地址；留空则使用嵌入式数据库。",
        "Address of an external PostgreSQL; empty means the embedded one.",
        url=("postgresql", "postgres"),
        secret=True,
    )
    web_pool_size: int = setting(
        10,
        "每个 web 进程的数据库连接数。",
        "Database connections of each web process.",
        at_least=2,
        at_most=200,
    )
    worker_pool_size: int = setting(
        5,
        "每个 worker 进程的数据库连接数。",
        "Database connections of each worker process.",
        at_least=2,
        at_most=200,
    )
    postgres_user: str = setting(
        "",
        "以 root 启动时，运行嵌入式 PostgreSQL 的系统账户；留空则依次取 zhicha、postgres、nobody。",
        "Account for the embedded PostgreSQL when started as root; empty: zhicha, postgres or nobody.",
    )
    s3_endpoint: str = setting(
        "",
        "MinIO/S3 的主机与端口（不带协议）；留空则媒体存放在数据目录。",
        "Host and port of MinIO/S3 without a scheme; empty keeps media in the data folder.",
    )
    s3_access_key: str = setting("", "S3 访问密钥。", "S3 access key.", secret=True)
    s3_secret_key: str = setting("", "S3 私有密钥。", "S3 secret key.", secret=True)
    s3_bucket: str = setting("zhicha", "S3 存储桶名称。", "Name of the S3 bucket.")
    s3_region: str = setting("us-east-1", "S3 区域。", "S3 region.")
    s3_secure: bool = setting(True, "是否以 HTTPS 连接 S3。", "Whether S3 is spoken to over HTTPS.")
    host: str = setting("127.0.0.1", "web 监听的地址。", "Address the web process listens on.")
    port: int = setting(8600, "web 监听的端口。", "Port the web process listens on.", at_least=1, at_most=65535)
    public_url: str = setting(
        "",
        "用户访问的完整地址；留空则由监听地址推出。",
        "Full address as users see it; empty derives it from host and port.",
        url=("https", "http"),
    )
    trusted_proxies: str = setting(
        "127.0.0.1",
        "允许其转发头生效的反向代理地址，逗号分隔。",
        "Addresses of reverse proxies whose forwarding headers count, separated by commas.",
    )
    tls_cert: Path | None = setting(
        None, "由 web 自行提供 HTTPS 时的证书文件。", "Certificate file when web itself serves HTTPS."
    )
    tls_key: Path | None = setting(None, "上述证书的私钥文件。", "Private key file of that certificate.")
    lan_help_port: int = setting(
        8601,
        "局域网模式下提供本地根证书与安装说明的端口（纯 HTTP）。",
        "Port that serves the local root certificate and its instructions in LAN mode (plain HTTP).",
        at_least=1,
        at_most=65535,
    )
    pwa_dir: Path = setting(
        ROOT / "pwa" / "dist",
        "已构建的前端目录，内含 field 与 desk。",
        "Folder of the built front end, holding field and desk.",
    )
    demo: bool = setting(
        False,
        "首次启动时载入演示数据（含公开密码的演示账户，不可用于正式环境）。",
        "Load the demo story on first start (accounts with a public password; never in production).",
    )
    session_hours: int = setting(
        168, "浏览器登录的有效小时数。", "Hours a browser sign-in lasts.", at_least=1, at_most=720
    )
    bearer_days: int = setting(30, "令牌登录的有效天数。", "Days a bearer token lasts.", at_least=1, at_most=365)
    late_hours: int = setting(
        48,
        "取证记录在拍摄后超过多少小时送达，即注明“迟到”（只提示，不拒收）。",
        "Hours after the shutter from which a record that arrives is marked late (shown, never refused).",
        at_least=1,
        at_most=8760,
    )
    upload_max_bytes: int = setting(
        512 * MIB,
        "单个原件的最大字节数。",
        "Largest original accepted, in bytes.",
        at_least=MIB,
        at_most=64 * 1024 * MIB,
    )
    upload_expiry_hours: int = setting(
        168,
        "未完成的上传保留的小时数。",
        "Hours an unfinished upload is kept.",
        at_least=1,
        at_most=8760,
    )
    vapid_subject: str = setting(
        "",
        "推送服务可联系的地址（mailto: 或 https:）；留空则用公开地址。",
        "Contact given to push services (mailto: or https:); empty uses the public address.",
        url=("mailto", "https"),
    )
    push_local_endpoints: bool = setting(
        False,
        "是否接受本机（127.0.0.1）的推送地址；仅供测试，不可用于正式环境。",
        "Whether push endpoints on this machine (127.0.0.1) are accepted; for tests only, never in production.",
    )
    tsa_urls: str = setting(
        "",
        "时间戳机构（RFC 3161）的地址，逗号分隔；留空则没有外部机构证明时间。",
        "Addresses of time-stamp authorities (RFC 3161), separated by commas; empty: nobody outside vouches for time.",
    )
    tsa_roots: Path | None = setting(
        None,
        "时间戳机构根证书文件（PEM，可含多个）；设置了时间戳机构就必须提供。",
        "File of the authorities' root certificates (PEM, several allowed); needed with time-stamp authorities.",
    )
    witnesses: str = setting(
        "",
        "日志见证人，每项为“公钥 地址”，以逗号或换行分隔；留空则没有外部见证人。",
        "Witnesses of the log, each as “vkey address”, separated by commas or line ends; empty: no outside witness.",
    )
    log_origin: str = setting(
        "",
        "透明日志的名称（如 duban.example.gov.cn/log）；留空则自动生成。日志建立后不再改变。",
        "Name of the transparency log (such as duban.example.gov.cn/log); empty makes one up. It never changes later.",
    )
    worker_concurrency: int = setting(
        4, "每个 worker 同时处理的任务数。", "Jobs one worker runs at a time.", at_least=1, at_most=64
    )
    metrics_token: str = setting(
        "",
        "读取 /metrics 所需的令牌（Authorization: Bearer …）；留空则只有本机可读。",
        "Token for reading /metrics (Authorization: Bearer …); when empty, only this machine may.",
        secret=True,
    )
    log_level: str = setting("info", "日志级别。", "Log level.", choices=("debug", "info", "warning", "error"))

    def __post_init__(self) -> None:
        if bool(self.tls_cert) != bool(self.tls_key):
            raise BadSetting(
                "ZHICHA_TLS_CERT 与 ZHICHA_TLS_KEY 必须同时设置。"
                " / ZHICHA_TLS_CERT and ZHICHA_TLS_KEY must be set together."
            )
        if self.s3_endpoint and not (self.s3_access_key and self.s3_secret_key):
            raise BadSetting(
                "设置了 ZHICHA_S3_ENDPOINT，还需要 ZHICHA_S3_ACCESS_KEY 与 ZHICHA_S3_SECRET_KEY。"
                " / ZHICHA_S3_ENDPOINT also needs ZHICHA_S3_ACCESS_KEY and ZHICHA_S3_SECRET_KEY."
            )
        if self.tsa_urls and not self.tsa_roots:
            raise BadSetting(
                "设置了 ZHICHA_TSA_URLS，还需要 ZHICHA_TSA_ROOTS：没有根证书就无法核验时间戳。"
                " / ZHICHA_TSA_URLS also needs ZHICHA_TSA_ROOTS: no stamp can be checked without root certificates."
            )
        if self.log_origin and (any(one.isspace() for one in self.log_origin) or "+" in self.log_origin):
            raise BadSetting(
                "ZHICHA_LOG_ORIGIN 不能含空格或加号。 / ZHICHA_LOG_ORIGIN holds no space and no plus sign."
            )
        if "/" in self.s3_endpoint:
            raise BadSetting(
                "ZHICHA_S3_ENDPOINT 只写主机与端口，例如 minio:9000；是否 HTTPS 由 ZHICHA_S3_SECURE 决定。"
                " / ZHICHA_S3_ENDPOINT is host and port only, such as minio:9000, without https://."
            )

    @property
    def media_dir(self) -> Path:
        """Where the folder store keeps objects when no S3 endpoint is set."""
        return self.data_dir / "media"

    @property
    def base_url(self) -> str:
        """The address users open, without a trailing slash."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "localhost" if self.host in {"0.0.0.0", "::", "127.0.0.1", "::1"} else self.host  # noqa: S104
        return f"{'https' if self.tls_cert else 'http'}://{host}:{self.port}"

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def push_contact(self) -> str:
        """The `sub` claim for push services, which accept only mailto: and https: (RFC 8292)."""
        if self.vapid_subject:
            return self.vapid_subject
        return self.base_url if self.secure_cookies else "mailto:zhicha@localhost"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read every setting; unset or empty takes the default, an unusable value raises `BadSetting`."""
        source = os.environ if environ is None else environ
        given = {each: source.get(env_name(each), "").strip() for each in fields(cls)}
        values: dict[str, Any] = {each.name: _parse(env_name(each), each, text) for each, text in given.items() if text}
        return cls(**values)


def env_name(each: "Field[Any]") -> str:
    """The environment variable of a field of `Settings`."""
    return ENV_PREFIX + each.name.upper()


def env_values(settings: Settings) -> dict[str, str]:
    """The environment from which `Settings.from_env` reads these settings again, for processes we start."""

    def text(value: object) -> str:
        return str(int(value)) if isinstance(value, bool) else "" if value is None else str(value)

    return {env_name(each): text(getattr(settings, each.name)) for each in fields(Settings)}


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """Variables that look like settings but are none: usually a typing error."""
    known = {env_name(each) for each in fields(Settings)}
    return sorted(name for name in environ if name.startswith(ENV_PREFIX) and name not in known)


def _parse(name: str, each: "Field[Any]", text: str) -> object:
    if each.type is bool:
        return _boolean(name, text)
    if each.type is int:
        return _integer(name, each, text)
    if each.type in (Path, Path | None):
        return Path(text).expanduser().absolute()
    choices, schemes = each.metadata["choices"], each.metadata["url"]
    if choices and text not in choices:
        raise BadSetting(f"{name} 只能取 {'、'.join(choices)}。 / {name} must be one of {', '.join(choices)}.")
    if schemes and urlsplit(text).scheme not in schemes:
        starts = ", ".join(f"{scheme}:" for scheme in schemes)
        raise BadSetting(f"{name} 必须以 {starts} 开头。 / {name} must start with one of: {starts}")
    return text


def _boolean(name: str, text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise BadSetting(f"{name} 只能取 1 或 0。 / {name} must be 1 or 0.")


def _integer(name: str, each: "Field[Any]", text: str) -> int:
    low, high = each.metadata["at_least"], each.metadata["at_most"]
    try:
        value = int(text)
    except ValueError:
        value = None
    if value is None or value < low or value > high:
        raise BadSetting(
            f"{name} 必须是 {low} 到 {high} 之间的整数。 / {name} must be a whole number from {low} to {high}."
        )
    return value
