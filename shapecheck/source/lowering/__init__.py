"""libcst nodes to IR nodes: one function a kind of libcst node, found by type."""
