"""The working programs that are broken: files of packages with a few lines that build and call what is in them, and our own fixtures.

A driver has {N} and {S} where the batch and the image size stand; the first pair of sizes is the program, the others, where the program works
with them, tell whether a crash depends on the input's size.
"""

from __future__ import annotations

import ast
import importlib.util
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "models"
IMAGES = ((2, 64), (3, 96))
RANDOM = re.compile(r"(torch\.rand|torch\.randn)\(([^()]+)\)")
INTEGER = re.compile(r"(?<![\w.])\d+(?![\w.])")
NO_REGISTRY = (
    "import sys\nfor name in ('torchvision.models._api',):\n    if name in sys.modules:\n        sys.modules[name].BUILTIN_MODELS.clear()\n"
)


@dataclass(frozen=True)
class Program:
    """A file and what runs it.

    path     the file.            module   its dotted name for torch ("": it is a script).
    text     its text.            drivers  what is written under it, the program's own first; [""] for a script that runs by itself.
    bare     the text without what calls anything (equal to `text` unless it is a script).
    """

    corpus: str
    path: str
    module: str
    text: str
    bare: str
    drivers: tuple[str, ...]
    others: tuple[tuple[tuple[str, str], ...], ...] = ()  # for a script: replacements that give it other sizes

    @property
    def name(self) -> str:
        return self.module or f"{self.corpus}/{Path(self.path).stem}"

    @property
    def prelude(self) -> str:
        return NO_REGISTRY

    def whole(self, text: str, driver: int = 0) -> str:
        """A (changed) text with one of the drivers."""
        if self.drivers:
            return text.rstrip("\n") + "\n\n\n" + self.drivers[driver]
        for old, new in self.others[driver - 1] if driver else ():
            text = text.replace(old, new)
        return text

    @property
    def variants(self) -> range:
        """The drivers besides the first."""
        return range(1, max(len(self.drivers), len(self.others) + 1))

    def without_driver(self, text: str) -> str:
        return text if self.drivers else cut(text)


