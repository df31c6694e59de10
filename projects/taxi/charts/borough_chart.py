# Trips per borough. What is drawn is said in the pipeline (chart_type, group_by, metrics); code here would come before it.
