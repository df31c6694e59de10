import { createContext } from 'react';

/** Ready lines at a place; those of a higher `order` lie above. Each line has exactly `width` columns. */
export type Placed = { order: number; x: number; y: number; width: number; height: number; lines: readonly string[] };

/** Where panes put their lines. Ink lays out; the cells are written by the surface's owner (terminal.md, decision 1). */
export type Surface = { put(id: string, placed: Placed): void; remove(id: string): void };

export const SurfaceContext = createContext<Surface>({ put: () => undefined, remove: () => undefined });
