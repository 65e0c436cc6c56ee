"""What facts must be able to conclude: the questions that shapes ask."""

from __future__ import annotations

import pickle

import pytest

from shapecheck.sizes import Facts, Size, Truth, parse, symbol

H, W, N, C = symbol("H"), symbol("W"), symbol("N"), symbol("C")
YES, NO, MAYBE = Truth.YES, Truth.NO, Truth.MAYBE

SIGNS = ("==", "!=", "<=", ">=", "<", ">")
NAMES: dict[str, Size] = {"any": symbol("any", None), "zero": symbol("zero", 0), "few": symbol("few", 2, 4), "ANY": symbol("ANY", None)}


def split(text: str) -> tuple[str, Size, Size]:
    """The question or fact that a text asks: "H % 4 == 0" is a comparison, "4 | H" a divisibility."""
    for sign, name in (("|", "divides"), *zip(SIGNS, ("eq", "ne", "le", "ge", "lt", "gt"), strict=True)):
        left, found, right = text.partition(f" {sign} ")
        if found:
            return name, parse(left, NAMES), parse(right, NAMES)
    raise ValueError(text)


def known(*facts: str) -> Facts:
    current: Facts | None = Facts()
    for fact in facts:
        name, a, b = split(fact)
        assert current is not None
        current = getattr(current, f"assume_{name}")(a, b)
    assert current is not None
    return current


