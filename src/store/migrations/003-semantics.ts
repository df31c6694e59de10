/** What a scheduled run of Mage does beside running blocks: callbacks that are owed, limits and timeouts of runs, variables set by blocks. */
export const semantics = `
-- A callback that a block run is owed: written in the transaction that ends the block, so that a worker that dies before it has called
-- it loses nothing (at least once). 'worker' is who is calling it now.
create table wand.callback (
  id bigint generated always as identity primary key,
  block_run_id bigint not null references wand.block_run on delete cascade,
  attempt int not null,
  status text not null check (status in ('success', 'failure', 'cancelled')),
  worker uuid,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);
create index callback_owed on wand.callback (block_run_id) where finished_at is null;

-- Variables of a pipeline that blocks have set (set_global_variable): over those of its file, which wand does not rewrite.
create table wand.variable (
  project_id text not null references wand.project on delete cascade,
  pipeline text not null,
  name text not null,
  value jsonb,
  deleted boolean not null default false,
  primary key (project_id, pipeline, name)
);

alter table wand.run
  add column waits boolean not null default false,
  add column run_limit int,
  add column run_limit_all int,
  add column time_limit double precision,
  add column time_limit_status text not null default 'failed' check (time_limit_status in ('failed', 'cancelled'));
create index run_waiting on wand.run (id) where waits and status = 'initial';
create index run_timed on wand.run (id) where time_limit is not null and status in ('initial', 'running');

alter table wand.attempt add column usage jsonb;

-- May one more run of this trigger and pipeline begin? Called with the pipeline's lock held.
create function wand.has_room(r wand.run) returns boolean language sql stable as $$
  select (r.run_limit is null or r.run_limit > (select count(*) from wand.run o where o.project_id = r.project_id
      and o.pipeline = r.pipeline and o.trigger = r.trigger and o.status in ('initial', 'running') and not o.waits and o.id <> r.id))
    and (r.run_limit_all is null or r.run_limit_all > (select count(*) from wand.run o where o.project_id = r.project_id
      and o.pipeline = r.pipeline and o.status in ('initial', 'running') and not o.waits and o.id <> r.id))
$$;
create function wand.lock_pipeline(r wand.run) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended('wand run limit ' || r.project_id || ' ' || r.pipeline, 0))
$$;

-- Lets waiting runs begin, oldest first, as far as their limits allow; answers [[run, owner, offers], ...].
create function wand.release_runs() returns jsonb language plpgsql as $$
declare
  waiting wand.run;
  released jsonb := '[]';
begin
  for waiting in select * from wand.run where waits and status = 'initial' order by project_id, pipeline, id loop
    perform wand.lock_pipeline(waiting);
    select * into waiting from wand.run where id = waiting.id and waits and status = 'initial' for update skip locked;
    if found and wand.has_room(waiting) then
      update wand.run set waits = false where id = waiting.id;
      update wand.block_run set status = 'queued' where run_id = waiting.id and pending = 0 and status = 'initial';
      released := released || jsonb_build_array(
        jsonb_build_array(waiting.id::text, waiting.owner, wand.make_offers(waiting.id)));
    end if;
  end loop;
  return released;
end $$;

-- Ends runs that have had their time ('settings.timeout' of a trigger); answers their ids.
create function wand.end_overdue() returns text[] language plpgsql as $$
declare
  overdue wand.run;
  ended text[] := '{}';
begin
  for overdue in select * from wand.run where time_limit is not null and status = 'running'
    and started_at + make_interval(secs => time_limit) < clock_timestamp() for update skip locked loop
    if wand.end_run(overdue.id, overdue.time_limit_status) then ended := ended || overdue.id::text; end if;
  end loop;
  return ended;
end $$;

-- As before, but in one order for block runs of one position (children of a fan).
create or replace function wand.make_offers(the_run bigint) returns jsonb language plpgsql as $$
declare
  room int;
  offers jsonb;
begin
  select case when r.block_run_limit is null then null else greatest(0, r.block_run_limit - (
      select count(*) from wand.block_run b
      where b.run_id = r.id and (b.status = 'running' or (b.status = 'queued' and b.offer is not null)))) end
  into room from wand.run r where r.id = the_run and r.status in ('initial', 'running');
  if not found then return '[]'; end if;
  with waiting as (
    select id from wand.block_run
    where run_id = the_run and status = 'queued' and offer is null order by position, id limit room
  ), offered as (
    update wand.block_run b set offer = gen_random_uuid() from waiting where b.id = waiting.id
    returning b.id, b.offer
  )
  select coalesce(jsonb_agg(jsonb_build_array(id::text, offer)), '[]') into offers from offered;
  return offers;
end $$;

-- As before; blocks that ran are owed their callbacks for 'cancelled' (mage-format.md 3.6).
create or replace function wand.end_run(the_run bigint, how text) returns boolean language plpgsql as $$
begin
  update wand.run set status = how, finished_at = clock_timestamp(), started_at = coalesce(started_at, clock_timestamp())
  where id = the_run and status in ('initial', 'running');
  if not found then return false; end if;
  perform wand.owe_callback(b, 'cancelled') from wand.block_run b
  where b.run_id = the_run and b.status in ('queued', 'running') and b.attempt > 0;
  update wand.block_run set status = 'cancelled', finished_at = clock_timestamp()
  where run_id = the_run and status in ('initial', 'queued', 'running');
  perform pg_notify('wand_stop', the_run::text);
  perform pg_notify('wand_run', the_run::text);
  return true;
end $$;
`;
