import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WandError } from '../../src/problem/wand-error.ts';
import { parseYaml } from '../../src/project/yaml.ts';
import { YamlTimestamp } from '../../src/project/yaml-scalar.ts';

type Recorded = { text: string; type: string; value: string | boolean | null };

const table = JSON.parse(readFileSync(join(import.meta.dirname, 'pyyaml-scalars.json'), 'utf8')) as Recorded[];

const value = (text: string): unknown => parseYaml(text, { file: 'x.yaml' }).value;
const errorOf = (text: string): WandError => {
  try {
    parseYaml(text, { file: 'x.yaml' });
  } catch (error) {
    return error as WandError;
  }
  throw new Error('no error');
};

describe('scalars', () => {
  it('has a table of what PyYAML makes of more than 100', () => expect(table.length).toBeGreaterThan(100));

  it.each(table)('reads $text as PyYAML: $type', ({ text, type, value: expected }) => {
    if (type === 'error') {
      expect(errorOf(`key: ${text}`)).toMatchObject({ code: 'invalid-yaml', file: 'x.yaml', line: 1 });
      return;
    }
    const read = (value(`key: ${text}`) as { key: unknown }).key;
    if (type === 'NoneType') expect(read).toBe(null);
    else if (type === 'bool' || type === 'str') expect(read).toBe(expected);
    else if (type === 'int') {
      expect(['number', 'bigint']).toContain(typeof read);
      expect(String(read)).toBe(expected);
      if (typeof read === 'number') expect(Number.isSafeInteger(read)).toBe(true);
    } else if (type === 'float') {
      const python = { inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY, nan: Number.NaN };
      expect(read).toBe(python[expected as 'inf'] ?? Number(expected));
    } else {
      expect(read).toBeInstanceOf(YamlTimestamp);
      expect((read as YamlTimestamp).kind).toBe(type);
      expect((read as YamlTimestamp).text).toBe(text);
    }
  });
});

describe('mappings', () => {
  it('lets the last of two equal keys win, with a warning that names both lines', () => {
    const { value: read, warnings } = parseYaml('a: 1\nb: 2\na: 3\n', { file: 'x.yaml' });
    expect(read).toEqual({ a: 3, b: 2 });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ severity: 'warning', file: 'x.yaml', line: 3 });
    expect(warnings[0]!.message).toContain('lines 1 and 3');
  });

  it('merges with <<: own keys win, of several sources the first', () => {
    const text = 'one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\nall: {<<: [*one, *two], c: 3}\n';
    expect((value(text) as Record<string, unknown>).all).toEqual({ a: 1, b: 1, c: 3 });
    expect(parseYaml(text, { file: 'x' }).warnings).toEqual([]);
  });

  it('gives keys that are not text the text of Python json', () => {
    expect(value('1: a\nyes: b\nnull: c\n1.5: d\n2024-01-01: e')).toEqual({
      '1': 'a',
      true: 'b',
      null: 'c',
      '1.5': 'd',
      '2024-01-01': 'e',
    });
  });

  it('takes keys that objects have by birth as plain keys', () => {
    const read = value('__proto__: {polluted: 1}\nconstructor: 2') as object;
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: number }).polluted).toBe(undefined);
  });
});

describe('errors', () => {
  it.each([
    ['a: 1\n b: 2\n', 2],
    ['a: 1\nb: [1, 2\n', 3],
    ['a: 1\nb: {{ x }}\n', 2],
    ['a: 1\n---\nb: 2\n', 3],
    ['a: 1\nb: !!python/object:os.system x\n', 2],
    ['a: 1\nb: *gone\n', 2],
    ['a: &a\n  b: *a\n', 2],
    ['a: 2024-02-30\n', 1],
    ['x: 1\n<<: 3\n', 2],
  ])('names file and line: %j', (text, line) => {
    expect(errorOf(text)).toMatchObject({ code: 'invalid-yaml', exitCode: 2, file: 'x.yaml', line });
  });

  it('refuses aliases that unfold to more than a million values, at once', () => {
    const levels = Array.from(
      { length: 30 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`)}]`,
    );
    expect(errorOf(`l0: &l0 [x]\n${levels.join('\n')}`).message).toContain('million');
  });

  it('refuses merges that unfold without end, at once', () => {
    const levels = Array.from({ length: 30 }, (_, index) => {
      const below = Array(9).fill(`*l${index}`);
      return `l${index + 1}: &l${index + 1} {<<: [${below}], k${index}: 1}`;
    });
    expect(errorOf(`l0: &l0 {a: 1}\n${levels.join('\n')}`).message).toContain('million');
  });
});

describe('documents', () => {
  it('reads nothing as null', () => {
    for (const text of ['', '# only a comment\n', '---\n', '---\n...\n']) expect(value(text)).toBe(null);
  });

  it('reads a byte order mark, CRLF and non-ASCII text', () => {
    expect(value('\ufeffname: Größe\r\ntags: [a]\r\n')).toEqual({ name: 'Größe', tags: ['a'] });
  });

  it('answers lines of entries and keys, also after block scalars, comments and CRLF', () => {
    const text =
      'name: x\r\ntext: |\r\n  one\r\n  two\r\n# note\r\nblocks:\r\n- uuid: a\r\n  type: b\r\n-\r\n  uuid: c\r\n- {uuid: d}\r\n';
    const { lineOf } = parseYaml(text, { file: 'x' });
    expect(lineOf('name')).toBe(1);
    expect(lineOf('blocks')).toBe(6);
    expect(lineOf('blocks', 0)).toBe(7);
    expect(lineOf('blocks', 0, 'type')).toBe(8);
    expect(lineOf('blocks', 1)).toBe(10);
    expect(lineOf('blocks', 2, 'uuid')).toBe(11);
    expect(lineOf('blocks', 0, 'missing')).toBe(7);
    expect(lineOf('missing')).toBe(1);
  });
});
