"""One log line and one set of metrics a request, by Powertools; never a token, a body or SQL."""

import logging
import sys
import time
import traceback
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from pydantic_core import to_json

from nexus.settings import settings

# The role, its password or rights, the name of the database: no waiting mends them.
MISCONFIGURED = ("28", "3D", "42")


class OnePass(LambdaPowertoolsFormatter):
    """Powertools' keys. It would look whether each message is JSON, for each key whether it is one
    of a log record's, and for an exception, which is not told here."""

    def format(self, record: logging.LogRecord) -> str:
        location = f"{record.funcName}:{record.lineno}"
        return self.line(record.levelname, location, record.getMessage(), vars(record)["members"])

    def line(self, level: str, location: str, message: str, members: dict[str, Any]) -> str:
        now = time.time()
        whole = {
            **self.log_format,
            "level": level,
            "location": location,
            "message": message,
            "timestamp": time.strftime(f"%Y-%m-%d %H:%M:%S,{int(now % 1 * 1000):03}%z"),
            **members,
            "xray_trace_id": self._get_latest_trace_id(),
        }
        told = {name: value for name, value in whole.items() if value is not None}
        return to_json(told).decode()


@lru_cache
def formatter() -> OnePass:
    return OnePass(service="nexus")


@lru_cache
def logger() -> Logger:
    return Logger(service="nexus", level=settings().log_level, logger_formatter=formatter())


@lru_cache
def metrics(module: str) -> dict[str, Any]:
    """A request's metrics in CloudWatch's format, made once by Powertools, to be filled in. Each
    value of a dimension is a metric that costs by the month: of routes the log tells."""
    made = EphemeralMetrics(namespace="Nexus", service="nexus")
    made.add_dimension("module", module)
    made.add_metric("Latency", MetricUnit.Milliseconds, 0)
    made.add_metric("Errors", MetricUnit.Count, 0)
    return dict(made.serialize_metric_set())


def request_done(
    module: str, route: str, method: str, status: int, milliseconds: float, **context: Any
) -> None:
    members = {"module_name": module, "route": route, "method": method, "status": status,
               "milliseconds": round(milliseconds, 1), **context}  # fmt: skip
    lines = []
    if logger().log_level <= logging.INFO:  # its machinery costs more than all of this
        lines.append(formatter().line("INFO", "request_done", "request", members))
    if settings().in_lambda:
        lines.append(_measured(metrics(module), status, milliseconds))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _measured(shape: dict[str, Any], status: int, milliseconds: float) -> str:
    about = {**shape["_aws"], "Timestamp": int(time.time() * 1000)}
    values = {"_aws": about, "Latency": [milliseconds], "Errors": [float(status >= 500)]}
    return to_json({**shape, **values}).decode()


def request_unserved(problem: str, sqlstate: str | None, request_id: str) -> None:
    """No bug: the database could not do it now, and `sqlstate` says why."""
    is_ours = (sqlstate or "").startswith(MISCONFIGURED)
    tell = logger().error if is_ours else logger().warning
    members = {"correlation_id": request_id, "problem": problem, "sqlstate": sqlstate}
    tell("unserved", extra={"members": members})


def left_undone(what: str, failure: BaseException, request_id: str) -> None:
    """Something beside the answer, which stands. Its message is left out: it may quote values."""
    members = {
        "correlation_id": request_id,
        "undone": what,
        "exception_type": type(failure).__qualname__,
        "cause": type(failure.__cause__ or failure.__context__).__qualname__,
    }
    logger().warning("undone", extra={"members": members})


def request_failed(failure: BaseException, request_id: str) -> None:
    """A bug. Its message is left out: a driver's quotes SQL and values."""
    frames = traceback.extract_tb(failure.__traceback__)
    members = {
        "correlation_id": request_id,
        "exception_type": type(failure).__qualname__,
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        "cause": type(failure.__cause__ or failure.__context__).__qualname__,
    }
    logger().error("unhandled", extra={"members": members})
