"""The OpenAPI description with the errors that are really sent: RFC 9457 problems, on every operation."""

from __future__ import annotations

from typing import Any

from litestar import Litestar, Request
from litestar.openapi.plugins import JsonRenderPlugin

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "title_zh", "status", "detail", "code", "params", "errors"],
    "properties": {
        "type": {"type": "string", "description": "urn:zhicha:problem:<code>"},
        "title": {"type": "string"},
        "title_zh": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable; what clients translate by."},
        "params": {"type": "object", "additionalProperties": True},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
    },
}
_FIELD_PROBLEM = {
    "type": "object",
    "required": ["field", "code", "detail"],
    "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
}


def described(app: Litestar) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an application."""
    return with_problems(app.openapi_schema.to_schema())


def with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """Replace the framework's documented errors by ours: one ``default`` answer on every operation."""
    schemas = document["components"]["schemas"]
    schemas["Problem"], schemas["FieldProblem"] = _PROBLEM, _FIELD_PROBLEM
    for operations in document["paths"].values():
        for operation in operations.values():
            answers = {status: one for status, one in operation["responses"].items() if status[0] in "123"}
            answers["default"] = {
                "description": "What went wrong and what to do (RFC 9457)",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            operation["responses"] = answers
    return document


class DescriptionPlugin(JsonRenderPlugin):
    """Serves the description as JSON; the framework's pages would load scripts from elsewhere."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document as bytes."""
        return super().render(request, with_problems(openapi_schema))
