import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ConfigLayers, resolveConfig } from './config.ts';
import { describeConfig } from './config-schema.ts';
import { UserError } from './user-error.ts';

const pixels = z.int().min(8);
const schema = z.strictObject({
  size: z
    .preprocess(
      (value) =>
        typeof value === 'string' && /^\d+x\d+$/.test(value) ? value.split('x').map(Number) : value,
      z.union([pixels, z.tuple([pixels, pixels])]),
    )
    .default(64)
    .describe('pixels')
    .meta({ expected: 'pixels of at least 8, such as 64 or 35x55' }),
  channels: z
    .union([z.literal(1), z.literal(3)])
    .default(3)
    .describe('1 or 3'),
  batchSize: z.int().min(1).max(512).default(32).describe('images a step'),
  name: z.string().default('run'),
  loss: z.enum(['log', 'leastSquares']).default('log'),
  taps: z.array(z.number()).default([1, 2]),
  learningRate: z.number().positive().default(0.001),
  clip: z.number().optional(),
  history: z
    .strictObject({
      capacity: z.int().nonnegative().default(100).describe('images'),
      decay: z.strictObject({ steps: z.int().default(7) }).prefault({}),
    })
    .prefault({}),
});

const resolve = (layers: ConfigLayers = {}) => resolveConfig(schema, layers);

