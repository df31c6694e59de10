import { type DataLook, plainLook } from './data-look.ts';
import type { DataState } from './data-state.ts';

/** How outputs and tables were looked at, by their `base`; the oldest are dropped. */
export type DataLooks = ReadonlyMap<string, DataLook>;

const mostLooks = 30;

/** The looks with that of the rows on show, which are about to go. */
export const rememberedLooks = ({ base, look, looks }: Pick<DataState, 'base' | 'look' | 'looks'>): DataLooks => {
  if (base === null || (look === plainLook && !looks.has(base))) return looks;
  const next = new Map(looks);
  next.delete(base);
  if (look !== plainLook) next.set(base, look);
  while (next.size > mostLooks) next.delete(next.keys().next().value!);
  return next;
};

type KeptLook = {
  base: string;
  sort: DataLook['sort'];
  where: string;
  hidden: string[];
  frozen: number;
  widened: [string, number][];
  thousands: boolean;
};

/** As JSON, for the next start; answers of the console are not there any more then. */
export const keptLooks = (data: DataState): KeptLook[] =>
  [...rememberedLooks(data)]
    .filter(([base]) => !base.startsWith('["query"'))
    .map(([base, { sort, where, hidden, frozen, widened, thousands }]) => ({
      base,
      sort,
      where,
      hidden: [...hidden],
      frozen,
      widened: [...widened],
      thousands,
    }));

/** What another start kept; anything that is not what it should be is left out. */
export const readLooks = (value: unknown): DataLooks => {
  const looks = new Map<string, DataLook>();
  for (const kept of Array.isArray(value) ? value.slice(-mostLooks) : []) {
    const { base, sort, where, hidden, frozen, widened, thousands } = (kept ?? {}) as Record<string, unknown>;
    if (typeof base !== 'string') continue;
    looks.set(base, {
      sort: isSort(sort) ? { column: sort.column, descending: sort.descending } : null,
      where: typeof where === 'string' ? where : '',
      hidden: new Set(Array.isArray(hidden) ? hidden.filter((name) => typeof name === 'string') : []),
      frozen: Number.isInteger(frozen) && (frozen as number) >= 0 ? (frozen as number) : 0,
      widened: new Map(Array.isArray(widened) ? widened.filter(isWidth) : []),
      thousands: thousands !== false,
    });
  }
  return looks;
};

const isSort = (value: unknown): value is NonNullable<DataLook['sort']> => {
  const { column, descending } = (value ?? {}) as Record<string, unknown>;
  return typeof column === 'string' && typeof descending === 'boolean';
};

const isWidth = (value: unknown): value is [string, number] =>
  Array.isArray(value) && typeof value[0] === 'string' && Number.isInteger(value[1]);
