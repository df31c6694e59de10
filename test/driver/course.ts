import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openClient } from '../../src/engine/client/index.ts';
import { startWorker } from '../../src/engine/worker.ts';
import { openLiveSource } from '../../src/tui/live-source.ts';
import type { WorkbenchSource } from '../../src/tui/workbench-source.ts';
import { testDatabase, urlOf } from '../support/database.ts';

/** A small course on a real engine and a real Postgres: project `rides`, its files, a worker in this process. */
export type Course = {
  /** Folder of the instance. */
  root: string;
  home: string;
  environment: NodeJS.ProcessEnv;
  write(file: string, text: string): void;
  source(): WorkbenchSource;
  close(): Promise<void>;
};

type BlockEntry = [uuid: string, type: string, language: string, upstream: string[]];

const pipeline = (uuid: string, blocks: BlockEntry[], more = ''): string => {
  const below = (name: string): string[] =>
    blocks.filter(([, , , above]) => above.includes(name)).map(([other]) => other);
  const entries = blocks.map(
    ([name, type, language, above]) =>
      `- {uuid: ${name}, name: ${name}, type: ${type}, language: ${language}, upstream_blocks: [${above}], downstream_blocks: [${below(name)}]${
        language === 'sql'
          ? ', configuration: {data_provider: postgres, data_provider_profile: default, data_provider_schema: rides, export_write_policy: replace}'
          : ''
      }}`,
  );
  return `name: ${uuid}\nuuid: ${uuid}\ntype: python\n${more}blocks:\n${entries.join('\n')}\n`;
};

/** The row that has no distance is where `price` fails. */
const files: Record<string, string> = {
  'metadata.yaml': 'project_type: standalone\n',
  'io_config.yaml': `version: 0.1.1\ndefault: &it\n${['DBNAME', 'USER', 'PASSWORD', 'HOST', 'PORT']
    .map((name) => `  POSTGRES_${name}: "{{ env_var('POSTGRES_${name}') }}"\n`)
    .join('')}  POSTGRES_SCHEMA: rides\n`,
  'pipelines/daily/metadata.yaml': pipeline(
    'daily',
    [
      ['load_rides', 'data_loader', 'typescript', []],
      ['clean_rides', 'transformer', 'typescript', ['load_rides']],
      ['rides_per_area', 'data_exporter', 'sql', ['clean_rides']],
    ],
    'variables: {size: 300}\n',
  ),
  'pipelines/prices/metadata.yaml': pipeline('prices', [
    ['load_rides', 'data_loader', 'typescript', []],
    ['price_rides', 'transformer', 'typescript', ['load_rides']],
    ['sum_prices', 'data_exporter', 'sql', ['price_rides']],
  ]),
  'pipelines/nightly/metadata.yaml': pipeline('nightly', [['sleep_long', 'data_loader', 'typescript', []]]),
  'pipelines/half_written/metadata.yaml': 'name: half_written\nblocks:\n- uuid: load_rides\n  name: [load\n',
  'data_loaders/load_rides.ts': `import { loader } from 'wand';
export default loader(async function* ({ variables }) {
  console.log(\`loading \${variables.size ?? 300} rides\`);
  for (let ride = 1; ride <= Number(variables.size ?? 300); ride++)
    yield { ride, area: ride % 7, miles: ride % 50 === 7 ? null : (ride % 40) / 4, note: ride % 50 === 7 ? '' : 'ok' };
});
`,
  'transformers/clean_rides.ts': `import { sql, transformer } from 'wand';
export default transformer(({ inputs }) => sql\`select * from \${inputs[0]} where miles is not null\`);
`,
  'transformers/price_rides.ts': `import { transformer } from 'wand';
export default transformer(async function* ({ inputs }) {
  for await (const { ride, miles } of inputs[0]!.rows()) {
    if (miles === null) throw new RangeError(\`ride \${ride} has no distance\`);
    yield { ride, price: Number(miles) * 3 };
  }
});
`,
  'data_exporters/rides_per_area.sql': 'SELECT area, count(*) AS rides FROM {{ df_1 }} GROUP BY area ORDER BY area\n',
  'data_exporters/sum_prices.sql': 'SELECT sum(price) AS total FROM {{ df_1 }}\n',
  'data_loaders/sleep_long.ts': `import { loader } from 'wand';
export default loader(async function* () {
  console.log('sleeping');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
  yield { n: 1 };
});
`,
};

export const openCourse = async (): Promise<Course> => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wand-course-')));
  const [root, home] = [join(folder, 'course'), join(folder, 'home')];
  const write = (file: string, text: string): void => {
    const path = join(root, 'rides', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  const [state, data] = await Promise.all([testDatabase(), testDatabase()]);
  const { user, password, host, port, database } = data.config;
  writeFileSync(
    join(root, '.env'),
    `POSTGRES_DBNAME=${database}\nPOSTGRES_USER=${user}\nPOSTGRES_PASSWORD=${password}\nPOSTGRES_HOST=${host}\nPOSTGRES_PORT=${port}\n`,
    { mode: 0o600 },
  );
  const environment = { ...process.env, WAND_HOME: home, WAND_DATABASE_URL: urlOf(state.config) };
  const before = { WAND_HOME: process.env.WAND_HOME, WAND_DATABASE_URL: process.env.WAND_DATABASE_URL };
  Object.assign(process.env, { WAND_HOME: home, WAND_DATABASE_URL: urlOf(state.config) });
  const client = await openClient({ max: 8, applicationName: 'wand story' });
  const worker = await startWorker(client.store, await client.queue(), {
    concurrency: 3,
    foreground: false,
    version: 'story',
  });
  const sources: WorkbenchSource[] = [];
  return {
    root,
    home,
    environment,
    write,
    source: () => {
      const source = openLiveSource(root);
      sources.push(source);
      return source;
    },
    close: async () => {
      await Promise.all(sources.map((source) => source.close()));
      await worker.stop('kill');
      await client.close();
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await Promise.all([state.drop(), data.drop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
