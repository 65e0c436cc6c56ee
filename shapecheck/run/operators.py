"""Python's operators on numbers, sizes, strings and sequences; tensors go to the book."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from shapecheck.run import records, sets
from shapecheck.run.free import LIKE, from_call
from shapecheck.run.objects import Bound, FreeShape, PyRaise
from shapecheck.run.presence import look_up, present
from shapecheck.run.refusal import BEHIND, DOUBTED, UNFIT
from shapecheck.sizes import Opaque, Poly, Size, floordiv, mod, of_atom
from shapecheck.values import (
    MISSING,
    Choice,
    Cond,
    DictValue,
    DType,
    External,
    Free,
    Instance,
    ListValue,
    Repeated,
    SetValue,
    Shape,
    SymFloat,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from shapecheck.run.run import Run

PYTHON: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
TORCH = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "//": "floor_divide",
    "%": "remainder",
    "**": "pow",
    "@": "matmul",
    "&": "bitwise_and",
    "|": "bitwise_or",
    "^": "bitwise_xor",
    "<<": "bitwise_left_shift",
    ">>": "bitwise_right_shift",
}
COMPARE = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
DUNDER = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "@": "matmul",
    "&": "and",
    "|": "or",
    "^": "xor",
    "<<": "lshift",
    ">>": "rshift",
}
NUMBERS = (int, float, complex)
MAX_BITS = 4096
MAX_LENGTH = 100_000


def binary(run: Run, op: str, a: Any, b: Any) -> Any:
    """`a op b`"""
    a, b = run.resolve(a), run.resolve(b)
    if type(a) is Choice:
        return run.lift(a, lambda x: binary(run, op, x, b))
    if type(b) is Choice:
        return run.lift(b, lambda x: binary(run, op, a, x))
    if type(a) is Tensor or type(b) is Tensor:
        return _with_tensor(run, op, a, b)
    if isinstance(a, Unknown):
        return a
    if isinstance(b, Unknown):
        return b
    if isinstance(a, FreeShape):
        a = run.rank_now(a)
    if isinstance(b, FreeShape):
        b = run.rank_now(b)
    if isinstance(a, Free) or isinstance(b, Free):
        return _with_free(run, op, a, b)
    if isinstance(a, NUMBERS) and isinstance(b, NUMBERS):
        return _python_numbers(op, a, b)
    if isinstance(a, (int, Poly)) and isinstance(b, (int, Poly)):
        return _sizes(run, op, a, b)
    if isinstance(a, (int, float, Poly, SymFloat)) and isinstance(b, (int, float, Poly, SymFloat)):
        return _floats(op, a, b)
    return _others(run, op, a, b)


def _with_tensor(run: Run, op: str, a: Any, b: Any) -> Any:
    value: Any
    for value in (a, b):
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Instance):
            return _dunder(run, op, a, b)
    if isinstance(a, Free) and a.kind in ("", "input"):
        return _with_tensor(run, op, run.free.tensor(a, _ranks_like(b)), b)
    if isinstance(b, Free) and b.kind in ("", "input"):
        return _with_tensor(run, op, a, run.free.tensor(b, _ranks_like(a)))
    name = TORCH.get(op)
    result = run.tensors.op(f"torch.{name}", [a, b], {}) if name else Unknown(f"the operator {op} on a tensor")
    if op in ("+", "-", "*") and isinstance(result, Tensor) and not result.shape and result.elements is None:
        left, right = (value.number if isinstance(value, Tensor) else value for value in (a, b))
        if isinstance(left, (int, Poly)) and isinstance(right, (int, Poly)):
            result.number = PYTHON[op](left, right)
    return result


def _ranks_like(other: Any) -> tuple[int, ...]:
    """Ranks for a free operand beside a known one: the same first."""
    if not isinstance(other, Tensor):
        return (4, 3, 2, 5, 1)
    rank = other.rank
    return (rank, *(n for n in range(5, 0, -1) if n != rank))


def is_number(run: Run, value: Any) -> bool:
    """Whether a free value is a number beside a tensor: one of which nothing is said is likelier a scale than a tensor."""
    if not isinstance(value, Free) or value.kind not in ("", "int", "float", "bool"):
        return False
    return value.kind != "" or run.choose(("number", value.name), 2) == 0


def _with_free(run: Run, op: str, a: Any, b: Any) -> Any:
    """Arithmetic on parameters: numbers, unless they come into forward, where they may be tensors."""
    for value in (a, b):
        if isinstance(value, Free) and value.kind in ("list", "object", "callable", "module", "str"):
            return Unknown(f"{op} on the parameter {value.name}")
    inputs = [value for value in (a, b) if isinstance(value, Free) and value.kind in ("input", "tensor")]
    if inputs:
        other = b if inputs[0] is a else a
        if op != "@" and (isinstance(other, (int, float, Poly, SymFloat)) or is_number(run, other)):
            return run.free.like(inputs[0])
        if isinstance(other, Free) and other.kind == "":
            inputs = [*inputs, other]  # a tensor that is passed in
        if len(inputs) == 2 or op == "@":
            if not all(isinstance(value, Free) for value in (a, b)):
                return Unknown(f"{op} on a parameter")
            ranks = (3, 4, 2, 5, 1) if op == "@" else (4, 3, 2, 5, 1)
            first = run.free.tensor(a, ranks)
            return _with_tensor(run, op, first, run.free.tensor(b, _ranks_like(first)))
        return Unknown(f"{op} on the parameter {inputs[0].name}")
    if isinstance(a, (str, tuple, ListValue, DictValue)) or isinstance(b, (tuple, ListValue, DictValue)):
        return Unknown(f"{op} on a parameter")
    if any(isinstance(value, Free) and value.kind == "float" for value in (a, b)) or isinstance(a, float) or isinstance(b, float):
        left: Any = a if not isinstance(a, Free) or a.kind == "float" else run.free.integer(a)
        right: Any = b if not isinstance(b, Free) or b.kind == "float" else run.free.integer(b)
        if isinstance(left, Free) or isinstance(right, Free):
            return Free(f"({_spell(left)} {op} {_spell(right)})", "float")
        return binary(run, op, left, right)
    left = run.free.integer(a) if isinstance(a, Free) else a
    right = run.free.integer(b) if isinstance(b, Free) else b
    return binary(run, op, left, right)


def _spell(value: Any) -> str:
    return value.name if isinstance(value, Free) else str(value)


def _python_numbers(op: str, a: Any, b: Any) -> Any:
    function = PYTHON.get(op)
    if function is None:
        raise PyRaise("TypeError")
    if op == "**" and isinstance(a, int) and isinstance(b, int) and abs(a) > 1 and b * a.bit_length() > MAX_BITS:
        return Unknown("a huge number")
    if op == "<<" and isinstance(b, int) and b > MAX_BITS:
        return Unknown("a huge number")
    if op == "*" and isinstance(a, int) and isinstance(b, int) and a.bit_length() + b.bit_length() > 2 * MAX_BITS:
        return Unknown("a huge number")
    try:
        return function(a, b)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise PyRaise(type(error).__name__) from None


def _sizes(run: Run, op: str, a: Size, b: Size) -> Any:
    facts = run.facts
    if op in ("//", "%", "/"):
        divisor = facts.simplify(b)
        if divisor == 0:
            raise PyRaise("ZeroDivisionError")
        if op == "/":
            if isinstance(divisor, int):
                return SymFloat(a, Fraction(1, divisor)) if isinstance(a, Poly) else a / divisor
            return Free(f"({a} / {b})", "float")
        return facts.simplify(floordiv(a, divisor) if op == "//" else mod(a, divisor))
    if op == "**":
        if isinstance(b, int) and 0 <= b <= 8:
            return a**b
        return Free(f"({a} ** {b})", "float")
    if op in ("+", "-", "*"):
        return PYTHON[op](a, b)
    return run.fresh(f"({a} {op} {b})", None)


def _floats(op: str, a: Any, b: Any) -> Any:
    """A float that depends on a size: kept exactly while it is a multiple of the size by a dyadic fraction."""
    if op in ("*", "/"):
        for left, right in ((a, b), (b, a)):
            if isinstance(left, (Poly, SymFloat)) and isinstance(right, (int, float)) and (op == "*" or left is a):
                if op == "/" and right == 0:
                    raise PyRaise("ZeroDivisionError")
                factor = _dyadic(right)
                if factor is None:
                    break
                size, have = (left.size, left.factor) if isinstance(left, SymFloat) else (left, Fraction(1))
                return SymFloat(size, have * factor if op == "*" else have / factor)
    return Free(f"({a} {op} {b})", "float")


def _dyadic(number: float) -> Fraction | None:
    """The exact fraction of a float with a small denominator, so that float arithmetic on it is exact too; None otherwise."""
    try:
        fraction = Fraction(number)
    except (ValueError, OverflowError):
        return None
    return fraction if fraction.denominator <= 1024 or isinstance(number, int) else None


def to_int(run: Run, value: Any) -> Any:
    """`int(value)` of a symbolic float: exact where it can be, a named size where it cannot."""
    if isinstance(value, SymFloat):
        low, _ = run.facts.bounds(value.size)
        if low is not None and low >= 0 and value.factor >= 0:
            return floordiv(value.size * value.factor.numerator, value.factor.denominator)
        whole = value.size * value.factor.numerator
        return floordiv(whole, 1) if value.factor.denominator == 1 else of_atom(Opaque("int", (str(value.factor), value.size)))
    if isinstance(value, Free):
        return of_atom(Opaque("int", (value.name,)))
    return value


def _others(run: Run, op: str, a: Any, b: Any) -> Any:
    if isinstance(a, Instance) or isinstance(b, Instance):
        return _dunder(run, op, a, b)
    if op == "+":
        if isinstance(a, tuple) and isinstance(b, tuple):
            if len(a) + len(b) > MAX_LENGTH:
                return Unknown("a very long tuple")
            joined = tuple(a) + tuple(b)
            return Shape(joined) if isinstance(a, Shape) and isinstance(b, Shape) else joined
        if isinstance(a, ListValue) and isinstance(b, ListValue):
            if isinstance(a.items, tuple) and isinstance(b.items, tuple) and len(a.items) + len(b.items) <= MAX_LENGTH:
                return ListValue(a.items + b.items)
            return _longer(run, a.items, b.items)
        for some, more in ((a, b), (b, a)):  # tuples of unknown length are kept as lists
            if isinstance(some, ListValue) and isinstance(some.items, Repeated) and isinstance(more, tuple):
                return _longer(run, some.items, more)
        if isinstance(a, str) and isinstance(b, str) and len(a) + len(b) < MAX_LENGTH:
            return a + b
    if op == "*":
        for items, count in ((a, b), (b, a)):
            if isinstance(count, int) and isinstance(items, (tuple, ListValue, str)):
                return _repeat(items, count)
            if isinstance(count, Poly) and isinstance(items, ListValue) and isinstance(items.items, tuple) and len(items.items) == 1:
                return ListValue(Repeated(items.items[0], count))
    if op == "%" and isinstance(a, str):
        items = b if isinstance(b, tuple) else (b,)
        if all(isinstance(item, (str, int, float)) for item in items) and is_short(a, items):
            try:
                return a % items
            except (TypeError, ValueError) as error:
                raise PyRaise(type(error).__name__) from None
        return Unknown("a formatted string")
    if isinstance(a, SetValue) and isinstance(b, SetValue):
        return sets.binary(run, op, a, b)
    if isinstance(a, DictValue) and isinstance(b, DictValue) and op == "|":
        return DictValue({**a.items, **b.items}, a.open or b.open)
    return Unknown(f"{op} of {run.describe(a)} and {run.describe(b)}")


def is_short(template: str, args: Iterable[Any]) -> bool:
    """Whether a format with these arguments cannot fill the memory: no huge width, written in it or given to it."""
    given = all(not isinstance(arg, int) or abs(arg) < MAX_LENGTH for arg in args) or not re.search(r"\*|\{[^{}]*\{", template)
    return given and not re.search(r"\d{6,}", template)


def _longer(run: Run, a: Any, b: Any) -> ListValue:
    """Two sequences behind each other, of which at least one is of unknown length."""
    parts = [each for items in (a, b) for each in ((items.element,) if isinstance(items, Repeated) else items)]
    return ListValue(Repeated(run.join_all(tuple(parts)), Unknown("a list of unknown length")))


def _repeat(items: Any, count: int) -> Any:
    inner: Any = items.items if isinstance(items, ListValue) else items
    if not isinstance(inner, (tuple, str)):
        return Unknown("a list of unknown length")
    if len(inner) * max(count, 0) > MAX_LENGTH:
        return ListValue(Repeated(inner[0], count)) if isinstance(items, ListValue) and len(inner) == 1 else Unknown("a very long sequence")
    if isinstance(items, ListValue):
        return ListValue(tuple(inner) * count)
    return inner * count


def _dunder(run: Run, op: str, a: Any, b: Any) -> Any:
    name = DUNDER.get(op, "")
    for receiver, other, method in ((a, b, f"__{name}__"), (b, a, f"__r{name}__")):
        if isinstance(receiver, Instance):
            found = receiver.cls.find(method)
            if found is not None:
                return run.call(Bound(found[0], receiver), [other], {})
    if isinstance(a, Instance) and op == "+" and run.modules.is_module_class(a.cls):
        return run.modules.concatenate(a, b)
    return Unknown(f"{op} of {run.describe(a)} and {run.describe(b)}")


def augmented(run: Run, op: str, a: Any, b: Any) -> Any:
    """`a op= b`: in place for tensors and lists."""
    a = run.resolve(a)
    if type(a) is Choice and (type(a.yes) is Tensor or type(a.no) is Tensor):
        return run.lift(a, lambda x: augmented(run, op, x, b))
    if type(a) is Tensor:
        b = run.resolve(b)
        if type(b) is Choice:
            return run.lift(b, lambda x: augmented(run, op, a, x))
        name = TORCH.get(op)
        if isinstance(b, (Tensor, int, float, Poly, SymFloat)) and name and op != "@":
            return run.tensors.op(f"torch.Tensor.{name}_", [a, b], {})
        open_ended = isinstance(b, Free) or (isinstance(b, Unknown) and b.why not in (BEHIND, DOUBTED, UNFIT))
        if open_ended and name and op != "@":
            return a  # whatever is added, the tensor keeps its shape
        return binary(run, op, a, b)
    if isinstance(a, ListValue) and op == "+":
        items = run.items(b)
        if isinstance(items, tuple) and isinstance(a.items, tuple):
            run.state.put(a, "items", a.items + items)
        else:
            run.state.put(a, "items", Repeated(Unknown("items of a list of unknown length"), Unknown("a list of unknown length")))
        return a
    return binary(run, op, a, b)


def unary(run: Run, op: str, value: Any) -> Any:
    value = run.resolve(value)
    if type(value) is Choice:
        return run.lift(value, lambda x: unary(run, op, x))
    if op == "not":
        truth = run.truth(value)
        return (not truth) if isinstance(truth, bool) else truth.negated()
    if isinstance(value, Unknown):
        return value
    if type(value) is Tensor:
        return value if op == "+" else run.tensors.op("torch.neg" if op == "-" else "torch.bitwise_not", [value], {})
    if isinstance(value, Free):
        if value.kind in ("input", "tensor"):
            return run.free.like(value)
        if value.kind == "float":
            return Free(f"(-{value.name})", "float")
        value = run.free.integer(value)
    if isinstance(value, SymFloat):
        return SymFloat(value.size, -value.factor) if op == "-" else value
    if isinstance(value, (int, float, Poly)):
        if op == "-":
            return -value
        if op == "+":
            return value
        if isinstance(value, int):
            return ~value
    return Unknown(f"{op} of {run.describe(value)}")


def compare(run: Run, op: str, a: Any, b: Any) -> Any:
    """`a op b` as True, False, a condition that is not decided, or a tensor."""
    a, b = run.resolve(a), run.resolve(b)
    if type(a) is Choice:
        return run.lift(a, lambda x: compare(run, op, x, b))
    if type(b) is Choice:
        return run.lift(b, lambda x: compare(run, op, a, x))
    if op in ("is", "is not"):
        answer = _is(run, a, b)
        return answer if op == "is" else run.negate(answer)
    if op in ("in", "not in"):
        answer = _contains(run, a, b)
        return answer if op == "in" else run.negate(answer)
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        # with a tensor it is one of a shape that is not known, in whatever it is compared with
        return (
            run.unknown(f"a comparison with {a.why if isinstance(a, Unknown) else b.why}")
            if Tensor in (type(a), type(b))
            else run.undecided()
        )
    if type(a) is Instance or type(b) is Instance:
        answer = records.compare(run, op, a, b)
        if answer is not MISSING:
            return answer
        a, b = records.plain(a), records.plain(b)
    if type(a) is Tensor or type(b) is Tensor:
        if all(isinstance(side, (Tensor, int, float, Poly, SymFloat)) or is_operand(side) for side in (a, b)):
            return run.tensors.op(f"torch.{COMPARE[op]}", [a, b], {})
        return run.undecided(free=True)
    if isinstance(a, FreeShape):
        a = run.rank_now(a)
    if isinstance(b, FreeShape):
        b = run.rank_now(b)
    if isinstance(a, Free) or isinstance(b, Free):
        return _compare_free(run, op, a, b)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return _plain(op, a, b)
    if isinstance(a, (int, Poly)) and isinstance(b, (int, Poly)):
        return order(run, COMPARE[op], a, b)
    if op in ("==", "!="):
        answer = equal(run, a, b)
        return answer if op == "==" else run.negate(answer)
    if isinstance(a, str) and isinstance(b, str):
        return _plain(op, a, b)
    if isinstance(a, SetValue) and isinstance(b, SetValue):
        return sets.compare(run, op, a, b)
    if isinstance(a, ListValue) and isinstance(b, ListValue):
        a, b = a.items, b.items
    if isinstance(a, tuple) and isinstance(b, tuple) and all(isinstance(item, (int, float, str)) for item in (*a, *b)):
        try:
            return _plain(op, a, b)
        except TypeError:
            raise PyRaise("TypeError") from None
    return run.undecided()


def is_operand(value: Any) -> bool:
    """Whether a free value may be compared with a tensor: it is a tensor too, or a number."""
    return isinstance(value, Free) and value.kind in ("", "int", "float", "bool", "input", "tensor")


def _plain(op: str, a: Any, b: Any) -> bool:
    return bool({"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[op](a, b))


def order(run: Run, name: str, a: Size, b: Size) -> Any:
    """A comparison of sizes, decided by what is known or left as a condition."""
    answer = getattr(run.facts, name)(a, b)
    if not answer.maybe:
        return answer.yes
    return run.known(Cond(name, (a, b)))


def _is(run: Run, a: Any, b: Any) -> Any:
    if b is None or a is None:
        value = a if b is None else b
        if value is None:
            return True
        if isinstance(value, Unknown):
            return run.undecided()
        if isinstance(value, Free):
            return run.undecided() if from_call(value) else run.known(Cond("none", (value.name,)))
        return False
    if isinstance(a, (Unknown, Free)) or isinstance(b, (Unknown, Free)):
        return run.undecided()
    if isinstance(a, (bool, Cond)) and isinstance(b, bool):
        return a is b if isinstance(a, bool) else (a if b else a.negated())
    if isinstance(a, (External, DType)):
        return a == b
    return a is b


def equal(run: Run, a: Any, b: Any) -> Any:
    """Python's `==`."""
    a, b = run.resolve(a), run.resolve(b)
    if isinstance(a, (Unknown, Choice)) or isinstance(b, (Unknown, Choice)):
        return run.undecided()
    if isinstance(a, Free) or isinstance(b, Free):
        return _compare_free(run, "==", a, b)
    if isinstance(a, (int, Poly)) and isinstance(b, (int, Poly)):
        return order(run, "eq", a, b)
    if isinstance(a, ListValue) and isinstance(b, ListValue):
        a, b = a.items, b.items
    if isinstance(a, Repeated) or isinstance(b, Repeated):
        return run.undecided()
    if isinstance(a, SetValue) and isinstance(b, SetValue):
        return sets.compare(run, "==", a, b)
    if isinstance(a, DictValue) and isinstance(b, DictValue):
        if a.open or b.open:
            return run.undecided()
        if a.items.keys() != b.items.keys():
            return False
        a, b = tuple(a.items.values()), tuple(b.items[key] for key in a.items)
    if isinstance(a, tuple) and isinstance(b, tuple):
        if len(a) != len(b):
            return False
        result: Any = True
        for x, y in zip(a, b, strict=True):
            result = run.conjunction(result, equal(run, x, y))
            if result is False:
                return False
        return result
    if isinstance(a, Instance) or isinstance(b, Instance):
        return _equal_objects(run, a, b)
    if isinstance(a, (SymFloat, Tensor, Cond)) or isinstance(b, (SymFloat, Tensor, Cond)):
        return run.undecided()
    if isinstance(a, Poly | float) and isinstance(b, Poly | float):
        return run.undecided() if Poly in (type(a), type(b)) else a == b
    try:
        return bool(a == b)
    except TypeError:
        return run.undecided()


