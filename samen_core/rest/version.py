"""The version of the REST API, apart from the version of the software."""

from __future__ import annotations

API_BASE = "/api/v1"
"""Where the API lives; the number is the major version of :data:`REST_VERSION`."""

REST_VERSION = "1.0.0"
"""Semantic version of the API: in the OpenAPI document and in the ``API-Version`` header; its changelog is in docs/api.md."""
