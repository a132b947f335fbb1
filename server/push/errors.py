"""What can go wrong with subscriptions."""

from __future__ import annotations

from server.kit.errors import DomainError


class EndpointRefused(DomainError):
    """This is not the address of a push service: it must be https on a public host."""

    code, status = "push_endpoint_refused", 422
    zh = "该地址不是可用的推送服务地址（必须是公网主机的 https 地址）。"


class BadSubscriptionKey(DomainError):
    """The keys of this subscription are not those of a browser (p256dh: a P-256 point; auth: 16 bytes)."""

    code, status = "bad_subscription_key", 422
    zh = "订阅密钥无效，请在浏览器中重新开启通知。"
