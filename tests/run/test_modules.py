"""What modules register: parameters, buffers, submodules; their modes, copies and counts."""

from __future__ import annotations

import pytest

from tests.run.programs import Program, programs, verify

REGISTERED = programs("""
### nn.Parameter
class Net(nn.Module):
    def __init__(self, dim, tokens=3):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(dim, 2) * 0.02)
        self.bias = nn.Parameter(torch.zeros(2), requires_grad=False)
        self.cls = nn.Parameter(torch.empty(1, tokens, dim))
        self.scale = nn.Parameter(torch.tensor(1.0))
        nn.init.normal_(self.cls, std=0.02)

    def forward(self, x):
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], dim=1)
        return x @ self.weight + self.bias, self.scale * x


net = Net(4)
>>> net(T(2, 5, 4)), net.weight, net.bias.data, len(list(net.parameters())), net.cls.requires_grad_(False)
!!! net(T(2, 5, 3))

### register_buffer and register_parameter
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.register_buffer("mask", torch.tril(torch.ones(n, n)).view(1, 1, n, n))
        self.register_buffer("none", None)
        self.register_buffer(name="pe", tensor=torch.zeros(n, 4), persistent=False)
        self.register_parameter("w", nn.Parameter(torch.zeros(4, 2)))
        self.register_parameter("bias", None)
        for i in range(2):
            self.register_buffer(f"b{i}", torch.zeros(i + 1))

    def forward(self, x):
        n = x.size(1)
        x = x + self.pe[:n]
        if self.bias is not None:
            x = x + self.bias
        return x @ self.w, self.mask[:, :, :n, :n], self.b1


net = Net(8)
>>> net(T(2, 5, 4)), net.none, len(list(net.buffers())), [name for name, _ in net.named_buffers()], "w" in dict(net.named_parameters())
!!! net(T(2, 9, 4))

### numbers of parameters
class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 256)
        self.fc2 = nn.Linear(256, 10)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.Linear(10, 10)
        self.layers = nn.ModuleList([layer, layer, nn.Linear(10, 1, bias=False)])
        self.again = layer


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 16)
        self.out = nn.Linear(16, 100, bias=False)
        self.out.weight = self.embed.weight

    def forward(self, ids):
        return self.out(self.embed(ids))


def count(model, trainable=False):
    return sum(p.numel() for p in model.parameters())


resnet = nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8), nn.PReLU(), nn.Conv2d(8, 16, 3, groups=4))
>>> sum(p.numel() for p in MLP().parameters()), count(Shared()), count(Tied()), count(resnet), count(nn.LSTM(4, 6, 2, bidirectional=True)), count(nn.MultiheadAttention(8, 2))
>>> count(nn.TransformerEncoderLayer(8, 2, 16)), count(nn.GRUCell(3, 4)), count(nn.ConvTranspose2d(3, 4, 2)), count(nn.Bilinear(2, 3, 4)), count(nn.GroupNorm(2, 8)), sum(map(lambda p: p.nelement(), MLP().parameters()))
>>> len(list(resnet.parameters())), sum(b.numel() for b in resnet.buffers()), sum(1 for _ in MLP().modules()), Tied()(torch.zeros(2, 3, dtype=torch.long)), sum(p.numel() for n, p in MLP().named_parameters() if "bias" in n)
!!! MLP()(T(1, 783))

### names of parts
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
        self.norm = nn.LayerNorm(8)


net = Net()
>>> [n for n, _ in net.named_children()], [n for n, _ in net.named_modules()], [n for n, _ in net.named_parameters()], sorted(net.state_dict()), len(net.state_dict())
>>> net.get_submodule("body.0").weight, net.state_dict()["norm.bias"], [type(m).__name__ for m in net.modules() if isinstance(m, nn.Linear)], list(net._modules), net.get_parameter("body.0.bias")
>>> net.body._modules["0"].in_features, dict(net.named_modules())["body.0"].out_features

### replacing layers by a walk over the model
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 1)
        self.b = nn.BatchNorm2d(4)

    def forward(self, x):
        return self.b(self.a(x))


def convert(model):
    for name, child in model.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(model, name, nn.GroupNorm(2, child.num_features))
    return model


def initialise(m):
    if isinstance(m, nn.Conv2d):
        nn.init.kaiming_normal_(m.weight)
        if m.bias is not None:
            nn.init.zeros_(m.bias)


net = convert(Net())
net.apply(initialise)
for p in net.parameters():
    p.requires_grad = False
for m in net.modules():
    if isinstance(m, nn.Conv2d):
        m.weight.data.normal_(0, 0.1)
>>> net(T(1, 3, 2, 2)), type(net.b).__name__, net.b.num_groups
!!! net(T(1, 4, 2, 2))
""")