def ask(facts: Facts, question: str) -> Truth:
    name, a, b = split(question)
    answer = getattr(facts, name)(a, b)
    assert isinstance(answer, Truth)
    return answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("3 == 3", YES),
        ("H == H", YES),
        ("H == W", MAYBE),
        ("H == H + 1", NO),
        ("2*N == 7", NO),
        ("2*any == 7", NO),
        ("16*h*w == 1000", NO),
        ("16*h*w == 1024", MAYBE),
        ("16*N*(H//4 - 3)*(W//4 - 3) == 401", NO),
        ("6*H + 4*W == 9", NO),
        ("H*H == 2", NO),
        ("H*H == 9", MAYBE),
        ("H*H + H == 2*W + 1", NO),
        ("H == 0", NO),
        ("zero == 0", MAYBE),
        ("any == -3", MAYBE),
        ("few == 5", NO),
        ("few == 3", MAYBE),
        ("N*H*W == 0", NO),
        ("N*C*H*W == C*W*N*H", YES),
        ("H//2 + (H + 1)//2 == H", YES),
        ("any//2 + (any + 1)//2 == any", YES),
        ("any//3 + (any + 1)//3 + (any + 2)//3 == any", YES),
        ("N*(H//2) + N*((H + 1)//2) == N*H", YES),
        ("(H//2)*(W//2) + (H//2)*((W + 1)//2) == (H//2)*W", YES),
        ("H - H//2 == (H + 1)//2", YES),
        ("H % 4 == 4", NO),
        ("H % 4 == 3", MAYBE),
        ("2*(H % 4) == 3", NO),
        ("H % 2 == H", MAYBE),
        ("(H + 1)//2 == H", MAYBE),
        ("(H + 1)//2 == H + 1", NO),
        ("H//2 == H", NO),
        ("2*H == H", NO),
        ("2*any == any", MAYBE),
        ("H*W == H*W + H", NO),
        ("3*H*W == H*W", NO),
        ("H + W == 1", NO),
        ("H + W == 2", MAYBE),
        ("(2*H + 1)//2 == H", YES),
        ("min(H, W) == H + 1", NO),
        ("max(H, W) == H - 1", NO),
        ("max(H - 1, 0) == H - 1", YES),
        ("H <= H", YES),
        ("H//2 <= H", YES),
        ("H//2 < H", YES),
        ("H <= H//2", NO),
        ("(H + 1)//2 <= H", YES),
        ("3*(H//3) <= H", YES),
        ("H - 3*(H//3) < 3", YES),
        ("H <= H*W", YES),
        ("H + W <= H*W + 1", YES),
        ("H*H >= 0", YES),
        ("any*any >= 0", YES),
        ("any >= 0", MAYBE),
        ("H >= 1", YES),
        ("H < 1", NO),
        ("few <= 4", YES),
        ("min(H, W) <= W", YES),
        ("max(H, W) >= H", YES),
        ("(H % 8)//2 <= 3", YES),
        ("4 | 8*H", YES),
        ("4 | 8*H + 4", YES),
        ("4 | 8*H + 2", NO),
        ("4 | 6*H + 1", NO),
        ("4 | H", MAYBE),
        ("2 | H*H + H", YES),
        ("2 | H*(H + 1)*W", YES),
        ("H | H*W", YES),
        ("H | H*W + H", YES),
        ("N | 3*N + 1", MAYBE),
        ("4 | 4*((H + 3)//4)", YES),
        ("4 | H + (-H) % 4", YES),
        ("0 | H", NO),
    ],
)
def test_without_facts(question: str, answer: Truth) -> None:
    assert ask(Facts(), question) is answer


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ("H == W", "H*3 == 3*W", YES),
        ("H == W", "H == W + 1", NO),
        ("H == W", "H//2 == W//2", YES),
        ("H == 224", "((H + 1)//2 + 1)//2 == 56", YES),
        ("H == 224", "H == 225", NO),
        ("C == heads*dim", "C//heads == dim", YES),
        ("C == heads*dim", "heads | C", YES),
        ("2*H == 3*W", "4*H == 6*W", YES),
        ("2*H == 3*W", "2 | W", YES),
        ("2*H == 3*W", "3 | H", YES),
        ("2*H == 3*W", "H == W", NO),
        ("32*h*w == 2048", "h*w == 64", YES),
        ("32*h*w == 2048", "h*w*16 == 1024", YES),
        ("32*h*w == 2048", "16*h*w == 1000", NO),
        ("32*h*w == 2048", "N*h*w*C == 64*N*C", YES),
        ("32*h*w == 2048", "h <= 64", YES),
        ("32*h*w == 2048; h == 8", "w == 8", YES),
        ("32*h*w == 2048; h == w", "h == 8", YES),
        ("(H//4)*(W//4) == 64", "16*(H//4)*(W//4) == 1024", YES),
        ("(H//4)*(W//4) == 64", "H <= 259", YES),
        ("(H//4)*(W//4) == 64", "H >= 4", YES),
        ("16*(H//4 - 3)*(H//4 - 3) == 400", "H//4 == 8", YES),
        ("16*(H//4 - 3)*(H//4 - 3) == 400", "H <= 35", YES),
        ("(H - 1)//2 + 1 == 7", "H >= 13", YES),
        ("(H - 1)//2 + 1 == 7", "H <= 14", YES),
        ("(H - 1)//2 + 1 == 7", "H == 15", NO),
        ("(H - 1)//2 + 1 == 7", "((H - 1)//2)//2 == 3", YES),
        ("H//32 == 7", "H//64 == 3", YES),
        ("H % 4 == 0", "4*(H//4) == H", YES),
        ("H % 4 == 0", "H//2//2*4 == H", YES),
        ("H % 4 == 0", "2*(H//2) == H", YES),
        ("H % 4 == 0", "(H + 1)//2 == H//2", YES),
        ("H % 4 == 0", "H == 6", NO),
        ("H % 4 == 0", "H == 8", MAYBE),
        ("H % 4 == 0", "H < 4", NO),
        ("H % 4 == 1", "(H - 1)//4*4 + 1 == H", YES),
        ("H % 4 == 1", "2 | H", NO),
        ("H % 4 == 0; H % 6 == 0", "H % 12 == 0", YES),
        ("H % 4 == 0; H % 6 == 0", "12*(H//12) == H", YES),
        ("H % 4 == 1; H % 3 == 2", "H % 12 == 5", YES),
        ("32 | H", "32*((((((H + 1)//2 + 1)//2 + 1)//2 + 1)//2 + 1)//2) == H", YES),
        ("g | C", "g*(C//g) == C", YES),
        ("g | C", "C % g == 0", YES),
        ("C % g == 0", "C//g >= 1", YES),
        ("C % g == 0", "C >= g", YES),
        ("C % g == 0; D % g == 0", "g*(C//g) + g*(D//g) == C + D", YES),
        ("4 | H*W", "4*((H*W)//4) == H*W", YES),
        ("4 | H*W", "4 | 3*H*W + 8", YES),
        ("4 | H*W", "2 | H*W*N", YES),
        ("4 | H + W", "(H + W)//4*4 == H + W", YES),
        ("H < W", "H == W", NO),
        ("H < W", "H + 1 <= W", YES),
        ("H < W", "2*H + 2 <= 2*W", YES),
        ("H < W", "W <= H", NO),
        ("H < W", "W >= 2", YES),
        ("a <= b; b <= c", "a <= c", YES),
        ("a < b; b < c", "a + 2 <= c", YES),
        ("H >= 7", "(H - 7)//2 + 1 >= 1", YES),
        ("H >= 7", "H - 7 >= 0", YES),
        ("k <= H + 2", "H + 2 - k + 1 >= 1", YES),
        ("H <= W; W <= H", "H == W", YES),
        ("H <= W", "min(H, W) == H", YES),
        ("H <= W", "max(H, W) == W", YES),
        ("H <= 3; H >= 3", "H == 3", YES),
        ("H != W", "H == W", NO),
        ("H != W", "2*H == 2*W", NO),
        ("H != W", "H + 3 == W + 3", NO),
        ("H != W", "N*H == N*W", NO),
        ("H != W; H <= W", "H < W", YES),
        ("H <= W; H != W", "H < W", YES),
        ("H != 1", "H >= 2", YES),
        ("any != 0; any >= 0", "any >= 1", YES),
        ("C % g != 0", "g | C", NO),
        ("C % 4 != 0", "4 | C", NO),
        ("stride == 1; inp == out", "stride*inp == out", YES),
        ("N*C*H*W == M*400; M == N", "C*H*W == 400", YES),
        ("any*any == 4", "any <= 2", YES),
        ("H*W == C; C == 12; H == 3", "W == 4", YES),
        ("H//2 == W", "2*W <= H", YES),
        ("x.shape[1] == C", "x.shape[1]*2 == 2*C", YES),
        ("h*w == 64", "h == 5", NO),
        ("h*w == 64", "h == 8", MAYBE),
        ("h*w == 64", "2*h == w + 1", NO),
        ("a <= b; b <= c; c <= d", "d < a", NO),
        ("C % g == 0; g == 4", "C == 6", NO),
    ],
)
def test_with_facts(facts: str, question: str, answer: Truth) -> None:
    assert ask(known(*facts.split("; ")), question) is answer


