"""Scripts of the usual kinds: generative models, sequences, transformers, with the training around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs.whole import Whole, read, verify

PROGRAMS = read("""
### a GAN
--- gan.py
import torch
from torch import nn

LATENT, CHANNELS, FEATURES = 16, 1, 8


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(LATENT, FEATURES * 4, 4, 1, 0, bias=False),
            nn.BatchNorm2d(FEATURES * 4),
            nn.ReLU(True),
            nn.ConvTranspose2d(FEATURES * 4, FEATURES * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(FEATURES * 2),
            nn.ReLU(True),
            nn.ConvTranspose2d(FEATURES * 2, CHANNELS, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.main(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(CHANNELS, FEATURES, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(FEATURES, FEATURES * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(FEATURES * 2),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(FEATURES * 2, 1, 4, 1, 0, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.main(x).view(-1)


def weights_init(m):
    name = m.__class__.__name__
    if name.find("Conv") != -1:
        nn.init.normal_(m.weight.data, 0.0, 0.02)


netG, netD = Generator(), Discriminator()
netG.apply(weights_init)
netD.apply(weights_init)
criterion = nn.BCELoss()
optG = torch.optim.Adam(netG.parameters(), lr=2e-4, betas=(0.5, 0.999))
optD = torch.optim.Adam(netD.parameters(), lr=2e-4, betas=(0.5, 0.999))
fixed_noise = torch.randn(4, LATENT, 1, 1)
for step in range(2):
    real = torch.rand(6, CHANNELS, 16, 16)
    label = torch.full((real.size(0),), 1.0)
    netD.zero_grad()
    errD_real = criterion(netD(real), label)
    errD_real.backward()
    noise = torch.randn(real.size(0), LATENT, 1, 1)
    fake = netG(noise)
    label.fill_(0.0)
    errD_fake = criterion(netD(fake.detach()), label)
    errD_fake.backward()
    optD.step()
    netG.zero_grad()
    label.fill_(1.0)
    errG = criterion(netD(fake), label)
    errG.backward()
    optG.step()
with torch.no_grad():
    samples = netG(fixed_noise).detach().cpu()
!!! gan.py: torch.randn(real.size(0), LATENT, 1, 1) => torch.randn(real.size(0), LATENT)
!!! gan.py: nn.BatchNorm2d(FEATURES * 4) => nn.BatchNorm2d(FEATURES)
!!! gan.py: torch.full((real.size(0),), 1.0) => torch.full((real.size(0), 1), 1.0)
!!! gan.py: nn.Conv2d(FEATURES * 2, 1, 4, 1, 0, bias=False) => nn.Conv2d(FEATURES * 2, 1, 5, 1, 0, bias=False)

### a variational autoencoder
--- vae.py
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class VAE(nn.Module):
    def __init__(self, inputs=784, hidden=64, latent=8):
        super().__init__()
        self.inputs = inputs
        self.fc1 = nn.Linear(inputs, hidden)
        self.fc_mu = nn.Linear(hidden, latent)
        self.fc_logvar = nn.Linear(hidden, latent)
        self.fc3 = nn.Linear(latent, hidden)
        self.fc4 = nn.Linear(hidden, inputs)

    def encode(self, x):
        h = F.relu(self.fc1(x))
        return self.fc_mu(h), self.fc_logvar(h)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z):
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, self.inputs))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


def loss_function(recon, x, mu, logvar):
    bce = F.binary_cross_entropy(recon, x.view(-1, 784), reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return bce + kld


def train(model, loader, optimizer, epochs=2):
    losses = []
    for epoch in range(epochs):
        for (data,) in loader:
            optimizer.zero_grad()
            recon, mu, logvar = model(data)
            loss = loss_function(recon, data, mu, logvar)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


if __name__ == "__main__":
    model = VAE()
    loader = DataLoader(TensorDataset(torch.rand(10, 1, 28, 28)), batch_size=4, shuffle=True)
    train(model, loader, torch.optim.Adam(model.parameters(), lr=1e-3))
    with torch.no_grad():
        images = model.decode(torch.randn(6, 8)).view(6, 1, 28, 28)
!!! vae.py: torch.randn(6, 8) => torch.randn(6, 16)
!!! vae.py: self.fc_logvar = nn.Linear(hidden, latent) => self.fc_logvar = nn.Linear(hidden, 2 * latent)
!!! vae.py: recon, x.view(-1, 784), reduction => recon, x, reduction
!!! vae.py: torch.rand(10, 1, 28, 28) => torch.rand(10, 1, 27, 27)
!!! vae.py: .view(6, 1, 28, 28) => .view(6, 3, 28, 28)

### an encoder, a decoder and attention
--- seq2seq.py
import random

import torch
import torch.nn as nn
import torch.nn.functional as F


class Encoder(nn.Module):
    def __init__(self, vocab, emb, hid, dropout):
        super().__init__()
        self.embedding = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU(emb, hid, bidirectional=True)
        self.fc = nn.Linear(hid * 2, hid)
        self.dropout = nn.Dropout(dropout)

    def forward(self, src):
        embedded = self.dropout(self.embedding(src))
        outputs, hidden = self.rnn(embedded)
        hidden = torch.tanh(self.fc(torch.cat((hidden[-2, :, :], hidden[-1, :, :]), dim=1)))
        return outputs, hidden


class Attention(nn.Module):
    def __init__(self, enc_hid, dec_hid):
        super().__init__()
        self.attn = nn.Linear((enc_hid * 2) + dec_hid, dec_hid)
        self.v = nn.Linear(dec_hid, 1, bias=False)

    def forward(self, hidden, encoder_outputs):
        src_len = encoder_outputs.shape[0]
        hidden = hidden.unsqueeze(1).repeat(1, src_len, 1)
        encoder_outputs = encoder_outputs.permute(1, 0, 2)
        energy = torch.tanh(self.attn(torch.cat((hidden, encoder_outputs), dim=2)))
        return F.softmax(self.v(energy).squeeze(2), dim=1)


class Decoder(nn.Module):
    def __init__(self, vocab, emb, enc_hid, dec_hid, attention):
        super().__init__()
        self.vocab = vocab
        self.attention = attention
        self.embedding = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU((enc_hid * 2) + emb, dec_hid)
        self.fc_out = nn.Linear((enc_hid * 2) + dec_hid + emb, vocab)

    def forward(self, input, hidden, encoder_outputs):
        embedded = self.embedding(input.unsqueeze(0))
        a = self.attention(hidden, encoder_outputs).unsqueeze(1)
        weighted = torch.bmm(a, encoder_outputs.permute(1, 0, 2)).permute(1, 0, 2)
        output, hidden = self.rnn(torch.cat((embedded, weighted), dim=2), hidden.unsqueeze(0))
        prediction = self.fc_out(torch.cat((output.squeeze(0), weighted.squeeze(0), embedded.squeeze(0)), dim=1))
        return prediction, hidden.squeeze(0)


class Seq2Seq(nn.Module):
    def __init__(self, encoder, decoder, device):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device

    def forward(self, src, trg, teacher_forcing_ratio=0.5):
        batch_size = src.shape[1]
        trg_len = trg.shape[0]
        outputs = torch.zeros(trg_len, batch_size, self.decoder.vocab).to(self.device)
        encoder_outputs, hidden = self.encoder(src)
        input = trg[0, :]
        for t in range(1, trg_len):
            output, hidden = self.decoder(input, hidden, encoder_outputs)
            outputs[t] = output
            teacher_force = random.random() < teacher_forcing_ratio
            top1 = output.argmax(1)
            input = trg[t] if teacher_force else top1
        return outputs


device = torch.device("cpu")
attn = Attention(16, 12)
model = Seq2Seq(Encoder(50, 10, 16, 0.1), Decoder(60, 10, 16, 12, attn), device).to(device)
model.encoder.fc = nn.Linear(32, 12)
criterion = nn.CrossEntropyLoss(ignore_index=0)
src, trg = torch.randint(0, 50, (7, 3)), torch.randint(0, 60, (6, 3))
output = model(src, trg)
output_dim = output.shape[-1]
loss = criterion(output[1:].view(-1, output_dim), trg[1:].view(-1))
loss.backward()
torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
!!! seq2seq.py: model.encoder.fc = nn.Linear(32, 12) => model.encoder.fc = nn.Linear(32, 16)
!!! seq2seq.py: attn = Attention(16, 12) => attn = Attention(12, 12)
!!! seq2seq.py: torch.cat((hidden, encoder_outputs), dim=2) => torch.cat((hidden, encoder_outputs), dim=1)
!!! seq2seq.py: output[1:].view(-1, output_dim), trg[1:].view(-1) => output.view(-1, output_dim), trg[1:].view(-1)
!!! seq2seq.py: self.rnn = nn.GRU((enc_hid * 2) + emb, dec_hid) => self.rnn = nn.GRU(enc_hid + emb, dec_hid)

### a small GPT
--- train.py
import math

import torch

from model import GPT, GPTConfig

config = GPTConfig(vocab_size=65, block_size=32, n_layer=2, n_head=4, n_embd=48)
model = GPT(config)
data = torch.randint(0, config.vocab_size, (500,))


def get_batch(batch_size=4):
    ix = torch.randint(len(data) - config.block_size, (batch_size,))
    x = torch.stack([data[i : i + config.block_size] for i in ix])
    y = torch.stack([data[i + 1 : i + 1 + config.block_size] for i in ix])
    return x, y


optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
for it in range(3):
    lr = 1e-3 * 0.5 * (1.0 + math.cos(math.pi * it / 3))
    for group in optimizer.param_groups:
        group["lr"] = lr
    x, y = get_batch()
    logits, loss = model(x, y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
model.eval()
print(model.generate(torch.zeros((1, 1), dtype=torch.long), 5).shape)
--- model.py
import math
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch.nn import functional as F


@dataclass
class GPTConfig:
    block_size: int = 1024
    vocab_size: int = 50304
    n_layer: int = 12
    n_head: int = 12
    n_embd: int = 768
    dropout: float = 0.0
    bias: bool = True


class CausalSelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        assert config.n_embd % config.n_head == 0
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)
        self.attn_dropout = nn.Dropout(config.dropout)
        self.n_head = config.n_head
        self.n_embd = config.n_embd
        self.flash = hasattr(torch.nn.functional, "scaled_dot_product_attention")
        self.register_buffer("bias", torch.tril(torch.ones(config.block_size, config.block_size)).view(1, 1, config.block_size, config.block_size))

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.bias[:, :, :T, :T] == 0, float("-inf"))
        att = self.attn_dropout(F.softmax(att, dim=-1))
        y = att @ v
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.c_proj(y)


class MLP(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias)
        self.gelu = nn.GELU()
        self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)

    def forward(self, x):
        return self.c_proj(self.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd)
        self.attn = CausalSelfAttention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd)
        self.mlp = MLP(config)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        x = x + self.mlp(self.ln_2(x))
        return x


class GPT(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.transformer = nn.ModuleDict(
            dict(
                wte=nn.Embedding(config.vocab_size, config.n_embd),
                wpe=nn.Embedding(config.block_size, config.n_embd),
                h=nn.ModuleList([Block(config) for _ in range(config.n_layer)]),
                ln_f=nn.LayerNorm(config.n_embd),
            )
        )
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.transformer.wte.weight = self.lm_head.weight
        self.apply(self._init_weights)
        for name, p in self.named_parameters():
            if name.endswith("c_proj.weight"):
                torch.nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * config.n_layer))

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)
            if module.bias is not None:
                torch.nn.init.zeros_(module.bias)

    def forward(self, idx, targets=None):
        b, t = idx.size()
        assert t <= self.config.block_size
        pos = torch.arange(0, t, dtype=torch.long, device=idx.device)
        x = self.transformer.wte(idx) + self.transformer.wpe(pos)
        for block in self.transformer.h:
            x = block(x)
        x = self.transformer.ln_f(x)
        if targets is not None:
            logits = self.lm_head(x)
            loss = F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1)
        else:
            logits = self.lm_head(x[:, [-1], :])
            loss = None
        return logits, loss

    @torch.no_grad()
    def generate(self, idx, max_new_tokens, temperature=1.0, top_k=None):
        for _ in range(max_new_tokens):
            idx_cond = idx if idx.size(1) <= self.config.block_size else idx[:, -self.config.block_size :]
            logits, _ = self(idx_cond)
            logits = logits[:, -1, :] / temperature
            if top_k is not None:
                v, _ = torch.topk(logits, min(top_k, logits.size(-1)))
                logits[logits < v[:, [-1]]] = -float("Inf")
            probs = F.softmax(logits, dim=-1)
            idx = torch.cat((idx, torch.multinomial(probs, num_samples=1)), dim=1)
        return idx
