"""What the DAG files share: Airflow's connections as secrets, and the tasks of a night."""
