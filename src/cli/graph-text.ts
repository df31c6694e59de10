import { stripVTControlCharacters } from 'node:util';
import type { GraphBlock } from '../draw/graph/blocks.ts';
import { drawLayered, graphPicture } from '../draw/graph/layered-view.ts';
import { drawRails } from '../draw/graph/rails-view.ts';
import { createTheme } from '../draw/theme.ts';
import { visibleText } from '../draw/visible-text.ts';
import type { Pipeline } from '../model/project.ts';

/** A pipeline's graph as plain lines: left to right if it fits the width, else one block a row with lanes. */
export const graphText = (pipeline: Pipeline, { ascii, width }: { ascii: boolean; width: number }): string[] => {
  const blocks = pipeline.blocks.map(blockOf);
  const theme = createTheme({ name: 'mono', ascii });
  const picture = graphPicture(blocks, 0);
  const { layout } = picture;
  const lines =
    layout.width <= width
      ? drawLayered(
          picture,
          blocks,
          { width: layout.width, height: layout.height, selected: null, focused: false },
          theme,
        )
      : drawRails(blocks, { width, height: blocks.length * 2 + 2, selected: null, focused: false }, theme);
  return lines.map((line) => stripVTControlCharacters(line).trimEnd());
};

const blockOf = ({ uuid, upstream, type, language }: Pipeline['blocks'][number]): GraphBlock => ({
  id: uuid,
  name: visibleText(uuid),
  status: 'initial',
  upstream,
  rows: '',
  time: '',
  remark: `${type} ${language}`,
});
