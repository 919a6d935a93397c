"""Adds to the OpenAPI document what the framework does not derive from routes."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import OpenAPI

Document = dict[str, Any]
Extend = Callable[[Document], Document]


@dataclass
class ExtendedConfig(OpenAPIConfig):
    """A configuration whose finished document passes through `extend`, also where it is served."""

    extend: Extend = dict

    def to_openapi_schema(self) -> OpenAPI:
        extend, plain = self.extend, super().to_openapi_schema()

        class ExtendedDocument(OpenAPI):
            def to_schema(self) -> Document:
                return extend(super().to_schema())

        return ExtendedDocument(**{field.name: getattr(plain, field.name) for field in fields(plain)})
