import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findExecutable } from '../../src/blocks/child/executable.ts';
import { snapshotShape } from '../../src/cli/shapes/run.ts';
import { type Surroundings, surroundings } from '../support/program.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const canMount = isRoot && findExecutable('mount', process.env) !== null;

describe(`a full disk${canMount ? '' : ' (skipped: mounting a small one needs root on Linux, and mount on the PATH)'}`, () => {
  let place: Surroundings;
  let outputs: string;
  beforeAll(async () => {
    place = await surroundings();
    outputs = join(place.home, 'outputs');
    if (!canMount) return;
    mkdirSync(outputs, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k,mode=700', 'tmpfs', outputs]);
  });
  afterAll(async () => {
    if (canMount) execFileSync('umount', [outputs]);
    await place.close();
  });

  test.skipIf(!canMount)('fails the block with a message that names the path, and the next run works', async () => {
    const { code, stdout } = await place.wand(['run', 'yellow_taxi', '--json']);
    expect(code).toBe(1);
    const { blocks } = snapshotShape.parse(JSON.parse(stdout));
    const failed = blocks.find(({ status }) => status === 'failed')!;
    expect(failed.error!.message).toContain(outputs);
    expect(`${failed.error!.message} ${failed.error!.fix}`).toMatch(/space|full/i);

    execFileSync('mount', ['-o', 'remount,size=64m', outputs]);
    expect((await place.wand(['run', 'yellow_taxi'])).code).toBe(0);
  });
});
