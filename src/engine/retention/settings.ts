import { WandError } from '../../problem/wand-error.ts';

/** What is kept; null: no limit. Days since the end of the last run that used it, bytes in all. */
export type Limits = { days: number | null; bytes: number | null };
export type RetentionSettings = { outputs: Limits; logs: Limits };

const gigabyte = 1e9;

/**
 * From the environment: WAND_KEEP_OUTPUTS_DAYS (30), WAND_KEEP_OUTPUTS_GB (20), WAND_KEEP_LOGS_DAYS (90), WAND_KEEP_LOGS_GB (5); `all` is no
 * limit. Throws `bad-retention` for anything but a number: a mistake must not delete.
 */
export const retentionSettings = (environment: NodeJS.ProcessEnv): RetentionSettings => {
  const limit = (name: string, usual: number, unit = 1): number | null => {
    const text = environment[name] ?? '';
    if (text.trim() === '') return usual * unit;
    if (text.trim() === 'all') return null;
    const value = Number(text);
    if (Number.isFinite(value) && value >= 0) return value * unit;
    throw new WandError('bad-retention', `${name}=${text}: expected a number, or all`, {
      fix: `unset ${name} for ${usual}`,
    });
  };
  return {
    outputs: { days: limit('WAND_KEEP_OUTPUTS_DAYS', 30), bytes: limit('WAND_KEEP_OUTPUTS_GB', 20, gigabyte) },
    logs: { days: limit('WAND_KEEP_LOGS_DAYS', 90), bytes: limit('WAND_KEEP_LOGS_GB', 5, gigabyte) },
  };
};