@pytest.mark.parametrize(
    "facts",
    [
        "H == 0",
        "2*H == 7",
        "H == W; H == W + 1",
        "H == W; H != W",
        "H == 3; H == 4",
        "H % 4 == 0; H == 6",
        "H % 4 == 0; H % 4 == 1",
        "H % 4 == 0; H % 6 == 3",
        "H % 4 == 5",
        "H < W; W < H",
        "H < W; W <= H",
        "a < b; b < c; c < a",
        "h*w == 64; h == 5",
        "h*w == 64; h == 128",
        "h*w == 64; h == w; h != 8",
        "C % g != 0; C % g == 0",
        "C % g == 0; C < g",
        "H//2 == 7; H == 17",
        "few > 4",
        "4 | 2*H + 1",
        "0 | H",
    ],
)
def test_contradictions(facts: str) -> None:
    *first, last = facts.split("; ")
    name, a, b = split(last)
    assert getattr(known(*first), f"assume_{name}")(a, b) is None


@pytest.mark.parametrize(
    ("facts", "size", "simple"),
    [
        ("H % 4 == 0", "4*(H//4)", "H"),
        ("H % 4 == 0", "H//2//2*4", "H"),
        ("H % 4 == 0", "2*(H//2)", "H"),
        ("H % 4 == 0", "H + 1", "H + 1"),
        ("H % 4 == 0", "H//2", "H//2"),
        ("H % 4 == 0", "H//8", "H//8"),
        ("H % 4 == 0", "H + H//2", "H + H//2"),
        ("H % 4 == 0", "(H + 1)//2*W", "W*(H//2)"),
        ("H % 4 == 0", "N*H*H", "H**2*N"),
        ("H % 4 == 0", "H % 4", "0"),
        ("H % 4 == 0; H % 3 == 0", "12*(H//12) + H//3", "H + H//3"),
        ("H % 4 == 3", "4*(H//4)", "H - 3"),
        ("C % g == 0", "g*(C//g)", "C"),
        ("C % g == 0", "C//g", "C//g"),
        ("C % g == 0", "2*g*(C//g) + C", "3*C"),
        ("C % g == 0; g % 4 == 0", "g*(C//g) + g//2", "C + g//2"),
        ("32*h*w == 2048", "N*32*h*w", "2048*N"),
        ("32*h*w == 2048", "h*w", "64"),
        ("H == W", "H + W", "2*H"),
        ("x.shape[1] == C", "x.shape[1] + 1", "C + 1"),
        ("C == x.shape[1]", "x.shape[1] + 1", "C + 1"),
        ("C == 64", "x*C", "64*x"),
        ("H <= W", "min(H, W) + 1", "H + 1"),
        ("(H - 1)//2 + 1 == 7", "(H + 1)//2*C", "7*C"),
    ],
)
def test_simplify(facts: str, size: str, simple: str) -> None:
    assert str(known(*facts.split("; ")).simplify(parse(size))) == simple


