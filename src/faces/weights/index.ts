export {
  readFaceLandmarkNetwork,
  readFaceResNet,
  readTinyFaceDetector,
  readTinyFaceLandmarkNetwork,
} from './face-networks.ts';
export { readInceptionTrunk } from './inception.ts';
export { readMobileNetTrunk } from './mobilenet.ts';
