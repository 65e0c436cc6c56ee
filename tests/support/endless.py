"""Programs that end late, or never, or that want more memory than there is."""

from __future__ import annotations

PROGRAMS = {
    "many turns": "for i in range(10**12):\n    x = torch.randn(2, 3)\n    x = x + i\n",
    "many turns that grow": "x = torch.zeros(1)\nfor i in range(10**12):\n    x = torch.cat([x, x])\n",
    "no end": "x = torch.zeros(2)\nwhile True:\n    x = x * 2\n",
    "no end in a function": "def spin():\n    n = 0\n    while n >= 0:\n        n += 1\n    return n\n\n\nspin()\n",
    "recursion": "def down(x):\n    return down(x + 1)\n\n\ndown(torch.zeros(3))\n",
    "deep recursion": "def down(n):\n    return 0 if n == 0 else 1 + down(n - 1)\n\n\ny = torch.zeros(down(100_000))\n",
    "two by two": "def twice(n):\n    return 1 if n == 0 else twice(n - 1) + twice(n - 1)\n\n\ny = torch.zeros(twice(60))\n",
    "a great power": "n = 2 ** (10**9)\ny = torch.zeros(n % 7)\n",
    "a great tower": "n = 9 ** 9 ** 9 ** 9\n",
    "a great shift": "n = 1 << 10**12\n",
    "a great factorial": "import math\n\nn = math.factorial(10**8)\n",
    "a long text": 's = "a" * 10**12\n',
    "a long list": "items = [0] * 10**12\ny = torch.zeros(len(items) % 7)\n",
    "a long tuple": "items = (1, 2, 3) * 10**11\n",
    "a long comprehension": "items = [i * j for i in range(10**6) for j in range(10**6)]\n",
    "a long set": "items = {i for i in range(10**12)}\n",
    "a long dict": "items = {i: [i] for i in range(10**10)}\n",
    "a long sum": "n = sum(range(10**12))\n",
    "a long list of a range": "items = list(range(10**12))\ny = torch.zeros(items[3])\n",
    "a text that doubles": 's = "ab"\nfor i in range(200):\n    s = s + s\n',
    "a number that squares": "n = 3\nfor i in range(200):\n    n = n * n\n",
    "a list that doubles": "items = [1]\nfor i in range(200):\n    items = items + items\n",
    "a list that holds itself": "items = []\nitems.append(items)\nprint(items)\ny = torch.zeros(len(items))\n",
    "a format that fills": 's = f"{3:{10**10}}"\nt = "%0*d" % (10**10, 3)\nu = "x".ljust(10**12)\n',
    "a great tensor": "x = torch.zeros(10**15, 10**15)\ny = x.view(-1)\nz = torch.arange(10**15)\n",
    "a great literal": "x = torch.tensor([[0.0] * 10**6] * 10**6)\n",
    "many layers": "net = nn.Sequential(*[nn.Linear(8, 8) for _ in range(10**9)])\nnet(torch.randn(2, 8))\n",
    "many pieces": "parts = torch.zeros(10**9, 2).unbind()\nother = torch.zeros(10**9).split(1)\nmore = torch.zeros(10**9).tolist()\n",
}  # fmt: skip
