"""What the DAG files share: the tasks of a night and Airflow's connections; the only package that imports Airflow."""
