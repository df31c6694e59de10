import { WandError } from '../../problem/wand-error.ts';
import type { RenderedSql } from './line-marks.ts';
import { type Statement, splitStatements } from './split-statements.ts';
import { kindOf, type StatementKind } from './statement-kind.ts';

/** A statement whose `line` is that of the template. */
export type ScriptStatement = Statement & { kind: StatementKind };

/** A raw block's statements, and how they are to be committed. */
export type RawScript = {
  statements: ScriptStatement[];
  /** Why it cannot run in one transaction of ours, such as `VACUUM (line 3)`; null if it can. */
  ownTransactions: string | null;
  /** A BEGIN at the start and a COMMIT at the end were left out: our transaction takes their place. */
  unwrapped: boolean;
};

/** Reads the rendered text of a raw block. Throws for COPY FROM STDIN, for which there is no data here. */
export const readScript = (rendered: RenderedSql, file: string): RawScript => {
  const all = splitStatements(rendered.text).map((statement) => ({
    ...statement,
    line: rendered.templateLine(statement.tokens[0]!.start),
    kind: kindOf(statement),
  }));
  const copy = all.find(({ kind }) => kind.copyFromStdin);
  if (copy) {
    throw new WandError('copy-from-stdin', 'COPY ... FROM STDIN needs data that an SQL block does not have', {
      file,
      line: copy.line,
      fix: 'Read the file in a Python or TypeScript block and let this block use {{ df_1 }}.',
    });
  }
  const statements = unwrap(all);
  const breaking = statements.find(({ kind }) => kind.refusesTransaction || kind.control);
  return {
    statements,
    ownTransactions: breaking ? `${nameOf(breaking)} (line ${breaking.line})` : null,
    unwrapped: statements.length < all.length,
  };
};

const nameOf = ({ kind, tokens }: ScriptStatement): string => kind.refusesTransaction ?? tokens[0]!.text.toUpperCase();

const unwrap = (statements: ScriptStatement[]): ScriptStatement[] => {
  const inner = statements.slice(1, -1);
  const isWrapped =
    statements.length >= 2 &&
    statements[0]!.kind.control === 'begin' &&
    statements.at(-1)!.kind.control === 'commit' &&
    inner.every(({ kind }) => !kind.control && !kind.refusesTransaction);
  return isWrapped ? inner : statements;
};

/**
 * The table whose first rows are shown when the script wrote and gave no rows after that: of the first CREATE TABLE, else
 * the last INSERT, else the last UPDATE (mage-format.md 4.4).
 */
export const previewTable = (statements: ScriptStatement[]): string | null => {
  const writes = statements.flatMap(({ kind }) => (kind.write ? [kind.write] : []));
  const of = (action: string) => writes.filter((write) => write.action === action);
  const table = of('create')[0] ?? of('insert').at(-1) ?? of('update').at(-1);
  return table?.table ?? null;
};
