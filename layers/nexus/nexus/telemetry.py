"""One log line and one set of metrics a request, by Powertools; never a token, a body or SQL."""

import traceback
from functools import lru_cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from nexus.settings import settings


@lru_cache
def logger() -> Logger:
    return Logger(service="nexus", level=settings().log_level)


@lru_cache
def metrics() -> Metrics:
    return Metrics(namespace="Nexus", service="nexus")


def request_done(
    module: str, route: str, method: str, status: int, milliseconds: float, **context: Any
) -> None:
    logger().info(
        "request",
        extra={"module_name": module, "route": route, "method": method, "status": status,
               "milliseconds": round(milliseconds, 1), **context},
    )  # fmt: skip
    if settings().in_lambda:
        metrics().add_dimension("module", module)
        metrics().add_dimension("route", f"{method} {route}")
        metrics().add_metric("Latency", MetricUnit.Milliseconds, milliseconds)
        metrics().add_metric("Errors", MetricUnit.Count, float(status >= 500))
        metrics().flush_metrics()


def request_failed(failure: BaseException, request_id: str) -> None:
    """A bug. Its message is left out: a driver's quotes SQL and values."""
    frames = traceback.extract_tb(failure.__traceback__)
    logger().error(
        "unhandled",
        extra={
            "correlation_id": request_id,
            "exception_type": type(failure).__qualname__,
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            "cause": type(failure.__cause__ or failure.__context__).__qualname__,
        },
    )
