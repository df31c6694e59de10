-- One row a run date: a second run of the same day replaces the row instead of adding one.
create table if not exists shop.summary (
  run_date date primary key,
  days integer not null,
  revenue numeric(12, 2) not null,
  best_category text not null,
  best_customer text not null
);

insert into shop.summary (run_date, days, revenue, best_category, best_customer)
select
  '{{ ds }}',
  (select count(*) from {{ df_1 }}),
  (select sum(revenue) from {{ df_1 }}),
  (select category from {{ df_2 }} order by revenue desc, category limit 1),
  (select customer from {{ df_3 }} order by revenue desc, customer_id limit 1)
on conflict (run_date) do update set
  days = excluded.days,
  revenue = excluded.revenue,
  best_category = excluded.best_category,
  best_customer = excluded.best_customer;

select * from shop.summary order by run_date desc limit 20;
