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

create function wand.owe_callback(block wand.block_run, how text) returns void language sql as $$
  insert into wand.callback (block_run_id, attempt, status)
  select block.id, block.attempt, how where jsonb_array_length(coalesce(block.definition->'callbacks', '[]')) > 0
$$;

-- Takes the oldest owed callback of a block run whose attempt is over; null if there is none.
create function wand.take_callback(the_block bigint, the_worker uuid) returns jsonb language plpgsql as $$
declare
  taken wand.callback;
begin
  update wand.callback set worker = the_worker
  where id = (select c.id from wand.callback c
    where c.block_run_id = the_block and c.finished_at is null and c.worker is null and not exists (
      select from wand.attempt a where a.block_run_id = c.block_run_id and a.status = 'running')
    order by c.id limit 1 for update skip locked)
  returning * into taken;
  if not found then return null; end if;
  return wand.claim(the_block) || jsonb_build_object('attempt', taken.attempt, 'callback', jsonb_build_object(
    'id', taken.id::text, 'status', taken.status, 'outputs', wand.outputs(the_block),
    'error', (select b.error from wand.block_run b where b.id = the_block)));
end $$;

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

-- Gives a fan (a block below a dynamic block, mage-format.md 3.7) its children: [{uuid, definition, upstream: [block run, ...]}, ...]. They
-- are ready at once; what is below the fan waits for them too.
create function wand.fan_out(fan wand.block_run, children jsonb) returns void language plpgsql as $$
begin
  with given as (
    select item, place from jsonb_array_elements(children) with ordinality as c(item, place)
  ), inserted as (
    insert into wand.block_run (run_id, uuid, block_type, language, position, definition, pending, status)
    select fan.run_id, item->>'uuid', fan.block_type, fan.language, fan.position, item->'definition', 0, 'queued'
    from given order by place
    returning id, uuid
  ), fed as (
    insert into wand.dependency (upstream, downstream, position)
    select u.id::bigint, i.id, u.place - 1
    from inserted i join given g on g.item->>'uuid' = i.uuid
    cross join jsonb_array_elements_text(g.item->'upstream') with ordinality as u(id, place)
  )
  insert into wand.dependency (upstream, downstream, position)
  select i.id, d.downstream, d.position from inserted i cross join wand.dependency d where d.upstream = fan.id;
  update wand.block_run b set pending = b.pending + jsonb_array_length(children)
  from wand.dependency d where d.upstream = fan.id and b.id = d.downstream;
end $$;
`;
