"""How outcomes are shown (floor 4): one module a form. Each returns text; nothing here prints, and nothing analyses."""