!!! model.py: .split(self.n_embd, dim=2) => .split(self.n_head, dim=2)
!!! model.py: y = y.transpose(1, 2).contiguous().view(B, T, C) => y = y.transpose(1, 2).view(B, T, C)
!!! model.py: self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias) => self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)
!!! model.py: logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index => logits, targets, ignore_index
!!! model.py: att = (q @ k.transpose(-2, -1)) => att = (q @ k)
!!! train.py: data[i + 1 : i + 1 + config.block_size] for i in ix => data[i + 1 : i + config.block_size] for i in ix

### a diffusion model
--- ddpm.py
import math

import torch
import torch.nn.functional as F
from torch import nn


class TimeEmbedding(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, t):
        half = self.dim // 2
        freqs = torch.exp(-math.log(10000) * torch.arange(half, device=t.device) / (half - 1))
        args = t[:, None] * freqs[None, :]
        return torch.cat((args.sin(), args.cos()), dim=-1)


class Block(nn.Module):
    def __init__(self, inp, out, time_dim, up=False):
        super().__init__()
        self.time_mlp = nn.Linear(time_dim, out)
        if up:
            self.conv1 = nn.Conv2d(2 * inp, out, 3, padding=1)
            self.transform = nn.ConvTranspose2d(out, out, 4, 2, 1)
        else:
            self.conv1 = nn.Conv2d(inp, out, 3, padding=1)
            self.transform = nn.Conv2d(out, out, 4, 2, 1)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1)
        self.norm1 = nn.GroupNorm(4, out)
        self.relu = nn.ReLU()

    def forward(self, x, t):
        h = self.norm1(self.relu(self.conv1(x)))
        emb = self.relu(self.time_mlp(t))
        h = h + emb[(...,) + (None,) * 2]
        return self.transform(self.relu(self.conv2(h)))


