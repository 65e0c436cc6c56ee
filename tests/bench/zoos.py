"""Zoos that shapecheck was not developed against: which models there are, and with what they can be called.

`python tests/bench/zoo.py --zoo pytorchcv` (or vit_pytorch, smp, detection); the packages have to be importable.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple


class Case(NamedTuple):
    """A model: the module that has its builder, the expression that makes it, and the shape of its input (None: what it says itself)."""

    module: str
    expression: str
    shape: tuple[int, ...] | None

    @property
    def name(self) -> str:
        return self.expression.partition("(")[0] if self.module.startswith("torchvision") else f"{self.module}:{self.expression}"

    @property
    def target(self) -> str:
        return f"{self.module}:{self.expression}"


KEPT: list[Any] = []  # the ops of a torch library go when the object does


def torchvision() -> Any:
    """torchvision, if need be as a package of Python files alone: the ops of its compiled part only have to exist."""
    import torch

    try:
        return importlib.import_module("torchvision")
    except (RuntimeError, AttributeError):  # operator torchvision::nms does not exist
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    KEPT.append(library)
    return importlib.import_module("torchvision")


def _home(models: Any, name: str) -> str:
    return str(models.get_model_builder(name).__module__)


def of_torchvision() -> Iterator[Case]:
    """All builders of classification, segmentation and video; the quantizable ones aside."""
    torchvision()
    models = importlib.import_module("torchvision.models")
    video = {"mvit": (16, 224, 224), "s3d": (16, 224, 224), "swin3d": (16, 224, 224)}
    for name in models.list_models(module=models):
        size = 299 if name.startswith("inception") else 224
        yield Case(_home(models, name), f"{name}(weights=None)", (1, 3, size, size))
    for name in models.list_models(module=models.segmentation):
        yield Case(_home(models, name), f"{name}(weights=None, weights_backbone=None)", (1, 3, 224, 224))
    for name in models.list_models(module=models.video):
        size = next((shape for word, shape in video.items() if name.startswith(word)), (16, 112, 112))
        yield Case(_home(models, name), f"{name}(weights=None)", (1, 3, *size))


def of_detection() -> Iterator[Case]:
    """The backbones of torchvision's detectors."""
    torchvision()
    models = importlib.import_module("torchvision.models")
    for name in models.list_models(module=models.detection):
        yield Case(_home(models, name), f"{name}(weights=None, weights_backbone=None).backbone", (1, 3, 320, 320))


def of_pytorchcv() -> Iterator[Case]:
    """The first builder of each file."""
    torchvision()
    provider = importlib.import_module("pytorchcv.model_provider")
    seen: set[str] = set()
    for builder in provider._models.values():
        if builder.__module__ not in seen:
            seen.add(builder.__module__)
            yield Case(builder.__module__, f"{builder.__name__}()", None)


NUMBERS = {
    "image_size": 256, "patch_size": 32, "num_classes": 10, "dim": 64, "depth": 2, "heads": 4, "mlp_dim": 128, "frames": 16,
    "frame_patch_size": 4, "image_patch_size": 32, "seq_len": 256, "spatial_depth": 2, "temporal_depth": 2, "cls_depth": 1, "mlp_mult": 2,
    "channels": 3, "patch_height": 32, "patch_width": 32, "num_memory_tokens": 4, "num_register_tokens": 4, "max_tokens_per_depth": (64, 32),
    "patch_frame_size": 4, "local_patch_size": 8, "global_k": 7, "window_size": 8, "t2t_layers": ((7, 4), (3, 2), (3, 2)), "num_hierarchies": 3,
    "block_repeats": (2, 2, 2), "dim_head": 32, "stages": 2, "sm_dim": 32, "lg_dim": 64, "fmap_size": 16,
}  # fmt: skip


def of_vit_pytorch() -> Iterator[Case]:
    """Every class that takes an image size, with numbers for what it wants."""
    import torch

    torchvision()
    package = importlib.import_module("vit_pytorch")

    for found in pkgutil.iter_modules(package.__path__):
        try:
            module = importlib.import_module(f"vit_pytorch.{found.name}")
        except ImportError:
            continue
        for name, cls in vars(module).items():
            if not (isinstance(cls, type) and issubclass(cls, torch.nn.Module) and cls.__module__ == module.__name__):
                continue
            wanted = [p.name for p in list(inspect.signature(cls.__init__).parameters.values())[1:] if p.default is p.empty and p.kind != 4]
            if not {"image_size", "seq_len"} & set(wanted) or not set(wanted) <= NUMBERS.keys():
                continue
            given = ", ".join(f"{key}={NUMBERS[key]}" for key in wanted)
            clip = (1, 3, 16, 256, 256) if "frames" in wanted else (1, 3, 256) if "seq_len" in wanted else (1, 3, 256, 256)
            yield Case(module.__name__, f"{name}({given})", clip)


ARCHITECTURES = "Unet UnetPlusPlus MAnet Linknet FPN PSPNet DeepLabV3 DeepLabV3Plus PAN UPerNet Segformer".split()
ENCODERS = (
    "resnet18 resnet50 vgg11_bn densenet121 mobilenet_v2 efficientnet-b0 mit_b0 dpn68 xception inceptionv4 inceptionresnetv2 se_resnet50 "
    "timm-efficientnet-b0 timm-skresnet18 mobileone_s0"
).split()


def of_smp() -> Iterator[Case]:
    """Every architecture on one encoder, every encoder under one architecture."""
    torchvision()
    for name in ARCHITECTURES:
        yield Case("segmentation_models_pytorch", f"{name}(encoder_name='resnet18', encoder_weights=None)", (1, 3, 256, 256))
    for encoder in ENCODERS[1:]:
        yield Case("segmentation_models_pytorch", f"Unet(encoder_name='{encoder}', encoder_weights=None)", (1, 3, 256, 256))


ZOOS = {
    "torchvision": of_torchvision,
    "detection": of_detection,
    "pytorchcv": of_pytorchcv,
    "vit_pytorch": of_vit_pytorch,
    "smp": of_smp,
}
