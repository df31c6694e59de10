import { z } from 'zod';
import type { Problem } from '../../model/problem.ts';
import { problemJson, problemShape } from './problem.ts';

/** What `wand check --json` prints. */
export const checkShape = z.object({ version: z.literal(1), problems: z.array(problemShape) });

export const checkJson = (problems: readonly Problem[]): z.infer<typeof checkShape> => ({
  version: 1,
  problems: problems.map(problemJson),
});