class UNet(nn.Module):
    def __init__(self, channels=3, time_dim=16, widths=(8, 16, 32)):
        super().__init__()
        ups = widths[::-1]
        self.time_mlp = nn.Sequential(TimeEmbedding(time_dim), nn.Linear(time_dim, time_dim), nn.ReLU())
        self.conv0 = nn.Conv2d(channels, widths[0], 3, padding=1)
        self.downs = nn.ModuleList([Block(widths[i], widths[i + 1], time_dim) for i in range(len(widths) - 1)])
        self.ups = nn.ModuleList([Block(ups[i], ups[i + 1], time_dim, up=True) for i in range(len(ups) - 1)])
        self.output = nn.Conv2d(ups[-1], channels, 1)

    def forward(self, x, timestep):
        t = self.time_mlp(timestep)
        x = self.conv0(x)
        residuals = []
        for down in self.downs:
            x = down(x, t)
            residuals.append(x)
        for up in self.ups:
            x = up(torch.cat((x, residuals.pop()), dim=1), t)
        return self.output(x)


T = 20
betas = torch.linspace(1e-4, 0.02, T)
alphas_cumprod = torch.cumprod(1.0 - betas, axis=0)
alphas_cumprod_prev = F.pad(alphas_cumprod[:-1], (1, 0), value=1.0)


