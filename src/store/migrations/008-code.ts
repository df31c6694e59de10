/** Code of projects as runs found it: contents once per hash, and which files a snapshot is made of (`settings.code` of a run names it). */
export const code = `
create table wand.code (
  hash text primary key,
  folder text not null,
  manifest jsonb not null,
  used_at timestamptz not null default clock_timestamp()
);
create table wand.code_file (
  sha256 text primary key,
  content bytea not null,
  stored_at timestamptz not null default clock_timestamp()
);
create index run_of_code on wand.run ((settings->>'code'));
`;
