"""What torch says of its numbers and modes, held to torch; and a default dtype that the program sets."""

from __future__ import annotations

import pytest
import torch

from shapecheck.check import check_source, shapes_in_source
from shapecheck.run.limits import FLOAT_NAMES, FLOATS, INTEGER_NAMES, INTEGERS, PARTS, float_limits, integer_limits
from tests.run.programs import Program, programs, verify


@pytest.mark.parametrize("dtype", [*FLOATS, *PARTS])
def test_finfo(dtype: str) -> None:
    theirs, ours = torch.finfo(getattr(torch, dtype)), float_limits(dtype)
    assert ours is not None
    assert {name: getattr(theirs, name) for name in FLOAT_NAMES} == pytest.approx({name: ours[name] for name in FLOAT_NAMES}, rel=1e-9)
    assert ours["dtype"] == theirs.dtype


@pytest.mark.parametrize("dtype", INTEGERS)
def test_iinfo(dtype: str) -> None:
    theirs, ours = torch.iinfo(getattr(torch, dtype)), integer_limits(dtype)
    assert ours == {name: getattr(theirs, name) for name in (*INTEGER_NAMES, "dtype")}


PROGRAMS = programs("""
### the lowest number where a mask holds
x = T(2, 3)
fill = torch.finfo(x.dtype).min
>>> x.masked_fill(x > 0, fill), torch.where(x > 0, x, fill), torch.max(x, torch.tensor(fill))
>>> x.clamp(min=torch.finfo().eps), torch.full((2,), torch.iinfo(torch.int64).max), x / torch.finfo(torch.half).tiny
>>> torch.finfo(torch.bfloat16).bits, torch.iinfo(torch.uint8).min, torch.finfo(x.dtype).dtype
!!! x.half().masked_fill(x > 0, fill)

### a device leaves the dtype
device = torch.device("cuda" if torch.cuda.is_available() and False else "cpu")
x = torch.zeros(2, 3, device=device).to(device)
if device.type == "cuda":
    x = x.cuda()
>>> nn.Linear(3, 4).to(device)(x)
!!! nn.Linear(4, 4).to(device)(x)

### modes
def chunked(x):
    if torch.is_grad_enabled() and torch.is_autocast_enabled():
        return x[:1]
    return x


x = chunked(T(2, 3)) if torch.get_default_dtype() == torch.float64 else T(2, 3)
>>> x
""")


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs(program: Program) -> None:
    verify(program)


SETS = {
    "at once": "torch.set_default_dtype(torch.float64)\n",
    "by its old name": "torch.set_default_tensor_type(torch.DoubleTensor)\n",
    "imported": "from torch import set_default_dtype\nset_default_dtype(torch.double)\n",
    "in a function": "def main():\n    torch.set_default_dtype(torch.float64)\n\n\nmain()\n",
}
USES = """
one = torch.ones(2, 3, dtype=torch.float64)
line = nn.Linear(3, 4)(one)
deep = nn.LSTM(3, 4)(one)[0]
mask = nn.MultiheadAttention(4, 2)(line, line, line)[0]
loss = nn.CrossEntropyLoss(weight=torch.rand(4))(line, torch.zeros(2, dtype=torch.long))
"""


@pytest.mark.filterwarnings("ignore:torch.set_default_tensor_type")
@pytest.mark.parametrize("how", SETS)
def test_a_default_dtype_that_the_program_sets(how: str) -> None:
    """What is made with the default dtype then has one that is not known; shapes are what they were."""
    text = f"import torch\nfrom torch import nn\n\n{SETS[how]}{USES}"
    before = torch.get_default_dtype()
    try:
        exec(text, {})
    finally:
        torch.set_default_dtype(before)
    assert check_source(text).reports == ()
    assert [report.code for report in check_source(text.replace(SETS[how], "")).reports][:1] == ["SHP117"]
    wrong = check_source(text + "nn.Linear(5, 4)(one)\n").reports
    assert [report.code for report in wrong] == ["SHP101"]
    found = {each.text: (each.shape, each.dtype) for each in shapes_in_source(text).expressions}
    assert (found["nn.Linear(3, 4)(one)"], found["torch.rand(4)"]) == (((2, 4), "float64"), ((4,), None))