def extract(values, t, shape):
    out = values.gather(-1, t)
    return out.reshape(t.shape[0], *((1,) * (len(shape) - 1)))


def q_sample(x0, t, noise):
    return extract(alphas_cumprod.sqrt(), t, x0.shape) * x0 + extract((1 - alphas_cumprod).sqrt(), t, x0.shape) * noise


model = UNet()
for step in range(2):
    x0 = torch.randn(4, 3, 16, 16)
    t = torch.randint(0, T, (4,)).long()
    noise = torch.randn_like(x0)
    loss = F.mse_loss(model(q_sample(x0, t, noise), t), noise)
    loss.backward()


@torch.no_grad()
def sample(size=16):
    img = torch.randn(1, 3, size, size)
    for i in reversed(range(T)):
        t = torch.full((1,), i, dtype=torch.long)
        img = img - extract(betas, t, img.shape) * model(img, t)
    return img


sample()
!!! ddpm.py: nn.Conv2d(2 * inp, out, 3, padding=1) => nn.Conv2d(inp, out, 3, padding=1)
!!! ddpm.py: emb[(...,) + (None,) * 2] => emb[..., None]
!!! ddpm.py: nn.GroupNorm(4, out) => nn.GroupNorm(3, out)
!!! ddpm.py: torch.randint(0, T, (4,)).long() => torch.randint(0, T, (5,)).long()
!!! ddpm.py: torch.cat((args.sin(), args.cos()), dim=-1) => args.sin()
!!! ddpm.py: x0 = torch.randn(4, 3, 16, 16) => x0 = torch.randn(4, 3, 18, 18)

