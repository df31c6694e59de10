import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Surroundings, surroundings } from '../support/program.ts';

describe('wrong input gives one clear message and the exit code of the contract', () => {
  let place: Surroundings;
  beforeAll(async () => {
    place = await surroundings();
  });
  afterAll(() => place.close());

  /** Writes `projects/broken` with one pipeline `p` of the given YAML. */
  const brokenPipeline = (yaml: string): string => {
    const project = join(place.root, 'projects', 'broken');
    rmSync(project, { recursive: true, force: true });
    for (const folder of ['pipelines/p', 'transformers']) mkdirSync(join(project, folder), { recursive: true });
    writeFileSync(join(project, 'metadata.yaml'), 'project_type: standalone\n');
    writeFileSync(join(project, 'pipelines', 'p', 'metadata.yaml'), yaml);
    return join(project, 'pipelines', 'p', 'metadata.yaml');
  };

  test('an unreachable state database: exit 3, names host and port', async () => {
    const { code, stderr } = await place.wand(['runs'], {
      environment: { WAND_DATABASE_URL: 'postgres://wand@127.0.0.1:1/wand' },
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/127\.0\.0\.1.*1/);
    expect(stderr).toContain('WAND_DATABASE_URL');
  });

  test('a wrong password: exit 3, names the user and not the password', async () => {
    const url = place.environment.WAND_DATABASE_URL!.replace(/:\/\/([^:]+):[^@]+@/, '://$1:wrong-horse@');
    const { code, stderr } = await place.wand(['runs'], { environment: { WAND_DATABASE_URL: url } });
    expect(code).toBe(3);
    expect(stderr).toMatch(/password/i);
    expect(stderr).not.toContain('wrong-horse');
  });

  test('an unreachable data database: the run fails and says which variable of which file names it', async () => {
    const { code, stderr } = await place.wand(['run', 'yellow_taxi'], {
      environment: { POSTGRES_HOST: '127.0.0.1', POSTGRES_PORT: '1' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('POSTGRES_HOST');
    expect(stderr).toContain('embedded');
  });

  test('an unknown pipeline: exit 2, with the nearest names', async () => {
    const { code, stderr } = await place.wand(['run', 'yelow_taxi']);
    expect(code).toBe(2);
    expect(stderr).toContain('yellow_taxi');
  });

  test('a cyclic pipeline: exit 2, with the path', async () => {
    const file = brokenPipeline(`blocks:
- {uuid: a, type: transformer, language: sql, upstream_blocks: [b], downstream_blocks: [b]}
- {uuid: b, type: transformer, language: sql, upstream_blocks: [a], downstream_blocks: [a]}
`);
    for (const name of ['a', 'b'])
      writeFileSync(join(file, '..', '..', '..', 'transformers', `${name}.sql`), 'select 1');
    const { code, stderr } = await place.wand(['run', 'broken/p']);
    expect(code).toBe(2);
    expect(stderr).toContain(file);
    expect(stderr).toMatch(/a --> b --> a|b --> a --> b/);
  });

  test('a block whose file is missing fails in its run, as in Mage: exit 1, names the file that was expected', async () => {
    brokenPipeline(
      'blocks:\n- {uuid: a, type: data_loader, language: sql, upstream_blocks: [], downstream_blocks: []}\n',
    );
    const { code, stderr } = await place.wand(['run', 'broken/p']);
    expect(code).toBe(1);
    expect(stderr).toContain(join('data_loaders', 'a.sql'));
  });

  test('broken YAML: exit 2 with file and line, and the other projects are listed all the same', async () => {
    brokenPipeline('blocks:\n- uuid: a\n  type: [unclosed\n');
    const check = await place.wand(['check']);
    expect(check.code).toBe(2);
    expect(check.stdout).toMatch(/projects\/broken\/pipelines\/p\/metadata\.yaml:\d/);
    const listed = await place.wand(['ls', 'pipelines']);
    expect(listed.code).toBe(0);
    expect(listed.stdout).toContain('yellow_taxi');
    rmSync(join(place.root, 'projects', 'broken'), { recursive: true });
  });

  test('a bad CSV row: the run fails and names file, line and value', async () => {
    const source = join(place.root, 'bad.csv');
    const header =
      'VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance,RatecodeID,store_and_fwd_flag,PULocationID,DOLocationID,payment_type,fare_amount,extra,mta_tax,tip_amount,tolls_amount,improvement_surcharge,total_amount,congestion_surcharge';
    const good = '1,2021-01-01 00:30:10,2021-01-01 00:36:12,1,2.10,1,N,142,43,2,8,3,0.5,0,0,0.3,11.8,2.5';
    writeFileSync(source, [header, good, good, good.replace('2.10', 'far away'), good, ''].join('\n'));
    const { code, stderr } = await place.wand(['run', 'yellow_taxi', '--var', `source=${source}`]);
    expect(code).toBe(1);
    expect(stderr).toContain(source);
    expect(stderr).toMatch(/\b4\b/);
    expect(stderr).toContain('far away');
  });

  test('a folder without projects: exit 2, names the folder', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'wand-empty-'));
    const { code, stderr } = await place.wand(['ls', '-C', empty]);
    expect(code).toBe(2);
    expect(stderr).toContain(empty);
    rmSync(empty, { recursive: true });
  });

  test('wrong usage: exit 2', async () => {
    expect((await place.wand(['run'])).code).toBe(2);
    expect((await place.wand(['runs', '--no-such-option'])).code).toBe(2);
    expect((await place.wand(['no-such-verb'])).code).toBe(2);
    expect((await place.wand(['show', '999999'])).code).toBe(2);
    expect((await place.wand(['run', 'yellow_taxi', '--from', 'nobody'])).stderr).toContain('load_trips');
  });

  test('the workbench without a terminal: exit 2, names the verbs', async () => {
    const { code, stderr } = await place.wand([]);
    expect(code).toBe(2);
    expect(stderr).toContain('wand run');
  });

  test('with --json an error is one JSON object on stderr', async () => {
    const { code, stdout, stderr } = await place.wand(['run', 'nothing', '--json']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ version: 1, error: { code: 'pipeline-not-found' } });
  });
});
