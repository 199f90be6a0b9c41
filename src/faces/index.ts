export { mirroredLandmarks } from '../data/landmarks.ts';
export type { Detection } from './detector.ts';
export type { DetectOptions, FaceTools, FaceToolsOptions } from './face-tools.ts';
export { loadFaceTools } from './face-tools.ts';
export type { FrozenProgram, FrozenProgramOptions } from './frozen-program.ts';
export {
  loadFaceEmbedding,
  loadFaceLandmarkNetwork,
  loadInceptionFeatures,
  loadTinyFaceDetector,
} from './frozen-program.ts';
export * from './geometry.ts';
export { identityCrop } from './identity.ts';
export type { Landmarks } from './landmarks.ts';
export { leftmostEye, mouthCenter, rightmostEye } from './landmarks.ts';
export { estimatePose, type Pose } from './pose.ts';
export { type ColorImage, type WarpOptions, warp } from './resample.ts';
export {
  readFaceLandmarkNetwork,
  readFaceResNet,
  readInceptionTrunk,
  readTinyFaceDetector,
} from './weights/index.ts';
