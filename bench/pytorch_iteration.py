"""The iteration that `npm run bench` times, in eager PyTorch (NCHW): the same mathematics.

Reads one JSON line {"batch", "size", "channels", "threads"} from standard input, then answers every
line with a number: "iteration" and "refine" run one and give its time in milliseconds, "memory"
gives the peak resident memory in bytes. Networks: SimGAN's for eyes (Shrivastava et al. 2017, arXiv 1612.07828).
"""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as functional
from torch import nn


class Refiner(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.head = nn.Conv2d(channels, 64, 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.ModuleList([nn.Conv2d(64, 64, 3, padding=1), nn.Conv2d(64, 64, 3, padding=1)])
            for _ in range(4)
        )
        self.tail = nn.Conv2d(64, channels, 1)

    def forward(self, x):
        y = self.head(x)
        for first, second in self.blocks:
            y = functional.relu(y + second(functional.relu(first(y))))
        return self.tail(y)


class Discriminator(nn.Module):
    """Strided layers pad so that the output is ceil(input / stride), as TensorFlow's SAME."""

    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, 96, 3, stride=2)
        self.second = nn.Conv2d(96, 64, 3, stride=2)
        self.third = nn.Conv2d(64, 32, 3, padding=1)
        self.fourth = nn.Conv2d(32, 32, 1)
        self.last = nn.Conv2d(32, 2, 1)

    def forward(self, x):
        y = functional.relu(self.first(functional.pad(x, (0, 1, 0, 1))))
        y = functional.relu(self.second(functional.pad(y, (0, 1, 0, 1))))
        y = functional.max_pool2d(y, 3, stride=1, padding=1)
        y = functional.relu(self.third(y))
        y = functional.relu(self.fourth(y))
        return self.last(y)


def cross_entropy(logits, label):
    return -functional.log_softmax(logits, dim=1)[:, label].mean()


def main():
    torch.manual_seed(0)
    shape = json.loads(sys.stdin.readline())
    torch.set_num_threads(shape["threads"])
    batch, size, channels = shape["batch"], shape["size"], shape["channels"]
    refiner, discriminator = Refiner(channels), Discriminator(channels)
    refiner_optimizer = torch.optim.Adam(refiner.parameters(), lr=2e-4)
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), lr=2e-4)
    images = lambda count: torch.rand(count, channels, size, size) * 2 - 1
    synthetic, other, history, real = images(batch), images(batch // 2), images(batch // 2), images(batch)

    def iteration():
        for parameter in discriminator.parameters():
            parameter.requires_grad_(False)
        refined = refiner(synthetic)
        loss = cross_entropy(discriminator(refined), 1) + 0.5 * (refined - synthetic).abs().mean()
        refiner_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        refiner_optimizer.step()
        for parameter in discriminator.parameters():
            parameter.requires_grad_(True)
        with torch.no_grad():
            fresh = refiner(other)
        logits = discriminator(torch.cat([fresh, history, real]))
        loss = cross_entropy(logits[:batch], 0) + cross_entropy(logits[batch:], 1)
        discriminator_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        discriminator_optimizer.step()
        return loss.item()

    def refine():
        with torch.no_grad():
            refiner(synthetic)

    tasks = {"iteration": iteration, "refine": refine}
    for line in sys.stdin:
        command = line.strip()
        if command == "memory":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
            continue
        started = time.perf_counter()
        tasks[command]()
        print(f"{(time.perf_counter() - started) * 1000:.3f}", flush=True)


main()
