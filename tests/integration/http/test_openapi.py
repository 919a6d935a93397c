"""The OpenAPI document is complete enough to write a client from."""

import re
from collections.abc import Iterator
from typing import Any, cast

import httpx
import msgspec
import pytest

from domain.model.access.principal import Scope
from domain.model.errors import Rejected
from domain.model.uploads.media_types import CONTENT_TYPES
from domain.model.uploads.policy import UploadDeclaration, UploadPolicy
from domain.model.videos.events import EventType
from domain.model.webhooks.payload import TEST_EVENT
from entrypoints.http.access import schemas as access_schemas
from entrypoints.http.errors import problems
from entrypoints.http.errors.codes import ERROR_CODES
from entrypoints.http.errors.details import DETAILS
from entrypoints.http.events import schemas as event_schemas
from entrypoints.http.imports import schemas as import_schemas
from entrypoints.http.openapi.patterns import CONTENT_TYPE_PATTERN, FILENAME_PATTERN
from entrypoints.http.operations import operator_schemas
from entrypoints.http.operations import schemas as operation_schemas
from entrypoints.http.search import schemas as search_schemas
from entrypoints.http.transcripts import hints
from entrypoints.http.transcripts import schemas as transcript_schemas
from entrypoints.http.uploads import schemas as upload_schemas
from entrypoints.http.videos import labels, playback_schemas, posters
from entrypoints.http.videos import schemas as video_schemas
from entrypoints.http.webhooks import payloads
from entrypoints.http.webhooks import schemas as webhook_schemas
from tests.integration.http_fixtures import PROBLEM, WorldApi

pytestmark = pytest.mark.anyio

