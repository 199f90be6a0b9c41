import { describe, expect, it } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { compile } from '../tensor/compile.ts';
import { spec } from '../tensor/host-tensor.ts';
import { exp } from '../tensor/operators/elementwise.ts';
import { type Device, devices, installedDevices, requireDevice } from './device.ts';
import { loadProgram } from './program.ts';

const compiled = compile(exp, [spec([1])]);

/** The error of a device that cannot be used. */
async function errorOf(device: string): Promise<unknown> {
  try {
    const program = await loadProgram(compiled, { device: device as Device });
    await program.dispose();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('devices', () => {
  it('have the CPU among those installed', async () => {
    expect(installedDevices()).toContain('cpu');
    expect(await errorOf('cpu')).toBeUndefined();
  });

  const help = { cuda: 'ONNXRUNTIME_NODE_INSTALL=cuda12', dml: 'Windows', coreml: 'macOS' };
  const absent = Object.entries(help).filter(
    ([device]) => !installedDevices().includes(device as Device),
  );

  it.each(absent)('that are absent are refused: %s', async (device, how) => {
    const error = await errorOf(device);
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).toContain(`got --device ${device}`);
    expect(message).toContain(`Part of this installation: ${installedDevices().join(', ')}.`);
    expect(message).toContain(how);
    expect(message).toContain('or use --device cpu');
  });

  it('that do not exist are refused with a suggestion', () => {
    const attempt = () => requireDevice('webgp' as Device);
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(`out of ${devices.join(', ')}, got --device webgp`);
    expect(attempt).toThrow('Did you mean "webgpu"?');
  });
});
