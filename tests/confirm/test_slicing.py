"""The smallest part of a file that something depends on."""

from __future__ import annotations

import pytest

from tests.confirm.slices import same, sliced

CASES = {
    "names and what they are made of": (
        """
        import os
        import torch
        from torch import nn, optim
        width = 4
        depth = 3
        net = nn.Linear(width, 2)
        other = nn.Linear(depth, 2)
        net(torch.rand(2, 5))  # here
        """,
        """
        import torch
        from torch import nn
        width = 4
        net = nn.Linear(width, 2)
        net(torch.rand(2, 5))  # here
        """,
    ),
    "an older value of a name": (
        """
        x = first()
        x = 2
        y = x  # here
        """,
        """
        x = 2
        y = x  # here
        """,
    ),
    "what only functions look up": (
        """
        SCALE = 1
        def scaled(x):
            return x * SCALE
        y = scaled(2)
        SCALE = 3
        z = scaled(2)  # here
        """,
        """
        SCALE = 1
        def scaled(x):
            return x * SCALE
        SCALE = 3
        z = scaled(2)  # here
        """,
    ),
    "surgery": (
        """
        model = build()
        model.fc = nn.Linear(5, 2)
        model.layers.append(nn.ReLU())
        del model.head
        setattr(model, "tail", None)
        print(model)
        model.cuda()
        model.parameters()
        model(x)  # here
        """,
        """
        model = build()
        model.fc = nn.Linear(5, 2)
        model.layers.append(nn.ReLU())
        del model.head
        setattr(model, "tail", None)
        model(x)  # here
        """,
    ),
    "surgery by another name": (
        """
        backbone = model.backbone
        backbone.fc = 2
        for layer in model.children():
            layer.p = 0
            print(layer)
        other = model(x)
        other.y = 2
        model(x)  # here
        """,
        """
        backbone = model.backbone
        backbone.fc = 2
        for layer in model.children():
            layer.p = 0
        model(x)  # here
        """,
    ),
    "a function that changes what it is given": (
        """
        def widen(net):
            net.fc = nn.Linear(5, 2)
        def show(net):
            print(net.fc)
        net = build()
        widen(net)
        show(net)
        net(x)  # here
        """,
        """
        def widen(net):
            net.fc = nn.Linear(5, 2)
        net = build()
        widen(net)
        net(x)  # here
        """,
    ),
    "a loop that builds": (
        """
        layers = []
        for width in (4, 8):
            layers.append(nn.Linear(width, width))
            print(width)
            if width > 4:
                break
        for epoch in range(10):
            train(epoch)
        net = nn.Sequential(*layers)  # here
        """,
        """
        layers = []
        for width in (4, 8):
            layers.append(nn.Linear(width, width))
            if width > 4:
                break
        net = nn.Sequential(*layers)  # here
        """,
    ),
    "the path leads through conditions": (
        """
        import argparse
        import torch
        if __name__ == "__main__":
            args = argparse.ArgumentParser().parse_args()
            if args.train:
                print("train")
            elif args.test:
                with torch.no_grad():
                    with open("log") as log:
                        net(x)  # here
            else:
                print("nothing")
        """,
        """
        import torch
        if __name__ == "__main__":
            if True:
                with torch.no_grad():
                    if True:
                        net(x)  # here
        """,
    ),
    "in an else, and in a try": (
        """
        try:
            if quick:
                a = 1
            # slow
            else:
                b = 2
                y = b  # here
        except ValueError:
            print(quick)
        """,
        """
        try:
            if True:
                b = 2
                y = b  # here
        except ValueError:
            pass
        """,
    ),
    "in a handler": (
        """
        try:
            import fast
            x = 3
        except ImportError:
            y = 2
            z = y  # here
        """,
        """
        if True:
            y = 2
            z = y  # here
        """,
    ),
    "the condition itself is accused": (
        """
        a, b = 1, 2
        if a:
            pass
        elif b:  # here
            print(b)
        """,
        """
        a, b = 1, 2
        if b:  # here
            pass
        """,
    ),
    "a value from both arms": (
        """
        try:
            import fast as backend
        except ImportError:
            backend = None
        if backend:
            width = 3
            print("fast")
        else:
            width = 4
        y = width  # here
        """,
        """
        try:
            import fast as backend
        except ImportError:
            backend = None
        if backend:
            width = 3
        else:
            width = 4
        y = width  # here
        """,
    ),
    "a loop around it": (
        """
        x = start()
        for i in range(3):
            print(i)
            y = step(x)  # here
            x = y
            log(y)
        """,
        """
        x = start()
        for i in range(3):
            y = step(x)  # here
            x = y
        """,
    ),
    "from the future and stars": (
        """
        from __future__ import annotations
        from layers import *
        import os, sys as system
        y = Layer(system.argv)  # here
        """,
        """
        from __future__ import annotations
        from layers import *
        import sys as system
        y = Layer(system.argv)  # here
        """,
    ),
    "statements on one line": (
        """
        a = 1; b = 2
        if a: c = 3
        y = b + c  # here
        """,
        """
        a = 1; b = 2
        if a: c = 3
        y = b + c  # here
        """,
    ),
    "decorators, defaults, bases, and texts of several lines": (
        '''
        SIZE, OTHER = 3, 4
        TEXT = """
        def x(): pass
        """
        def wrap(f):
            return f
        class Base:
            pass
        @wrap
        class Net(Base):
            size = SIZE
            def forward(self, x=TEXT):
                SIZE = 2
                return [SIZE for SIZE in x]
        Net()  # here
        ''',
        '''
        SIZE, OTHER = 3, 4
        TEXT = """
        def x(): pass
        """
        def wrap(f):
            return f
        class Base:
            pass
        @wrap
        class Net(Base):
            size = SIZE
            def forward(self, x=TEXT):
                SIZE = 2
                return [SIZE for SIZE in x]
        Net()  # here
        ''',
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_slice(name: str) -> None:
    text, wanted = CASES[name]
    found = sliced(text)
    assert same(found, wanted), found


def test_names_at_the_end_of_the_file() -> None:
    text = """
    import torch
    class A: pass
    class B(A): pass
    class C: pass
    A.x = 2
    torch.save(A(), "a.pt")
    """
    assert same(sliced(text, "B"), "class A: pass\nclass B(A): pass\nA.x = 2")


def test_a_wider_slice_has_calls_that_may_change_something() -> None:
    text = """
    net = build()
    y = net(first)
    prepare(net)
    net.warm_up()
    print(net)
    net(x)  # here
    """
    assert same(sliced(text), "net = build()\nnet(x)  # here")
    assert same(sliced(text, careful=True), "net = build()\ny = net(first)\nprepare(net)\nnet.warm_up()\nnet(x)  # here")
