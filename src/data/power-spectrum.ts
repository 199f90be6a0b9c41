/** Mean power of image planes by frequency. */
export interface PowerSpectrum {
  /** Pixels a side of the pieces that were looked at. */
  readonly side: number;
  /** Power at k periods a piece in any direction, k = 0 … side / √2, rounded. */
  readonly power: Float64Array;
}

export interface Plane {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

export interface PowerSpectrumMeter {
  /** Adds a plane of at least side × side pixels. */
  add(plane: Plane): void;
  spectrum(): PowerSpectrum;
}

/**
 * Measures mean power spectra by Welch's method (1967, doi 10.1109/TAU.1967.1161901) in two
 * dimensions: pieces of side × side pixels that overlap by half, each without its mean and under a
 * Hann window, `P(k) = mean |DFT(w · (x − x̄))|²` over all pieces and all frequencies that are k
 * periods a piece long when rounded, whatever their direction.
 *
 * @param side even, at least 4
 */
export function createPowerSpectrumMeter(side: number): PowerSpectrumMeter {
  const half = side / 2;
  const columns = half + 1;
  const hann = Float64Array.from(
    { length: side },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / side),
  );
  const cosines = Float64Array.from({ length: side }, (_, i) => Math.cos((2 * Math.PI * i) / side));
  const sines = Float64Array.from({ length: side }, (_, i) => Math.sin((2 * Math.PI * i) / side));
  const bins = Math.round(half * Math.SQRT2) + 1;
  const sums = new Float64Array(bins);
  const counts = new Float64Array(bins);
  const real = new Float64Array(side * columns);
  const imaginary = new Float64Array(side * columns);

  function addPiece({ data, width }: Plane, top: number, left: number): void {
    let mean = 0;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) mean += data[(top + y) * width + left + x];
    }
    mean /= side * side;
    for (let y = 0; y < side; y++) {
      const row = (top + y) * width + left;
      for (let k = 0; k < columns; k++) {
        let re = 0;
        let im = 0;
        for (let x = 0; x < side; x++) {
          const value = (data[row + x] - mean) * hann[x];
          const at = (k * x) % side;
          re += value * cosines[at];
          im -= value * sines[at];
        }
        real[y * columns + k] = re * hann[y];
        imaginary[y * columns + k] = im * hann[y];
      }
    }
    for (let k = 0; k < columns; k++) {
      // The columns that are left out mirror those between the first and the last.
      const times = k === 0 || k === half ? 1 : 2;
      for (let l = 0; l < side; l++) {
        let re = 0;
        let im = 0;
        for (let y = 0; y < side; y++) {
          const at = (l * y) % side;
          const a = real[y * columns + k];
          const b = imaginary[y * columns + k];
          re += a * cosines[at] + b * sines[at];
          im += b * cosines[at] - a * sines[at];
        }
        const bin = Math.round(Math.hypot(k, l > half ? side - l : l));
        sums[bin] += times * (re * re + im * im);
        counts[bin] += times;
      }
    }
  }

  return {
    add: (plane) => {
      for (const top of placesOf(plane.height, side)) {
        for (const left of placesOf(plane.width, side)) addPiece(plane, top, left);
      }
    },
    spectrum: () => ({ side, power: sums.map((sum, k) => sum / Math.max(1, counts[k])) }),
  };
}

/** Where pieces begin along an axis: they overlap by about half and reach both ends. */
function placesOf(size: number, side: number): number[] {
  const steps = Math.ceil((size - side) / (side / 2));
  return Array.from({ length: steps + 1 }, (_, i) =>
    steps === 0 ? 0 : Math.round((i * (size - side)) / steps),
  );
}