### a vision transformer
--- vit.py
import torch
from torch import nn


class PatchEmbedding(nn.Module):
    def __init__(self, image=32, patch=4, channels=3, dim=64):
        super().__init__()
        self.patches = (image // patch) ** 2
        self.proj = nn.Conv2d(channels, dim, kernel_size=patch, stride=patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class Attention(nn.Module):
    def __init__(self, dim, heads=4):
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.qkv = nn.Linear(dim, dim * 3)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        attn = ((q @ k.transpose(-2, -1)) * self.scale).softmax(dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, C)
        return self.proj(x)


class Block(nn.Module):
    def __init__(self, dim, heads, ratio=4.0):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attn = Attention(dim, heads)
        hidden = int(dim * ratio)
        self.mlp = nn.Sequential(nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ViT(nn.Module):
    def __init__(self, image=32, patch=4, dim=64, depth=2, heads=4, classes=10):
        super().__init__()
        self.patch_embed = PatchEmbedding(image, patch, dim=dim)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, self.patch_embed.patches + 1, dim))
        self.blocks = nn.Sequential(*[Block(dim, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        x = self.patch_embed(x)
        x = torch.cat((self.cls_token.expand(x.shape[0], -1, -1), x), dim=1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


def count_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def test_forward():
    model = ViT(image=16)
    assert model(torch.randn(2, 3, 16, 16)).shape == (2, 10)


if __name__ == "__main__":
    net = ViT()
    print(count_parameters(net), net(torch.randn(2, 3, 32, 32)).shape)
    test_forward()
!!! vit.py: self.patch_embed.patches + 1, dim => self.patch_embed.patches, dim
!!! vit.py: self.qkv = nn.Linear(dim, dim * 3) => self.qkv = nn.Linear(dim, dim * 2)
!!! vit.py: nn.Linear(hidden, dim)) => nn.Linear(dim, dim))
!!! vit.py: net(torch.randn(2, 3, 32, 32)) => net(torch.randn(2, 3, 28, 28))
!!! vit.py: model(torch.randn(2, 3, 16, 16)).shape => model(torch.randn(2, 3, 32, 32)).shape
!!! vit.py: .transpose(1, 2).reshape(B, N, C) => .transpose(1, 2).view(B, N, C)
""")


@pytest.mark.parametrize("program", PROGRAMS)
def test_scripts(program: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verify(program, tmp_path, monkeypatch)
