"""Pictures of known data sets, and the transforms that make tensors of them.

What MNIST holds stands in no source text: this is the one place that knows. A picture (PIL's `Image`) is an object with its channels,
height and width; transforms take and give pictures or tensors whose last three axes are these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shapecheck.run.objects import Class, Native
from shapecheck.sizes import Poly, Size
from shapecheck.values import MISSING, DType, Free, Instance, ListValue, Repeated, Tensor, Unknown

if TYPE_CHECKING:
    from shapecheck.run.run import Run

Call = Callable[["Run", list[Any], dict[str, Any]], Any]
FOLDERS = ("torchvision.datasets", "torchvision.transforms")  # what is known here by name is not read from its source
USUAL = ("root", "train", "transform", "target_transform", "download")
SPLIT = ("root", "split", "transform", "target_transform", "download")
# name -> (channels, height, width, samples to train with, to test with, classes, parameters); None: it differs from sample to sample
SETS: dict[str, tuple[Any, ...]] = {
    "MNIST": (1, 28, 28, 60_000, 10_000, 10, USUAL),
    "FashionMNIST": (1, 28, 28, 60_000, 10_000, 10, USUAL),
    "KMNIST": (1, 28, 28, 60_000, 10_000, 10, USUAL),
    "EMNIST": (1, 28, 28, None, None, None, ("root", "split", *USUAL[1:])),
    "USPS": (1, 16, 16, 7291, 2007, 10, USUAL),
    "CIFAR10": (3, 32, 32, 50_000, 10_000, 10, USUAL),
    "CIFAR100": (3, 32, 32, 50_000, 10_000, 100, USUAL),
    "SVHN": (3, 32, 32, 73_257, 26_032, 10, SPLIT),
    "STL10": (3, 96, 96, 5000, 8000, 10, ("root", "split", "folds", *SPLIT[2:])),
    "ImageFolder": (3, None, None, None, None, None, ("root", "transform", "target_transform")),
    "ImageNet": (3, None, None, 1_281_167, 50_000, 1000, ("root", "split")),
    "Flowers102": (3, None, None, 1020, 6149, 102, SPLIT),
    "Food101": (3, None, None, 75_750, 25_250, 101, SPLIT),
    "GTSRB": (3, None, None, 26_640, 12_630, 43, SPLIT),
    "FakeData": (3, 224, 224, 1000, 1000, 10, ("size", "image_size", "num_classes", "transform", "target_transform")),
}
TENSOR_DATA = ("MNIST", "FashionMNIST", "KMNIST")  # sets that keep their pictures and labels in tensors
PICTURE = Class("Image", (), {}, "a picture")


def picture_class(name: str) -> Class | None:
    """The class that stands for a data set or a transform of torchvision, or None."""
    folder, _, last = name.rpartition(".")
    if not folder.startswith(FOLDERS):
        return None
    if folder.startswith("torchvision.datasets"):
        methods = DATASET if last in SETS else None
    else:
        transform = TRANSFORMS.get(last)
        methods = None if transform is None else {"__init__": _keep, "__call__": _applying(transform)}
    if methods is None:
        return None
    cls = Class(last, (), {key: Native(key, call) for key, call in methods.items()})
    cls.full_name = name
    return cls


# data sets


def _dataset_init(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    self = args[0]
    kind = next(base.name for base in self.cls.mro if base.name in SETS)
    channels, height, width, train, test, classes, names = SETS[kind]
    given = {**dict(zip(names, args[1:], strict=False)), **kwargs}
    part = run.resolve(given.get("train", given.get("split", True)))
    count = {True: train, "train": train, False: test, "test": test}.get(part) if isinstance(part, (bool, str)) else None
    if kind == "FakeData":
        count = run.resolve(given.get("size", train))
        size = run.items(given.get("image_size", (channels, height, width)))
        classes = run.resolve(given.get("num_classes", classes))
        channels, height, width = size if isinstance(size, tuple) and len(size) == 3 else (None, None, None)
    put = run.state.put
    put(self.attrs, "?count", count if isinstance(count, int) else Unknown("a data set of unknown length"))
    put(self.attrs, "?picture", (channels, height, width))
    put(self.attrs, "transform", given.get("transform"))
    put(self.attrs, "target_transform", given.get("target_transform"))
    put(self.attrs, "classes", ListValue(Repeated(Unknown("the name of a class"), classes or Unknown("a number of classes"))))
    if kind in TENSOR_DATA and isinstance(count, int):
        put(self.attrs, "data", Tensor((count, height, width), "uint8"))
        put(self.attrs, "targets", Tensor((count,), "int64"))


def _dataset_item(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
    self = args[0]
    known = run.resolve(self.attrs.get("?picture"))
    sizes = known if isinstance(known, tuple) else (None, None, None)  # which of two data sets it is may depend on a condition
    image = make_picture(run, *(run.fresh(name, 1) if size is None else size for name, size in zip("CHW", sizes, strict=True)))
    label: Any = run.fresh("label", 0)
    transform, on_label = run.resolve(self.attrs.get("transform")), run.resolve(self.attrs.get("target_transform"))
    return (
        image if transform is None else run.call(transform, [image], {}),
        label if on_label is None else run.call(on_label, [label], {}),
    )


DATASET: dict[str, Call] = {
    "__init__": _dataset_init,
    "__len__": lambda run, args, kwargs: args[0].attrs["?count"],
    "__getitem__": _dataset_item,
}


# pictures


def make_picture(run: Run, channels: Size, height: Size, width: Size) -> Instance:
    made = Instance(PICTURE, run.made_here("Image", ()), None)
    made.attrs.update({"?size": (channels, height, width), "height": height, "width": width, "size": (width, height)})
    return made


def size_of(value: Any) -> tuple[Any, ...] | None:
    """Channels, height and width of a picture or tensor."""
    if isinstance(value, Instance) and value.cls is PICTURE:
        size = value.attrs["?size"]
        return size if isinstance(size, tuple) else None
    return value.shape[-3:] if isinstance(value, Tensor) and value.rank >= 3 else None


def _resized(run: Run, value: Any, channels: Size, height: Size, width: Size) -> Any:
    """A picture or tensor like another, of another size."""
    if isinstance(value, Tensor):
        made = Tensor((*value.shape[:-3], channels, height, width), value.dtype)
        made.made = run.made_here("transform", (value,))
        return made
    return make_picture(run, channels, height, width)


def _keep(run: Run, args: list[Any], kwargs: dict[str, Any]) -> None:
    run.state.put(args[0].attrs, "?args", tuple(args[1:]))
    run.state.put(args[0].attrs, "?kwargs", dict(kwargs))


def _applying(transform: Callable[[Run, Any, list[Any], dict[str, Any]], Any]) -> Call:
    def apply(run: Run, args: list[Any], kwargs: dict[str, Any]) -> Any:
        self, values = args[0], [run.resolve(value) for value in args[1:]]
        if len(values) != 1 or "?args" not in self.attrs:
            return Unknown(f"a {self.cls.name} of several values")
        if isinstance(values[0], Unknown):
            return values[0]
        told, named = run.resolve(self.attrs["?args"]), run.resolve(self.attrs.get("?kwargs"))
        if not isinstance(told, tuple) or not isinstance(named, dict):
            return Unknown(f"a {self.cls.name} that depends on a condition")
        return transform(run, values[0], list(told), named)

    return apply


def _argument(run: Run, args: list[Any], kwargs: dict[str, Any], place: int, name: str, default: Any = MISSING) -> Any:
    return run.resolve(args[place] if place < len(args) else kwargs.get(name, default))


def _pair(run: Run, value: Any) -> tuple[Any, Any] | None:
    """(height, width) of an argument that is one size or two."""
    if isinstance(value, Free):
        value = run.free.integer(value)
    if isinstance(value, (int, Poly)):
        return value, value
    parts = run.items(value) if isinstance(value, (tuple, ListValue)) else ()
    parts = tuple(map(run.resolve, parts)) if isinstance(parts, tuple) else ()
    if parts and all(isinstance(part, (int, Poly)) for part in parts):
        return (parts[0], parts[-1]) if len(parts) <= 2 else None
    return None


# transforms: (run, picture or tensor, constructor's arguments) -> picture or tensor


def _same(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return value if size_of(value) is not None else Unknown("a transform of what is no picture")


def _to_tensor(dtype: str) -> Any:
    def convert(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        size = size_of(value)
        if size is None or isinstance(value, Tensor):
            return Unknown("ToTensor of what is no picture")
        made = Tensor(size, dtype)
        made.made = run.made_here("ToTensor", ())
        return made

    return convert


def _to_picture(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    size = size_of(value)
    return Unknown("ToPILImage") if size is None else make_picture(run, *size)


def _to_dtype(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    dtype = _argument(run, args, kwargs, 0, "dtype", DType("float32"))
    if not isinstance(value, Tensor):
        return _same(run, value, args, kwargs)
    made = Tensor(value.shape, dtype.name if isinstance(dtype, DType) else None)
    made.made = run.made_here("ToDtype", (value,))
    return made


def _normalize(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Subtracts a mean and divides by a deviation for each channel, in place on a copy."""
    if not isinstance(value, Tensor):
        return Unknown("Normalize of what is no tensor")
    for place, name in enumerate(("mean", "std")):
        numbers = run.items(_argument(run, args, kwargs, place, name))
        if isinstance(numbers, tuple) and numbers:
            run.tensors.op("torch.Tensor.sub_", [value, Tensor((len(numbers), 1, 1), value.dtype)], {})
    return value


