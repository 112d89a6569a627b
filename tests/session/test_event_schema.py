"""docs/event.schema.json says what muster_event_read takes: no more, no less.

Random events are written by the library and spoilt in one place each; the schema and the reader have to
agree on every one of them.
"""

import copy
import json
import os
import pathlib
import random
import subprocess

import jsonschema
import pytest

SOURCE = pathlib.Path(os.environ["MUSTER_SOURCE"])
PROGRAM = os.environ["MUSTER_EVENT_JSON"]
COUNT = 400

# What takes the place of a value. (Reals that are integers are left out: to JSON Schema 1.0 is an integer.)
ODD = [None, "x", "", "item", "hold", "lock", 3, -1, 256, 2**32, 2**63 - 1, 2.5, True, [], {}, [1, 2], [[1.5, 2]],
       [[[1, 2]]], {"code": "C"}, {"resource": "item", "code": "W", "kind": "tent"}]


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((SOURCE / "docs/event.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def events():
    done = subprocess.run([PROGRAM, "random", str(COUNT), "1"], capture_output=True, check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.decode().split("\n") if line]


def read(documents):
    """Of each document: None, or what the reader says is wrong."""
    text = "".join(json.dumps(d) + "\n" for d in documents)
    done = subprocess.run([PROGRAM, "read"], input=text.encode(), capture_output=True, check=True, timeout=60)
    lines = done.stdout.decode().split("\n")[:-1]
    assert len(lines) == len(documents)
    return [None if line == "ok" else line for line in lines]


def places(value, path=()):
    """The ways to everything in a document."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in list(inside)[:6]:
        yield from places(one, (*path, key))


def spoil(event, draw):
    """A copy that has one thing less, more, or another one in its place."""
    spoilt = copy.deepcopy(event)
    *way, last = draw.choice(list(places(spoilt)))
    inside = spoilt
    for key in way:
        inside = inside[key]
    what = draw.randrange(4)
    if what == 0:
        del inside[last]
    elif what == 1 and isinstance(inside, dict):
        key = draw.choice(["extra", "kind", "incident", "need", "quantity", "order", "reason", "speed_factor"])
        inside[key] = draw.choice(ODD)
    else:
        inside[last] = draw.choice(ODD)
    return spoilt


def test_there_is_an_event_of_each_type(events, validator):
    types = validator.schema["properties"]["type"]["enum"]
    assert {e["type"] for e in events} == set(types)


def test_what_is_written_is_valid(events, validator):
    for event in events:
        validator.validate(event)
    assert read(events) == [None] * len(events)


def test_the_schema_refuses_what_the_reader_refuses(events, validator):
    draw = random.Random(1)
    spoilt = [spoil(draw.choice(events), draw) for _ in range(4 * COUNT)]
    refused = 0
    for document, wrong in zip(spoilt, read(spoilt)):
        assert validator.is_valid(document) == (wrong is None), (wrong, document)
        refused += wrong is not None
    assert COUNT < refused < 4 * COUNT


def test_the_examples_of_the_documentation_are_events(validator):
    text = (SOURCE / "docs/session.md").read_text()
    blocks = [b.split("```")[0] for b in text.split("```json\n")[1:]]
    examples = [json.loads(line) for block in blocks for line in block.splitlines() if line.startswith('{"type":')]
    told = [e for e in examples if e["type"] != "plan_committed"]
    assert len(told) >= 10
    for event in told:
        validator.validate(event)
    assert read(told) == [None] * len(told)
