"""Fixture files and deterministic values, read and made alike by fixture.ts.

A file is: length of the header (uint32, little endian), header (JSON, padded with spaces to whole
words), data. The header maps a name to shape, number of values, byte offset in the data, encoding
and scale.
Large tensors are stored as int16 in units of their largest value / 32767 (an error of at most
1.6e-5 of it), and with a limit only at pseudo-random positions.
"""
import json
import struct

import numpy as np


def mix(x):
    """The finalizer of MurmurHash3 on uint32."""
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x85EBCA6B)
    x = x ^ (x >> np.uint32(13))
    x = x * np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))


def hashes(seed, count):
    start = np.uint32(seed * 0x9E3779B1 % 2**32)
    return mix(mix(np.arange(count, dtype=np.uint32)) ^ start)


def pseudo_random(seed, shape, scale=1.0):
    """Values of -scale ... scale, the same bits in every language."""
    u = hashes(seed, int(np.prod(shape))).astype(np.float64) / 2**32
    return ((2 * u - 1) * scale).astype(np.float32).reshape(shape)


def sample_positions(size, limit):
    if size <= limit:
        return np.arange(size)
    return hashes(99, limit).astype(np.int64) % size


class Fixture:
    def __init__(self):
        self.entries = {}
        self.data = b""

    def add(self, name, values, limit=None, compact=False):
        """Stores a tensor: exactly, or compactly (int16), or compactly at `limit` positions."""
        values = np.asarray(values, dtype=np.float32)
        flat = values.reshape(-1)
        largest = float(np.abs(flat).max())
        if limit is not None:
            flat = flat[sample_positions(flat.size, limit)]
        entry = {"shape": list(values.shape), "count": int(flat.size), "offset": len(self.data)}
        if compact:
            entry["encoding"] = "int16"
            entry["scale"] = largest / 32767
            data = np.round(flat.astype(np.float64) / (largest / 32767 or 1)).astype("<i2").tobytes()
        else:
            entry["encoding"] = "float32"
            entry["scale"] = 1
            data = flat.astype("<f4").tobytes()
        self.entries[name] = entry
        self.data += data + b"\0" * (-len(data) % 4)

    def write(self, path):
        header = json.dumps(self.entries, separators=(",", ":")).encode()
        header += b" " * (-len(header) % 4)
        with open(path, "wb") as file:
            file.write(struct.pack("<I", len(header)) + header + self.data)
