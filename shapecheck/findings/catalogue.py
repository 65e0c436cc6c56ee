"""All kinds of findings. The catalogue is what the modules of this package define: there is no list to edit."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import shapecheck.findings
from shapecheck.findings.finding import Finding

__all__ = ["Finding", "all_findings", "by_code", "by_slug"]


@cache
def _catalogue() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for module in iter_modules(shapecheck.findings.__path__):
        for value in vars(import_module(f"shapecheck.findings.{module.name}")).values():
            if isinstance(value, Finding) and found.setdefault(value.code, value) is not value:
                raise ValueError(f"two findings have the code {value.code}: {found[value.code].slug} and {value.slug}")
    return dict(sorted(found.items()))


def all_findings() -> tuple[Finding, ...]:
    """Every kind of finding, by code."""
    return tuple(_catalogue().values())


def by_code(code: str) -> Finding:
    """The finding with this code ('SHP101'); KeyError when there is none."""
    return _catalogue()[code]


def by_slug(slug: str) -> Finding:
    """The finding with this slug ('layer-input'); KeyError when there is none."""
    for finding in _catalogue().values():
        if finding.slug == slug:
            return finding
    raise KeyError(slug)
