"""Values of every operator by PyTorch in float64, for the operators' tests.

Run with a Python that has torch (written with 1.13): python3 test/golden/operators.py
The inputs are those of src/testing/pattern.ts.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

GAP = 0.04
MODULUS = 2**31 - 1


def step(state):
    return state * 16807 % MODULUS


def pattern(shape, seed):
    state = step(seed + 1)
    values = []
    for _ in range(int(torch.tensor(shape).prod()) if shape else 1):
        state = step(state)
        values.append((state % 100 + 0.5) * GAP - 2)
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def shifted(shape, seed):
    return pattern(shape, seed) + GAP / 2


def positive(shape, seed):
    return pattern(shape, seed).abs() + 0.5


def distinct(shape):
    count = int(torch.tensor(shape).prod())
    stride = max(1, int(count * 0.382))
    while torch.gcd(torch.tensor(stride), torch.tensor(count)) != 1:
        stride += 1
    values = [((i * stride) % count - count / 2 + 0.25) * GAP for i in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


cases = {}


def elementwise():
    shapes = {"wide and narrow": ([2, 3, 4], [3, 1]), "both broadcast": ([3, 1], [2, 1, 4])}
    binary = {
        "add": lambda a, b: a + b,
        "subtract": lambda a, b: a - b,
        "multiply": lambda a, b: a * b,
        "maximum": torch.maximum,
        "minimum": torch.minimum,
        "greater": lambda a, b: (a > b).double(),
        "less": lambda a, b: (a < b).double(),
        "where": lambda a, b: torch.where(a > b, a * 2, b * 3),
    }
    for kind, (first, second) in shapes.items():
        for name, function in binary.items():
            cases[f"{name}, {kind}"] = function(pattern(first, 1), shifted(second, 2))
        cases[f"divide, {kind}"] = pattern(first, 1) / positive(second, 2)
    x, narrow = pattern([2, 3], 1), pattern([3], 1)
    cases["equal"] = (x == narrow).double()
    x = pattern([3, 5], 3)
    cases["negate"] = -x
    cases["exp"] = x.exp()
    cases["log"] = positive([3, 5], 3).log()
    cases["tanh"] = x.tanh()
    cases["sigmoid"] = x.sigmoid()
    cases["softplus"] = F.softplus(x)
    cases["relu"] = x.relu()
    cases["abs"] = x.abs()
    cases["sign"] = x.sign()
    cases["sqrt"] = positive([3, 5], 3).sqrt()
    cases["square"] = x**2
    cases["leakyRelu"] = F.leaky_relu(x, 0.2)
    cases["leakyRelu, slope 0.01"] = F.leaky_relu(x, 0.01)
    cases["clamp"] = x.clamp(-1, 0.6)


def reductions():
    x, unequal = pattern([2, 3, 4], 4), distinct([2, 3, 4])
    cases["sum, all"] = x.sum()
    cases["sum, axes 0 and 2"] = x.sum((0, 2))
    cases["sum, last axis kept"] = x.sum(-1, keepdim=True)
    cases["mean, all"] = x.mean()
    cases["mean, axes 0 and 2"] = x.mean((0, 2))
    cases["mean, last axis kept"] = x.mean(-1, keepdim=True)
    cases["max, all"] = unequal.max()
    cases["max, axes 0 and 2"] = unequal.amax((0, 2))
    cases["max, last axis kept"] = unequal.amax(-1, keepdim=True)


def products():
    cases["matmul"] = pattern([3, 4], 5) @ pattern([4, 2], 6)
    cases["matmul, batch by one matrix"] = pattern([2, 3, 4], 5) @ pattern([4, 2], 6)
    cases["matmul, both batches broadcast"] = pattern([2, 1, 3, 4], 5) @ pattern([3, 4, 2], 6)


def convolution(name, x, w, bias=None, padding=(0, 0, 0, 0), **options):
    top, left, bottom, right = padding
    x = F.pad(pattern(x, 7), (left, right, top, bottom))
    bias = None if bias is None else pattern(bias, 9)
    cases[f"conv2d, {name}"] = F.conv2d(x, pattern(w, 8), bias, **options)


def convolutions():
    convolution("plain", [2, 2, 4, 5], [3, 2, 3, 3])
    convolution("padding and bias", [1, 2, 4, 5], [3, 2, 3, 3], [3], (1, 1, 1, 1))
    convolution("stride 2 cuts off rows", [1, 2, 6, 8], [2, 2, 3, 3], stride=2)
    convolution("stride 2 and padding", [1, 2, 6, 5], [2, 2, 3, 3], None, (1, 1, 1, 1), stride=2)
    convolution("strides 2 and 1", [1, 2, 6, 4], [2, 2, 3, 3], stride=(2, 1))
    convolution("strides 1 and 2", [1, 2, 4, 6], [2, 2, 3, 3], stride=(1, 2))
    convolution("asymmetric padding", [1, 2, 4, 4], [2, 2, 3, 3], None, (0, 1, 2, 1))
    convolution("asymmetric, stride 2", [1, 2, 5, 5], [2, 2, 4, 4], None, (1, 2, 2, 1), stride=2)
    convolution("dilation 2", [1, 2, 6, 5], [2, 2, 3, 2], dilation=2)
    convolution(
        "dilation and stride", [1, 2, 7, 6], [2, 2, 3, 3], None, (2, 2, 2, 2), dilation=(1, 2), stride=2
    )
    convolution("groups", [1, 4, 4, 4], [6, 2, 3, 3], [6], groups=2)
    convolution("groups and stride", [1, 4, 5, 5], [4, 2, 3, 3], None, (1, 1, 1, 1), groups=2, stride=2)
    convolution("depth-wise", [2, 3, 4, 4], [3, 1, 3, 3], None, (1, 1, 1, 1), groups=3)
    convolution(
        "depth-wise, stride 2", [2, 3, 6, 5], [3, 1, 3, 3], [3], (0, 0, 1, 1), groups=3, stride=2
    )
    convolution("depth-wise, two filters a channel", [1, 2, 4, 4], [4, 1, 3, 3], groups=2)
    convolution("1×1", [2, 3, 3, 4], [2, 3, 1, 1])
    convolution("1×1, stride 2", [1, 3, 5, 4], [2, 3, 1, 1], stride=2)
    convolution("1×1, padding", [1, 2, 3, 3], [2, 2, 1, 1], None, (1, 1, 1, 1))
    convolution("5×5, stride 2", [1, 1, 9, 8], [2, 1, 5, 5], None, (2, 2, 2, 2), stride=2)
    convolution("stride above the filter", [1, 2, 7, 8], [2, 2, 2, 2], stride=3)
    convolution("1×3 filter", [1, 2, 3, 5], [2, 2, 1, 3], None, (0, 1, 0, 1))
    convolution("filter as large as the input", [2, 2, 3, 4], [3, 2, 3, 4])


def transposed(name, x, w, bias=None, **options):
    bias = None if bias is None else pattern(bias, 9)
    value = F.conv_transpose2d(pattern(x, 7), pattern(w, 8), bias, **options)
    cases[f"convTranspose2d, {name}"] = value


def transposed_convolutions():
    transposed("plain", [2, 3, 3, 4], [3, 2, 3, 3])
    transposed("padding and bias", [1, 3, 3, 4], [3, 2, 3, 3], [2], padding=1)
    transposed("stride 2", [1, 3, 3, 2], [3, 2, 4, 4], stride=2, padding=1)
    transposed("output padding", [1, 3, 3, 3], [3, 2, 3, 3], stride=2, padding=1, output_padding=1)
    transposed("groups", [1, 4, 3, 3], [4, 3, 3, 3], stride=2, groups=2)
    transposed("groups, stride 1", [1, 4, 3, 3], [4, 1, 3, 3], groups=2)
    transposed("dilation", [1, 2, 3, 3], [2, 2, 3, 3], dilation=2, padding=1)
    transposed("stride above the filter", [1, 2, 3, 3], [2, 2, 2, 2], stride=3)


def pooling(name, padding=(0, 0, 0, 0), **options):
    top, left, bottom, right = padding
    sides = (left, right, top, bottom)
    x = distinct([1, 2, 5, 6])
    cases[f"maxPool2d, {name}"] = F.max_pool2d(F.pad(x, sides, value=float("-inf")), **options)
    x = pattern([1, 2, 5, 6], 10)
    cases[f"averagePool2d, {name}"] = F.avg_pool2d(F.pad(x, sides), **options)


def pools():
    pooling("2×2", kernel_size=2)
    pooling("overlapping with padding", (1, 1, 1, 1), kernel_size=3, stride=2)
    pooling("stride 1", kernel_size=3, stride=1)
    pooling("asymmetric padding", (0, 1, 1, 0), kernel_size=2, stride=2)
    pooling("stride above the window", kernel_size=2, stride=3)


def resampling():
    x = pattern([1, 2, 4, 6], 11)
    for factor in (2, 3):
        cases[f"resizeNearest, {factor}"] = F.interpolate(x, scale_factor=factor, mode="nearest")
    for factor in (0.5, 1.5, 2, 3):
        cases[f"resizeBilinear, {factor}"] = F.interpolate(
            x, scale_factor=factor, mode="bilinear", align_corners=False
        )
    cases["pixelShuffle"] = F.pixel_shuffle(pattern([2, 8, 2, 3], 12), 2)
    cases["pixelUnshuffle"] = F.pixel_unshuffle(pattern([2, 3, 4, 6], 12), 2)
    cases["pixelUnshuffle, one channel"] = F.pixel_unshuffle(pattern([1, 1, 6, 3], 12), 3)


def rearranging():
    x = pattern([1, 2, 3, 4], 13)
    cases["pad, zeros"] = F.pad(x, (1, 0, 0, 2, 1, 1))
    cases["pad, reflect"] = F.pad(x, (3, 1, 0, 2), mode="reflect")
    cases["pad2d, reflect"] = F.pad(x, (2, 2, 2, 2), mode="reflect")
    cases["slice"] = x[:, :, 1:3]
    cases["slice, last axis"] = x[..., 2:4]
    cases["flip"] = x.flip((1, 3))
    parts = [pattern([2, size, 2], 14 + size) for size in (1, 3, 2)]
    cases["concat"] = torch.cat(parts, 1)
    cases["reshape"] = x.reshape(3, -1)
    cases["broadcastTo"] = pattern([3, 1], 13).expand(2, 3, 4)
    cases["transpose"] = x.transpose(2, 3)
    cases["transpose, permutation"] = x.permute(2, 0, 3, 1)
    cases["stopGradient"] = x


def normalization():
    x = pattern([2, 3, 4], 15)
    cases["softmax"] = x.softmax(1)
    cases["softmax, last axis"] = x.softmax(-1)
    cases["logSoftmax"] = x.log_softmax(1)
    x = pattern([2, 3, 3, 4], 16)
    cases["instanceNorm"] = F.instance_norm(x)
    cases["batchNorm"] = F.batch_norm(x, None, None, training=True)


def main():
    elementwise()
    reductions()
    products()
    convolutions()
    transposed_convolutions()
    pools()
    resampling()
    rearranging()
    normalization()
    lines = []
    for name, value in cases.items():
        data = [float(f"{number:.7g}") for number in value.flatten().tolist()]
        entry = {"shape": list(value.shape), "data": data}
        lines.append(f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(entry)}")
    path = pathlib.Path(__file__).parent / "fixtures" / "operators.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
