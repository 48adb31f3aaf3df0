"""The trackers that tasks can be sent to: a module each, one protocol."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from docparse.errors import MissingTool
from docparse.trackers.items import Target
from docparse.trackers.mapping import TargetSettings
from docparse.trackers.secrets import secret_of

if TYPE_CHECKING:
    import httpx


def open_target(
    name: str, settings: TargetSettings, *, transport: httpx.BaseTransport | None = None, sleep: Callable[[float], None] = time.sleep
) -> Target:
    """The tracker that settings describe, with its password or token. Raises TrackerError, MissingTool without the extra `trackers`."""
    try:
        module = import_module(f"docparse.trackers.targets.{settings.kind}")
    except ImportError as error:
        raise MissingTool(name, f"needs {error.name}", hint="Install it: pip install 'docparse[trackers]'.") from error
    target: Target = module.Tracker(name, settings, secret=secret_of(name), transport=transport, sleep=sleep)
    return target