function message(layers: ConfigLayers, by: z.ZodObject = schema): string {
  try {
    resolveConfig(by, layers);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('no error');
}

describe('resolveConfig', () => {
  it('gives the defaults of the schema', () => {
    const { config, changed, sources } = resolve();
    expect(config.history).toEqual({ capacity: 100, decay: { steps: 7 } });
    expect(changed).toEqual([]);
    expect(sources['history.decay.steps']).toBe('default');
  });

  it('lets each layer beat the one before', () => {
    const layers = {
      preset: { batchSize: 1, channels: 1, name: 'preset', history: { capacity: 1 } },
      file: { path: 'c.json', value: { batchSize: 2, name: 'file', taps: [9] } },
      set: ['batchSize=3', 'name=set', 'history.decay.steps=3', 'batchSize=4'],
      flags: { batchSize: 5, clip: undefined },
    };
    const { config, changed, sources } = resolve(layers);
    expect(config).toMatchObject({ batchSize: 5, channels: 1, name: 'set', taps: [9] });
    expect(config.history).toEqual({ capacity: 1, decay: { steps: 3 } });
    expect(changed).toEqual(['batchSize', 'name', 'taps', 'history.decay.steps']);
    expect(sources).toMatchObject({
      batchSize: 'flag',
      channels: 'preset',
      name: 'set',
      taps: 'file',
      'history.capacity': 'preset',
      'history.decay.steps': 'set',
      loss: 'default',
    });
  });

  it('counts a value that equals the preset as unchanged', () => {
    const { changed } = resolve({ preset: { batchSize: 8 }, set: ['batchSize=8', 'channels=3'] });
    expect(changed).toEqual([]);
    expect(resolve({ preset: { batchSize: 8 }, set: ['batchSize=32'] }).changed).toEqual([
      'batchSize',
    ]);
  });

  it('reads --set values as JSON, else as text', () => {
    const { config } = resolve({
      set: ['size=35x55', 'name=007', 'taps=[3,4]', 'history={"capacity":2}', 'learningRate=1e-4'],
    });
    expect(config).toMatchObject({ size: [35, 55], name: '007', taps: [3, 4], learningRate: 1e-4 });
    expect(config.history).toEqual({ capacity: 2, decay: { steps: 7 } });
    expect(resolve({ set: ['name="a=b"'] }).config.name).toBe('a=b');
    expect(resolve({ set: ['name=a=b'] }).config.name).toBe('a=b');
  });

  const unknown: readonly (readonly [ConfigLayers, string])[] = [
    [
      { set: ['histroy.capacity=3'] },
      'Expected a key of the configuration, got "histroy.capacity". Did you mean "history.capacity"? It is in --set.',
    ],
    [
      { file: { path: 'c.json', value: { history: { decay: { stepz: 1 } } } } },
      'got "history.decay.stepz". Did you mean "history.decay.steps"? It is in c.json.',
    ],
    [
      { set: ['history.zzzzzz=3'] },
      'Expected a key of the configuration, got "history.zzzzzz". Use one of: capacity, decay. It is in --set.',
    ],
    [{ flags: { batchsize: 3 } }, 'Did you mean "batchSize"? It is in the flags.'],
    [{ set: ['__proto__.x=3'] }, 'got "__proto__.x".'],
    [{ set: ['constructor=3'] }, 'got "constructor".'],
  ];
  it.each(unknown)('refuses an unknown key in %j', (layers, text) => {
    expect(message(layers)).toContain(text);
  });

  const wrong: readonly (readonly [ConfigLayers, string])[] = [
    [
      { set: ['batchSize=many'] },
      'Expected `batchSize` to be a number, got "many". Change it in --set.',
    ],
    [
      { file: { path: 'c.json', value: { batchSize: 0 } } },
      'Expected `batchSize` to be at least 1, got 0. Change it in c.json.',
    ],
    [{ set: ['batchSize=1.5'] }, 'Expected `batchSize` to be a whole number, got 1.5.'],
    [{ flags: { batchSize: 513 } }, 'to be at most 512, got 513. Change it in the flags.'],
    [{ set: ['learningRate=0'] }, 'Expected `learningRate` to be more than 0, got 0.'],
    [
      { set: ['size=big'] },
      'Expected `size` to be pixels of at least 8, such as 64 or 35x55, got "big".',
    ],
    [
      { set: ['size=35x5'] },
      'Expected `size` to be pixels of at least 8, such as 64 or 35x55, got "35x5". Change it',
    ],
    [{ set: ['channels=2'] }, 'Expected `channels` to be 1 or 3, got 2.'],
    [
      { set: ['loss=leastSquare'] },
      'Expected `loss` to be one of log, leastSquares, got "leastSquare". Did you mean "leastSquares"? It is in --set.',
    ],
    [{ set: ['taps=3'] }, 'Expected `taps` to be a list, got 3.'],
    [{ set: ['taps=[1,"a"]'] }, 'Expected `taps.1` to be a number, got "a".'],
    [{ set: ['history=3'] }, 'Expected `history` to be an object of keys, got 3.'],
    [{ set: ['history.capacity='] }, 'Expected `history.capacity` to be a number, got "".'],
    [{ set: ['batchSize.x=1'] }, 'Expected `batchSize` to be a number, got {"x":1}.'],
    [{ set: ['batchSize'] }, 'Expected --set to be key=value, got "batchSize".'],
    [{ set: ['=3'] }, 'Expected --set to be key=value, got "=3".'],
    [{ set: ['history..x=3'] }, 'Expected --set to be key=value, got "history..x=3".'],
    [{ file: { path: 'c.json', value: [1] } }, 'Expected an object of keys in c.json, got [1].'],
  ];
  it.each(wrong)('refuses the value in %j', (layers, text) => {
    expect(message(layers)).toContain(text);
  });

  it('asks for a required key', () => {
    const required = z.strictObject({ seed: z.int() });
    expect(message({}, required)).toBe(
      'Expected `seed` to be a number, got nothing. Give it with --set seed=VALUE.',
    );
    expect(resolveConfig(required, { set: ['seed=3'] })).toEqual({
      config: { seed: 3 },
      changed: ['seed'],
      sources: { seed: 'set' },
    });
  });

  it('words checks of several keys', () => {
    const combined = z
      .strictObject({ low: z.number().default(0), high: z.number().default(1) })
      .refine(({ low, high }) => low <= high, { error: '`low` to be at most `high`' });
    expect(message({ set: ['low=2'] }, combined)).toBe(
      'Expected `low` to be at most `high`, got other values. Change one of them with --set key=value.',
    );
  });

  it('says how to override a value of the preset that others do not go with', () => {
    const combined = z
      .strictObject({ low: z.number().default(0), high: z.number().default(1) })
      .refine(({ low, high }) => low <= high, { error: 'at most `high`', path: ['low'] });
    expect(message({ preset: { low: 0.5 }, set: ['high=0.2'] }, combined)).toContain(
      'It is in the preset: give another with --set low=VALUE.',
    );
  });

  it('calls a preset that breaks the schema a bug', () => {
    expect(() => resolve({ preset: { bachSize: 3 } })).toThrow(/got "bachSize"/);
    expect(() => message({ preset: { bachSize: 3 } })).not.toThrow(UserError);
  });
});

describe('describeConfig', () => {
  it('lists every leaf with default and description', () => {
    const keys = describeConfig(schema);
    expect(keys.map(({ key }) => key)).toEqual([
      ...['size', 'channels', 'batchSize', 'name', 'loss', 'taps', 'learningRate', 'clip'],
      ...['history.capacity', 'history.decay.steps'],
    ]);
    expect(keys[0]).toEqual({ key: 'size', default: 64, description: 'pixels' });
    expect(keys.at(-2)).toEqual({ key: 'history.capacity', default: 100, description: 'images' });
  });

  it('takes the defaults of a preset', () => {
    const preset = { batchSize: 8, history: { capacity: 5 } };
    const defaults = new Map(describeConfig(schema, preset).map((key) => [key.key, key.default]));
    expect(defaults.get('batchSize')).toBe(8);
    expect(defaults.get('history.capacity')).toBe(5);
    expect(defaults.get('size')).toBe(64);
  });

  it('knows the defaults beside a required key', () => {
    const keys = describeConfig(schema.extend({ seed: z.int().describe('of all draws') }));
    expect(keys.find(({ key }) => key === 'batchSize')?.default).toBe(32);
    expect(keys.at(-1)).toEqual({ key: 'seed', default: undefined, description: 'of all draws' });
  });
});
