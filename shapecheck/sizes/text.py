"""Sizes as people read them: Python expressions that `parse` reads back."""

from __future__ import annotations

import re
from collections import Counter

from shapecheck.sizes.atoms import Argument, Atom, FloorDiv, Min, Monomial, Opaque, Symbol
from shapecheck.sizes.exact import without
from shapecheck.sizes.poly import Poly, joined

FLOAT = re.compile(r"-?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][-+]?\d+)?")
_LONG = 2_000  # bits
SUM, PRODUCT, ATOM = 0, 1, 2  # how tightly a text binds


def number_text(number: int) -> str:
    """The digits; hexadecimal ones where Python refuses to write so many in decimal."""
    return str(number) if number.bit_length() < _LONG else hex(number)


def poly_text(poly: Poly) -> str:
    found = poly._text
    if found is None:
        found = poly._text = _poly(poly)[0]
    return found


def atom_text(atom: Atom) -> str:
    return _atom(atom)[0]


def _atom(atom: Atom) -> tuple[str, int]:
    if isinstance(atom, Symbol):
        return atom.name, ATOM
    binding = PRODUCT if isinstance(atom, FloorDiv) else ATOM
    found = atom._text
    if found is None:
        if isinstance(atom, FloorDiv):
            found = _operation(atom.num, "//", atom.den)
        elif isinstance(atom, Opaque):
            found = f"{atom.function}({', '.join(map(_argument, atom.args))})"
        else:
            found = f"{'min' if isinstance(atom, Min) else 'max'}({', '.join(map(_argument, atom.parts))})"
        atom._text = found
    return found, binding


def _argument(argument: Argument) -> str:
    if isinstance(argument, str):
        # A number that is no int stays as it was written; any other text is quoted.
        return argument if _is_float(argument) else repr(argument)
    return number_text(argument) if isinstance(argument, int) else str(argument)


def _is_float(text: str) -> bool:
    return FLOAT.fullmatch(text) is not None


def _operation(left: int | Poly, sign: str, right: int | Poly) -> str:
    # a*b//c reads as (a*b)//c, which is meant; a//(b*c) needs its parentheses.
    return f"{_wrapped(left, PRODUCT)}{sign}{_wrapped(right, ATOM)}"


def _wrapped(size: int | Poly, binding: int) -> str:
    if isinstance(size, int):
        return number_text(size) if size >= 0 else f"({number_text(size)})"
    text, own = _poly(size)
    return text if own >= binding else f"({text})"


def _poly(poly: Poly) -> tuple[str, int]:
    terms, constant, remainders = _folded(poly)
    pieces = [(count, *_factors(monomial, abs(count), text)) for count, monomial, text in remainders]
    pieces += [(count, *_factors(monomial, abs(count))) for monomial, count in sorted(terms.items(), key=lambda term: _place(term[0]))]
    if constant:
        pieces.append((constant, number_text(abs(constant)), ATOM))
    first = next((position for position, piece in enumerate(pieces) if piece[0] > 0), 0)
    pieces.insert(0, pieces.pop(first))
    count, text, binding = pieces[0]
    if count < 0:
        # -a//b would read as (-a)//b
        text, binding = (f"-({text})" if "//" in text or "%" in text else f"-{text}"), SUM
    for count, more, _ in pieces[1:]:
        text, binding = f"{text} {'-' if count < 0 else '+'} {more}", SUM
    return text, binding


def _place(monomial: Monomial) -> tuple[int, list[tuple[bool, str]]]:
    """Where a term stands in a sum: the highest degree first, names before everything else."""
    return -len(monomial), sorted((not isinstance(atom, Symbol), atom_text(atom)) for atom in monomial)


def _factors(monomial: Monomial, count: int, remainder: str = "") -> tuple[str, int]:
    factors: list[tuple[str, int]] = [] if count == 1 else [(number_text(count), ATOM)]
    powers = sorted((not isinstance(atom, Symbol), *_atom(atom), power) for atom, power in Counter(monomial).items())
    for _, text, binding, power in powers:
        if power > 1:
            factors.append((f"({text})**{power}" if binding < ATOM else f"{text}**{power}", ATOM))
        else:
            factors.append((text, binding))
    if remainder:
        factors.append((remainder, PRODUCT))
    if len(factors) == 1:
        return factors[0][0], PRODUCT if factors[0][1] == PRODUCT or "**" in factors[0][0] else ATOM
    return "*".join(text if binding == ATOM else f"({text})" for text, binding in factors), PRODUCT


def _folded(poly: Poly) -> tuple[dict[Monomial, int], int, list[tuple[int, Monomial, str]]]:
    """The terms and the constant after every x - k*(x//k) among them became a remainder (coefficient, factors, text)."""
    terms, constant = dict(poly.terms), poly.constant
    remainders: list[tuple[int, Monomial, str]] = []
    if not any(isinstance(atom, FloorDiv) for monomial in terms for atom in monomial):
        return terms, constant, remainders
    for monomial, count in sorted(poly.terms.items(), key=lambda term: _place(term[0])):
        for atom in monomial:
            if isinstance(atom, FloorDiv) and isinstance(atom.den, int) and count % atom.den == 0:
                break
        else:
            continue
        rest = without(monomial, (atom,))
        times = -count // atom.den
        if rest is None or isinstance(atom.num, int) or terms.get(monomial) != count:
            continue
        pieces = {joined(rest, inner): times * own for inner, own in atom.num.terms.items()}
        if any(terms.get(inner) != own for inner, own in pieces.items()):
            continue
        for inner in (monomial, *pieces):
            del terms[inner]
        if rest:
            back = terms.get(rest, 0) - times * atom.num.constant
            terms.pop(rest, None)
            if back:
                terms[rest] = back
        else:
            constant -= times * atom.num.constant
        num: int | Poly = atom.num
        if times < 0 and not rest and constant == -times * (atom.den - 1):
            # k - 1 - x % k is (k - 1 - x) % k
            num, times, constant = atom.den - 1 - num, -times, 0
        remainders.append((times, rest, _operation(num, " % ", atom.den)))
    return terms, constant, remainders


def operand(size: int | Poly) -> str:
    """The text of a size as an operand of a product, a quotient or a remainder."""
    return _wrapped(size, ATOM)
