import type { Command } from 'commander';
import { visibleText } from '../draw/visible-text.ts';
import { messageOf, WandError } from '../problem/wand-error.ts';

/** Options every verb takes, from the program and the verb together. */
export type SharedOptions = { json?: boolean; directory?: string };

/** A verb's handler answers its exit code; nothing means 0. */
export type Handler<Options> = (call: {
  arguments: string[];
  options: Options & SharedOptions;
}) => Promise<number | void>;

/** Binds a handler to a commander command: prints errors as product.md asks and sets the exit code. */
export const runs = <Options extends object>(command: Command, handler: Handler<Options>): Command =>
  command.action(async () => {
    const options = command.optsWithGlobals() as Options & SharedOptions;
    try {
      process.exitCode = (await handler({ arguments: command.args, options })) ?? 0;
    } catch (error) {
      process.exitCode = reportError(error, options.json ?? false);
    }
  });

/** Prints an error on stderr, as text or as JSON, and answers the exit code. */
export const reportError = (error: unknown, json: boolean): number => {
  const known = error instanceof WandError ? error : null;
  if (json) {
    const { code = 'internal', file = null, line = null, fix = null } = known ?? {};
    process.stderr.write(
      `${JSON.stringify({ version: 1, error: { code, message: messageOf(error), file: file ?? null, line: line ?? null, fix: fix ?? null } })}\n`,
    );
  } else {
    const place = known?.file ? `${visibleText(known.file)}${known.line ? `:${known.line}` : ''}: ` : '';
    process.stderr.write(
      `wand: ${place}${visibleLines(messageOf(error))}\n${known?.fix ? `  ${visibleLines(known.fix)}\n` : ''}`,
    );
    if (!known && error instanceof Error && process.env.WAND_DEBUG) process.stderr.write(`${error.stack}\n`);
  }
  return known?.exitCode ?? 1;
};

/** A message may have several lines; each is made safe for the terminal, the later ones indented. */
export const visibleLines = (text: string): string => text.split('\n').map(visibleText).join('\n  ');
