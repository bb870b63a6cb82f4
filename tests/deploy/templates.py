"""CloudFormation templates as data: short forms such as !Sub are read as {"Fn::Sub": …}."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


class Loader(yaml.CSafeLoader):
    """Knows the short forms."""


def _short_form(loader: Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _short_form)


@cache
def template(name: str = "template.yaml") -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((ROOT / name).read_text(), Loader)  # noqa: S506 - a safe one
    return loaded


def resources(kind: str, name: str = "template.yaml") -> dict[str, dict[str, Any]]:
    """The properties of each resource of a type."""
    return {
        logical_id: resource
        for logical_id, resource in template(name)["Resources"].items()
        if resource["Type"] == kind
    }