def _resize(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    size = size_of(value)
    wanted = _argument(run, args, kwargs, 0, "size")
    both = _pair(run, wanted)
    if size is None or both is None:
        return Unknown("a Resize to what is not known")
    channels, height, width = size
    one = isinstance(wanted, (int, Poly)) or not isinstance(run.items(wanted), tuple) or len(run.items(wanted)) == 1
    if not one:
        return _resized(run, value, channels, *both)
    if height == width:
        return _resized(run, value, channels, both[0], both[0])
    if isinstance(height, int) and isinstance(width, int) and isinstance(both[0], int):
        short, long = min(height, width), max(height, width)
        scaled = int(both[0] * long / short)
        return _resized(run, value, channels, *((both[0], scaled) if height < width else (scaled, both[0])))
    return _resized(run, value, channels, run.fresh("H", 1), run.fresh("W", 1))


def _crop(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    size, both = size_of(value), _pair(run, _argument(run, args, kwargs, 0, "size"))
    return Unknown("a crop to what is not known") if size is None or both is None else _resized(run, value, size[0], *both)


def _pad(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    size, padding = size_of(value), _argument(run, args, kwargs, 0, "padding")
    parts = (padding,) if isinstance(padding, int) else run.items(padding) if isinstance(padding, (tuple, ListValue)) else ()
    if size is None or not isinstance(parts, tuple) or not all(isinstance(part, int) for part in parts) or len(parts) not in (1, 2, 4):
        return Unknown("a Pad by what is not known")
    left, top, right, bottom = parts * (4 // len(parts))
    return _resized(run, value, size[0], size[1] + top + bottom, size[2] + left + right)


def _grayscale(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    size, channels = size_of(value), _argument(run, args, kwargs, 0, "num_output_channels", 1)
    return _resized(run, value, channels, *size[1:]) if size is not None and isinstance(channels, int) else Unknown("Grayscale")


def _compose(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    steps = run.items(_argument(run, args, kwargs, 0, "transforms"))
    if not isinstance(steps, tuple):
        return Unknown("transforms of unknown number")
    for step in steps:
        value = run.call(step, [value], {})
    return value


def _maybe(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Transforms of which some are applied: known where none of them changes the size."""
    steps = run.items(_argument(run, args, kwargs, 0, "transforms"))
    size = size_of(value)
    results = [run.call(step, [value], {}) for step in steps] if isinstance(steps, tuple) else [None]
    same = size is not None and all(type(result) is type(value) and size_of(result) == size for result in results)
    return value if same else Unknown("transforms that may or may not be applied")


def _lambda(run: Run, value: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return run.call(_argument(run, args, kwargs, 0, "lambd"), [value], {})


KEEPING = (
    "RandomHorizontalFlip RandomVerticalFlip ColorJitter RandomRotation RandomAffine RandomPerspective GaussianBlur RandomErasing "
    "RandomGrayscale RandomInvert RandomPosterize RandomSolarize RandomAdjustSharpness RandomAutocontrast RandomEqualize AutoAugment "
    "RandAugment TrivialAugmentWide AugMix ElasticTransform RandomPhotometricDistort GaussianNoise"
).split()
TRANSFORMS: dict[str, Callable[[Any, Any, list[Any], dict[str, Any]], Any]] = {
    **dict.fromkeys(KEEPING, _same),
    "ToTensor": _to_tensor("float32"),
    "PILToTensor": _to_tensor("uint8"),
    "ToImage": _to_tensor("uint8"),
    "ToPILImage": _to_picture,
    "ConvertImageDtype": _to_dtype,
    "ToDtype": _to_dtype,
    "Normalize": _normalize,
    "Resize": _resize,
    "Scale": _resize,
    "CenterCrop": _crop,
    "RandomCrop": _crop,
    "RandomResizedCrop": _crop,
    "Pad": _pad,
    "Grayscale": _grayscale,
    "Compose": _compose,
    "RandomApply": _maybe,
    "RandomChoice": _maybe,
    "RandomOrder": _maybe,
    "Lambda": _lambda,
}
