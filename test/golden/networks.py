"""SimGAN's networks in PyTorch, written from the paper, with TensorFlow's SAME padding."""
import math

import numpy as np
import torch
import torch.nn.functional as F

from fixture import pseudo_random


def same(x, kernel, stride, value=0.0):
    """Pads so that the output has ceil(size / stride), the odd pixel after."""
    sides = []
    for size in (x.shape[3], x.shape[2]):
        total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
        sides += [total // 2, total - total // 2]
    return F.pad(x, sides, value=value)


def conv(p, name, x, stride=1):
    weight = p[name + ".weight"]
    return F.conv2d(same(x, weight.shape[2], stride), weight, p[name + ".bias"], stride=stride)


def refiner(p, x, blocks):
    x = conv(p, "stem", x)
    for i in range(blocks):
        inner = torch.relu(conv(p, f"blocks.{i}.first", x))
        x = torch.relu(x + conv(p, f"blocks.{i}.second", inner))
    return conv(p, "output", x)


# A number is the stride of the next convolution, a pair kernel and stride of a max-pool.
EYES = [2, 2, (3, 1), 1, 1]
HANDS = [4, 2, (3, 2), 2, 1]


def discriminator(p, x, layers):
    index = 0
    for layer in layers:
        if isinstance(layer, tuple):
            kernel, stride = layer
            x = F.max_pool2d(same(x, kernel, stride, -math.inf), kernel, stride)
        else:
            x = torch.relu(conv(p, f"trunk.{index}", x, layer))
            index += 1
    return conv(p, "logits", x)


def refiner_shapes(channels, kernel, blocks):
    shapes = {"stem": (64, channels, kernel, kernel)}
    for i in range(blocks):
        shapes[f"blocks.{i}.first"] = (64, 64, kernel, kernel)
        shapes[f"blocks.{i}.second"] = (64, 64, kernel, kernel)
    shapes["output"] = (channels, 64, 1, 1)
    return shapes


def discriminator_shapes(channels, kernels):
    filters = [channels, 96, 64, 32, 32]
    shapes = {}
    for i, kernel in enumerate(kernels):
        shapes[f"trunk.{i}"] = (filters[i + 1], filters[i], kernel, kernel)
    shapes["logits"] = (2, 32, 1, 1)
    return shapes


def parameters(shapes, seed):
    """Glorot weights and small biases from the fixture's pseudo-random numbers, in order."""
    result = {}
    for name, shape in shapes.items():
        window = shape[2] * shape[3]
        limit = math.sqrt(6 / (shape[1] * window + shape[0] * window))
        for part, size, scale in (("weight", shape, limit), ("bias", shape[:1], 0.1)):
            values = pseudo_random(seed + len(result), size, scale)
            result[f"{name}.{part}"] = torch.from_numpy(values).requires_grad_()
    return result


def update(optimizer, parameters):
    """One step of a torch optimizer; the change of every parameter."""
    before = {name: p.detach().clone() for name, p in parameters.items()}
    optimizer.step()
    return {name: (p.detach() - before[name]).numpy() for name, p in parameters.items()}


def images(seed, shape):
    return torch.from_numpy(np.asarray(pseudo_random(seed, shape)))
