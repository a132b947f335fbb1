"""Documents each operation of a push as what it is, though the server reads them one at a time."""

from __future__ import annotations

from typing import Any

from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from server.sync.schemas import Delivered, Operation


class DeliveredSchema(OpenAPISchemaPlugin):
    """Shows ``Delivered`` as the tagged union of operations."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        """Only ``Delivered``."""
        return value is Delivered

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        """The schema of the union."""
        schema: Schema = schema_creator.for_field_definition(FieldDefinition.from_annotation(Operation))
        return schema
