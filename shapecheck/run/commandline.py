"""`argparse`: a script as it runs when no option is given. What an option has no default for is a free value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Class, Native
from shapecheck.run.presence import filled
from shapecheck.values import MISSING, Choice, DictValue, External, Free, Instance, ListValue, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Call = Callable[["Run", list[Any], dict[str, Any]], Any]
FLAGS = {"store_true": False, "store_false": True}
KINDS = {"int": "int", "float": "float", "str": "str"}
PARSERS = ("argparse.ArgumentParser", "argparse._ArgumentGroup")
OPTIONS = "?options"  # where a parser keeps what it will give: a dict by name
UNSEEN = "options of a command line that are not seen"


def parser_class(name: str) -> Class | None:
    """The class that stands for `argparse.ArgumentParser`, or None."""
    if name not in PARSERS:
        return None
    cls = Class(name.rpartition(".")[2], (), {key: Native(key, call) for key, call in METHODS.items()})
    cls.full_name = name
    return cls


def _init(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    parents = run.items(kwargs["parents"]) if "parents" in kwargs else ()
    options = DictValue({})
    for parent in parents if isinstance(parents, tuple) else ():
        inherited = _options(run, run.resolve(parent))
        if inherited is not None:
            options.items.update(inherited.items)
            options.open = options.open or inherited.open
    if not isinstance(parents, tuple):
        options.open = UNSEEN
    run.state.put(args[0].attrs, OPTIONS, options)


def _options(run: Run, parser: Any) -> DictValue | None:
    found = parser.attrs.get(OPTIONS) if isinstance(parser, Instance) else None
    return found if isinstance(found, DictValue) else None


def _group(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """A group of options: it adds to its parser's."""
    group = Instance(run.classes.external("argparse._ArgumentGroup"), None, run.call_site())
    group.attrs[OPTIONS] = args[0].attrs.get(OPTIONS)
    return group


def _add_argument(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    options = _options(run, args[0])
    if options is None:
        return None
    spelled = [run.resolve(arg) for arg in args[1:]]
    dest = run.resolve(kwargs.get("dest"))
    if dest is None and all(isinstance(name, str) for name in spelled) and spelled:
        name = next((name for name in spelled if name.startswith("--")), spelled[0])
        dest = name.lstrip("-").replace("-", "_")
    if not isinstance(dest, str):
        run.state.put(options, "open", UNSEEN)
        return None
    if run.resolve(kwargs.get("default")) == External("argparse.SUPPRESS"):
        run.state.put(options, "open", UNSEEN)
    elif run.resolve(kwargs.get("action")) not in ("help", "version") and dest not in options.items:
        positional = bool(spelled) and isinstance(spelled[0], str) and not spelled[0].startswith("-")
        run.state.put(options, "items", {**options.items, dest: _value(run, dest, positional, kwargs)})
    return None


def _value(run: Run, dest: str, positional: bool, kwargs: dict[str, Any]) -> Any:
    """What an option is when nothing is given for it."""
    action = run.resolve(kwargs.get("action"))
    default = kwargs.get("default", MISSING)
    default = run.resolve(default) if default is not MISSING else FLAGS.get(action, MISSING) if isinstance(action, str) else MISSING
    maker = run.resolve(kwargs.get("type"))
    many = run.resolve(kwargs.get("nargs"))
    if default is not MISSING:
        return run.call(maker, [default], {}) if isinstance(default, str) and maker is not None else default
    required = run.resolve(kwargs.get("required", False))
    if many in ("?", "*") or not (positional or required is True):
        return ListValue(()) if positional and many == "*" else None
    if many is not None:
        return Free(f"args.{dest}", "list")
    kind = KINDS.get(maker.name.rpartition(".")[2], "") if isinstance(maker, External) else "" if maker is not None else "str"
    return Free(f"args.{dest}", kind)


def _set_defaults(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    options = _options(run, args[0])
    if options is not None:
        run.state.put(options, "items", {**options.items, **kwargs})


def _get_default(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    options = _options(run, args[0])
    name = run.resolve(args[1]) if len(args) > 1 else None
    if options is None or name not in options.items:
        return Unknown(UNSEEN)
    return options.items[name]


def _parse(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """The namespace; of a list of words that is not empty only that there is one."""
    options = _options(run, args[0])
    cls = run.classes.external("argparse.Namespace")
    if options is None or cls is None:
        return Unknown(UNSEEN)
    words = run.resolve(args[1] if len(args) > 1 else kwargs.get("args"))
    given = run.resolve(args[2] if len(args) > 2 else kwargs.get("namespace"))
    made = given if isinstance(given, Instance) else Instance(cls, run.made_here("Namespace", ()), run.call_site())
    values = {name: filled(run, value, Unknown(UNSEEN)) for name, value in options.items.items()}
    if words is not None:
        values = _with_words(run, values, run.items(words))
    for name, value in values.items():
        if name not in made.attrs:  # what a namespace has already, a default does not change
            run.state.put(made.attrs, name, value)
    why = options.open or (UNSEEN if "?" in args[0].attrs else None)
    if why:
        run.state.put(made.attrs, "?", Unknown(why))
    return made


def _with_words(run: Run, values: dict[str, Any], words: Any) -> dict[str, Any]:
    """Options with what a list of words gives them: its `--name`s are not known, nor is anything where a word is not known."""
    if words == ():
        return values
    if not isinstance(words, tuple) or not all(isinstance(run.resolve(word), str) for word in words):
        return dict.fromkeys(values, Unknown("options given in a list of words"))
    named = {str(run.resolve(word)).partition("=")[0].lstrip("-").replace("-", "_") for word in words}
    short = any(not str(run.resolve(word)).startswith("--") and str(run.resolve(word)).startswith("-") for word in words)
    unsure = Unknown("options given in a list of words")
    return {name: unsure if short or name in named or isinstance(value, (Free, Choice)) else value for name, value in values.items()}


def _parse_known(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return (_parse(run, args, kwargs), ListValue(()))


METHODS: dict[str, Call] = {
    "__init__": _init,
    "add_argument": _add_argument,
    "add_argument_group": _group,
    "add_mutually_exclusive_group": _group,
    "set_defaults": _set_defaults,
    "get_default": _get_default,
    "parse_args": _parse,
    "parse_known_args": _parse_known,
    "parse_intermixed_args": _parse,
    "print_help": lambda run, args, kwargs: None,
    "print_usage": lambda run, args, kwargs: None,
    "add_subparsers": lambda run, args, kwargs: _subparsers(run, args),
}


def _subparsers(run: Run, args: list[Any]) -> Any:
    """Which command is given is not known: its options are not seen."""
    options = _options(run, args[0])
    if options is not None:
        run.state.put(options, "open", UNSEEN)
    return Unknown("the parser of a command")
