-- Revenue of each category, and its share of the whole.
select
  category,
  round(sum(amount)::numeric, 2) as revenue,
  round((100 * sum(amount) / sum(sum(amount)) over ())::numeric, 1) as percent
from {{ df_1 }}
group by category
order by revenue desc
