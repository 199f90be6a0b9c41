import { listSupportedBackends } from 'onnxruntime-node';
import { suggestion, UserError } from '../base/user-error.ts';

/** Where programs run: ONNX Runtime's back ends. */
export const devices = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const;
export type Device = (typeof devices)[number];

const howToGet: Readonly<Record<Device, string>> = {
  cpu: '',
  cuda: 'Reinstall onnxruntime-node with ONNXRUNTIME_NODE_INSTALL=cuda12 on Linux x64 with CUDA 12',
  webgpu: 'Install a Vulkan, Metal or Direct3D 12 driver; the back end is part of onnxruntime-node',
  dml: 'Run on Windows, where DirectML is part of onnxruntime-node',
  coreml: 'Run on macOS, where CoreML is part of onnxruntime-node',
};

/** The devices whose back end is part of the installed ONNX Runtime. */
export function installedDevices(): Device[] {
  const bundled = new Set(
    listSupportedBackends().flatMap(({ name, bundled }) => (bundled ? [name] : [])),
  );
  return devices.filter((device) => bundled.has(device));
}

/** @throws {UserError} where there is no such device or this ONNX Runtime was built without it. */
export function requireDevice(device: Device): void {
  if (!devices.includes(device)) {
    throw new UserError(
      `Expected a device out of ${devices.join(', ')}, got --device ${device}.${suggestion(device, devices)}`,
    );
  }
  const known = listSupportedBackends().some(({ name }) => name === device);
  if (!known) throw absent(device, 'this ONNX Runtime was built without it');
}

/** The error for a device that cannot be used, with the reason, what there is, and what to do. */
export function absent(device: Device, reason: string): UserError {
  const installed = installedDevices().join(', ');
  return new UserError(
    `Expected a device that is there, got --device ${device} (${reason}). Part of this installation: ${installed}. ${howToGet[device]}, or use --device cpu.`,
  );
}
