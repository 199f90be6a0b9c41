"""Reference values for the tests of src/evaluate/statistics, by numpy and scipy.

    python3 scripts/reference/statistics.py > src/evaluate/statistics/fixtures/reference.json

Features come from the minimal standard generator, which both languages follow exactly:
s <- 48271 s mod (2^31 - 1), a value is the sum of four s / (2^31 - 1) less 2. Column j of a set is
then scaled by 1 / (1 + j / 8), and `shift` is added.
"""

import json

import numpy
import scipy.linalg
from scipy.spatial.distance import cdist


def features(seed, count, dimensions, shift):
    state, values = seed, []
    for _ in range(count * dimensions):
        total = -2.0
        for _ in range(4):
            state = state * 48271 % 2147483647
            total += state / 2147483647
        values.append(total)
    x = numpy.array(values).reshape(count, dimensions)
    return x / (1 + numpy.arange(dimensions) / 8) + shift


def root(matrix):
    values, vectors = scipy.linalg.eigh(matrix)
    return (vectors * numpy.sqrt(values.clip(0))) @ vectors.T


def frechet(x, y):
    """Symmetric form: tr (S1^1/2 S2 S1^1/2)^1/2 by two eigen-decompositions."""
    s1, s2 = numpy.cov(x.T), numpy.cov(y.T)
    r = root(s1)
    return float(
        ((x.mean(0) - y.mean(0)) ** 2).sum() + numpy.trace(s1 + s2 - 2 * root(r @ s2 @ r))
    )


def frechet_as_published(x, y):
    """The form of the published FID code: scipy.linalg.sqrtm of the product."""
    s1, s2 = numpy.cov(x.T), numpy.cov(y.T)
    product = scipy.linalg.sqrtm(s1 @ s2)
    return float(((x.mean(0) - y.mean(0)) ** 2).sum() + numpy.trace(s1 + s2 - 2 * product.real))


def kernel(x, y):
    """As in clean-fid's kernel_distance, for sets of different sizes."""
    d = x.shape[1]
    a, b, c = ((p @ q.T / d + 1) ** 3 for p, q in ((x, x), (y, y), (x, y)))
    n, m = len(x), len(y)
    within = (a.sum() - numpy.diag(a).sum()) / (n * (n - 1))
    other = (b.sum() - numpy.diag(b).sum()) / (m * (m - 1))
    return float(within + other - 2 * c.mean())


def kernel_of_resample(x, y, p, q):
    """Pairs of one original image with itself are left out."""
    i, j = numpy.repeat(numpy.arange(len(x)), p), numpy.repeat(numpy.arange(len(y)), q)
    d = x.shape[1]
    def within(z, k):
        keep = k[:, None] != k[None, :]
        return ((z[k] @ z[k].T / d + 1) ** 3)[keep].mean()
    return float(within(x, i) + within(y, j) - 2 * ((x[i] @ y[j].T / d + 1) ** 3).mean())


def neighbours(x, y):
    def radii(z, k):
        return numpy.sort(cdist(z, z), axis=1)[:, k]
    across = cdist(x, y)
    return {
        "precision": float((across <= radii(y, 3)[None, :]).any(1).mean()),
        "recall": float((across <= radii(x, 3)[:, None]).any(0).mean()),
        "density": float((across < radii(y, 5)[None, :]).sum() / (5 * len(x))),
        "coverage": float((across < radii(y, 5)[None, :]).any(0).mean()),
    }


def case(name, first, second, dimensions, shift):
    x = features(11, first, dimensions, 0.0)
    y = features(23, second, dimensions, shift)
    p, q = numpy.arange(first) % 3, (numpy.arange(second) + 1) % 3
    values = {
        "frechet": frechet(x, y),
        "kernel": kernel(x, y),
        **neighbours(x, y),
        "resampledFrechet": frechet(numpy.repeat(x, p, 0), numpy.repeat(y, q, 0)),
        "resampledKernel": kernel_of_resample(x, y, p, q),
    }
    if min(first, second) > dimensions:
        values["frechetAsPublished"] = frechet_as_published(x, y)
    return {
        "name": name, "first": first, "second": second, "dimensions": dimensions,
        "shift": shift, "values": values,
    }


sample = features(5, 1, 37, 0.0)[0]
print(json.dumps({
    "cases": [
        case("more images than dimensions", 60, 45, 8, 0.1),
        case("fewer images than dimensions", 20, 24, 32, 0.05),
        case("as many images as dimensions", 16, 16, 16, 0.2),
        case("few images in 768 dimensions", 90, 120, 768, 0.02),
        case("many images in 768 dimensions", 900, 800, 768, 0.02),
    ],
    "quantiles": [float(numpy.quantile(sample, s)) for s in (0, 0.025, 0.5, 0.975, 1)],
}, indent=1))
