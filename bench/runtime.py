"""What stands for Lambda's Python runtime: `python -m bench.runtime MODULE [COPIES]`.

It answers one event, and tells beside the answer what CPU this process has taken by then. With
COPIES each route is registered so many times more, under other prefixes.
"""

import importlib
import json
import os
import sys
import time
from http.client import HTTPConnection
from typing import Any


def copied(copies: int) -> None:
    from fastapi import APIRouter

    add = APIRouter.add_api_route

    def add_all(self: APIRouter, path: str, endpoint: Any, **options: Any) -> None:
        for prefix in ("", *(f"/copy-{number}" for number in range(copies))):
            add(self, prefix + path, endpoint, **options)

    APIRouter.add_api_route = add_all  # type: ignore[method-assign]


def serve_one() -> None:
    if len(sys.argv) > 2:
        copied(int(sys.argv[2]))
    module = importlib.import_module(sys.argv[1])
    api = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    given = api.getresponse()
    request_id = given.headers["Lambda-Runtime-Aws-Request-Id"]
    answer = module.handler(json.loads(given.read()), None)
    told = {"status": answer["statusCode"], "cpu": time.process_time()}
    api.request("POST", f"/2018-06-01/runtime/invocation/{request_id}/response", json.dumps(told))
    api.getresponse().read()


if __name__ == "__main__":
    serve_one()