Operation = dict[str, Any]
# Their bodies have no rules beyond the schema.
WITHOUT_RULES = {"POST /api/videos/{video_id}/upload/ticket"}
STREAMS = {"GET /api/events", "GET /api/videos/{video_id}/events"}
# A repeated request may get these instead of the body.
FURTHER_SUCCESSES = {("GET /api/videos/{video_id}/status", "304"), ("GET /api/videos/{video_id}/events", "204")}
MODULES = (
    access_schemas,
    event_schemas,
    labels,
    video_schemas,
    playback_schemas,
    upload_schemas,
    transcript_schemas,
    search_schemas,
    operation_schemas,
    operator_schemas,
    posters,
    hints,
    import_schemas,
    webhook_schemas,
    problems,
)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    """Every operation, with its name for the message of a failed test."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def api_operations(document: dict[str, Any]) -> list[tuple[str, Operation]]:
    """The operations that need a user."""
    return [(name, operation) for name, operation in operations(document) if "/api/" in name]


def references(node: object) -> list[str]:
    """Every `$ref` below the node."""
    return re.findall(r'"\$ref":"([^"]+)"', msgspec.json.encode(node).decode())


def shape_of(reference: str) -> Any:  # noqa: ANN401 (one of our structs)
    """The class to which a reference points."""
    name = reference.rsplit("/", 1)[1]
    return next(getattr(module, name) for module in MODULES if hasattr(module, name))


async def test_the_document_is_served_without_a_token(api: WorldApi) -> None:
    """As JSON, as YAML and as a page."""
    api.http.headers.pop("Authorization")
    for path, content_type in {
        "/schema/openapi.json": "application/vnd.oai.openapi+json",
        "/schema/openapi.yaml": "application/vnd.oai.openapi",
        "/schema": "text/html; charset=utf-8",
    }.items():
        answer = await api.http.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (httpx.codes.OK, content_type)
    served = (await api.http.get("/schema/openapi.json")).json()
    assert (served["openapi"][:3], served["info"]["title"]) == ("3.1", "Telecine")
    assert "/schema/openapi.json" in (await api.http.get("/schema")).text


async def test_every_operation_explains_itself(api: WorldApi) -> None:
    """With a summary, a description and a unique operation id."""
    document = api.document()
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def undescribed(node: object, path: str = "") -> Iterator[str]:
    """The places of the properties without a description; examples are values, not schemas."""
    if isinstance(node, list):
        for index, each in enumerate(cast("list[object]", node)):
            yield from undescribed(each, f"{path}/{index}")
    if isinstance(node, dict):
        mapping = cast("dict[str, Any]", node)
        properties = mapping.get("properties")
        if isinstance(properties, dict) and "type" in mapping:
            named = cast("dict[str, dict[str, Any]]", properties)
            yield from (f"{path}.{name}" for name, each in named.items() if not each.get("description"))
        for key, each in mapping.items():
            if key not in {"example", "examples"}:
                yield from undescribed(each, f"{path}/{key}")


async def test_every_property_and_every_shape_is_described(api: WorldApi) -> None:
    """Also those of webhooks and stream events, and of the form."""
    document = api.document()
    assert list(undescribed(document)) == []
    assert list(undescribed({"type": "object", "properties": {"a": {"type": "string"}}})) == [".a"]
    shapes = document["components"]["schemas"]
    assert [name for name, schema in shapes.items() if not schema.get("description")] == []
    # Not that of the first property with this shape.
    code = shapes["FailureView"]["properties"]["code"]
    assert shapes["FailureCode"]["description"] != code["description"]


async def test_the_codes_of_problems_are_an_enumeration(api: WorldApi) -> None:
    """Every code that any operation lists."""
    document = api.document()
    code = document["components"]["schemas"]["Problem"]["properties"]["code"]
    assert (code["type"], code["enum"]) == ("string", sorted(ERROR_CODES))


async def test_details_of_the_framework_are_as_shown(api: WorldApi) -> None:
    """The other texts are compared with the source."""
    upload = "/api/videos/upload/presigned"
    headers = {"Content-Type": "application/json"}
    answers = {
        "invalid_request": await api.http.post(upload, json={"file_size": 1}),
        "body_too_large": await api.http.post(upload, content=b" " * 70_000, headers=headers),
        "unknown_parameter": await api.http.get("/api/webhooks", params={"state": "failed"}),
        "repeated_parameter": await api.http.get("/api/webhooks", params={"limit": [1, 2]}),
    }
    for code, answer in answers.items():
        assert (answer.json()["code"], answer.json()["detail"]) == (code, DETAILS[code])


async def test_every_reference_leads_somewhere(api: WorldApi) -> None:
    """Every referenced schema is defined."""
    document = api.document()
    for reference in references(document):
        *_, kind, name = reference.split("/")
        assert name in document["components"][kind], reference


async def test_every_api_operation_needs_a_bearer_token(api: WorldApi) -> None:
    """With one of the scopes that it names; the security scheme is described."""
    document = api.document()
    for name, operation in api_operations(document):
        bearer = [way for way in operation["security"] if "bearer" in way]
        assert bearer, name
        assert all(len(way["bearer"]) == 1 and way["bearer"][0] in set(Scope) for way in bearer), name
        assert operation["security"] == [*bearer, *([{"ticket": []}] if name in STREAMS else [])], name
    scheme = document["components"]["securitySchemes"]["bearer"]
    assert (scheme["type"], scheme["scheme"], scheme["bearerFormat"]) == ("http", "bearer", "JWT")


async def test_every_error_is_a_problem_document(api: WorldApi) -> None:
    """Each operation lists its error statuses, including 404 for a path with an id."""
    for name, operation in api_operations(api.document()):
        errors = {int(status): answer for status, answer in operation["responses"].items() if int(status) >= 400}
        expected = {400, 401, 503}
        expected |= {404} if "{video_id}" in name else set()
        expected |= {413, 415, 422} if "requestBody" in operation else set()
        expected -= {422} if name in WITHOUT_RULES else set()
        assert expected <= errors.keys(), name
        for answer in errors.values():
            assert answer["content"].keys() == {PROBLEM}, name
            assert answer["content"][PROBLEM]["schema"] == {"$ref": "#/components/schemas/Problem"}, name


async def test_every_error_code_is_listed_with_an_example(api: WorldApi) -> None:
    """Each operation lists the codes that a client must handle."""
    for name, operation in api_operations(api.document()):
        for status, answer in operation["responses"].items():
            if status >= "400":
                shown = [each["value"] for each in answer["content"][PROBLEM]["examples"].values()]
                assert re.findall(r"^- `(\w+)`: .", answer["description"], re.MULTILINE) == [
                    each["code"] for each in shown
                ], name
                assert {each["status"] for each in shown} == {int(status)}, name
                assert all(ERROR_CODES[each["code"]].status == int(status) for each in shown), name


async def test_every_success_has_a_shape(api: WorldApi) -> None:
    """Every response with a body is described."""
    for name, operation in operations(api.document()):
        successes = {
            status: answer
            for status, answer in operation["responses"].items()
            if status < "400" and (name, status) not in FURTHER_SUCCESSES
        }
        assert len(successes) == 1, name
        ((status, answer),) = successes.items()
        if status in {"204", "302"}:
            assert "content" not in answer, name
        else:
            ((_, media),) = answer["content"].items()
            assert media["schema"], name
            assert answer["description"], name
            assert media["examples"], name


async def test_examples_of_answers_have_their_shapes(api: WorldApi) -> None:
    """Every field of an example exists in the schema, with its type."""
    shown = 0
    for name, operation in operations(api.document()):
        for answer in operation["responses"].values():
            for media in answer.get("content", {}).values():
                for reference in references(media["schema"]):
                    shape = shape_of(reference)
                    for example in media["examples"].values():
                        assert msgspec.to_builtins(msgspec.convert(example["value"], shape)) == example["value"], name
                        shown += 1
    assert shown > 200


async def test_the_form_of_the_old_upload_is_described(api: WorldApi) -> None:
    """One file in a field of this name; the operation is marked as deprecated."""
    operation = api.document()["paths"]["/api/videos/upload"]["post"]
    assert operation["deprecated"] is True
    form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert (form["required"], form["properties"]["file"]["format"]) == (["file"], "binary")


async def test_parameters_are_described(api: WorldApi) -> None:
    """With a description and the allowed values."""
    # In this order, so that `status` is that of videos.
    described = sorted(operations(api.document()), key=lambda each: "/webhooks" not in each[0])
    parameters = {
        parameter["name"]: parameter for _, operation in described for parameter in operation.get("parameters", [])
    }
    assert parameters.keys() == {
        *(
            "webhook_id",
            "delivery_id",
            "video_id",
            "token_id",
            "limit",
            "cursor",
            "status",
            "state",
            "job_id",
            "language",
            "Idempotency-Key",
        ),
        *("q", "If-None-Match", "Last-Event-ID", "last_event_id", "until"),
        *("external_id", "created_after", "created_before", "sort", "captions"),
    }
    assert all(parameter["description"] for parameter in parameters.values())
    key = parameters["Idempotency-Key"]["schema"]
    assert (key["type"], key["minLength"], key["maxLength"]) == ("string", 1, 255)
    assert parameters["status"]["schema"]["items"]["enum"] == [
        "uploading",
        "uploaded",
        "processing",
        "completed",
        "failed",
    ]


@pytest.mark.parametrize(
    ("filename", "fits"),
    [
        *(("IMG_0001.MOV", True), ("a b.ts", True), ("blob", True), ("at 10.15.33", True)),
        *((".mp4", False), ("a/b.mp4", False), ("a.exe", False), ("a.mp4.", False), (".7", False)),
    ],
)
def test_the_pattern_of_a_filename_is_the_policys(filename: str, fits: bool) -> None:  # noqa: FBT001 (a parameter)
    """The document and the server accept the same filenames."""
    assert (re.fullmatch(FILENAME_PATTERN, filename) is not None) is fits
    declared = UploadDeclaration(filename, 5, "video/mp4")
    if fits:
        UploadPolicy(max_size_bytes=10).accept(declared)
    else:
        with pytest.raises(Rejected):
            UploadPolicy(max_size_bytes=10).accept(declared)


@pytest.mark.parametrize(
    "content_type",
    [
        *("", "application/octet-stream", *sorted(CONTENT_TYPES), "video/webm; codecs=vp8", "video/mp4;", "text/plain"),
        *("application/octet-stream;charset=UTF-8", "Video/Unheard-Of"),
    ],
)
def test_the_pattern_of_a_type_takes_the_policys(content_type: str) -> None:
    """It matches every type that may be declared."""
    assert re.fullmatch(CONTENT_TYPE_PATTERN, content_type)
    UploadPolicy(max_size_bytes=10).accept(UploadDeclaration("clip.mp4", 5, content_type))


async def test_request_examples_are_good_requests(api: WorldApi) -> None:
    """A copied example is not rejected for its format."""
    shown = 0
    for name, operation in operations(api.document()):
        for media in operation.get("requestBody", {"content": {}})["content"].values():
            if "examples" not in media["schema"]:
                assert name in {"POST /api/videos/upload", "PUT /api/videos/{video_id}/transcript.vtt"}
                continue
            (reference,) = references(media["schema"])
            shape = shape_of(reference)
            examples = media["schema"]["examples"]
            assert examples, name
            for example in examples:
                assert msgspec.to_builtins(msgspec.convert(example, shape, strict=True)) == example
                shown += 1
    assert shown >= 3


async def test_the_limits_of_a_page_are_in_the_document(api: WorldApi) -> None:
    """So that generated clients know them."""
    parameters = api.document()["paths"]["/api/videos"]["get"]["parameters"]
    schema = next(parameter["schema"] for parameter in parameters if parameter["name"] == "limit")
    assert (schema["minimum"], schema["maximum"], schema["default"]) == (1, 100, 25)


async def test_every_event_has_a_webhook_whose_body_has_its_shape(api: WorldApi) -> None:
    """The example is a body that a delivery would send; its fields are those of the schema."""
    document = api.document()
    schemas = document["components"]["schemas"]
    assert document["webhooks"].keys() == {*EventType, TEST_EVENT}
    for name, item in document["webhooks"].items():
        operation = item["post"]
        assert operation["description"].endswith("specification."), name
        media = operation["requestBody"]["content"]["application/json"]
        body = media["examples"]["event"]["value"]
        (reference,) = references(media["schema"])
        schema = schemas[reference.rsplit("/", 1)[1]]
        assert body["type"] == media["schema"]["properties"]["type"]["const"] == name
        assert set(schema["required"]) <= body["data"].keys() <= schema["properties"].keys(), name
        msgspec.convert(body["data"], payloads.data_type(name))


async def test_the_data_of_stream_events_has_schemas(api: WorldApi) -> None:
    """The description of a stream names them."""
    document = api.document()
    for path in ("/api/events", "/api/videos/{video_id}/events"):
        description = document["paths"][path]["get"]["responses"]["200"]["description"]
        named = re.findall(r"`(\w+(?:View|Response))`", description)
        assert len(named) == 5
        assert set(named) <= document["components"]["schemas"].keys()


async def test_the_served_document_has_the_webhooks(api: WorldApi) -> None:
    """Not only the file."""
    served = (await api.http.get("/schema/openapi.json")).json()
    assert served["webhooks"].keys() == {*EventType, TEST_EVENT}


async def test_every_page_of_a_list_has_the_same_form(api: WorldApi) -> None:
    """`items` and `next_cursor`, so that one function of a client reads all lists."""
    schemas = api.document()["components"]["schemas"].values()
    pages = [schema["properties"].keys() for schema in schemas if "next_cursor" in schema.get("properties", {})]
    assert len(pages) == 6
    assert all(keys == {"items", "next_cursor"} for keys in pages)
