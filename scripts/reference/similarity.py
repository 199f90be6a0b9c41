"""Reference values of the structural similarity, by numpy and scipy.

    python3 scripts/reference/similarity.py > src/refine/verification/fixtures/similarity.json
"""

import json

import numpy
from scipy.signal import convolve2d


def pattern(width, height, seed):
    state, values = seed, []
    for i in range(width * height):
        state = state * 48271 % 2147483647
        values.append((3 * (i % width) + 5 * (i // width) + state % 90) % 256)
    return numpy.array(values, float).reshape(height, width)


def similarity(x, y, taps):
    """Wang et al. 2004 as in the authors' ssim_index.m."""
    axis = numpy.arange(taps) - taps // 2
    window = numpy.exp(-(axis[:, None] ** 2 + axis[None, :] ** 2) / (2 * 1.5**2))
    window /= window.sum()
    mean = lambda image: convolve2d(image, window, mode="valid")
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    return float((((2 * mx * my + c1) * (2 * cov + c2))
                  / ((mx**2 + my**2 + c1) * (vx + vy + c2))).mean())


print(json.dumps({
    "similarity": similarity(pattern(40, 30, 3), pattern(40, 30, 4), 11),
    "small": similarity(pattern(8, 9, 3), pattern(8, 9, 4), 7),
}, indent=1))
