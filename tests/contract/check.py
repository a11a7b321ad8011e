"""Hold every call and every answer against the published contract: ``make contract SPEC=openapi.yaml``.

The client, pinned to the contract's version, goes through all its methods against the sandbox; a recorder
between the two keeps what was said, and `openapi-core` judges it. Where the contract is known to be wrong or
silent, the exception stands in `EXCEPTIONS`, with the reason. Exit status: 0 all is as the contract says, or
excepted; 1 something is not.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import test_methods
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_schema_validator import OAS30Validator
from recorder import Exchange, recorder
from werkzeug.datastructures import Headers, ImmutableMultiDict

from cartesia_nb import Client
from cartesia_nb.sandbox import launch
from cartesia_nb.wire.errors import CartesiaError
from cartesia_nb.wire.versions import LIMITED_METHODS, V2025_11

#: (part of the exchange's name, part of the error's text) -> why the contract cannot be right there.
EXCEPTIONS = {
    ("/audio -> 200", "Unknown response http status: 200"): (
        "the contract answers a call's audio with 204 and no content, which cannot be"
    ),
    ("api_status.get", "Security not found"): "the contract wants a key for GET /, which needs none",
    ("GET /files/", "Path not found"): "the contract says where a preview is, and nothing of that place",
    ("POST /tts/bytes", "audio/mpeg"): "the contract calls every container audio/wav",
    ("POST /voice-changer/", "'44100' is not one of"): (
        "openapi-core leaves the numbers of a form as text, and then finds them to be no numbers"
    ),
}


class Asked:
    """An exchange's request, as `openapi-core` reads it."""

    def __init__(self, exchange: Exchange) -> None:
        self.host_url = "https://api.cartesia.ai"
        self.path = exchange.path
        self.method = exchange.verb.lower()
        self.body = exchange.body or None
        self.content_type = exchange.headers.get("Content-Type", "")
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(exchange.query)), header=Headers(exchange.headers)
        )


class Answered:
    """An exchange's answer, as `openapi-core` reads it."""

    def __init__(self, exchange: Exchange) -> None:
        self.status_code = exchange.status
        self.headers = Headers(exchange.answer_headers)
        self.content_type = self.headers.get("Content-Type", "")
        self.data = exchange.answer or None


def play(name: str, client: Client, fox: object) -> None:
    """Go through one method's scenario in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        getattr(test_methods, name.replace(".", "_"))(client, fox)


def complaints(spec: OpenAPI, contract: dict[str, Any], exchange: Exchange) -> list[str]:
    """Return what the contract has against an exchange; an answer with an error status has no contract."""
    asked = Asked(exchange)
    found = [told(error) for error in spec.iter_request_errors(asked)]
    answered = Answered(exchange)
    if answered.content_type.startswith("text/event-stream"):
        return found + event_complaints(contract, exchange)
    if exchange.status < 400:
        found += [told(error) for error in spec.iter_response_errors(asked, answered)]
    return found


def event_complaints(contract: dict[str, Any], exchange: Exchange) -> list[str]:
    """Hold each event of a stream against the schema of events; `openapi-core` would read it as one text."""
    content = contract["paths"][exchange.path][exchange.verb.lower()]["responses"]["200"]["content"]
    schema = {**content["text/event-stream"]["schema"], "components": contract["components"]}
    judge = OAS30Validator(schema)
    events = [json.loads(line.removeprefix(b"data: ")) for line in exchange.answer.split(b"\n\n") if line]
    if not events:
        return ["a stream without events"]
    return [f"event {event}: {error.message}"[:300] for event in events for error in judge.iter_errors(event)]


def told(error: Exception | None) -> str:
    """Return an error with its causes in one line."""
    texts = []
    while error is not None:
        texts.append(re.sub(r"\s+", " ", f"{type(error).__name__}: {error}")[:300])
        texts += [found.message[:300] for found in getattr(error, "schema_errors", ())]
        error = error.__cause__ if isinstance(error.__cause__, Exception) else None
    return " <- ".join(texts)


def excepted(place: str, complaint: str) -> str | None:
    """Return the exception that covers a complaint."""
    for (where, what), reason in EXCEPTIONS.items():
        if where in place and what in complaint:
            return reason
    return None


def main() -> int:
    """Check everything; print what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("spec", type=Path, help="the contract, an OpenAPI file for version 2025-11-04")
    # The published file itself is not a valid one (WordTimestamps has a stray key): its rules still hold.
    config = Config(spec_validator_cls=None)
    path = parser.parse_args().spec.resolve()
    spec = OpenAPI.from_file_path(str(path), config=config)
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    sandbox = launch.start()
    methods = [
        name for name in test_methods.documented() if V2025_11 in LIMITED_METHODS.get(name, (V2025_11,))
    ]
    wrong, reasons, exchanged = [], Counter(), 0
    with recorder(sandbox.url) as (url, exchanges):
        client = Client(sandbox.key, base_url=url, version=V2025_11)
        fox = client.tts.bytes(
            f"{test_methods.TEXT} It never looks back at the dog.", output_format="wav:pcm_s16le@24000"
        )
        for name in methods:
            exchanges.clear()
            try:
                play(name, client, fox)
            except (AssertionError, CartesiaError) as error:
                wrong.append(f"{name}: the scenario failed: {error}")
            exchanged += len(exchanges)
            for exchange in [found for found in exchanges if not found.path.startswith("/sandbox")]:
                place = f"{name}: {exchange.verb} {exchange.path} -> {exchange.status}"
                for complaint in complaints(spec, contract, exchange):
                    if reason := excepted(place, complaint):
                        reasons[reason] += 1
                    else:
                        wrong.append(f"{place}: {complaint}")
    sandbox.stop()
    for line in dict.fromkeys(wrong):
        print(line)
    for reason, count in reasons.items():
        print(f"excepted {count} times: {reason}")
    print(f"{len(methods)} methods, {exchanged} exchanges, {len(wrong)} against the contract")
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ.pop("CARTESIA_VERSION", None)
    sys.exit(main())