@pytest.mark.parametrize(
    ("size", "low", "high"),
    [
        ("H", 1, None),
        ("3 - H", None, 2),
        ("few*few", 4, 16),
        ("H % 8", 0, 7),
        ("H//2", 0, None),
        ("few//2", 1, 2),
        ("H - H//2", 1, None),
        ("H*W - H", 0, None),
        ("min(few, H)", 1, 4),
        ("max(few, H)", 2, None),
        ("any", None, None),
        ("any**2", 0, None),
        ("7//H", 0, 7),
        ("-few", -4, -2),
        ("H//3 - H//2", None, 0),
        ("7", 7, 7),
    ],
)
def test_bounds(size: str, low: int | None, high: int | None) -> None:
    assert Facts().bounds(parse(size, NAMES)) == (low, high)


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [
        ("(H - 1)//2 + 1", "H", True),
        ("H//2", "H", True),
        ("H + 2", "H", True),
        ("H - 2", "H", True),
        ("2*H", "H", True),
        ("3*H*W", "H*W", True),
        ("H*W", "H*W*C", True),
        ("H*W", "H", True),
        ("N*(H//2)", "N*H", True),
        ("((H + 1)//2 + 1)//2", "(H + 1)//2", True),
        ("H", "W", False),
        ("H*W", "H*C", False),
        ("H//2*2", "H", False),
        ("H//2 + 3", "H", False),
        ("(H + 1)//2 + 2", "H", False),
        ("H", "H", False),
        ("4", "H", False),
        ("H//2 + 1", "H", True),
        ("H//2 + W", "H", False),
        ("H**2", "3*H", False),
        ("H**2", "2*H", True),
        ("H*W", "H + W", True),
        ("any", "2*any", True),
        ("few", "2*few", True),
    ],
)
def test_differ_generically(a: str, b: str, differ: bool) -> None:
    assert Facts().differ_generically(parse(a, NAMES), parse(b, NAMES)) is differ


def test_differ_generically_under_facts() -> None:
    assert not known("H == 2*W").differ_generically(parse("H"), parse("2*W"))
    assert known("H % 32 == 0").differ_generically(parse("H//2"), parse("H"))
    assert not known("H <= 2").differ_generically(parse("H//2"), parse("H"))


def test_known_in_words() -> None:
    facts = known("32 | H", "stride == 1", "H*W < 900", "C + 1 != 7", "g | C")
    assert facts.known() == ["H % 32 == 0", "stride == 1", "H*W < 900", "C + 1 != 7", "C % g == 0"]
    assert known("H <= H", "4 | 8*H").known() == []
    assert repr(known("H == 3")) == "Facts(H == 3)"


def test_facts_never_change() -> None:
    facts = known("H < W")
    more = facts.assume_eq(H, 5)
    assert more is not None
    assert facts.eq(H, 5) is MAYBE
    assert facts.known() == ["H < W"]
    assert more.known() == ["H < W", "H == 5"]
    assert more.ge(W, 6) is YES


def test_facts_travel_between_processes() -> None:
    facts = pickle.loads(pickle.dumps(known("32*h*w == 2048", "H % 4 == 0")))
    assert ask(facts, "h*w == 64") is YES
    assert ask(facts, "4*(H//4) == H") is YES


def test_division_by_a_known_zero_is_no_crash() -> None:
    facts = known("H == W")
    size = parse("N//(H - W)")
    assert facts.eq(size, 3) is MAYBE
    assert facts.bounds(size) == (None, None)
    assert facts.simplify(size) == size
    assert facts.assume_eq(size, 3) is not None
    assert known("N//(H - W) == 3").assume_eq(H, W) is not None


def test_circular_divisibility_keeps_to_the_callers_names() -> None:
    facts = known("g | C", "g == C//g + 1")
    for text in ("C//g", "g", "C", "C + g//2"):
        assert "'" not in str(facts.simplify(parse(text)))


def test_symbols_of_one_name_stay_apart() -> None:
    first, second = symbol("H"), symbol("H", 2)
    facts = Facts().assume_divides(4, first)
    assert facts is not None
    facts = facts.assume_divides(4, second)
    assert facts is not None
    assert facts.eq(first, second) is MAYBE
    assert facts.simplify(first - second) == first - second


def test_bounds_that_feed_each_other_stay_small() -> None:
    facts = known("x >= y*y + 2", "y >= x*x*x + 2")
    low, _ = facts.bounds(parse("x"))
    assert low is not None
    assert low.bit_length() < 300
