import type { Memory } from '../ui-file.ts';

export type HistoryKind = 'where' | 'sql';

export type TypedHistory = {
  /** Newest first. */
  of(kind: HistoryKind): readonly string[];
  add(kind: HistoryKind, text: string): void;
};

/** Texts kept of a kind, and characters of one: what is longer came from a file. */
const most = 200;
const longest = 20_000;

/** What was typed before, kept from one workbench to the next. */
export const createHistory = (memory: Memory | undefined): TypedHistory => {
  let held: Record<HistoryKind, string[]> | null = null;
  const read = (): Record<HistoryKind, string[]> => {
    const value = memory?.read() as Partial<Record<HistoryKind, unknown>> | null | undefined;
    held ??= { where: texts(value?.where), sql: texts(value?.sql) };
    return held;
  };
  return {
    of: (kind) => read()[kind],
    add: (kind, text) => {
      if (text.length > longest) return;
      // Another workbench may have added to it since.
      held = null;
      const all = read();
      all[kind] = [text, ...all[kind].filter((known) => known !== text)].slice(0, most);
      memory?.write(all);
    },
  };
};

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string').slice(0, most) : [];