def other_calls(program: Program, text: str, numbers: Sequence[int], most: int) -> Iterator[str]:
    """The whole program with other numbers in the lines that call it: other inputs, other arguments. `numbers`: what torch's sentence has."""
    whole = program.whole(text)
    kept = (text.rstrip("\n") if program.drivers else cut(text)).splitlines()
    lines = whole.splitlines(keepends=True)
    called = [place for place, line in enumerate(lines) if place >= len(kept) or kept[place] != line.rstrip("\n")]
    found = [(place, match) for place in called for match in INTEGER.finditer(lines[place].partition("#")[0])]
    literals = sorted({int(match.group()) for _, match in found})
    yield _with(lines, [(place, match, -(-int(match.group()) // 32) * 32) for place, match in found if int(match.group()) >= 16])
    first: dict[str, None] = {}
    second: dict[str, None] = {}
    others: dict[str, None] = {}
    for old in literals:
        alike = [(place, match) for place, match in found if int(match.group()) == old]
        scaled = [old * b // a for a in numbers for b in numbers if a != b and old * b % a == 0]
        known = first if old in numbers else second
        for news, changes in (((*numbers, 1), known), ((*scaled, *literals, old + 1, old * 2, old // 2), others)):
            for new in news:
                if 0 < new < 5000 and new != old:
                    changes[_with(lines, [(*each, new) for each in alike])] = None
                    others.update(dict.fromkeys(_with(lines, [(*each, new)]) for each in alike))
    yield from first
    yield from dict.fromkeys(_other_inputs(lines, called, numbers))
    chance = random.Random(len(whole))
    yield from chance.sample(list(second), min(most, len(second)))
    yield from chance.sample(list(others), min(most // 2, len(others)))


def _other_inputs(lines: list[str], called: Sequence[int], numbers: Sequence[int]) -> Iterator[str]:
    """Random inputs of other shapes: with these numbers as channels or features, and with images of other sizes."""

    def changed(shape: Callable[[list[str]], Sequence[object]]) -> str:
        new = list(lines)
        for place in called:
            new[place] = RANDOM.sub(lambda call: f"{call[1]}({', '.join(map(str, shape(call[2].split(', '))))})", lines[place])
        return "".join(new)

    for number in numbers:
        yield changed(lambda old: [*old[:1], number, *old[2:]])  # noqa: B023
        yield changed(lambda old: [*old[:-1], number])  # noqa: B023
        yield changed(lambda old: [old[0], number])  # noqa: B023
        yield changed(lambda old: [old[0], number, *["1"] * (len(old) - 2)])  # noqa: B023
        yield changed(lambda old: [old[0], "7", number])  # noqa: B023
    for more in (1, 2, 3, 4, 6, 8, -1, -2, -4, 16, 32):
        yield changed(lambda old: [*old[:-2], *(f"{size} + {more}" for size in old[-2:])] if len(old) > 3 else old)  # noqa: B023
        yield changed(lambda old: [*old[:-1], f"{old[-1]} + {more}"])  # noqa: B023


def _with(lines: list[str], changes: Sequence[tuple[int, re.Match[str], int]]) -> str:
    changed = list(lines)
    for place, match, new in reversed(changes):
        changed[place] = changed[place][: match.start()] + str(new) + changed[place][match.end() :]
    return "".join(changed)


def cut(text: str) -> str:
    """A script without the statements that use, at module level, what it defines. Lines keep their numbers."""
    lines = text.splitlines(keepends=True)
    tree = ast.parse(text)
    gone = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            continue
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        if names & gone or isinstance(node, (ast.If, ast.For, ast.With, ast.While)):
            gone |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
            for line in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[line] = "\n"
    return "".join(lines)


def fixtures() -> Iterator[Program]:
    """Our own models, which call themselves."""
    for path in sorted(FIXTURES.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        yield Program("fixtures", str(path), "", text, cut(text), (), tuple(_scaled(text)))


def _scaled(text: str) -> Iterator[tuple[tuple[str, str], ...]]:
    """Other sizes for the random inputs of a script: every number of theirs, wherever it stands for a size, one more, twice and half.

    Whether the script still works is for torch to say.
    """
    calls = re.findall(r"torch\.(?:randn|rand|zeros|ones)\([\d, ]+\)|torch\.randint\(\d+, \d+, \([\d, ]+\)\)", text)
    parts = {call: call.rpartition("(") for call in dict.fromkeys(calls)}
    sizes = dict.fromkeys(int(size) for *_, end in parts.values() for size in INTEGER.findall(end))
    for size in sizes:
        for new in dict.fromkeys((size + 1, size * 2, size // 2)):
            changed = {call: "".join((*head, re.sub(rf"\b{size}\b", str(new), end))) for call, (*head, end) in parts.items()}
            if new:
                yield tuple((old, changed) for old, changed in changed.items() if old != changed)


def packaged(folders: Sequence[Path]) -> Iterator[Program]:
    """The files of packages that lie in one of the folders."""
    for module, driver, sizes in DRIVERS:
        path = find(module, folders)
        if path is None:
            continue
        text = without_main(path.read_text(encoding="utf-8"))
        drivers = tuple("import torch\n" + driver.replace("{N}", str(n)).replace("{S}", str(s)).strip() + "\n" for n, s in _more(sizes))
        yield Program(module.partition(".")[0], str(path), module, text, text, drivers)


def _more(sizes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The batch and image sizes that are given, and some that may work as well."""
    n, s = sizes[0]
    yield from dict.fromkeys((*sizes, (n + 1, s), (1, s), (n, 2 * s), (n, s * 3 // 2), (n, s // 2)))


def without_main(text: str) -> str:
    """A module without what it does when it is run: the driver is to be the only beginning."""
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        if (
            isinstance(node, ast.If)
            and isinstance(node.test, ast.Compare)
            and isinstance(node.test.left, ast.Name)
            and node.test.left.id == "__name__"
        ):
            lines[node.lineno - 1 : node.end_lineno] = ["\n"] * ((node.end_lineno or node.lineno) - node.lineno + 1)
    return "".join(lines)


def find(module: str, folders: Sequence[Path]) -> Path | None:
    """A module's file, nothing imported."""
    relative = Path(*module.split("."))
    for folder in folders:
        for path in (folder / relative.with_suffix(".py"), folder / relative / "__init__.py"):
            if path.is_file():
                return path
    return None


def installed() -> list[Path]:
    """The folder in which torchvision's source lies, when it is installed."""
    spec = importlib.util.find_spec("torchvision")
    return [] if spec is None or spec.origin is None else [Path(spec.origin).parent.parent]


def image(builder: str) -> str:
    return f"model = {builder}\noutput = model(torch.rand({{N}}, 3, {{S}}, {{S}}))"


TV, VP, PC, SM, TM = "torchvision.models", "vit_pytorch", "pytorchcv.models", "segmentation_models_pytorch", "timm"
FEATURES = "[torch.rand({N}, c, {S} // 2**i, {S} // 2**i) for i, c in enumerate((3, 16, 24, 32, 48, 64))]"
DECODED = ((2, 64), (3, 128))
VIT = "image_size={S}, patch_size=8, num_classes=5, dim=24, depth=2, heads=3, mlp_dim=40"

DRIVERS: list[tuple[str, str, tuple[tuple[int, int], ...]]] = [
    (f"{TV}.alexnet", image("AlexNet(num_classes=7)"), ((2, 64), (1, 96))),
    (f"{TV}.convnext", image("ConvNeXt([CNBlockConfig(8, 16, 2), CNBlockConfig(16, None, 1)], num_classes=7)"), IMAGES),
    (f"{TV}.densenet", image("DenseNet(8, (2, 3), 16, num_classes=7)"), IMAGES),
    (f"{TV}.efficientnet", image("EfficientNet([MBConvConfig(1, 3, 1, 8, 8, 1), MBConvConfig(4, 3, 2, 8, 12, 2)], 0.1, num_classes=7)"), IMAGES),
    (f"{TV}.googlenet", image("GoogLeNet(num_classes=7, init_weights=False)"), ((2, 64), (3, 96))),
    (f"{TV}.inception", image("Inception3(num_classes=7, aux_logits=False, init_weights=False)"), ((2, 96), (3, 128))),
    (f"{TV}.maxvit", image("MaxVit((64, 64), 8, 4, [8, 16], [1, 2], 4, 0.1, num_classes=7)"), ((2, 64), (3, 64))),
    (f"{TV}.mnasnet", image("MNASNet(0.5, num_classes=7)"), IMAGES),
    (f"{TV}.mobilenetv2", image("MobileNetV2(num_classes=7, width_mult=0.5)"), IMAGES),
    (f"{TV}.mobilenetv3", image("mobilenet_v3_small(num_classes=7)"), IMAGES),
    (f"{TV}.regnet", image("RegNet(BlockParams.from_init_params(depth=6, w_0=16, w_a=12.0, w_m=2.5, group_width=8, se_ratio=0.25), num_classes=7)"), IMAGES),
    (f"{TV}.resnet", image("resnet18(num_classes=7)"), IMAGES),
    (f"{TV}.resnet", image("ResNet(Bottleneck, [1, 2, 1, 1], num_classes=7, groups=2, width_per_group=32)"), IMAGES),
    (f"{TV}.shufflenetv2", image("ShuffleNetV2([2, 3, 2], [8, 16, 32, 48, 64], num_classes=7)"), IMAGES),
    (f"{TV}.squeezenet", image("squeezenet1_1(num_classes=7)"), IMAGES),
    (f"{TV}.swin_transformer", image("SwinTransformer([4, 4], 12, [2, 1], [3, 6], [4, 4], num_classes=7)"), ((2, 64), (3, 32))),
    (f"{TV}.swin_transformer", image("SwinTransformer([4, 4], 12, [2, 1], [3, 6], [4, 4], num_classes=7, block=SwinTransformerBlockV2, downsample_layer=PatchMergingV2)"), ((2, 64), (3, 32))),
    (f"{TV}.vgg", image("VGG(make_layers(cfgs['A'], batch_norm=True), num_classes=7, init_weights=False)"), ((2, 32), (1, 64))),
    (f"{TV}.vision_transformer", image("VisionTransformer({S}, 16, 2, 4, 24, 40, num_classes=7)"), IMAGES),
    (f"{TV}.segmentation.deeplabv3", "model = DeepLabHead(32, 5).eval()\noutput = model(torch.rand({N}, 32, {S}, {S}))", ((2, 32), (3, 40))),
    (f"{TV}.segmentation.lraspp", "from collections import OrderedDict\nmodel = LRASPPHead(16, 32, 5, 12).eval()\noutput = model(OrderedDict(low=torch.rand({N}, 16, {S}, {S}), high=torch.rand({N}, 32, {S} // 2, {S} // 2)))", ((2, 32), (3, 40))),
    (f"{TV}.video.resnet", "model = r2plus1d_18(num_classes=5)\noutput = model(torch.rand({N}, 3, 4, {S}, {S}))", ((1, 32), (2, 48))),
    (f"{TV}.video.swin_transformer", "model = SwinTransformer3d([2, 4, 4], 12, [2, 1], [3, 6], [2, 4, 4], num_classes=5)\noutput = model(torch.rand({N}, 3, 4, {S}, {S}))", ((1, 32), (2, 48))),
    (f"{TV}.optical_flow.raft", "model = raft_small()\noutput = model(torch.rand({N}, 3, {S}, {S}), torch.rand({N}, 3, {S}, {S}), num_flow_updates=2)", ((1, 128), (2, 144))),
    (f"{VP}.vit", image(f"ViT({VIT})"), IMAGES),
    (f"{VP}.simple_vit", image(f"SimpleViT({VIT})"), IMAGES),
    (f"{VP}.cait", image(f"CaiT({VIT}, cls_depth=1)"), IMAGES),
    (f"{VP}.deepvit", image(f"DeepViT({VIT})"), IMAGES),
    (f"{VP}.parallel_vit", image(f"ViT({VIT})"), IMAGES),
    (f"{VP}.rvt", image(f"RvT({VIT})"), IMAGES),
    (f"{VP}.xcit", image(f"XCiT({VIT}, cls_depth=1)"), IMAGES),
    (f"{VP}.cross_vit", image("CrossViT(image_size={S}, num_classes=5, sm_dim=24, lg_dim=32, sm_patch_size=8, lg_patch_size=16, sm_enc_heads=2, lg_enc_heads=2, sm_enc_mlp_dim=32, lg_enc_mlp_dim=32, cross_attn_heads=2, depth=1, sm_enc_depth=1, lg_enc_depth=1)"), IMAGES),
    (f"{VP}.pit", image("PiT(image_size={S}, patch_size=8, num_classes=5, dim=24, depth=(1, 2), heads=3, mlp_dim=40)"), IMAGES),
    (f"{VP}.levit", image("LeViT(image_size={S}, num_classes=5, dim=(16, 24), depth=1, heads=(2, 3), mlp_mult=2, stages=2)"), IMAGES),
    (f"{VP}.cvt", image("CvT(num_classes=5, s1_emb_dim=16, s2_emb_dim=24, s3_emb_dim=32, s3_depth=2)"), IMAGES),
    (f"{VP}.twins_svt", image("TwinsSVT(num_classes=5, s1_emb_dim=16, s2_emb_dim=24, s3_emb_dim=32, s4_emb_dim=48, s1_local_patch_size=4, s1_global_k=4, s2_local_patch_size=4, s2_global_k=4, s3_local_patch_size=2, s3_global_k=2, s4_local_patch_size=1, s4_global_k=1, s3_depth=1, s4_depth=1)"), ((2, 64), (3, 128))),
    (f"{VP}.crossformer", image("CrossFormer(dim=(64, 96, 128, 160), depth=(1, 1, 1, 1), global_window_size=(4, 2, 1, 1), local_window_size=2, num_classes=5)"), ((2, 64), (3, 128))),
    (f"{VP}.mobile_vit", image("MobileViT(({S}, {S}), [12, 16, 20], [16, 16, 24, 24, 48, 48, 64, 64, 80, 80, 96], num_classes=5)"), ((2, 64), (3, 128))),
    (f"{VP}.max_vit", image("MaxViT(num_classes=5, dim=16, depth=(1, 1), dim_head=8, window_size=4, dim_conv_stem=8)"), ((2, 64), (3, 32))),
    (f"{VP}.nest", image("NesT(image_size={S}, patch_size=8, num_classes=5, dim=12, heads=2, num_hierarchies=2, block_repeats=(1, 2))"), IMAGES),
    (f"{VP}.sep_vit", image("SepViT(num_classes=5, dim=12, depth=(1, 1), heads=(1, 2), dim_head=8)"), ((2, 112), (3, 56))),
    (f"{VP}.scalable_vit", image("ScalableViT(num_classes=5, dim=12, depth=(1, 1), heads=(1, 2), reduction_factor=(4, 2), window_size=(8, None), iwsa_dim_key=8, iwsa_dim_value=8, ssa_dim_key=8, ssa_dim_value=8)"), ((2, 64), (3, 32))),
    (f"{VP}.t2t", image("T2TViT(image_size={S}, num_classes=5, dim=24, depth=1, heads=2, mlp_dim=32)"), ((2, 32), (3, 64))),
    (f"{VP}.cct", image("CCT(img_size={S}, embedding_dim=24, num_layers=2, num_heads=3, mlp_ratio=2, num_classes=5)"), IMAGES),
    (f"{VP}.vit_3d", "model = ViT(image_size={S}, image_patch_size=8, frames=4, frame_patch_size=2, num_classes=5, dim=24, depth=2, heads=3, mlp_dim=40)\noutput = model(torch.rand({N}, 3, 4, {S}, {S}))", ((2, 32), (3, 64))),
    (f"{VP}.vivit", "model = ViViT(image_size={S}, image_patch_size=8, frames=4, frame_patch_size=2, num_classes=5, dim=24, spatial_depth=1, temporal_depth=1, heads=3, mlp_dim=40)\noutput = model(torch.rand({N}, 3, 4, {S}, {S}))", ((2, 32), (3, 64))),
    (f"{PC}.resnet_cifar", image("resnet20_cifar10()"), ((2, 32), (3, 32))),
    (f"{PC}.seresnet_cifar", image("CIFARSEResNet([[16, 16], [32, 32]], 16, True, in_size=({S}, {S}), num_classes=5)"), ((2, 16), (3, 16))),
    (f"{PC}.densenet_cifar", image("densenet40_k12_cifar10()"), ((2, 32), (3, 32))),
    (f"{PC}.preresnet_cifar", image("preresnet20_cifar10()"), ((2, 32), (3, 32))),
    (f"{PC}.pyramidnet_cifar", image("CIFARPyramidNet([[16, 18], [20, 24]], 16, False, in_size=({S}, {S}), num_classes=5)"), ((2, 16), (3, 16))),
    (f"{PC}.nin_cifar", image("nin_cifar10()"), ((2, 32), (3, 32))),
    (f"{PC}.mobilenetv2", image("MobileNetV2([[16], [24, 24], [32]], 16, 64, False, in_size=(224, 224), num_classes=5)"), ((1, 56), (2, 56))),
    (f"{PC}.squeezenet", image("squeezenet_v1_1()"), ((1, 224), (2, 224))),
    (f"{SM}.decoders.unet.decoder", f"model = UnetDecoder((3, 16, 24, 32, 48, 64), (32, 24, 16, 12, 8), 5)\noutput = model({FEATURES})", DECODED),
    (f"{SM}.decoders.unetplusplus.decoder", f"model = UnetPlusPlusDecoder((3, 16, 24, 32, 48, 64), (32, 24, 16, 12, 8), 5)\noutput = model({FEATURES})", DECODED),
    (f"{SM}.decoders.fpn.decoder", f"model = FPNDecoder((3, 16, 24, 32, 48, 64), 5, 64, 32)\noutput = model({FEATURES})", DECODED),
    (f"{SM}.decoders.linknet.decoder", f"model = LinknetDecoder((3, 16, 24, 32, 48, 64), 16, 5)\noutput = model({FEATURES})", DECODED),
    (f"{SM}.decoders.pspnet.decoder", f"model = PSPDecoder((3, 16, 24, 32, 48, 64), out_channels=32)\noutput = model({FEATURES})", DECODED),
    (f"{SM}.decoders.manet.decoder", f"model = MAnetDecoder((3, 16, 24, 32, 48, 64), (32, 24, 16, 12, 8), n_blocks=5)\noutput = model({FEATURES})", DECODED),
    (f"{SM}.decoders.pan.decoder", f"model = PANDecoder((3, 16, 24, 32, 48, 64), 5, 16)\noutput = model({FEATURES})", ((2, 256), (3, 320))),
    (f"{SM}.decoders.upernet.decoder", f"model = UPerNetDecoder((3, 16, 24, 32, 48, 64), 5, 16)\noutput = model({FEATURES})", ((2, 128), (3, 192))),
    (f"{SM}.decoders.deeplabv3.decoder", f"model = DeepLabV3PlusDecoder((3, 16, 24, 32, 48, 64), 5, 32, (2, 4, 6), 16, True, 0.5)\nfeatures = {FEATURES}\noutput = model([*features[:5], torch.rand({{N}}, 64, {{S}} // 16, {{S}} // 16)])", DECODED),
    (f"{TM}.layers.attention2d", "output = MultiQueryAttention2d(16, num_heads=4, key_dim=8, value_dim=8, kv_stride=2)(torch.rand({N}, 16, {S}, {S}))\nother = Attention2d(16, num_heads=4)(output)", ((2, 16), (3, 20))),
    (f"{TM}.layers.cbam", "output = CbamModule(32)(torch.rand({N}, 32, {S}, {S}))", ((2, 16), (3, 20))),
    (f"{TM}.layers.non_local_attn", "output = NonLocalAttn(32)(torch.rand({N}, 32, {S}, {S}))", ((2, 16), (3, 20))),
    (f"{TM}.layers.selective_kernel", "output = SelectiveKernel(32)(torch.rand({N}, 32, {S}, {S}))", ((2, 16), (3, 20))),
    (f"{TM}.layers.split_attn", "output = SplitAttn(32, groups=2)(torch.rand({N}, 32, {S}, {S}))", ((2, 16), (3, 20))),
    (f"{TM}.layers.global_context", "output = GlobalContext(32, fuse_add=True)(torch.rand({N}, 32, {S}, {S}))", ((2, 16), (3, 20))),
    (f"{TM}.layers.attention_pool2d", "output = AttentionPool2d(16, feat_size={S}, out_features=8, num_heads=4)(torch.rand({N}, 16, {S}, {S}))\nother = RotAttentionPool2d(16, 8, ref_feat_size=7, num_heads=4)(torch.rand({N}, 16, {S}, {S}))", ((2, 7), (3, 7))),
    (f"{TM}.layers.mlp", "a = GluMlp(16, 24)(torch.rand({N}, {S}, 16))\nb = SwiGLU(16, 24)(a)\nc = ConvMlp(16, 24)(torch.rand({N}, 16, {S}, {S}))\nd = GlobalResponseNormMlp(16, 24)(torch.rand({N}, {S}, {S}, 16))", ((2, 16), (3, 20))),
    (f"{TM}.layers.halo_attn", "output = HaloAttn(32, num_heads=4, block_size=8, halo_size=2)(torch.rand({N}, 32, {S}, {S}))", ((2, 16), (3, 32))),
    (f"{TM}.layers.lambda_layer", "output = LambdaLayer(32, feat_size=(16, 16), num_heads=4, dim_head=8, r=None)(torch.rand({N}, 32, 16, 16))", ((2, 16), (3, 16))),
    (f"{TM}.layers.bottleneck_attn", "output = BottleneckAttn(32, feat_size=(16, 16), num_heads=4)(torch.rand({N}, 32, 16, 16))", ((2, 16), (3, 16))),
    (f"{TM}.models.mlp_mixer", image("MlpMixer(num_classes=5, img_size={S}, patch_size=8, num_blocks=2, embed_dim=24)"), IMAGES),
    (f"{TM}.models.convmixer", image("ConvMixer(16, 2, kernel_size=5, patch_size=4, num_classes=5)"), IMAGES),
    (f"{TM}.models.tnt", image("TNT(img_size={S}, patch_size=16, num_classes=5, embed_dim=24, inner_dim=8, depth=2, num_heads_inner=2, num_heads_outer=3)"), IMAGES),
    (f"{TM}.models.pvt_v2", image("PyramidVisionTransformerV2(num_classes=5, depths=(1, 1, 1, 1), embed_dims=(8, 16, 24, 32), num_heads=(1, 2, 3, 4), sr_ratios=(4, 2, 2, 1))"), IMAGES),
    (f"{TM}.models.twins", image("Twins(img_size={S}, num_classes=5, embed_dims=(8, 16, 24, 32), num_heads=(1, 2, 3, 4), depths=(1, 1, 1, 1), sr_ratios=(4, 2, 2, 1), wss=(4, 4, 2, 2), block_cls=Block)"), ((2, 64), (3, 128))),
    (f"{TM}.models.cait", image("Cait(img_size={S}, patch_size=8, num_classes=5, embed_dim=24, depth=2, num_heads=3)"), IMAGES),
    (f"{TM}.models.starnet", image("StarNet(base_dim=8, depths=[1, 1, 1, 1], num_classes=5)"), IMAGES),
    (f"{TM}.models.inception_next", image("MetaNeXt(num_classes=5, depths=(1, 1, 1, 1), dims=(16, 32, 48, 64))"), IMAGES),
    (f"{TM}.models.sequencer", image("Sequencer2d(num_classes=5, img_size={S}, layers=[1, 1], patch_sizes=[8, 2], embed_dims=[16, 24], hidden_sizes=[8, 12], mlp_ratios=[2.0, 2.0])"), IMAGES),
    (f"{TM}.models.vovnet", image("VovNet(dict(stem_chs=[8, 8, 16], stage_conv_chs=[8, 12, 16, 16], stage_out_chs=[16, 24, 32, 48], layer_per_block=2, block_per_stage=[1, 1, 1, 1], residual=True, depthwise=False, attn='ese'), num_classes=5)"), IMAGES),
]  # fmt: skip
