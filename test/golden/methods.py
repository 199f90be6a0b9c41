"""Writes the fixture of methods.test.ts: second derivatives, losses and augmentation by PyTorch.

    python3 test/golden/methods.py
"""
import os

import torch
import torch.nn.functional as F

from fixture import Fixture, pseudo_random
from networks import parameters

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
REFINED, REAL = 0, 1


def tensor(seed, shape, scale=1.0):
    return torch.from_numpy(pseudo_random(seed, shape, scale))


def score(logits):
    return logits[:, REAL] - logits[:, REFINED]


PATCH_SHAPES = {"trunk.0": (8, 3, 4, 4), "trunk.1": (12, 8, 3, 3), "logits": (2, 12, 3, 3)}
PATCH_STRIDES = {"trunk.0": 2, "trunk.1": 1, "logits": 1}


def patch_logits(p, x, spectral, instance):
    for name, stride in PATCH_STRIDES.items():
        weight = p[name + ".weight"]
        if spectral:
            weight = weight / torch.linalg.matrix_norm(weight.flatten(1), 2)
        x = F.conv2d(x, weight, p[name + ".bias"], stride=stride)
        if name != "logits":
            if instance and name != "trunk.0":
                x = F.instance_norm(x)
            x = F.leaky_relu(x, 0.2)
    return x


def penalties(fixture):
    """R1 on two images, with the gradient of the penalty for every weight."""
    for name, spectral, instance in (
        ("plain", False, False),
        ("spectral", True, False),
        ("instance", False, True),
    ):
        p = parameters(PATCH_SHAPES, 500)
        x = tensor(41, (2, 3, 20, 22)).requires_grad_()
        d = score(patch_logits(p, x, spectral, instance)).mean(dim=(1, 2))
        (gradient,) = torch.autograd.grad(d.sum(), x, create_graph=True)
        penalty = gradient.square().sum(dim=(1, 2, 3)).mean() / 2
        weights = {key: value for key, value in p.items() if key.endswith("weight")}
        of_weights = torch.autograd.grad(penalty, list(weights.values()))
        fixture.add(f"penalty.{name}.value", penalty.detach())
        for key, value in zip(weights, of_weights):
            fixture.add(f"penalty.{name}.{key}", value)


def losses(fixture):
    logits, other = tensor(11, (3, 2, 4, 5), 4.0), tensor(12, (2, 2, 4, 5), 4.0)
    refined, real = score(logits), score(other)
    adversarial = {
        "leastSquares.refined": F.mse_loss(refined, torch.zeros_like(refined)) / 2,
        "leastSquares.real": F.mse_loss(real, torch.ones_like(real)) / 2,
        "leastSquares.refiner": F.mse_loss(refined, torch.ones_like(refined)),
        "hinge.refined": F.relu(1 + refined).mean(),
        "hinge.real": F.relu(1 - real).mean(),
        "hinge.refiner": -refined.mean(),
        "smoothed": F.binary_cross_entropy_with_logits(real, torch.full_like(real, 0.9)),
    }
    for name, value in adversarial.items():
        fixture.add(f"losses.{name}", value)
    x, y = tensor(13, (2, 3, 6, 7)), tensor(14, (2, 3, 6, 7))
    change = y - x
    r, g, b = change[:, 0], change[:, 1], change[:, 2]
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    chroma = torch.stack([(b - luma) / 1.772, (r - luma) / 1.402])
    images = {
        "luminance": luma.abs().mean(),
        "chrominance": chroma.abs().mean(),
        "gradients": luma.diff(dim=1).abs().mean() + luma.diff(dim=2).abs().mean(),
        "variation": y.diff(dim=2).abs().mean() + y.diff(dim=3).abs().mean(),
        "identity": (1 - F.cosine_similarity(x.flatten(1), y.flatten(1))).mean(),
        "cycle": F.l1_loss(y, x),
    }
    for name, value in images.items():
        fixture.add(f"losses.{name}", value)


def translated(x, rows, columns):
    """As in the code of Zhao et al. 2020: by indices into the image with zeros around."""
    batch, _, height, width = x.shape
    i, j, k = torch.meshgrid(
        torch.arange(batch), torch.arange(height), torch.arange(width), indexing="ij"
    )
    j = (j - rows.view(-1, 1, 1) + 1).clamp(0, height + 1)
    k = (k - columns.view(-1, 1, 1) + 1).clamp(0, width + 1)
    padded = F.pad(x, [1, 1, 1, 1])
    return padded.permute(0, 2, 3, 1)[i, j, k].permute(0, 3, 1, 2)


def augmentation(fixture):
    x = tensor(61, (4, 3, 8, 10)).requires_grad_()
    each = lambda seed, low, high: (tensor(seed, (4, 1, 1, 1)) + 1) / 2 * (high - low) + low
    y = x + each(62, -0.5, 0.5)
    mean = y.mean(dim=1, keepdim=True)
    y = (y - mean) * each(63, 0.0, 2.0) + mean
    mean = y.mean(dim=(1, 2, 3), keepdim=True)
    y = (y - mean) * each(64, 0.5, 1.5) + mean
    y = translated(y, torch.tensor([1, -2, 0, 3]), torch.tensor([-1, 0, 2, 4]))
    mask = torch.ones(4, 1, 8, 10)
    mask[:, :, 2:6, 0:5] = 0
    y = y * mask
    fixture.add("augmentation.images", y.detach())
    y.square().sum().backward()
    fixture.add("augmentation.gradient", x.grad)


if __name__ == "__main__":
    torch.set_num_threads(1)
    result = Fixture()
    penalties(result)
    losses(result)
    augmentation(result)
    result.write(os.path.join(FIXTURES, "methods.bin"))
