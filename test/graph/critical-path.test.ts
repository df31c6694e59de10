import fc from 'fast-check';
import { expect, test } from 'vitest';
import { criticalPath, expectedEnd, readyAt, type TimedBlock, waitOf } from '../../src/graph/critical-path.ts';

const block = (uuid: string, upstream: string[], start: number | null, end: number | null): TimedBlock => ({
  uuid,
  upstream,
  start,
  end,
});

const taxi = [
  block('trips', [], 0, 2_400),
  block('zones', [], 0, 40),
  block('clean', ['trips', 'zones'], 2_400, 5_400),
  block('export', ['clean'], 5_800, 9_300),
  block('report', ['clean'], 5_400, 6_100),
];

test('goes from the block that ended last back to what each waited for longest', () => {
  expect(criticalPath(taxi)).toEqual(['trips', 'clean', 'export']);
  expect(waitOf(taxi[3]!, taxi, 0)).toBe(400);
  expect(waitOf(taxi[0]!, taxi, 0)).toBe(0);
  expect(criticalPath([])).toEqual([]);
});

const graph = fc
  .array(fc.record({ edges: fc.array(fc.nat(30), { maxLength: 3 }), wait: fc.nat(50), takes: fc.nat(500) }), {
    maxLength: 20,
  })
  .map((made) => {
    const blocks: TimedBlock[] = [];
    for (const [index, { edges, wait, takes }] of made.entries()) {
      const upstream = index === 0 ? [] : [...new Set(edges.map((edge) => String(edge % index)))];
      const start = Math.max(0, ...upstream.map((id) => blocks[Number(id)]!.end!)) + wait;
      blocks.push(block(String(index), upstream, start, start + takes));
    }
    return blocks;
  });

test('the path is a chain of edges, ends with the last end, and its work and waits make up the whole time', () => {
  fc.assert(
    fc.property(graph, (blocks) => {
      const path = criticalPath(blocks).map((uuid) => blocks[Number(uuid)]!);
      if (blocks.length === 0) return;
      for (const [index, { upstream }] of path.entries())
        if (index > 0) expect(upstream).toContain(path[index - 1]!.uuid);
      const last = Math.max(...blocks.map(({ end }) => end!));
      expect(path.at(-1)!.end).toBe(last);
      const sum = path.reduce((total, one) => total + one.end! - one.start! + waitOf(one, blocks, 0)!, 0);
      expect(sum).toBe(last);
    }),
  );
});

test('a run whose blocks take as long as usual ends when it is said to end, looked at from any moment', () => {
  fc.assert(
    fc.property(graph, fc.nat(3_000), (blocks, now) => {
      const usual = new Map(blocks.map(({ uuid, start, end }) => [uuid, end! - start!]));
      // Without waits: the estimate knows of none.
      const ends: number[] = [];
      const planned = blocks.map(({ uuid, upstream }, index) => {
        const start = Math.max(0, ...upstream.map((id) => ends[Number(id)]!));
        ends[index] = start + usual.get(uuid)!;
        return { uuid, upstream, start, end: ends[index]! };
      });
      const seen = planned.map((one) => ({
        ...one,
        start: one.start <= now ? one.start : null,
        end: one.end <= now ? one.end : null,
        isOver: one.end <= now,
      }));
      const expected = ends.length === 0 ? null : Math.max(...ends);
      expect(expectedEnd(seen, usual, now)).toBe(expected);
    }),
  );
});

test('what never completed before cannot be estimated', () => {
  const blocks = [{ ...block('new', [], null, null), isOver: false }];
  expect(expectedEnd(blocks, new Map(), 0)).toBeNull();
  expect(readyAt(blocks[0]!, blocks, 7)).toBe(7);
});
