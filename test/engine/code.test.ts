import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planRun, retry, startRun } from '../../src/engine/client/index.ts';
import { codeOfRun } from '../../src/engine/code/changed-files.ts';
import { codePlace } from '../../src/engine/code/code-place.ts';
import { pruneCode } from '../../src/engine/code/prune-code.ts';
import { keepCode, snapshotOf } from '../../src/engine/code/take-snapshot.ts';
import { executeClaim } from '../../src/engine/execute-claim.ts';
import type { BlockRun } from '../../src/model/run.ts';
import { readProject } from '../../src/project/read-project.ts';
import { type TestEngine, testEngine } from '../support/engine.ts';
import { testInterpreter } from '../support/python.ts';

const python = await testInterpreter();

/** Writes files of a project; answers its path. */
const write = (project: string, files: Record<string, string>): string => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  return project;
};

const block = (uuid: string, language: string, upstream: string[] = []) =>
  `- {uuid: ${uuid}, type: ${upstream.length > 0 ? 'transformer' : 'data_loader'}, language: ${language}, upstream_blocks: [${upstream}]}\n`;

const madeBy = ({ outputs }: BlockRun): unknown => JSON.parse(readFileSync(outputs[0]!.path!, 'utf8'));

describe.skipIf(!python.interpreter)(`the code of a run${python.skip ? ` (${python.skip})` : ''}`, () => {
  let engine: TestEngine;
  let project: string;
  beforeAll(async () => {
    process.env.WAND_PYTHON = python.interpreter!.command;
    engine = await testEngine();
    project = write(join(mkdtempSync(join(tmpdir(), 'wand-test-')), 'shop'), {
      'metadata.yaml': 'project_type: standalone\n',
      'pipelines/flow/metadata.yaml': `name: flow\ntype: python\nblocks:\n${block('load', 'python')}${block('shape', 'typescript', ['load'])}`,
      'utils/__init__.py': '',
      'utils/words.py': `def word():\n    return open('shop/data.txt').read() + ' one'\n`,
      'data.txt': 'data',
      'data_loaders/load.py': `from shop.utils.words import word\nimport shop.utils.words as module\n\n@data_loader\ndef load(*args, **kwargs):\n    open('shop/written.txt', 'w').write('x')\n    return {'word': word(), 'file': module.__file__, 'repo': kwargs['repo_path']}\n`,
      'transformers/shape.ts': `import { transformer } from 'wand';\nimport { loud } from '../utils/loud.ts';\nexport default transformer(async ({ inputs }) => ({ word: loud(((await inputs[0]!.value()) as { word: string }).word) }));\n`,
      'utils/loud.ts': `export const loud = (word: string): string => word.toUpperCase();\n`,
    });
  });
  afterAll(async () => {
    await engine.close();
    rmSync(dirname(project), { recursive: true, force: true });
  });

  const request = () => {
    const read = readProject(project);
    return { project: read, pipeline: read.pipelines.find(({ uuid }) => uuid === 'flow')!, trigger: 'test' };
  };
  const ended = async (id: string) => {
    const worker = await engine.worker(executeClaim);
    try {
      return await engine.ended(id);
    } finally {
      await worker.stop('drain');
    }
  };
  const changeCode = (): void => {
    write(project, {
      'utils/words.py': `def word():\n    return 'changed'\n`,
      'utils/loud.ts': `export const loud = (word: string): string => 'changed';\n`,
      'data_loaders/load.py': `@data_loader\ndef load(*args, **kwargs):\n    return {'word': 'changed'}\n`,
    });
  };

  test('is that of its submit, in the folder of the project, with what blocks read and write there', async () => {
    const original = readFileSync(join(project, 'data_loaders/load.py'), 'utf8');
    const id = await startRun(engine.client, request());
    const kept = snapshotOf(project)!;
    changeCode();
    write(project, { 'data.txt': 'fresh data' });
    const { run, blocks } = await ended(id);
    expect([run.status, blocks.map(({ error }) => error?.message)]).toEqual(['completed', [undefined, undefined]]);
    expect(madeBy(blocks[0]!)).toEqual({
      word: 'fresh data one',
      file: join(project, 'utils/words.py'),
      repo: project,
    });
    expect(madeBy(blocks[1]!)).toEqual({ word: 'FRESH DATA ONE' });
    expect(existsSync(join(project, 'written.txt'))).toBe(true);
    const place = await codePlace(engine.client.store, kept.hash);
    expect(readFileSync(join(place, 'data_loaders/load.py'), 'utf8')).toBe(original);
    expect(place.endsWith(join('code', kept.hash, 'shop'))).toBe(true);
    expect(await codeOfRun(engine.client.store, id, join(project, 'data_loaders/load.py'))).toBe(original);
  });

  test('can be that of an earlier run, with its graph, or as it is now', async () => {
    const first = await ended(await startRun(engine.client, request()));
    expect(madeBy(first.blocks[1]!)).toEqual({ word: 'changed' });
    write(project, {
      'data_loaders/load.py': `@data_loader\ndef load(*args, **kwargs):\n    return {'word': 'newest'}\n`,
      'utils/loud.ts': `export const loud = (word: string): string => word.toUpperCase();\n`,
      'pipelines/flow/metadata.yaml': `name: flow\ntype: python\nblocks:\n${block('load', 'python')}${block('other', 'python')}`,
      'data_loaders/other.py': `@data_loader\ndef load(*args, **kwargs):\n    return 1\n`,
    });
    const rerun = { ...request(), runId: first.run.id };
    const plan = await planRun(engine.client, { ...rerun, code: 'then' });
    expect(plan).toMatchObject({ run: ['load', 'shape'], code: 'then', parentRun: first.run.id });
    expect(plan.changedFiles).toEqual([
      'data_loaders/load.py',
      'data_loaders/other.py',
      'pipelines/flow/metadata.yaml',
      'utils/loud.ts',
    ]);
    const then = await ended(await startRun(engine.client, { ...rerun, code: 'then' }));
    expect(then.blocks.map(madeBy)).toEqual([{ word: 'changed' }, { word: 'changed' }]);
    const part = await ended(await startRun(engine.client, { ...rerun, selection: { block: 'shape' }, code: 'then' }));
    expect([part.blocks[0]!.reusedFrom, madeBy(part.blocks[1]!)]).toEqual([first.run.id, { word: 'changed' }]);
    const now = await ended(await startRun(engine.client, { ...rerun, code: 'now' }));
    expect(now.blocks.map(({ uuid }) => uuid)).toEqual(['load', 'other']);
    expect(madeBy(now.blocks[0]!)).toEqual({ word: 'newest' });
    await expect(startRun(engine.client, { ...request(), code: 'then' })).rejects.toMatchObject({ code: 'bad-usage' });
  });

  test('shows the lines that were run in a traceback, not those that stand in the file by now', async () => {
    const failing = `@data_loader\ndef load(*args, **kwargs):\n    from shop.utils.words import word\n    return word()\n`;
    write(project, {
      'data_loaders/load.py': failing,
      'utils/words.py': `def word():\n    raise ValueError('as it was')\n`,
    });
    const id = await startRun(engine.client, request());
    write(project, { 'utils/words.py': `# one\n# two\n`, 'data_loaders/load.py': '# other\n' });
    const { blocks } = await ended(id);
    const { error } = blocks.find(({ uuid }) => uuid === 'load')!;
    expect(error).toMatchObject({ message: 'as it was', file: join(project, 'data_loaders/load.py'), line: 4 });
    expect(error!.traceback).toContain(`File "${join(project, 'utils/words.py')}", line 2, in word`);
    expect(error!.traceback).toContain("raise ValueError('as it was')");
    expect(error!.traceback).not.toContain('# two');
  });

  test('is that of its submit for JavaScript and JSON too, though git ignores some, and it is gone from the folder', async () => {
    const helpers = {
      'transformers/shape.ts': `import { transformer } from 'wand';\nimport { esm } from '../utils/esm.mjs';\nimport { plain } from '../utils/plain.js';\nimport common from '../utils/common.cjs';\nimport settings from '../utils/settings.json' with { type: 'json' };\nimport { made } from '../generated/made.ts';\nexport default transformer(async () => [esm, plain, common.word, settings.word, made]);\n`,
      'utils/esm.mjs': `export const esm = 'then';\n`,
      'utils/plain.js': `export const plain = 'then';\n`,
      'utils/common.cjs': `const { inner } = require('./inner.cjs');\nmodule.exports = { word: inner };\n`,
      'utils/inner.cjs': `exports.inner = 'then';\n`,
      'utils/settings.json': `{"word": "then"}`,
      'generated/made.ts': `export const made: string = 'then';\n`,
      '.gitignore': 'generated/\n*.cjs\n.gitignore\n',
      'data_loaders/load.py': `@data_loader\ndef load(*args, **kwargs):\n    return {}\n`,
    };
    const pipeline = `name: flow\ntype: python\nblocks:\n${block('load', 'python')}${block('shape', 'typescript', ['load'])}`;
    const before = readFileSync(join(project, 'pipelines/flow/metadata.yaml'), 'utf8');
    write(project, { ...helpers, 'pipelines/flow/metadata.yaml': pipeline });
    const id = await startRun(engine.client, request());
    const edited = Object.entries(helpers).map(([name, text]) => [name, text.replaceAll(`then`, 'now')]);
    write(project, Object.fromEntries(edited));
    const shaped = async (run: string) => {
      const { blocks } = await ended(run);
      const shape = blocks.find(({ uuid }) => uuid === 'shape')!;
      return shape.error?.message ?? madeBy(shape);
    };
    expect(await shaped(id)).toEqual(Array(5).fill('then'));
    const again = await startRun(engine.client, { ...request(), runId: id, code: 'then' });
    for (const name of Object.keys(helpers)) rmSync(join(project, name));
    expect(await shaped(again)).toEqual(Array(5).fill('then'));
    write(project, { ...helpers, 'pipelines/flow/metadata.yaml': before });
    rmSync(join(project, '.gitignore'));
  });

  test('holds no secrets, packages or environments, and no data that git ignores', () => {
    const key = ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC', ''];
    const kept = { 'local/tool.py': 'x = 1\n', 'local/query.sql': 'select 1\n', 'pyvenv.cfg': 'home = /usr\n' };
    const notKept = {
      '.env': 'A=1',
      'local/.env.dev': 'A=1',
      'local/settings.json': '{"db": "x"}',
      'local/secrets.json': '{}',
      'local/gcp_service_account.json': '{}',
      'local/plain-name.json': JSON.stringify({ private_key: key.join('\n') }),
      'utils/key.py': `key = '''${key.join('\n')}'''\n`,
      'local/notes.txt': 'notes',
      'local/rows.csv': 'a,b\n',
      'local/large.json': JSON.stringify('x'.repeat(1_100_000)),
      'node_modules/p/index.js': 'x',
      'local/my env/pyvenv.cfg': 'home = /usr',
      'local/my env/lib/x.py': 'x = 1\n',
      '.git/hooks/x.py': 'x = 1\n',
      'utils/.pgpass': 'x',
    };
    const files = { ...kept, ...notKept, '.gitignore': 'local/\n' };
    const folder = write(join(mkdtempSync(join(tmpdir(), 'wand-test-')), 'secretive'), files);
    expect(Object.keys(snapshotOf(folder)!.manifest)).toEqual(['.gitignore', ...Object.keys(kept)].sort());
    rmSync(dirname(folder), { recursive: true });
  });

  test('is kept of a project with a large folder that git ignores', () => {
    const many = Object.fromEntries(Array.from({ length: 5_200 }, (_, n) => [`data/${n}.py`, '1']));
    const files = { ...many, 'a.py': 'x = 1\n', 'later/b.py': 'x = 1\n', '.gitignore': 'data/\nlater/\n' };
    const folder = write(join(mkdtempSync(join(tmpdir(), 'wand-test-')), 'large'), files);
    const paths = Object.keys(snapshotOf(folder)!.manifest);
    expect(paths).toEqual(expect.arrayContaining(['a.py', 'later/b.py']));
    expect(paths.length).toBeLessThanOrEqual(2_010);
    rmSync(dirname(folder), { recursive: true });
  });

  test('is the code as it is now in a retry', async () => {
    write(project, {
      'data_loaders/load.py': `@data_loader\ndef load(*args, **kwargs):\n    raise ValueError('no')\n`,
    });
    const failed = await ended(await startRun(engine.client, request()));
    expect(failed.run.status).toBe('failed');
    write(project, { 'data_loaders/load.py': `@data_loader\ndef load(*args, **kwargs):\n    return 'mended'\n` });
    await retry(engine.client, { runId: failed.run.id });
    const mended = await ended(failed.run.id);
    expect([mended.run.status, madeBy(mended.blocks[0]!)]).toEqual(['completed', 'mended']);
  });

  test('is enough on a host that does not have the folder; messages name the path that the user knows', async () => {
    write(project, {
      'pipelines/flow/metadata.yaml': `name: flow\ntype: python\nblocks:\n${block('load', 'python')}${block('shape', 'typescript', ['load'])}`,
      'utils/words.py': `def word():\n    return 'far away'\n`,
      'data_loaders/load.py': `from mage_ai.orchestration.triggers.api import trigger_pipeline\nfrom shop.utils.words import word\n\n@data_loader\ndef load(*args, **kwargs):\n    trigger_pipeline('child')\n    return {'word': word()}\n`,
      'pipelines/child/metadata.yaml': `name: child\ntype: python\nblocks:\n${block('other', 'python')}`,
      'transformers/shape.ts': `import { transformer } from 'wand';\nexport default transformer(async () => { throw new Error('here'); });\n`,
    });
    const id = await startRun(engine.client, request());
    renameSync(project, `${project} moved`);
    try {
      const { blocks } = await ended(id);
      expect(blocks.map(({ error }) => error?.message)).toEqual([undefined, 'here']);
      expect(madeBy(blocks[0]!)).toEqual({ word: 'far away' });
      const { rows } = await engine.client.store.pool.query(
        `select c.project_path, c.project, c.project_id = p.project_id as same, c.settings->>'code' = p.settings->>'code' as code
         from wand.run c, wand.run p where c.pipeline = 'child' and p.id = $1`,
        [id],
      );
      expect(rows).toEqual([{ project_path: project, project: 'shop', same: true, code: true }]);
      expect(blocks[1]!.error).toMatchObject({ file: join(project, 'transformers/shape.ts'), line: 2 });
    } finally {
      renameSync(`${project} moved`, project);
    }
  });

  test('is the text that git would not ignore and all programs, never a secret, and is stored once', async () => {
    const other = write(join(dirname(project), 'other'), {
      '.gitignore': '*.log\n/build/\n!keep.log\nsub/*.csv\n',
      'sub/.gitignore': 'x?.txt\n',
      'metadata.yaml': 'a: 1\n',
      '.env': 'PASSWORD=1',
      'dev.env': 'PASSWORD=2',
      'server.pem': 'key',
      'a.log': 'ignored',
      'keep.log': 'kept',
      'build/x.py': 'ignored',
      'sub/build/x.py': 'kept',
      'sub/a.csv': 'ignored',
      'sub/deep/a.csv': 'kept',
      'sub/x1.txt': 'ignored',
      'sub/x12.txt': 'kept',
      'node_modules/m.js': 'never',
      'large.csv': 'x'.repeat(1024 * 1024 + 1),
      'binary.bin': 'a\u0000b',
      'copy.py': 'kept',
    });
    const snapshot = snapshotOf(other)!;
    expect(Object.keys(snapshot.manifest)).toEqual([
      '.gitignore',
      'build/x.py',
      'copy.py',
      'keep.log',
      'metadata.yaml',
      'sub/.gitignore',
      'sub/build/x.py',
      'sub/deep/a.csv',
      'sub/x12.txt',
    ]);
    const { pool } = engine.client.store;
    const count = async () => Number((await pool.query('select count(*) from wand.code_file')).rows[0].count);
    expect(await keepCode(pool, other)).toBe(snapshot.hash);
    const stored = await count();
    expect(await keepCode(pool, other)).toBe(snapshot.hash);
    expect(await count()).toBe(stored);
    // Within the same stamp of a second: still seen.
    write(other, { 'copy.py': 'kepT' });
    expect(await keepCode(pool, other)).not.toBe(snapshot.hash);
    expect(await count()).toBe(stored + 1);
  });

  test('is forgotten when no run names it and it is old, not before', async () => {
    const other = write(join(dirname(project), 'old'), { 'metadata.yaml': 'b: 2\n', 'only_here.py': 'kept once' });
    const { pool } = engine.client.store;
    const hash = (await keepCode(pool, other))!;
    const place = dirname(await codePlace(engine.client.store, hash));
    const used = await startRun(engine.client, request());
    const usedHash = snapshotOf(project)!.hash;
    const usedPlace = dirname(await codePlace(engine.client.store, usedHash));
    const known = async () => (await pool.query('select hash from wand.code')).rows.map((row) => row.hash);
    await pruneCode(engine.client.store);
    expect(await known()).toContain(hash);
    await pool.query(`update wand.code set used_at = used_at - interval '8 days'`);
    await pool.query(`update wand.code_file set stored_at = stored_at - interval '8 days'`);
    const longAgo = new Date(Date.now() - 8 * 86_400_000);
    for (const folder of [place, usedPlace]) utimesSync(folder, longAgo, longAgo);
    const pruned = await pruneCode(engine.client.store);
    expect(pruned.snapshots).toBeGreaterThanOrEqual(1);
    expect(await known()).not.toContain(hash);
    expect(await known()).toContain(usedHash);
    expect([existsSync(place), existsSync(usedPlace)]).toEqual([false, true]);
    const { rows } = await pool.query(`select count(*)::int as n from wand.code_file where content = 'kept once'`);
    expect(rows[0].n).toBe(0);
    expect((await ended(used)).run.status).toBeOneOf(['completed', 'failed']);
    await expect(codePlace(engine.client.store, hash)).rejects.toMatchObject({ code: 'no-code-kept' });
  });
});
