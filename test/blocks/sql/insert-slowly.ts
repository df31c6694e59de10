import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSqlBlock } from '../../../src/blocks/sql/run-sql-block.ts';
import type { BlockContext } from '../../../src/model/block-task.ts';
import type { ConnectionConfig } from '../../../src/model/connection-config.ts';

/** A process of its own, to be killed: runs attempt 1 of a block that inserts, and then is busy in the server for a minute. */
const [configText = '', folder = ''] = process.argv.slice(2);
const config: ConnectionConfig = JSON.parse(configText);
const file = join(folder, 'slow.sql');
writeFileSync(file, 'INSERT INTO t VALUES (1);\nSELECT pg_sleep(60);');
const context: BlockContext = {
  task: {
    runId: 'killed',
    pipelineUuid: 'pipe',
    blockUuid: 'load',
    blockType: 'data_loader',
    language: 'sql',
    attempt: 1,
    file,
    projectPath: folder,
    workingDirectory: folder,
    inputs: [],
    variables: {},
    configuration: { data_provider: 'postgres', data_provider_profile: 'default', use_raw_sql: true },
    outputFolder: folder,
    retry: { attempts: 1 },
    runTests: false,
    marker: { state: 'test', runId: 'killed', block: 'load', attempt: 1, lostAttempts: [] },
  },
  environment: {},
  signal: new AbortController().signal,
  log: () => undefined,
  onProcess: async () => undefined,
  connection: async () => config,
};
await runSqlBlock(context);
