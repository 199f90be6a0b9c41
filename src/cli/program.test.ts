import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { folder, integer, number, oneOf, repeated, toggle } from './flags.ts';
import { createProgram } from './program.ts';

const flags = {
  out: folder({ description: 'folder to write', required: true }),
  count: integer({ description: 'how many', min: 1, max: 5000, default: 10 }),
  steps: integer({ description: 'how long', min: 0 }),
  minutes: number({ description: 'how long', min: 0, unit: 'minutes' }),
  device: oneOf(['cpu', 'cuda', 'webgpu'], { description: 'where', default: 'cpu' }),
  imagesPerIdentity: integer({ description: 'pictures of a person', min: 1, default: 1 }),
  grayscale: toggle({ description: 'no colour' }),
  set: repeated({ description: 'sets a key' }, 'KEY=VALUE'),
};

type Body = (context: CommandContext) => Promise<object>;

/** Runs a command line in this process with a command `render` that echoes its flags. */
async function run(argv: readonly string[], body: Body = async () => ({})) {
  let stdout = '';
  let stderr = '';
  const exits: number[] = [];
  const signals = new EventEmitter();
  const clock = { ms: 0 };
  const render = defineCommand({
    name: 'render',
    summary: 'Renders faces.',
    flags,
    run: async (values, context) => ({ ...values, ...(await body(context)) }),
    report: ({ out }) => `written to ${out}`,
  });
  const refine = defineCommand({
    name: 'refine',
    summary: 'Refines faces.',
    flags: {},
    interrupted: 'Come again.',
    run: (_flags, context) => body(context),
    report: () => '',
  });
  const running = createProgram([render, refine], {
    version: '9.9.9',
    output: {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      signals,
      exit: (code) => exits.push(code),
      now: () => clock.ms,
    },
  })(argv);
  return { running, signals, clock, exits, streams: () => ({ stdout, stderr }) };
}

async function outcome(argv: readonly string[], body?: Body) {
  const { running, streams } = await run(argv, body);
  return { code: await running, ...streams() };
}

describe('flags', () => {
  it('reach the command with their types and defaults', async () => {
    const argv = ['render', '--out', 'o', '--minutes=2.5', '--images-per-identity', '3', '--json'];
    const { code, stdout, stderr } = await outcome([...argv, '--set', 'a=1', '--set', 'b=2']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      out: 'o',
      count: 10,
      minutes: 2.5,
      device: 'cpu',
      imagesPerIdentity: 3,
      grayscale: false,
      set: ['a=1', 'b=2'],
    });
  });

  const wrong: readonly (readonly [argv: string, message: string])[] = [
    ['--cout 3', 'Expected a flag of lifelike render, got "--cout". Did you mean "--count"?'],
    ['-count 3', 'Expected a flag of lifelike render, got "-count". Did you mean "--count"?'],
    ['--greyscale', 'got "--greyscale". Did you mean "--grayscale"?'],
    ['--zzzzzzz', 'got "--zzzzzzz". Use one of: --out, --count,'],
    ['--grayscale=yes', 'Expected --grayscale without a value, got "--grayscale=yes".'],
    ['--count', 'Expected a value after --count, got none. Write --count N.'],
    ['--count --grayscale', 'Expected a value after --count, got the flag "--grayscale".'],
    [
      '--count -3',
      'Expected --count to be a whole number from 1 to 5000, got "-3". Give one, such as --count 10.',
    ],
    ['--count 1.5', 'Expected --count to be a whole number from 1 to 5000, got "1.5".'],
    ['--count 0x10', 'got "0x10"'],
    ['--steps abc', 'Expected --steps to be a whole number of at least 0, got "abc".'],
    ['--minutes -1', 'Expected --minutes to be a number of minutes of at least 0, got "-1".'],
    ['--minutes Infinity', 'got "Infinity"'],
    ['--device cdua', 'one of cpu, cuda, webgpu, got "cdua". Did you mean "cuda"?'],
    ['--device quantum', 'got "quantum". Choose one of these.'],
    ['--out=', 'Expected a value after --out, got an empty text.'],
    ['faces', 'Expected only flags after lifelike render, got "faces".'],
  ];
  it.each(wrong)('refuse %s', async (argv, message) => {
    const { code, stdout, stderr } = await outcome(['render', '--out', 'o', ...argv.split(' ')]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^Expected .*, got .*[.?]\n$/);
  });

  it('are asked for where required', async () => {
    const { code, stderr } = await outcome(['render']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'Expected --out DIR after lifelike render, got none. Add what is missing: --out is folder to write.\n',
    );
  });
});

