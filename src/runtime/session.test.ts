import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const session = new URL('../../dist/runtime/session.js', import.meta.url).href;
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What creating a session from bytes that are no model throws and prints. */
async function attempt(device: string): Promise<{ stdout: string; stderr: string }> {
  const script = `import { createSession } from ${JSON.stringify(session)};
    await createSession(new Uint8Array([1, 2, 3]), { device: '${device}' })
      .catch((error) => console.log(error.message));`;
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
  });
}

it('leaves it to the exception to say what is wrong with a model', async () => {
  const { stdout, stderr } = await attempt('cpu');
  expect(stdout).toContain('protobuf parsing failed');
  expect(stderr).toBe('');
});

it('prints nothing of its own where a device is absent', async () => {
  const { stdout, stderr } = await attempt('cuda');
  expect(stdout).toMatch(/^Expected a device that is there, got --device cuda|protobuf/);
  expect(stderr).not.toContain('onnxruntime');
});
