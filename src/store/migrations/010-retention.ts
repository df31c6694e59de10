/** What retention has removed, and when it was last at work on each host. */
export const retention = `
alter table wand.output add column removed_at timestamptz;
alter table wand.run add column logs_removed_at timestamptz;
create index output_path on wand.output (path text_pattern_ops) where path is not null;
create table wand.retention (
  host text primary key,
  begun_at timestamptz not null default clock_timestamp(),
  report jsonb
);
`;
