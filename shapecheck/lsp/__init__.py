"""The language server: `shapecheck server`."""
