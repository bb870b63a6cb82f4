"""The OpenAPI document of the whole API, made from the modules' apps and from words/."""

from infra.document.merging import merged

__all__ = ["merged"]
