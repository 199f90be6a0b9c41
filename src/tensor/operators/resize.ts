import { apply, type Operator, ShapeError, type Tensor } from '../tensor.ts';
import { constant } from './constant.ts';
import { multiply } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { averagePool2d } from './pooling.ts';
import { transpose } from './reshape.ts';

type ResizeAttributes = { readonly factor: number };

function scaled(name: string, x: { shape: readonly number[] }, factor: number): readonly number[] {
  const sizes = x.shape.slice(2).map((size) => size * factor);
  if (x.shape.length !== 4 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    const type = { shape: x.shape, dtype: 'float32' } as const;
    throw new ShapeError(name, [type], `[batch, channels, height, width] that scale by ${factor}`);
  }
  return [...x.shape.slice(0, 2), ...sizes];
}

const nearestOperator: Operator<ResizeAttributes> = {
  name: 'resizeNearest',
  infer: ([x], { factor }) => [{ shape: scaled('resizeNearest', x, factor), dtype: 'float32' }],
  gradient: ({ attributes: { factor }, outputGradient }) => [
    multiply(averagePool2d(outputGradient, { kernel: factor }), factor * factor),
  ],
  emit: (builder, [x], node) => {
    const { factor } = node.attributes as ResizeAttributes;
    const scales = builder.constant(Float32Array.of(1, 1, factor, factor), [4]);
    return builder.add('Resize', [x, '', scales], {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    });
  },
};

/** Repeats every pixel `factor` (a whole number) times along height and width. */
export function resizeNearest(x: Tensor, factor: number): Tensor {
  if (!Number.isInteger(factor)) {
    throw new ShapeError('resizeNearest', [x], `a whole factor instead of ${factor}`);
  }
  return factor === 1 ? x : apply(nearestOperator, [x], { factor });
}

const bilinearOperator: Operator<ResizeAttributes> = {
  name: 'resizeBilinear',
  infer: ([x], { factor }) => [{ shape: scaled('resizeBilinear', x, factor), dtype: 'float32' }],
  gradient: ({ inputs: [x], attributes: { factor }, outputGradient }) => {
    const [, , height, width] = x.shape;
    const rows = transpose(interpolationMatrix(height, factor));
    const columns = interpolationMatrix(width, factor);
    return [matmul(matmul(rows, outputGradient), columns)];
  },
  emit: (builder, [x], node) => {
    const { factor } = node.attributes as ResizeAttributes;
    const scales = builder.constant(Float32Array.of(1, 1, factor, factor), [4]);
    return builder.add('Resize', [x, '', scales], {
      mode: 'linear',
      coordinate_transformation_mode: 'half_pixel',
    });
  },
};

/**
 * Row *i* holds the weights of the input elements in output element *i*, `[size · factor, size]`.
 */
function interpolationMatrix(size: number, factor: number): Tensor {
  const rows = Math.round(size * factor);
  const matrix = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const position = Math.min(Math.max((row + 0.5) / factor - 0.5, 0), size - 1);
    const lower = Math.floor(position);
    const upper = Math.min(lower + 1, size - 1);
    matrix[row * size + lower] += 1 - (position - lower);
    matrix[row * size + upper] += position - lower;
  }
  return constant(matrix, [rows, size]);
}

/** Scales height and width by a factor with bilinear interpolation between pixel centres. */
export function resizeBilinear(x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : apply(bilinearOperator, [x], { factor });
}
