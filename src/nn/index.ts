export * as batchNorm from './batch-norm.ts';
export * as conv2d from './conv2d.ts';
export * from './initializers.ts';
export * as instanceNorm from './instance-norm.ts';
export * as linear from './linear.ts';
export * as maxPool2d from './max-pool2d.ts';
export { type Padding, type PaddingMode, samePadding } from './padding.ts';
export { parameterCount } from './parameter-count.ts';
export * as residualBlock from './residual-block.ts';
