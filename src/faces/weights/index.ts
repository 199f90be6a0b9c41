export { readFaceLandmarkNetwork, readFaceResNet, readTinyFaceDetector } from './face-networks.ts';
export { readInceptionTrunk } from './inception.ts';
export { readMobileNetTrunk } from './mobilenet.ts';
