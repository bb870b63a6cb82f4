"""The document's examples are what their schemas take; tests/local/test_demo.py sends them."""

from collections.abc import Iterator
from typing import Any

from tests.support.documented import PATHS, SCHEMAS, differences

JSON = "application/json"
REF = "#/components/schemas/"


def test_examples_are_of_their_schemas() -> None:
    schemas = {REF + name: one["examples"] for name, one in SCHEMAS.items() if "examples" in one}
    told = [(ref, example) for ref, examples in schemas.items() for example in examples]
    bodies = [
        (one["schema"]["$ref"], example["value"])
        for one in _bodies()
        for example in one.get("examples", {}).values()
    ]
    wrong = [(ref, found) for ref, one in [*told, *bodies] if (found := _differences(one, ref))]
    assert len(told) > 100
    assert not wrong


def test_every_body_and_every_record_of_an_answer_has_an_example() -> None:
    bodies = {one["schema"]["$ref"] for one in _bodies() if "examples" not in one}
    lacking = [ref for ref in sorted({*bodies, *_answers()}) if "examples" not in _schema(ref)]
    assert not lacking


def _bodies() -> Iterator[dict[str, Any]]:
    for item in PATHS.values():
        for operation in item.values():
            yield from operation.get("requestBody", {}).get("content", {}).values()


def _answers() -> Iterator[str]:
    """A page is shown by its records."""
    for item in PATHS.values():
        for operation in item.values():
            (success,) = (one for status, one in operation["responses"].items() if status[0] == "2")
            schema = success.get("content", {}).get(JSON, {}).get("schema", {})
            ref = schema.get("anyOf", [schema])[0].get("$ref")
            if ref:
                yield _schema(ref)["properties"]["items"]["items"]["$ref"] if _is_page(ref) else ref


def _is_page(ref: str) -> bool:
    return ref.endswith("Page")


def _schema(ref: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMAS[ref.removeprefix(REF)]
    return found


def _differences(example: Any, ref: str) -> list[str]:
    return differences(example, {"content": {JSON: {"schema": {"$ref": ref}}}})