def _equal_objects(run: Run, a: Any, b: Any) -> Any:
    if a is b:
        return True
    if (a is None or b is None) and not any(isinstance(value, Instance) and value.cls.find("__eq__") for value in (a, b)):
        return False
    answer = records.compare(run, "==", a, b)
    if answer is not MISSING:
        return run.truth(answer)
    if records.is_member(a) or records.is_member(b):
        left, right = records.plain(a), records.plain(b)
        return False if left is a and right is b else equal(run, left, right)
    return run.undecided()


def _compare_free(run: Run, op: str, a: Any, b: Any) -> Any:
    if isinstance(a, Free) and isinstance(b, Free) and a == b and op in ("==", "!="):
        return op == "=="
    free, other = (a, b) if isinstance(a, Free) else (b, a)
    if free.kind in ("input", "tensor") and isinstance(other, (int, float, Poly, SymFloat, Free)):
        return Free(f"({_spell(a)} {op} {_spell(b)})", "input", (free, LIKE))
    if from_call(free) or (isinstance(other, Free) and from_call(other)):
        return run.undecided()
    if isinstance(other, (int, Poly)) and not isinstance(other, bool) and free.kind in ("", "int"):
        left = run.free.integer(a) if isinstance(a, Free) else a
        right = run.free.integer(b) if isinstance(b, Free) else b
        return order(run, COMPARE[op], left, right)
    if isinstance(other, Free) and free.kind in ("", "int") and other.kind in ("", "int"):
        return order(run, COMPARE[op], run.free.integer(a), run.free.integer(b))
    if isinstance(other, (str, bool)) and op in ("==", "!="):
        cond = run.known(Cond("is", (free.name, other)))
        return cond if op == "==" else run.negate(cond)
    return run.undecided()


def _contains(run: Run, item: Any, container: Any) -> Any:
    if isinstance(container, DictValue):
        key = run.key(item)
        if key is MISSING and container.items.get(run.key(item, True), MISSING) is not MISSING:
            return True
        if key is not MISSING and look_up(run, container, key) is not MISSING:
            return present(run, container.items[key])
        return False if key is not MISSING and container.open is None else run.undecided()
    if isinstance(container, str) and isinstance(item, str):
        return item in container
    if isinstance(container, Instance):
        return run.modules.contains(container, item)
    items = container.items if isinstance(container, (ListValue, SetValue)) else container
    if not isinstance(items, tuple):
        return run.undecided()
    result: Any = False
    for other in items:
        answer = equal(run, item, other)
        if answer is True:
            return True
        if answer is not False:
            result = answer if result is False and len(items) == 1 else run.undecided()
    return result
