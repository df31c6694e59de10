import type { AttemptResult } from '../model/block-task.ts';
import { maskSecrets, secretValues } from '../secrets/mask.ts';
import type { ExecutionPorts } from './execute-claim.ts';

/** Hides the values of secret variables in everything a block says before it is stored: log lines, errors, test messages. */
export const maskerOf = (environment: Record<string, string>) => {
  const secrets = secretsOf(environment);
  const mask = (text: string): string => maskSecrets(text, secrets);
  return {
    ports: (ports: ExecutionPorts): ExecutionPorts => ({
      ...ports,
      log: (entry) => ports.log({ ...entry, text: mask(entry.text) }),
    }),
    result: (result: AttemptResult): AttemptResult => {
      if (result.status === 'condition_failed') return result;
      const tests = result.tests.map((test) => ({
        ...test,
        message: test.message === null ? null : mask(test.message),
      }));
      if (result.status === 'completed') return { ...result, tests };
      const { message, traceback, row } = result.error;
      return {
        ...result,
        tests,
        error: {
          ...result.error,
          message: mask(message),
          traceback: traceback === null ? null : mask(traceback),
          ...(row
            ? { row: { ...row, values: row.values.map(([name, value]) => [name, value && mask(value)] as const) } }
            : {}),
        },
      };
    },
  };
};

const known = new WeakMap<Record<string, string>, string[]>();

const secretsOf = (environment: Record<string, string>): string[] => {
  const secrets = known.get(environment) ?? secretValues(environment);
  known.set(environment, secrets);
  return secrets;
};
