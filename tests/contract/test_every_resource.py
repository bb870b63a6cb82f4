"""Every collection of the document has a contract, and every verb that it has."""

from tests.contract.joined import contracts
from tests.contract.verbs.archiving import ArchiveContract
from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.getting import GetContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import BelowContract
from tests.contract.verbs.updating import UpdateContract
from tests.support.documented import PATHS, PROBLEM, collections
from tests.support.makers import MAKERS, named_by

BY_THEMSELVES = {
    ("delete", "/me/tenants/{tenant_id}"),  # a membership goes by it, not the tenant
    ("patch", "/issues/{issue_id}/comments/{comment_id}"),  # none is read by itself
}


def test_every_collection_has_a_contract() -> None:
    covered = [path for one in contracts() for path in (one.path, *one.lists)]
    assert sorted(covered) == collections()


def held() -> set[tuple[str, str]]:
    """The operations whose contracts are joined."""
    found = set()
    for one in contracts():
        item = one.item_path()
        found |= {("get", path) for path in one.lists}
        for contract, operation in (
            (ListContract, ("get", one.path)),
            (CreateContract, ("post", one.path)),
            (GetContract, ("get", item)),
            (UpdateContract, ("patch", item)),
            (DeleteContract, ("delete", item)),
            (ArchiveContract, ("post", f"{item}/archive")),
        ):
            found |= {operation} if issubclass(one, contract) else set()
    return found


def test_every_verb_of_a_resource_has_a_contract() -> None:
    paths = PATHS.keys() - {PROBLEM}
    places = [path for path in paths if path in collections() or path.endswith(("}", "/archive"))]
    offered = {(method, path) for path in places for method in PATHS[path]}
    assert offered - held() == BY_THEMSELVES


def test_what_is_made_below_another_is_held_to_it() -> None:
    for one in contracts():
        if "{" in one.path and issubclass(one, CreateContract):
            assert issubclass(one, BelowContract), one.path


def test_every_path_is_filled_by_a_maker() -> None:
    paths = PATHS.keys() - {PROBLEM}
    named = {named_by(path, p[1:-1]) for path in paths for p in path.split("/") if p[:1] == "{"}
    assert named == set(MAKERS)