CHANGED = programs("""
### copies of a layer
import copy


def clones(module, n):
    return nn.ModuleList([copy.deepcopy(module) for _ in range(n)])


class Net(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layers = clones(layer, 3)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


layer = nn.Linear(4, 4)
net = Net(layer)
layer.weight = nn.Parameter(torch.zeros(7, 4))
other = copy.deepcopy(net)
other.layers[0] = nn.Linear(5, 4)
config = {"sizes": [1, 2]}
copied, shallow = copy.deepcopy(config), copy.copy(config)
config["sizes"].append(3)
>>> net(T(1, 4)), other(T(1, 5)), sum(p.numel() for p in net.parameters()), len(copied["sizes"]), len(shallow["sizes"])
!!! net(T(1, 5))

### a layer whose numbers are changed after it was built
fc = nn.Linear(4, 8)
fc.weight = nn.Parameter(torch.zeros(8, 6))
conv = nn.Conv2d(3, 8, 3)
conv.weight = nn.Parameter(torch.zeros(8, 1, 3, 3))
emb = nn.Embedding.from_pretrained(torch.zeros(10, 5))
>>> fc(T(1, 6)), conv(T(1, 1, 5, 5)), emb(torch.zeros(3, dtype=torch.long))
!!! fc(T(1, 4))

### modes
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return self.drop(self.norm(x))


net = Net()
>>> net(T(2, 4)), net.eval()(T(1, 4)), net.train(mode=False)(T(1, 4)), net.norm.training
!!! net.train()(T(1, 4))
!!! Net()(T(1, 4))

### a model moved, made half, and its outputs
net = nn.Linear(4, 2).to("cpu").double().eval().requires_grad_(False)
x = T(1, 4).double()
net.zero_grad()
>>> net(x), net.to(torch.float32)(T(1, 4)), x.to(net.weight.device), next(net.parameters()).shape, nn.Linear(2, 2).half().weight

### hooks
features = {}


def hook(module, inputs, output):
    features["x"] = output


net = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
handle = net[0].register_forward_hook(hook)
out = net(T(1, 4))
handle.remove()
>>> out
~~~ features["x"]

### getattr, setattr, hasattr, delattr, isinstance, vars
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(2):
            setattr(self, "fc%d" % i, nn.Linear(4 + i, 4 + i + 1))
        self.names = ["fc0", "fc1"]
        self.extra = None

    def forward(self, x):
        for name in self.names:
            x = getattr(self, name)(x)
        if hasattr(self, "head"):
            x = self.head(x)
        if getattr(self, "missing", None) is not None:
            x = x @ T(99, 99)
        if isinstance(self.fc0, nn.Linear) and not isinstance(self.fc0, nn.Conv2d):
            return x
        return None


net = Net()
first = net(T(1, 4))
net.head = nn.Linear(6, 3)
gone = Net()
del gone.fc0
>>> first, net(T(1, 4)), hasattr(net, "fc1"), hasattr(net, "fc9"), getattr(net, "fc9", 5), hasattr(gone, "fc0"), callable(net), net.extra
!!! net(T(1, 5))

### an attribute that nothing sets
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 4)

    def forward(self, x):
        return self.fc2(x)  # SHP120
!!! Net()(T(1, 4))

### a name that nothing defines
class Net(nn.Module):
    def forward(self, x):
        return torch.relu(y)  # SHP120
!!! Net()(T(1, 4))

### a layer of the user's that forgets to pass its input
class Inner(nn.Module):
    def forward(self, x, y):
        return x + y


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Inner()

    def forward(self, x):
        return self.inner(x)  # SHP121
!!! Net()(T(1, 4))
""")

NESTED = programs("""
### modules of modules
class Attention(nn.Module):
    def __init__(self, dim, heads=2):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, dim * 3)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, c = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        attn = (q @ k.transpose(-2, -1)) * (c // self.heads) ** -0.5
        return self.proj((attn.softmax(dim=-1) @ v).transpose(1, 2).reshape(b, n, c))


class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attn = Attention(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    def __init__(self, size=8, patch=4, dim=6, depth=2, classes=5):
        super().__init__()
        self.patch = nn.Conv2d(3, dim, patch, patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.zeros(1, (size // patch) ** 2 + 1, dim))
        self.blocks = nn.ModuleList([Block(dim) for _ in range(depth)])
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), dim=1) + self.pos
        for block in self.blocks:
            x = block(x)
        return self.head(x[:, 0])


vit = ViT()
>>> vit(T(2, 3, 8, 8)), ViT(16, 4, 8)(T(1, 3, 16, 16)), sum(p.numel() for p in vit.parameters())
!!! vit(T(2, 3, 16, 16))
!!! vit(T(2, 1, 8, 8))

### a model given to another
class Wrapper(nn.Module):
    def __init__(self, backbone, classes):
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(backbone.out, classes)

    def forward(self, *args, **kwargs):
        return self.head(self.backbone(*args, **kwargs))


class Backbone(nn.Module):
    out = 6

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, self.out)

    def forward(self, x, scale=1.0):
        return self.fc(x) * scale


net = Wrapper(Backbone(), 3)
>>> net(T(1, 4)), net(x=T(2, 4), scale=2.0), Wrapper(net.backbone, 2)(T(1, 4))
!!! net(T(1, 5))

### an encoder and a decoder in one
class AE(nn.Module):
    def __init__(self, dim=2):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 4, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 4 * 4, dim * 2))
        self.decoder = nn.Sequential(nn.Linear(dim, 64), nn.Unflatten(1, (4, 4, 4)), nn.ConvTranspose2d(4, 1, 2, 2))

    def encode(self, x):
        mu, logvar = self.encoder(x).chunk(2, dim=1)
        return mu, logvar

    def reparameterize(self, mu, logvar):
        return mu + torch.randn_like(mu) * (0.5 * logvar).exp()

    def forward(self, x):
        mu, logvar = self.encode(x)
        z = self.reparameterize(mu, logvar)
        return self.decoder(z), mu, logvar


>>> AE()(T(2, 1, 8, 8))
!!! AE()(T(2, 1, 9, 9))
""")


@pytest.mark.parametrize("program", REGISTERED)
def test_registered(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", CHANGED)
def test_changed(program: Program) -> None:
    verify(program)


@pytest.mark.parametrize("program", NESTED)
def test_nested(program: Program) -> None:
    verify(program)
