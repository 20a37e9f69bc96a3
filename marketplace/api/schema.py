"""Says in the schema what every address shares: the problem document, and how access tokens are had."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from .authentication import READ, WRITE

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "urn:problem-type:market:<code>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence that says what to do, in the reader's language."},
        "code": {"type": "string", "description": "Stable; for programs."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body, such as #/title_zh."},
                    "parameter": {"type": "string", "description": "Name of the query parameter."},
                    "code": {"type": "string", "description": "The rule that is broken, where it is no one value's."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
ANSWER = {
    "description": "A problem (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Every operation may answer with a problem."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = ANSWER
    return result


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes access tokens."""

    target_class = "marketplace.api.authentication.TokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, object]:
        scopes = {READ: "Read what its owner may read.", WRITE: "Do what its owner may do."}
        flow = {"tokenUrl": "/identity/o/api/token", "scopes": scopes}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}
