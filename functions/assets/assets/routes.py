"""The routes of assets."""

from functools import partial

from assets.assets.schemas import AssetCreate, AssetUpdate
from assets.assets.service import AssetHistory, Assets
from assets.assets.states import MOVES
from nexus.http.routes import add_action, add_list, crud_router

router = crud_router(Assets, AssetCreate, AssetUpdate)
for _name in MOVES:
    if _name not in ("archive", "restore"):  # which the table's column has brought
        _move = partial(Assets.move, name=_name)
        add_action(router, Assets, _name, _move, operation=_name.replace("-", "_"))
add_list(router, AssetHistory, AssetHistory.path, "asset_history.list")
