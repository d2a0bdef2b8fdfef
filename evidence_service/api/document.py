"""The OpenAPI 3.1 document: made out of the code, completed with what holds for every route."""

from typing import Any

from apiflask import APIFlask

from evidence_service.api.answers import Problem
from evidence_service.api.log_answers import InclusionProof
from evidence_service.api.sent import StatedDocument

PROBLEM_MEDIA = "application/problem+json"
REF = "#/components/schemas/{model}"
PUBLIC_PATHS = frozenset(
    {
        ("post", "/api/v1/sessions"),
        ("post", "/api/v1/accounts"),
        ("get", "/api/v1/log/checkpoint"),
        ("get", "/api/v1/log/consistency"),
        ("get", "/livez"),
        ("get", "/readyz"),
        ("get", "/metrics"),
    }
)
UPLOADS = "/api/v1/cases/{case_id}/uploads"
ONE_UPLOAD = "/api/v1/uploads/{upload_id}"
DOCUMENTS = "/api/v1/cases/{case_id}/documents"
PROOF = "/api/v1/log/entries/{index}/proof"
HEALTH = frozenset({"/livez", "/readyz", "/metrics"})
WITHOUT_KEY = frozenset({"/api/v1/sessions", "/api/v1/sessions/current/token", UPLOADS})
_BYTES_AND_HEAD = ("/api/v1/viewings/{viewing_id}/pages/{page}", "/api/v1/copies/{copy_id}")


def install(app: APIFlask) -> None:
    """Let this app tell of itself in OpenAPI 3.1."""
    app.config["OPENAPI_VERSION"] = "3.1.0"
    for name in ("404_RESPONSE", "VALIDATION_ERROR_RESPONSE", "AUTH_ERROR_RESPONSE", "SERVERS"):
        app.config[f"AUTO_{name}"] = False
    app.config["AUTO_OPERATION_ID"] = True
    app.config["LOCAL_SPEC_PATH"] = None
    app.license = {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}
    app.security_schemes = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    app.spec_processor(completed)


def completed(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    """Add what the decorators cannot say: problems, who may ask, tus, forms, HEAD."""
    if isinstance(spec, str):  # YAML, which is not served here
        return spec
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    for model in (Problem, InclusionProof, StatedDocument):
        found = model.model_json_schema(ref_template=REF)
        schemas.update(found.pop("$defs", {}))
        schemas[model.__name__] = found
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    json_proof = spec["paths"][PROOF]["get"]["responses"]["200"]["content"]["application/json"]
    json_proof["schema"] = {"$ref": REF.format(model="InclusionProof")}
    _tell_of_documents(spec["paths"][DOCUMENTS]["post"])
    _tell_of_uploads(spec["paths"])
    for path in _BYTES_AND_HEAD:
        spec["paths"][path]["head"] = _head_of(spec["paths"][path]["get"])
    return spec


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    is_public = (method, path) in PUBLIC_PATHS
    operation["security"] = [] if is_public else [{"bearer": []}]
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["required"] = True
            parameter["schema"] = _form_of(parameter["name"])
    if path not in HEALTH:
        for status in _statuses(path, method, is_public=is_public):
            operation["responses"].setdefault(status, _problem(status))
    if method == "post" and path not in WITHOUT_KEY:
        operation["parameters"].append(
            _header("Idempotency-Key", "The same key and body give the first answer again.")
        )


def _form_of(name: str) -> dict[str, Any]:
    if name in {"page", "index"}:
        return {"type": "integer", "minimum": 0}
    return {"type": "string", "pattern": "^[a-z]{3,4}_[0-9a-f]{32}$"}


def _statuses(path: str, method: str, *, is_public: bool) -> list[str]:
    found = ["400", "422", "500", "503"]
    if not is_public or method == "post":
        found.append("401")
    if not is_public:
        found += ["403", "404"]
    if method in {"post", "patch", "delete"}:
        found += ["409", "413", "415"]
    if "/viewings/" in path or "/copies/" in path:
        found += ["409", "410"]
    if path.startswith("/api/v1/copies"):
        found.append("416")
    if path in {UPLOADS, ONE_UPLOAD}:
        found += ["410", "412"]
    if method == "patch":
        found += ["423", "460"]
    return sorted(set(found))


def _problem(status: str) -> dict[str, Any]:
    schema = {"$ref": REF.format(model="Problem")}
    return {
        "description": f"A problem ({status})",
        "content": {PROBLEM_MEDIA: {"schema": schema}},
    }


def _header(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string"},
    }


def _tell_of_documents(operation: dict[str, Any]) -> None:
    reference = {"$ref": REF.format(model="StatedDocument")}
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    stated = StatedDocument.model_json_schema(ref_template=REF)
    form = {
        "type": "object",
        "required": ["kind"],
        "properties": {**stated["properties"], "files": files},
    }
    operation["requestBody"] = {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": form},
            "application/json": {"schema": reference},
        },
    }


def _tell_of_uploads(paths: dict[str, Any]) -> None:
    version = _header("Tus-Resumable", "1.0.0", required=True)
    paths[UPLOADS]["post"]["parameters"] += [
        version,
        _header("Upload-Length", "The whole's size in bytes", required=True),
        _header("Upload-Metadata", "`filename` and `sha256`, values in base64", required=True),
    ]
    one = paths[ONE_UPLOAD]
    one["patch"]["parameters"] += [
        version,
        _header("Upload-Offset", "Where these bytes begin", required=True),
        _header("Upload-Checksum", "`sha256 <base64>` of these bytes"),
    ]
    one["patch"]["requestBody"] = {
        "required": True,
        "content": {"application/offset+octet-stream": {"schema": {"type": "string"}}},
    }
    one["delete"]["parameters"].append(version)
    one["head"] = _head_of(one["delete"])
    one["head"]["summary"] = "Tell how far an upload is"


def _head_of(operation: dict[str, Any]) -> dict[str, Any]:
    """Tell of a HEAD: the other method's parameters and statuses, and never a body."""
    found = {**operation, "operationId": f"head_{operation['operationId']}"}
    found["summary"] = f"{operation['summary']} (status alone; nothing is recorded)"
    found["responses"] = {
        status if status != "204" else "200": {"description": response["description"]}
        for status, response in operation["responses"].items()
        if status != "206"
    }
    return found
