"""Writes the fixtures of the golden tests from PyTorch (1.13, float32, CPU).

    python3 test/golden/make-goldens.py

Debian: apt-get install python3-torch. Not needed to run the tests.
"""
import os

import torch
import torch.nn.functional as F

import networks
from fixture import Fixture, pseudo_random

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
REFINED, REAL = 0, 1


def reduce_positions(values, reduction):
    """[batch, rows, columns] -> scalar."""
    return values.mean() if reduction == "mean" else values.sum(dim=(1, 2)).mean()


def cross_entropy(logits, target, reduction):
    labels = torch.full((logits.shape[0], *logits.shape[2:]), target, dtype=torch.long)
    return reduce_positions(F.cross_entropy(logits, labels, reduction="none"), reduction)


def self_regularization(original, refined, norm, difference, reduction):
    size = torch.abs if norm == "l1" else torch.square
    change = refined - original
    per_channel = size(change).mean(dim=1)
    per_pixel = per_channel if difference == "per-channel" else size(change.mean(dim=1))
    return reduce_positions(per_pixel, reduction)


def network_case(case):
    """Forward passes, one refiner step and one discriminator step with plain SGD."""
    fixture = Fixture()
    channels, (height, width), reduction = case["channels"], case["size"], case["reduction"]
    shape = (2, channels, height, width)
    synthetic, real = networks.images(1, shape), networks.images(2, shape)
    r = networks.parameters(networks.refiner_shapes(channels, case["kernel"], case["blocks"]), 100)
    d = networks.parameters(networks.discriminator_shapes(channels, case["kernels"]), 300)

    refined = networks.refiner(r, synthetic, case["blocks"])
    logits = networks.discriminator(d, refined, case["layers"])
    adversarial = cross_entropy(logits, REAL, reduction)
    regularization = self_regularization(
        synthetic, refined, case["norm"], case["difference"], reduction
    )
    fixture.add("refined", refined.detach())
    fixture.add("refinedLogits", logits.detach())
    fixture.add("adversarial", adversarial.detach())
    fixture.add("regularization", regularization.detach())
    (adversarial + case["weight"] * regularization).backward()
    add_step(fixture, "refiner", r, case)

    for p in d.values():
        p.grad = None
    real_logits = networks.discriminator(d, real, case["layers"])
    refined_logits = networks.discriminator(d, refined.detach(), case["layers"])
    of_refined = cross_entropy(refined_logits, REFINED, reduction)
    of_real = cross_entropy(real_logits, REAL, reduction)
    fixture.add("realLogits", real_logits.detach())
    fixture.add("discriminatorLoss", (of_refined + of_real).detach())
    (of_refined + of_real).backward()
    add_step(fixture, "discriminator", d, case)
    fixture.write(os.path.join(FIXTURES, case["name"] + ".bin"))


def add_step(fixture, prefix, parameters, case):
    limit = case["limit"]
    for name, p in parameters.items():
        fixture.add(f"{prefix}.gradient.{name}", p.grad, limit=limit, compact=True)
    changes = networks.update(torch.optim.SGD(parameters.values(), lr=1.0), parameters)
    for name, change in changes.items():
        fixture.add(f"{prefix}.update.{name}", change, limit=min(limit or 256, 256), compact=True)


def losses_case():
    fixture = Fixture()
    logits = torch.from_numpy(pseudo_random(11, (3, 2, 4, 5), 4.0))
    other = torch.from_numpy(pseudo_random(12, (2, 2, 4, 5), 4.0))
    original, refined = networks.images(13, (2, 3, 6, 7)), networks.images(14, (2, 3, 6, 7))
    for reduction in ("sum", "mean"):
        refiner = cross_entropy(logits, REAL, reduction)
        discriminator = cross_entropy(logits, REFINED, reduction) + cross_entropy(
            other, REAL, reduction
        )
        fixture.add(f"refiner.{reduction}", refiner)
        fixture.add(f"discriminator.{reduction}", discriminator)
        for norm in ("l1", "l2"):
            for difference in ("per-channel", "channel-mean"):
                value = self_regularization(original, refined, norm, difference, reduction)
                fixture.add(f"regularization.{norm}.{difference}.{reduction}", value)
    fixture.write(os.path.join(FIXTURES, "losses.bin"))


SHAPES = {"matrix": (7, 5), "vector": (5,)}
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.001),
    "adamHalf": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.5, 0.99), eps=1e-3),
}


def optimizers_case():
    """Five steps from identical gradients, whose size differs from step to step."""
    fixture = Fixture()
    for name, make in OPTIMIZERS.items():
        p = {
            key: torch.from_numpy(pseudo_random(21 + i, shape)).requires_grad_()
            for i, (key, shape) in enumerate(SHAPES.items())
        }
        optimizer = make(p.values())
        for step in range(1, 6):
            for i, (key, shape) in enumerate(SHAPES.items()):
                p[key].grad = torch.from_numpy(pseudo_random(10 * step + i, shape, 0.1**step))
            optimizer.step()
            for key in SHAPES:
                fixture.add(f"{name}.{step}.{key}", p[key].detach())
    for max_norm in (0.5, 100.0):
        p = {key: torch.zeros(shape) for key, shape in SHAPES.items()}
        for i, (key, shape) in enumerate(SHAPES.items()):
            p[key].grad = torch.from_numpy(pseudo_random(31 + i, shape))
        norm = torch.nn.utils.clip_grad_norm_(p.values(), max_norm)
        fixture.add(f"clip.{max_norm:g}.norm", norm)
        for key in SHAPES:
            fixture.add(f"clip.{max_norm:g}.{key}", p[key].grad)
    fixture.write(os.path.join(FIXTURES, "optimizers.bin"))


EYES = {"kernel": 3, "blocks": 4, "kernels": [3, 3, 3, 1], "layers": networks.EYES}
HANDS = {"kernel": 7, "blocks": 10, "kernels": [7, 5, 3, 1], "layers": networks.HANDS}
CASES = [
    dict(
        EYES, name="eyes-colour", channels=3, size=(20, 24), reduction="sum", norm="l1",
        difference="per-channel", weight=0.1, limit=None,
    ),
    dict(
        EYES, name="eyes-grey", channels=1, size=(17, 22), reduction="mean", norm="l2",
        difference="per-channel", weight=0.75, limit=2048,
    ),
    dict(
        HANDS, name="hands-grey", channels=1, size=(20, 40), reduction="sum", norm="l1",
        difference="channel-mean", weight=0.1, limit=2048,
    ),
]

if __name__ == "__main__":
    torch.manual_seed(0)
    torch.set_num_threads(1)
    os.makedirs(FIXTURES, exist_ok=True)
    for each in CASES:
        network_case(each)
    losses_case()
    optimizers_case()
