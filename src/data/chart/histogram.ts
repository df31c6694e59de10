/** Bars of a histogram that says nothing of its buckets. */
export const usualBuckets = 10;

type Bar = { min: number; max: number; count: number };

/** Steps of a whole width, ceil((max - min + 1) / buckets), from the smallest value to the one that holds the largest. */
export const histogramBars = (
  min: number,
  max: number,
  buckets: number,
  counted: (step: number) => ReadonlyMap<number, number>,
): Bar[] => {
  const step = Math.ceil((max - min + 1) / buckets);
  const counts = counted(step);
  return Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, at) => ({
    min: min + at * step,
    max: min + (at + 1) * step,
    count: counts.get(at) ?? 0,
  }));
};
