"""Changes of the deployed stack by CloudFormation alone: `sam deploy` takes a minute for each."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, Self

import httpx
import yaml

from local.deploy import STACK
from local.emulator import REGION, client
from tests.deploy.templates import Loader

REVISION = '''"""A revision of a test."""

from alembic import op

revision = "{name}"
down_revision = "{parent}"


def upgrade() -> None:
    op.execute("""{sql}""")
'''
PATIENCE = 300  # seconds
BREATH = 0.2  # seconds; without it, callers take what the deployment needs


@dataclass(frozen=True)
class Release:
    """A template as the SAM CLI sent it."""

    template: dict[str, Any]
    endpoint: str

    @classmethod
    def deployed(cls, endpoint: str) -> Self:
        found = client("cloudformation", endpoint).get_template(
            StackName=STACK, TemplateStage="Original"
        )
        return cls(yaml.load(found["TemplateBody"], Loader), endpoint)  # noqa: S506 - a safe one

    @property
    def head(self) -> str:
        head: str = self.template["Resources"]["Migrated"]["Properties"]["Revision"]
        return head

    def named(self, name: str) -> Self:
        """Another release to the hook; other functions stay as they are, which saves a minute."""
        template = deepcopy(self.template)
        resources = template["Resources"]
        resources["Migrated"]["Properties"]["Release"] = name
        hook = resources["MigrationsFunction"]["Properties"]
        hook["Environment"]["Variables"]["NEXUS_RELEASE"] = name
        return type(self)(template, self.endpoint)

    def with_revision(self, name: str, sql: str) -> Self:
        """Another release, whose hook knows one revision more."""
        after = self.named(name)
        resources = after.template["Resources"]
        resources["Migrated"]["Properties"]["Revision"] = name
        function = resources["MigrationsFunction"]["Properties"]
        bucket, key = after.package("MigrationsFunction")
        store = client("s3", self.endpoint)
        packed = io.BytesIO(store.get_object(Bucket=bucket, Key=key)["Body"].read())
        with zipfile.ZipFile(packed, "a") as package:
            text = REVISION.format(name=name, parent=self.head, sql=sql)
            package.writestr(f"migrations/versions/{name}.py", text)
        store.put_object(Bucket=bucket, Key=name, Body=packed.getvalue())
        function["CodeUri"] = f"s3://{bucket}/{name}"
        return after

    def package(self, function: str) -> tuple[str, str]:
        """The bucket and the key of what the function is made of."""
        uri: str = self.template["Resources"][function]["Properties"]["CodeUri"]
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return bucket, key

    def deploy(self, **parameters: str) -> str:
        """The status that the stack ends in; what is not given keeps its value."""
        stacks = client("cloudformation", self.endpoint)
        text = yaml.dump(self.template, Dumper=yaml.CSafeDumper, sort_keys=False)
        bucket = self.package("MigrationsFunction")[0]
        client("s3", self.endpoint).put_object(Bucket=bucket, Key="template", Body=text)
        given = [
            {"ParameterKey": name, "ParameterValue": parameters[name]}
            if name in parameters
            else {"ParameterKey": name, "UsePreviousValue": True}
            for name in self.template["Parameters"]
        ]
        stacks.update_stack(
            StackName=STACK,
            TemplateURL=f"https://s3.{REGION}.amazonaws.com/{bucket}/template",
            Parameters=given,
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        return self._settled(stacks)

    def _settled(self, stacks: Any) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            (found,) = stacks.describe_stacks(StackName=STACK)["Stacks"]
            status: str = found["StackStatus"]
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(0.5)
        raise TimeoutError(f"the stack is still {status}")

    def failures(self) -> list[str]:
        """The reasons that the stack's events give, the last one first."""
        stacks = client("cloudformation", self.endpoint)
        events = stacks.describe_stack_events(StackName=STACK)["StackEvents"]
        return [
            event["ResourceStatusReason"]
            for event in sorted(events, key=lambda event: event["Timestamp"], reverse=True)
            if event["ResourceStatus"].endswith("_FAILED")
        ]


@dataclass
class Traffic:
    """What callers were answered all the while."""

    answers: list[int] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def add(self, call: Callable[[], httpx.Response]) -> None:
        try:
            answer = call()
        except httpx.HTTPError as failure:
            self.lost.append(type(failure).__name__)
        else:
            self.answers.append(answer.status_code)


@contextmanager
def traffic(
    open_client: Callable[[], httpx.Client], headers: Mapping[str, str]
) -> Iterator[Traffic]:
    """Two callers, with a breath after each answer, until the end of the block."""
    seen, over = Traffic(), Event()

    def ask(path: str) -> None:
        with open_client() as http:
            while not over.wait(BREATH):
                seen.add(lambda: http.get(path, headers=headers))

    callers = [Thread(target=ask, args=(path,)) for path in ("/health", "/me")]
    for caller in callers:
        caller.start()
    try:
        yield seen
    finally:
        over.set()
        for caller in callers:
            caller.join()