describe('commands', () => {
  it.each([
    [['redner'], 'Expected a command, got "redner". Did you mean "render"?\n'],
    [['x'], 'got "x". Choose one of: render, refine; lifelike --help describes them.\n'],
    [[], 'Expected a command, got none. Choose one of: render, refine;'],
    [['--hepl'], 'Expected a command, got "--hepl". Did you mean "--help"?\n'],
    [['--json', 'render'], 'Expected a command, got "--json". Choose one of: render, refine;'],
  ])('are checked: %j', async (argv, message) => {
    const { code, stderr } = await outcome(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each([[['--help']], [['help']], [['-h']]])('are listed by %j', async (argv) => {
    const { code, stdout, stderr } = await outcome(argv);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/render .*Renders faces\.\n\s+refine .*Refines faces\./);
  });

  it.each([[['render', '--help']], [['help', 'render']]])('are described by %j', async (argv) => {
    const { code, stdout } = await outcome(argv);
    expect(code).toBe(0);
    expect(stdout).toContain('--device <cpu|cuda|webgpu>');
    expect(stdout).toMatch(/--out <DIR> +folder to write \(required\)/);
    expect(stdout).toMatch(/--count <N> +how many \(default: 10\)/);
  });

  it('print the report, or JSON alone on stdout', async () => {
    const body: Body = async ({ log }) => {
      log('note');
      return { extra: 1 };
    };
    expect(await outcome(['render', '--out', 'o'], body)).toEqual({
      code: 0,
      stdout: 'written to o\n',
      stderr: 'note\n',
    });
    const { stdout } = await outcome(['refine', '--json'], body);
    expect(stdout).toBe('{"extra":1}\n');
  });
});

describe('errors', () => {
  const throwing = (error: unknown): Body => {
    return async () => {
      throw error;
    };
  };
  it('of a user end with 2, without a stack', async () => {
    const body = throwing(new UserError('Expected a folder, got a file. Choose a folder.'));
    const { code, stdout, stderr } = await outcome(['refine', '--json'], body);
    expect(code).toBe(2);
    expect(stderr).toBe('Expected a folder, got a file. Choose a folder.\n');
    expect(JSON.parse(stdout)).toEqual({
      error: 'Expected a folder, got a file. Choose a folder.',
    });
  });

  it('that are bugs end with 1 and the stack', async () => {
    const { code, stderr } = await outcome(['refine'], throwing(new TypeError('x is undefined')));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^TypeError: x is undefined\n {4}at /);
  });

  it('of the operating system that a user can mend end with 2', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
      path: '/out/1.png',
    });
    const { code, stderr } = await outcome(['refine'], throwing(full));
    expect(code).toBe(2);
    expect(stderr).toBe(
      'Expected room on the disk at /out/1.png, got ENOSPC (write). Free some space or choose a folder on another disk.\n',
    );
  });
});

describe('an interrupt', () => {
  const untilAborted: Body = ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });

  it('ends with 130 where the command throws the abort', async () => {
    const { running, signals, streams } = await run(['refine', '--json'], untilAborted);
    signals.emit('SIGTERM');
    expect(await running).toBe(130);
    expect(streams().stdout).toBe('{"interrupted":true}\n');
    expect(streams().stderr).toMatch(/stops without saving\.\nCome again\.\n$/);
    expect(signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM')).toBe(0);
  });

  it('stays a bug where saving fails', async () => {
    const { running, signals } = await run(['refine'], ({ signal }) => {
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('could not save')));
      });
    });
    signals.emit('SIGINT');
    expect(await running).toBe(1);
  });

  it('that comes again while saving exits at once, but not the echo of one key press', async () => {
    let finish: (result: object) => void = () => {};
    const { running, signals, clock, exits } = await run(['refine'], () => {
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    signals.emit('SIGINT');
    clock.ms = 50;
    signals.emit('SIGINT');
    expect(exits).toEqual([]);
    clock.ms = 900;
    signals.emit('SIGINT');
    expect(exits).toEqual([130]);
    finish({});
    expect(await running).toBe(130);
  });
});
