"""The AsyncAPI documents are what the official parser takes without a word, and say the same as topics and schemas."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from foreign import npm_packages, tool
from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]  # published without types

from ipraktik_contracts.publish import ROOT
from ipraktik_contracts.registry import EVENT_CLASSES, REGISTRY
from ipraktik_contracts.topics import TOPICS
from ipraktik_contracts.version import VERSION

HERE: Final = Path(__file__).resolve().parent / "asyncapi"
PUBLIC: Final = ROOT / "asyncapi" / "innovationspraktik.json"
INTERNAL: Final = ROOT / "asyncapi" / "internal.json"


def document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def parser() -> list[str]:
    """The command that asks the parser, in the version of the lock file."""
    node = tool("node", install="Node.js 20 or newer")
    folder = npm_packages(HERE)
    shutil.copy(HERE / "check.js", folder / "check.js")  # beside the packages it asks for
    return [node, str(folder / "check.js")]


def asked(parser: list[str], *paths: Path) -> list[dict[str, Any]]:
    ended = subprocess.run(
        [*parser, *map(str, paths)], capture_output=True, text=True, timeout=100, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    told: list[dict[str, Any]] = json.loads(ended.stdout)
    return told


def test_the_official_parser_takes_both_documents_without_a_word(parser: list[str]) -> None:
    for told, public in zip(asked(parser, PUBLIC, INTERNAL), (True, False), strict=True):
        assert told["diagnostics"] == []
        assert told["version"] == VERSION
        assert {(one["address"], one["partitions"]) for one in told["channels"]} == {
            (topic.name, topic.partitions) for topic in TOPICS if topic.public == public
        }
        for channel in told["channels"]:
            assert set(channel["messages"]) == {
                cls.ce_type() for cls in EVENT_CLASSES if channel["address"] == cls.TOPIC
            }


def test_the_parser_would_say_what_is_wrong(parser: list[str], tmp_path: Path) -> None:
    bent = document(PUBLIC)
    bent["operations"]["say.placements"]["messages"].append(
        {"$ref": "#/channels/participants/messages/EditionChanged"}
    )
    bent["channels"]["placements"]["bindings"]["kafka"]["partitions"] = 0
    path = tmp_path / "bent.json"
    path.write_text(json.dumps(bent), encoding="utf-8")
    [told] = asked(parser, path)
    said = " ".join(f"{one['path']}: {one['message']}" for one in told["diagnostics"])
    assert "operations.say.placements.messages" in said
    assert "partitions" in said


def test_the_public_document_says_nothing_of_internal_topics() -> None:
    text = PUBLIC.read_text(encoding="utf-8")
    for topic in TOPICS:
        assert (topic.name in text) == topic.public
    for cls in EVENT_CLASSES:
        if cls.AUDIENCE == "internal":
            assert f'"{cls.__name__}"' not in text
    assert "email" not in text


@pytest.mark.parametrize("path", [PUBLIC, INTERNAL], ids=lambda path: path.stem)
def test_a_channel_tells_what_the_topic_is_declared_with(path: Path) -> None:
    declared = {topic.name: topic for topic in TOPICS}
    for channel in document(path)["channels"].values():
        topic, kafka = declared[channel["address"]], channel["bindings"]["kafka"]
        assert kafka["partitions"] == topic.partitions
        told = kafka["topicConfiguration"]
        assert ",".join(told.pop("cleanup.policy")) == topic.config["cleanup.policy"]
        assert {name: str(value) for name, value in told.items()} == {
            name: value
            for name, value in topic.config.items()
            if name in ("retention.ms", "retention.bytes", "delete.retention.ms", "max.message.bytes")
        }


@pytest.mark.parametrize("path", [PUBLIC, INTERNAL], ids=lambda path: path.stem)
def test_every_message_has_its_key_its_headers_and_an_example_that_fits(path: Path) -> None:
    whole = document(path)
    messages = whole["components"]["messages"]
    for cls in EVENT_CLASSES:
        if cls.__name__ not in messages:
            continue
        message = messages[cls.__name__]
        assert message["x-ordering-key"] == REGISTRY[cls].ordering_key
        assert f"`{cls.KEY}`" in message["bindings"]["kafka"]["key"]["description"]
        [example] = message["examples"]
        for part in ("headers", "payload"):
            # references lead into the same document, so the validator gets it whole
            schema = {"components": whole["components"], "allOf": [message[part]]}
            Draft7Validator(schema, format_checker=FormatChecker()).validate(example[part])
        bent = example["headers"] | {"ce_type": "dk.innovationspraktik.Other.v1"}
        schema = {"components": whole["components"], "allOf": [message["headers"]]}
        assert not Draft7Validator(schema).is_valid(bent)


def test_the_server_is_a_variable() -> None:
    for path in (PUBLIC, INTERNAL):
        server = document(path)["servers"]["kafka"]
        assert server["host"] == "{bootstrap}"
        assert set(server["variables"]) == {"bootstrap"}
