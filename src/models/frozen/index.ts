export * from './face-landmarks.ts';
export * from './face-resnet.ts';
export * from './find-face.ts';
export * from './inception-trunk.ts';
export { type ConvolutionWeights, constantWeights, type SeparableWeights } from './layers.ts';
export * from './mobilenet-trunk.ts';
export * from './tiny-face-detector.ts';
