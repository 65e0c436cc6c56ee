"""Paths as services know them: from the root of the repository, with slashes."""

from __future__ import annotations

import os


class Root:
    """The folder that a service's paths start from: the repository around the working folder, or that folder itself."""

    def __init__(self, folder: str | None = None) -> None:
        here = os.path.abspath(folder or os.getcwd())
        self.folder = here
        above = here
        while True:
            if os.path.exists(os.path.join(above, ".git")):
                self.folder = above
                break
            parent = os.path.dirname(above)
            if parent == above:
                break
            above = parent

    def path(self, path: str) -> str:
        """A path from the root; as it is where it lies elsewhere, and for what is no file: `<stdin>`."""
        if path.startswith("<"):
            return path
        whole = os.path.abspath(path)
        try:
            inside = os.path.relpath(whole, self.folder)
        except ValueError:  # another drive of Windows
            return whole.replace(os.sep, "/")
        outside = inside == os.pardir or inside.startswith(os.pardir + os.sep)
        return (whole if outside else inside).replace(os.sep, "/")
