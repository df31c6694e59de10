import { Box, type DOMElement, measureElement } from 'ink';
import { memo, type ReactNode, useContext, useLayoutEffect, useRef } from 'react';
import { SurfaceContext } from './surface.ts';

export type PaneProps = {
  id: string;
  order: number;
  x: number;
  y: number;
  width: number;
  height: number;
  lines: readonly string[];
};

/**
 * A part of the screen: an empty Box that Ink lays out, and lines that stand where it came to stand. Ink draws no text itself: that would
 * cost it 10 ms of every frame of 200x60 (terminal.md D2).
 */
export const Pane = memo(({ id, order, x, y, width, height, lines }: PaneProps): ReactNode => {
  const surface = useContext(SurfaceContext);
  const box = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    if (box.current) surface.put(id, { order, lines, ...measureElement(box.current) });
  });
  useLayoutEffect(() => () => surface.remove(id), [surface, id]);
  return <Box ref={box} position="absolute" left={x} top={y} width={width} height={height} />;
});
