import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { z } from 'zod';
import { withDataClient } from '../../engine/client/read-page.ts';
import type { QueryResult } from '../../model/query.ts';
import { chooseProject } from '../choose-project.ts';
import { formatCount } from '../format.ts';
import { leavingNoServer } from '../leave-no-server.ts';
import { openInstance } from '../open-instance.ts';
import { rowsText } from '../print-page.ts';
import { printJson } from '../print-table.ts';
import type { sqlShape } from '../shapes/data.ts';
import { runs, type SharedOptions } from '../verb.ts';
import { wholeNumber } from '../whole-number.ts';

type SqlOptions = SharedOptions & { profile?: string; write?: boolean; limit: string; timeout: string };

/** `wand sql "select …"`: statements on the project's database, read-only unless asked. */
export const addSqlVerb = (program: Command): void => {
  const command = program
    .command('sql')
    .description("run SQL on the project's database; changes nothing without --write")
    .argument('<statement>', 'one or several statements; - reads them from standard input')
    .option('--profile <name>', 'profile of io_config.yaml')
    .option('--write', 'the statements may change the database')
    .option('--limit <n>', 'rows kept of each answer', '1000')
    .option('--timeout <seconds>', 'a statement may take so long; 0 is for ever', '60')
    .addHelpText(
      'after',
      '\nExample:\n  $ wand sql "select count(*) from ny_taxi.yellow_cab_data"\n  $ wand sql --write - < fix.sql',
    );
  runs<SqlOptions>(command, async ({ arguments: [statement = ''], options }) => {
    const project = chooseProject(openInstance(options.directory));
    const sql = statement === '-' ? await text(process.stdin) : statement;
    const limit = wholeNumber('--limit', options.limit);
    const timeout = wholeNumber('--timeout', options.timeout) * 1000;
    const { runSql } = await import('../../postgres/run-sql.ts');
    const { results, profile } = await leavingNoServer(() =>
      withDataClient(project.path, options.profile, async (client, chosen) => ({
        results: await runSql(client, sql, { write: options.write ?? false, limit, timeout }),
        profile: chosen,
      })),
    );
    if (options.json) printJson(jsonOf(results, profile));
    else process.stdout.write(results.map(resultText).join('\n'));
  });
};

const jsonOf = (results: QueryResult[], profile: string): z.infer<typeof sqlShape> => {
  const nothing: QueryResult = { command: '', columns: [], rows: [], affected: null, truncated: false };
  return { version: 1, profile, ...(results.at(-1) ?? nothing), earlier: results.slice(0, -1) };
};

const resultText = ({ command, columns, rows, affected, truncated }: QueryResult): string => {
  if (columns.length === 0) return `${command}${affected === null ? '' : ` ${formatCount(affected)}`}\n`;
  const count = truncated
    ? `first ${formatCount(rows.length)} of ${formatCount(affected)} rows (--limit)`
    : `${formatCount(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`;
  return `${rowsText(columns, rows)}${count}\n`;
};
